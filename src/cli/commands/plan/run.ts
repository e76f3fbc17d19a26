import { calledPhone } from "../../../phone/phone-models.js";
import { ReceiptFolder } from "../../../receipt/receipt-folder.js";
import { markKnown } from "../../../run/mark-known.js";
import { planOfPhone } from "../../../run/plan-for-phone.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { earlierMsPerItem } from "../../../words/earlier-pace.js";
import { counted } from "../../../words/wording.js";
import type { CommandBody } from "../../command-context.js";
import {
  lookIntoDataFolder,
  runParts,
  withChosenPhone,
  withDataFolder,
} from "../../compose/open-data-folder.js";
import { realPhones, realPhotos } from "../../compose/real-parts.js";
import { EXIT, type ExitStatus } from "../../process/exit-status.js";
import { planRequest } from "../../requests.js";
import { commandWords } from "../../terminal/command-words.js";
import { planInShort } from "../../terminal/in-short.js";
import { printDates } from "../../terminal/selection-words.js";
import { auditPlan } from "./audit.js";
import type { PlanFlags } from "./command.js";
import { planLines, planTotals } from "./lines.js";
import { planList } from "./list-lines.js";
import { plannedItems } from "./planned-items.js";
import { importAsTyped } from "./same-flags.js";

export const plan: CommandBody<PlanFlags> = async (context, flags) => {
  const { settings, output, signal } = context;
  const { process, originals, libraryAccess } = await realPhotos(settings, "question");
  const request = {
    ...(await planRequest(context, flags, libraryAccess)),
    onlyReads: flags.assumeImported !== true,
  };
  // What is marked has to last.
  const withData = flags.assumeImported === true ? withDataFolder : lookIntoDataFolder;
  const { status, say } = await withData(context, async (data): Promise<PlanEnd> => {
    const report = await output.showRun({ destination: "Photos", hasImport: false });
    printDates(report, request.selection);
    const { decided, ledger, identity, cableBitsPerSecond, printAudit } = await withChosenPhone(
      context,
      { finder: await realPhones(settings), flags, report },
      async (phone, seen) => {
        const photos = { process, originals, libraryAccess };
        const parts = { ...runParts(data, { phone, seen }, report, signal), ...photos };
        const {
          plan: decided,
          ledger,
          destination,
        } = await planOfPhone(parts, request, {
          readsRecipes: flags.assumeImported !== true && flags.audit !== true,
        });
        // Only an audit needs the phone any longer: it reads files.
        const library = destination.key === "" ? null : destination.key;
        const printAudit =
          flags.audit === true ? await auditPlan(context, decided, phone, originals, library) : null;
        const { cableBitsPerSecond } = seen;
        return { decided, ledger, identity: phone.identity, cableBitsPerSecond, printAudit };
      },
    );
    if (printAudit !== null) {
      output.endProgress();
      return { status: await printAudit() };
    }
    const marked = flags.assumeImported === true ? markKnown(decided, ledger) : null;
    output.endProgress();

    const pace = await earlierMsPerItem(new ReceiptFolder(data.folder.receipts, commandWords));
    const totals = planTotals(decided);
    const status = totals.wrong > 0 ? EXIT.wrongAnswers : EXIT.ok;
    if (output.isJson) {
      const items = output.isBrief ? {} : { items: plannedItems(decided) };
      const markedField = marked === null ? {} : { marked };
      const short = output.inTheirWords(planInShort(totals, calledPhone(identity), output.started.from));
      // `bring` is what `toImport` was called before; scripts may read it.
      const allTotals = { ...totals, bring: totals.toImport };
      await output.document(
        { phone: identity, totals: allTotals, ...short, ...markedField, ...items },
        status,
      );
      return { status };
    }
    if (marked !== null) {
      const what = counted(marked, "photo or video", "photos and videos");
      await output.result(
        `Marked ${what} on ${escapeControls(calledPhone(identity))} as already in Photos, unchecked. Nothing was read or imported.`,
        "rollcall import --retry imports them all the same.",
      );
      return { status: EXIT.ok };
    }
    const say = async () => {
      await output.result(
        ...planLines(totals, calledPhone(identity), {
          into: "Photos",
          cableBitsPerSecond,
          earlierMsPerItem: pace,
        }),
        "",
      );
      if (flags.list === true) await output.longResult(planList(plannedItems(decided), output.isScreen));
      await output.result(
        totals.toImport.items === 0
          ? `Nothing was changed. ${totals.inICloud > 0 ? "What is new stays in iCloud Photos." : "There is nothing to import."}`
          : `Nothing was changed. ${importAsTyped(context.typed)} does it.`,
      );
    };
    return { status, say };
  });
  // A pager may be left open for hours: another Rollcall can be at work meanwhile.
  if (say !== undefined)
    await output.paged({ isWanted: flags.list === true && flags.pager !== false, signal }, say);
  return status;
};

interface PlanEnd {
  readonly status: ExitStatus;
  /** What is still to be said. */
  readonly say?: () => Promise<void>;
}
