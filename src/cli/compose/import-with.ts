import type { PhoneFinder } from "../../phone/phone-watch.js";
import { ReceiptFolder } from "../../receipt/receipt-folder.js";
import { importFromPhone } from "../../run/import-from-phone.js";
import { notApproved } from "../../run/not-approved.js";
import type { FinishedRun, ImportRequest, PhotosParts, Questions } from "../../run/run-parts.js";
import { removePartialCopiesOfRuns } from "../../transfer/staging-folder.js";
import { earlierMsPerItem } from "../../words/earlier-pace.js";
import type { CommandContext } from "../command-context.js";
import { makeStagingFolder } from "../process/folders.js";
import { commandWords } from "../terminal/command-words.js";
import { printDates } from "../terminal/selection-words.js";
import { type PhoneRequest, runParts, withChosenPhone, withDataFolder } from "./open-data-folder.js";

/** The parts that differ between a real run and the demo. */
export interface ImportDeps extends PhotosParts {
  readonly finder: PhoneFinder;
  readonly questions: Questions | null;
}

/**
 * One import through whatever parts it is given.
 * @param print called when the phone is closed, and while the ledger is still open: the receipt's answers are read
 * from it
 */
export async function importWith<Result>(
  context: CommandContext,
  { flags, request }: { readonly flags: PhoneRequest["flags"]; readonly request: ImportRequest },
  { finder, questions, ...photosParts }: ImportDeps,
  print: (finished: FinishedRun) => Promise<Result>,
): Promise<Result> {
  const { settings, output, signal } = context;
  return await withDataFolder(context, async (data) => {
    // Before the phone is opened: nothing is read from a guest's.
    if (request.approvedOnly === true && !data.ledgerDatabase.isApproved(flags.phone ?? ""))
      throw notApproved(null);
    makeStagingFolder(settings.stagingFolder);
    await removePartialCopiesOfRuns(settings.stagingFolder);
    const receipts = new ReceiptFolder(data.folder.receipts, commandWords);
    const pace = { earlierMsPerItem: await earlierMsPerItem(receipts) };
    const report = await output.showRun({ destination: "Photos", hasImport: true, ...pace });
    printDates(report, request.selection);
    const finished = await withChosenPhone(context, { finder, flags, report }, (phone, seen) => {
      const parts = runParts(data, { phone, seen }, report, signal);
      const { stagingFolder } = settings;
      return importFromPhone({ ...parts, ...photosParts, stagingFolder, questions }, request);
    });
    return await print(finished);
  });
}
