// Imports everything new off the iPhone on the cable into Photos, and says what became of every file.
// Ctrl-C stops it; started again, it resumes where it stopped.
import {
  importFromPhone,
  ORDINARY_IMPORT,
  RollcallError,
  type RunEvent,
  withPhoneAndPhotos,
  wordRemedy,
} from "rollcall";

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

try {
  await withPhoneAndPhotos({ signal: stop.signal, report: tell }, async (parts) => {
    const request = { ...ORDINARY_IMPORT, selection: { name: "IMG_*" } };
    const { head, answers, receiptPath } = await importFromPhone(parts, request);
    for (const { path, answer, reason } of answers()) console.log(path, answer, reason?.message ?? "");
    const { proved, present } = head.totals.byAnswer;
    console.log(`${proved} of ${head.totals.files} files are proved, ${present} present.`);
    console.log(`Receipt: ${receiptPath}`);
  });
} catch (error) {
  if (!(error instanceof RollcallError)) throw error;
  console.error(`${error.code}: ${error.message} ${wordRemedy(error.remedy)}`);
  process.exitCode = 1;
}

/** Every event says its type; what else it holds depends on that. */
function tell(event: RunEvent): void {
  if (event.type === "waiting") console.error(`${event.message} ${wordRemedy(event.remedy)}`);
  else if (event.type === "begun") console.error(`importing ${event.items} items, ${event.bytes} bytes`);
  else if (event.type === "album") console.error(`album "${event.name}": ${event.length} items`);
}
