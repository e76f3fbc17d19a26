import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { RollcallError } from "../../../errors.js";
import { makeFolder } from "../../../make-folder.js";
import { makeTemporaryFolder } from "../../../owned-folder.js";
import { pagePathOf } from "../../../receipt/receipt-folder.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { explainWriteError } from "../../../transfer/write-errors.js";
import { bytes, counted, shellWord } from "../../../words/wording.js";
import type { CommandBody, CommandContext } from "../../command-context.js";
import { type DemoParts, makeDemoParts, shortTemporaryFolder } from "../../compose/demo-parts.js";
import { importWith } from "../../compose/import-with.js";
import { EXIT, type ExitStatus } from "../../process/exit-status.js";
import { typedPath } from "../../process/typed-path.js";
import { importRequest } from "../../requests.js";
import { printRun } from "../../terminal/print-run.js";
import { safeToRemoveCommand } from "../receipts/safe-to-remove.js";
import type { DemoFlags } from "./command.js";
import { exported } from "./photos.js";

/** Where a person finds what the demo made. */
interface DemoPlaces {
  readonly data: string;
  readonly originals: string;
  readonly cameraRoll: string;
  /** Of the import that imported something: the newest one has nothing to show. */
  readonly receipt: string;
  /** The page of what may be deleted from the phone. */
  readonly safeToRemove: string;
}

/** The whole job, told step by step, with virtual parts at both ends and the same code between them. */
export const demo: CommandBody<DemoFlags> = async (context, flags) => {
  const { output } = context;
  if (flags.stay === true && (output.isJson || flags.events === true)) {
    throw new RollcallError("BAD_USAGE", {
      message: "--stay is for a person who tries things, and goes without --json and --events.",
      remedy: "A program starts rollcall demo phone and rollcall demo photos.",
    });
  }
  const folder = await demoFolder(flags.keep);
  await output.result(
    "A demo: nothing real is touched, neither a phone nor Photos.",
    `Everything is made in ${escapeControls(folder)}`,
    "",
  );
  const { status, places } = await importTwice(context, flags, folder);
  if (output.isJson || flags.events === true) return status;
  // Only now: what the virtual phone listened on lay outside the folder, and is gone.
  await output.result(
    "",
    "Look around:",
    `  ${shellWord(pagePathOf(places.receipt))}   the receipt of the first import: a page with pictures, for a browser`,
    `  ${shellWord(places.safeToRemove)}   what may be deleted from the phone, with pictures`,
    `  ROLLCALL_HOME=${shellWord(places.data)} rollcall receipts show ${shellWord(basename(places.receipt, ".json"))}   every file of the phone, and its answer`,
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
): Promise<{ status: ExitStatus; places: DemoPlaces }> {
  const { output } = context;
  await using made = await makeDemoParts(folder, flags.photos);
  const { cameraRoll, phone, libraryPath, settings, deps } = made;
  await output.result(
    `1. A virtual iPhone with ${counted(cameraRoll.items, "photo or video", "photos and videos")} (${counted(cameraRoll.files.length, "file")}, ${bytes(cameraRoll.sizeBytes)}):`,
    "   Live Photos, edits with an AAE and, as on iOS 26, without one, RAW pairs, the same name in two",
    "   folders, one in Recently Deleted, one hidden, and a note that is not a photo.",
    `2. It is on the cable: usbmuxd, lockdown over TLS and AFC answer at ${phone.address}`,
    `3. An empty Photos library: ${libraryPath}`,
    "4. rollcall import:",
    "",
  );
  const demoContext = { ...context, settings, mayAsk: false };
  const importFlags = { phone: phone.udid };
  const request = await importRequest(demoContext, importFlags, deps.libraryAccess);
  const importOnce = () =>
    importWith(demoContext, { flags: importFlags, request }, deps, async (finished) => ({
      status: await printRun(output, finished),
      receipt: finished.receiptPath,
    }));
  const { status, receipt } = await importOnce();
  const places = {
    data: settings.dataFolder,
    originals: join(libraryPath, "originals"),
    cameraRoll: cameraRoll.folder,
    receipt,
    safeToRemove: join(folder, "safe-to-remove.html"),
  };
  if (output.isJson || flags.events === true) return { status, places };

  const eventsBefore = made.appleEvents();
  await output.result("", "5. rollcall import, once more:", "");
  const { status: again } = await importOnce();
  const events = made.appleEvents() - eventsBefore;
  await output.result(`It sent Photos ${counted(events, "Apple event")}.`);
  await output.result("", "6. rollcall receipts safe-to-remove, what may be deleted from the phone:", "");
  await safeToRemoveCommand(demoContext, { html: places.safeToRemove }, []);
  if (flags.stay === true) await stay(context, made);
  return { status: status === EXIT.ok ? again : status, places };
}

/** Keeps the phone on its cable until Ctrl-C, and says how another terminal reaches it. */
async function stay({ output, signal }: CommandContext, { settings, cameraRoll }: DemoParts): Promise<void> {
  await output.result(
    "",
    "The phone and Photos stay until you press Ctrl-C. In another terminal type",
    `  ${exported("USBMUXD_SOCKET_ADDRESS", settings.usbmuxdAddress ?? "")}`,
    `  ${exported("ROLLCALL_HOME", settings.dataFolder)}`,
    `  ${exported("ROLLCALL_OSASCRIPT", settings.osascript ?? "")}`,
    `  ${exported("ROLLCALL_PHOTOS_LIBRARY", settings.photosLibrary ?? "")}`,
    "and try",
    "  rollcall status",
    "  rollcall plan --list",
    "  rollcall verify",
    "  rollcall receipts safe-to-remove",
    `New photos: copy pictures into ${shellWord(join(cameraRoll.folder, "DCIM", "100APPLE"))}, then`,
    "  rollcall import --pick",
  );
  if (signal.aborted) return;
  // A signal listener alone does not keep the process; the phone's socket does.
  await new Promise<void>((settle) => signal.addEventListener("abort", () => settle(), { once: true }));
}

async function demoFolder(wanted: string | undefined): Promise<string> {
  if (wanted === undefined) return makeTemporaryFolder("rollcall-demo", shortTemporaryFolder()).path;
  const folder = typedPath("--keep", wanted);
  try {
    makeFolder(folder);
  } catch (error) {
    throw notThere(explainWriteError(error, folder));
  }
  if ((await readdir(folder)).length === 0) return folder;
  throw new RollcallError("BAD_USAGE", {
    message: `--keep: ${folder} is not empty.`,
    remedy: "Name a folder that does not exist yet.",
  });
}

/** Where the folder itself is the trouble, another one for `--keep` is the way out, and no setting is. */
function notThere(error: unknown): unknown {
  if (!(error instanceof RollcallError) || error.code !== "FOLDER_NOT_WRITABLE") return error;
  const { code, message, why, cause } = error;
  return new RollcallError(code, {
    message,
    why,
    cause,
    remedy: "Use --keep with a folder that you can write to, or leave it out.",
  });
}
