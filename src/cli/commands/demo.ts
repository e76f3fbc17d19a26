import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { RollcallError } from "../../errors.js";
import { makeFolder } from "../../make-folder.js";
import { makeTemporaryFolder } from "../../owned-folder.js";
import { shown } from "../../receipt/shown.js";
import { explainWriteError } from "../../transfer/copy-file.js";
import type { CommandBody, CommandContext, CommonFlags } from "../command-context.js";
import { makeDemoWorld, shortTemporaryFolder } from "../demo-parts.js";
import { EXIT, type ExitStatus } from "../exit-status.js";
import { bytes, counted, shellWord } from "../output/wording.js";
import { typedPath } from "../typed-path.js";
import { importWith } from "./import.js";
import { tellRun } from "./tell-run.js";

type DemoFlags = CommonFlags & { readonly photos: number; readonly keep?: string };

/** The whole job, told step by step, with virtual parts at both ends and the same code between them. */
export const demo: CommandBody<DemoFlags> = async (context, flags) => {
  const { output } = context;
  const folder = await demoFolder(flags.keep);
  await output.result(
    "A demo: nothing real is touched, neither a phone nor Photos.",
    `Everything is made in ${shown(folder)}`,
    "",
  );
  const { status, places } = await importTwice(context, flags, folder);
  if (output.isJson || flags.events === true) return status;
  // Only now: what the virtual phone listened on lay outside the folder, and is gone.
  await output.result(
    "",
    "Look around:",
    `  ROLLCALL_HOME=${shellWord(places.data)} rollcall receipts show   every file of the phone, and its answer`,
    `  ${shellWord(places.originals)}   what the virtual Photos keeps`,
    `  ${shellWord(places.cameraRoll)}   what was on the virtual iPhone`,
    `Remove it all: rm -rf ${shellWord(folder)}`,
  );
  return status;
};

/** A program is given the first import only: it reads one document, or the events of one run. */
async function importTwice(
  context: CommandContext,
  flags: DemoFlags,
  folder: string,
): Promise<{ status: ExitStatus; places: Record<"data" | "originals" | "cameraRoll", string> }> {
  const { output } = context;
  await using made = await makeDemoWorld(folder, flags.photos);
  const { cameraRoll, phone, libraryPath, settings, world } = made;
  const places = {
    data: settings.dataFolder,
    originals: join(libraryPath, "originals"),
    cameraRoll: cameraRoll.folder,
  };
  await output.result(
    `1. A virtual iPhone with ${counted(cameraRoll.items, "photo or video", "photos and videos")} (${counted(cameraRoll.files.length, "file")}, ${bytes(cameraRoll.sizeBytes)}):`,
    "   Live Photos, edits with an AAE and, as on iOS 26, without one, RAW pairs, the same name in two",
    "   folders, one in Recently Deleted, one hidden, one in iCloud only, and a note that is no photo.",
    `2. It is on the cable: usbmuxd, lockdown over TLS and AFC answer at ${phone.address}`,
    `3. An empty Photos library: ${libraryPath}`,
    "4. rollcall import:",
    "",
  );
  const demoContext = { ...context, settings, mayAsk: false };
  const importFlags = { ...flags, photos: undefined, phone: phone.udid };
  const importOnce = () =>
    importWith(demoContext, importFlags, world, (finished) => tellRun(output, finished));
  const status = await importOnce();
  if (output.isJson || flags.events === true) return { status, places };

  const eventsBefore = made.appleEvents();
  await output.result("", "5. rollcall import, once more:", "");
  const again = await importOnce();
  const events = made.appleEvents() - eventsBefore;
  await output.result(`It sent Photos ${counted(events, "Apple event")}.`);
  return { status: status === EXIT.ok ? again : status, places };
}

async function demoFolder(wanted: string | undefined): Promise<string> {
  if (wanted === undefined) return makeTemporaryFolder("rollcall-demo", shortTemporaryFolder()).path;
  const folder = typedPath("--keep", wanted);
  try {
    makeFolder(folder);
  } catch (error) {
    throw explainWriteError(error, folder);
  }
  if ((await readdir(folder)).length === 0) return folder;
  throw new RollcallError("BAD_USAGE", {
    message: `--keep: ${folder} is not empty.`,
    remedy: "Name a folder that does not exist yet.",
  });
}
