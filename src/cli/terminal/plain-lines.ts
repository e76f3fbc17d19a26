import { calledPhone } from "../../phone/phone-models.js";
import { escapeControls } from "../../text/escape-controls.js";
import { LOOK_AT_PHOTOS, type ProgressPart, RunProgress } from "../../words/run-progress.js";
import { bytes, counted, duration } from "../../words/wording.js";
import { noticeWords } from "./command-words.js";
import type { ProgressScreen, ScreenDeps } from "./progress-screen.js";

const BETWEEN_LINES_MS = 10_000;

/** Progress where there is no terminal: a line when a stage begins, every 10 s, and when it ends. */
export function plainLines({
  write,
  now,
  hasImport,
  earlierMsPerItem = null,
}: ScreenDeps): ProgressScreen & { tick(): void } {
  const progress = new RunProgress(earlierMsPerItem);
  let hasPrintedCopied = false;
  const joined = (parts: readonly ProgressPart[]) => parts.map(({ text }) => text).join(", ");
  const line = (text: string) => write(`${text}\n`);
  let importedBefore = "";
  /** Once all is in, the same is not printed again and again. */
  const printImported = () => {
    const text = `imported ${joined(progress.importingParts(now()))}`;
    if (text !== importedBefore) line(text);
    importedBefore = text;
  };
  const tick = () => {
    if (progress.checking !== null) {
      line(`checked ${joined(progress.checkingParts())}`);
      return;
    }
    if (progress.total === null) {
      if (progress.filesListed > 0) line(`read the names of ${counted(progress.filesListed, "file")}`);
      return;
    }
    if (!progress.isCopied) line(`copied ${joined(progress.copyingParts(now(), hasImport))}`);
    if (hasImport) printImported();
    if (hasImport && progress.isSheetLikely(now())) line(LOOK_AT_PHOTOS);
  };
  const sayCopied = () => {
    if (hasPrintedCopied || !progress.isCopied) return;
    hasPrintedCopied = true;
    const { items, bytes: copiedBytes } = progress.copied;
    if (copiedBytes === 0) return;
    line(
      `copied ${counted(items, "item")}, ${bytes(copiedBytes)}, in ${duration(now() - progress.begunAtMs)}`,
    );
  };
  const timer = setInterval(tick, BETWEEN_LINES_MS);
  timer.unref();
  return {
    tick,
    report(event) {
      const before = progress.waiting;
      const checkingBefore = progress.checking;
      progress.see(event, now());
      if (event.type === "waiting") {
        const text = progress.waitingText(now()) ?? "";
        line(text.startsWith("for ") ? `waiting ${text}` : `waiting: ${text}`);
      }
      if (event.type === "going-on") line("going on");
      if (event.type === "phone") line(`reading ${escapeControls(calledPhone(event.phone))}`);
      if (event.type === "checking" && checkingBefore === null) {
        const copies = counted(event.copies, "copy", "copies");
        line(`checking ${copies} with another date: reading ${bytes(event.bytes)}`);
      }
      if (event.type === "begun") {
        const again = event.isContinued ? "resuming the run that was cut off: " : "";
        const whole = progress.forecast(hasImport);
        const forecast = whole === null ? "" : `, ${whole}`;
        const items = counted(event.items, "item");
        if (event.bytes > 0) line(`${again}copying ${items}, ${bytes(event.bytes)}${forecast}`);
        // What Photos refused before is tried again from the copies that are here.
        else if (event.items > 0) line(`${again}nothing to copy: ${items} to hand to Photos once more`);
      }
      if (event.type === "copied") sayCopied();
      if (event.type === "importing" && before === null && progress.imported === 0)
        line("importing into Photos");
      if (event.type === "relaunching") line(`restarting Photos: ${event.because}`);
      if (event.type === "album") line(`album "${event.name}": ${counted(event.length, "item")}`);
      if (event.type === "notice") line(`note: ${escapeControls(noticeWords(event))}`);
    },
    pause() {},
    close() {
      clearInterval(timer);
    },
  };
}
