import type { PhoneFinder } from "../../../phone/phone-watch.js";
import type { LibraryAccess } from "../../../photos/library-access.js";
import { ReceiptFolder } from "../../../receipt/receipt-folder.js";
import { importFromPhone } from "../../../run/import-from-phone.js";
import { notApproved } from "../../../run/not-approved.js";
import { ORDINARY_IMPORT } from "../../../run/ordinary-import.js";
import type {
  FinishedRun,
  ImportRequest,
  PhotosParts,
  PlanRequest,
  Questions,
} from "../../../run/run-parts.js";
import { removePartialCopiesOfRuns } from "../../../transfer/staging-folder.js";
import type { CommandBody, CommandContext } from "../../command-context.js";
import { existingLibrary } from "../../compose/existing-library.js";
import { runParts, withChosenPhone, withDataFolder } from "../../compose/open-data-folder.js";
import { isPhotosReachable, realPhones, realPhotos } from "../../compose/real-parts.js";
import { type ImportFlags, type PlanFlags, selectionOf } from "../../flags.js";
import { makeStagingFolder } from "../../process/folders.js";
import { earlierMsPerItem } from "../../terminal/earlier-pace.js";
import { pickOf } from "../../terminal/interactive-selection.js";
import { finishedInShort, printRun } from "../../terminal/print-run.js";
import { tellDates } from "../../terminal/selection-words.js";

export const importCommand: CommandBody<ImportFlags> = async (context, flags) => {
  if (flags.dryRun === true) return (await import("../plan/run.js")).plan(context, flags, []);
  const { settings, output, signal, mayAsk } = context;
  const isAsking = mayAsk && flags.yes !== true && isPhotosReachable(settings);
  const questions = isAsking
    ? (await import("../../terminal/ask-person.js")).askOnTerminal(output, signal)
    : null;
  const runImport = async () => {
    const finder = await realPhones(settings, { mayPair: flags.unattended !== true });
    const parts = { finder, ...(await realPhotos(settings, "run")), questions };
    const end = await importWith(context, flags, parts, async (finished) => {
      context.lastRun?.sawImport(finished.head);
      // Asked before the document is written, which says what came of it.
      const eject =
        flags.eject === true && output.isJson
          ? { eject: await (await import("../eject/eject-and-open.js")).ejectAfter(context, finished.head) }
          : {};
      return {
        status: await printRun(output, finished, eject),
        short: flags.notify === true ? finishedInShort(finished, output.started) : null,
        head: finished.head,
      };
    });
    if (flags.open === true || (flags.eject === true && !output.isJson))
      await (await import("../eject/eject-and-open.js")).afterImport(context, flags, end);
    return end;
  };
  if (flags.notify !== true) return (await runImport()).status;
  const { withNotification } = await import("./notify-end.js");
  return await withNotification(context, runImport);
};

/** The parts that differ between a real run and the demo. */
export interface ImportWorld extends PhotosParts {
  readonly finder: PhoneFinder;
  readonly questions: Questions | null;
}

/**
 * One import through whatever parts it is given.
 * @param tell called when the phone is closed, and while the ledger is still open: the receipt's answers are read
 * from it
 */
export async function importWith<Result>(
  context: CommandContext,
  flags: ImportFlags,
  { finder, questions, ...photosParts }: ImportWorld,
  tell: (finished: FinishedRun) => Promise<Result>,
): Promise<Result> {
  const { settings, output, signal } = context;
  const request = await importRequest(context, flags, photosParts.libraryAccess);
  return await withDataFolder(context, async (data) => {
    // Before the phone is opened: nothing is read from a guest's.
    if (flags.unattended === true && !data.ledgerDatabase.isApproved(flags.phone ?? ""))
      throw notApproved(null);
    makeStagingFolder(settings.stagingFolder);
    await removePartialCopiesOfRuns(settings.stagingFolder);
    const receipts = new ReceiptFolder(data.folder.receipts);
    const pace = { earlierMsPerItem: await earlierMsPerItem(receipts) };
    const report = await output.showRun({ destination: "Photos", hasImport: true, ...pace });
    tellDates(report, request.selection);
    const finished = await withChosenPhone(context, { finder, flags, report }, (phone, seen) => {
      const parts = runParts(data, { phone, seen }, report, signal);
      const { stagingFolder } = settings;
      return importFromPhone({ ...parts, ...photosParts, stagingFolder, questions }, request);
    });
    return await tell(finished);
  });
}

/** @throws RollcallError BAD_USAGE, STOPPED */
export async function planRequest(
  context: CommandContext,
  flags: PlanFlags,
  access: LibraryAccess,
): Promise<PlanRequest> {
  return {
    selection: selectionOf(flags),
    pick: pickOf(context, flags),
    edits: flags.reimportEdited === true,
    again: flags.retry === true,
    icloud: flags.icloud,
    withoutPhoneLibrary: flags.withoutPhoneLibrary === true,
    libraryPath:
      flags.library === undefined
        ? undefined
        : await existingLibrary("--library", flags.library, access, context.signal),
  };
}

async function importRequest(
  context: CommandContext,
  flags: ImportFlags,
  access: LibraryAccess,
): Promise<ImportRequest> {
  return {
    ...(await planRequest(context, flags, access)),
    ...(flags.unattended === true && { approvedOnly: true, withoutPhoneLibrary: false, again: false }),
    keepAlbums: flags.keepAlbums === true,
    mayRelaunch: flags.restartPhotos === true,
    batchLimits: {
      items: flags.batchItems ?? ORDINARY_IMPORT.batchLimits.items,
      bytes: flags.batchBytes ?? ORDINARY_IMPORT.batchLimits.bytes,
    },
    editedBatchItems: flags.editedBatchItems,
    stagedBytesLimit: flags.stagedBytes ?? ORDINARY_IMPORT.stagedBytesLimit,
  };
}
