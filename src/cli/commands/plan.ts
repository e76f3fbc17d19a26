import { calledPhone } from "../../phone/phone-models.js";
import { ReceiptFolder } from "../../receipt/receipt-folder.js";
import { shown } from "../../receipt/shown.js";
import { lookForICloud } from "../../run/look-for-icloud.js";
import { markKnown } from "../../run/mark-known.js";
import { withPicked } from "../../run/picked.js";
import { planImport, readWholeCatalogue } from "../../run/plan-for-phone.js";
import { knownDestination } from "../../run/which-library.js";
import { lookIntoDataFolder, runParts, withChosenPhone, withDataFolder } from "../at-work.js";
import type { CommandBody } from "../command-context.js";
import { earlierMsPerItem } from "../earlier-pace.js";
import { EXIT, type ExitStatus } from "../exit-status.js";
import type { PlanFlags } from "../flags.js";
import { planInShort } from "../output/in-short.js";
import { planLines, planTotals } from "../output/plan-lines.js";
import { planList } from "../output/plan-list.js";
import { plannedItems } from "../output/planned-items.js";
import { tellDates } from "../output/selection-words.js";
import { counted } from "../output/wording.js";
import { realPhones, realPhotos } from "../real-parts.js";
import { importAsTyped } from "../same-flags.js";
import { auditPlan } from "./audit.js";
import { planRequest } from "./import.js";

export const plan: CommandBody<PlanFlags> = async (context, flags) => {
  const { settings, output, signal } = context;
  const { process, originals, libraryAccess } = await realPhotos(settings, "question");
  const request = {
    ...(await planRequest(context, flags, libraryAccess)),
    onlyReads: flags.markKnown !== true,
  };
  // What is marked has to last.
  const withData = flags.markKnown === true ? withDataFolder : lookIntoDataFolder;
  const { status, say } = await withData(context, async (data): Promise<Told> => {
    const report = await output.showRun({ destination: "Photos", hasImport: false });
    tellDates(report, request.selection);
    const { decided, between, identity, cableBitsPerSecond, tellAudit } = await withChosenPhone(
      context,
      { finder: await realPhones(settings), flags, report },
      async (phone, seen) => {
        const catalogue = await readWholeCatalogue(runParts(data, { phone, seen }, report, signal), request);
        const asked = {
          ...runParts(data, { phone, seen }, report, signal),
          process,
          originals,
          libraryAccess,
        };
        const destination = await knownDestination(asked, request);
        const between = data.ledger.between(phone.identity, destination);
        const help = { questions: null, look: lookForICloud(originals, signal) };
        const { plan: decided } = await withPicked(request, (selection) =>
          planImport(catalogue, between, { ...request, selection }, help),
        );
        // Only an audit needs the phone any longer: it reads files.
        const library = destination.key === "" ? null : destination.key;
        const tellAudit =
          flags.audit === true ? await auditPlan(context, decided, phone, originals, library) : null;
        const { cableBitsPerSecond } = seen;
        return { decided, between, identity: phone.identity, cableBitsPerSecond, tellAudit };
      },
    );
    if (tellAudit !== null) {
      output.endProgress();
      return { status: await tellAudit() };
    }
    const marked = flags.markKnown === true ? markKnown(decided, between) : null;
    output.endProgress();

    const pace = await earlierMsPerItem(new ReceiptFolder(data.folder.receipts));
    const totals = planTotals(decided);
    const status = totals.wrong > 0 ? EXIT.wrongAnswers : EXIT.ok;
    if (output.isJson) {
      const items = output.isBrief ? {} : { items: plannedItems(decided) };
      const markedField = marked === null ? {} : { marked };
      const short = output.inTheirWords(planInShort(totals, calledPhone(identity), output.started.from));
      await output.document({ phone: identity, totals, ...short, ...markedField, ...items }, status);
      return { status };
    }
    if (marked !== null) {
      const what = counted(marked, "photo or video", "photos and videos");
      await output.result(
        `Marked ${what} on ${shown(calledPhone(identity))} as already in Photos, on your word. Nothing was read or brought.`,
        "rollcall import --again brings them all the same.",
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
      if (flags.list === true) await output.longResult(planList(plannedItems(decided)));
      await output.result(
        totals.bring.items === 0
          ? `Nothing was changed. ${totals.inICloud > 0 ? "What is new stays in iCloud Photos." : "There is nothing to bring."}`
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

interface Told {
  readonly status: ExitStatus;
  /** What is still to be said. */
  readonly say?: () => Promise<void>;
}
