import { calledPhone } from "../../phone/phone-models.js";
import type { Decision, Plan } from "../../plan/decision.js";
import { type AwayAnswer, awayPartAnswer, cloudOnlyAnswer } from "../../receipt/away-answers.js";
import { shown } from "../../receipt/receipt-text.js";
import { lookForICloud } from "../../run/look-for-icloud.js";
import { markKnown } from "../../run/mark-known.js";
import { withPicked } from "../../run/picked.js";
import { planImport, readWholeCatalogue } from "../../run/plan-for-phone.js";
import { knownDestination } from "../../run/which-library.js";
import { runParts, withChosenPhone, withDataFolder } from "../at-work.js";
import type { CommandBody } from "../command-context.js";
import { EXIT } from "../exit-status.js";
import type { PlanFlags } from "../flags.js";
import { planInShort } from "../output/in-short.js";
import { planLines, planTotals } from "../output/plan-lines.js";
import { tellDates } from "../output/selection-words.js";
import { counted } from "../output/wording.js";
import { realPhones, realPhotos } from "../real-parts.js";
import { auditPlan } from "./audit.js";
import { planRequest } from "./import.js";

export const plan: CommandBody<PlanFlags> = async (context, flags) => {
  const { settings, output, signal } = context;
  const { process, originals, libraryAccess } = await realPhotos(settings, "question");
  const request = await planRequest(context, flags, libraryAccess);
  return await withDataFolder(context, async (data) => {
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
      return await tellAudit();
    }
    const marked = flags.markKnown === true ? markKnown(decided, between) : null;
    output.endProgress();

    const totals = planTotals(decided);
    const status = totals.wrong > 0 ? EXIT.wrongAnswers : EXIT.ok;
    if (output.isJson) {
      const items = output.isBrief ? {} : { items: plannedItems(decided) };
      const markedField = marked === null ? {} : { marked };
      const short = output.inTheirWords(planInShort(totals, calledPhone(identity)));
      await output.document({ phone: identity, totals, ...short, ...markedField, ...items }, status);
      return status;
    }
    if (marked !== null) {
      const what = counted(marked, "photo or video", "photos and videos");
      await output.result(
        `Marked ${what} on ${shown(calledPhone(identity))} as already in Photos, on your word. Nothing was read or brought.`,
        "rollcall import --again brings them all the same.",
      );
      return EXIT.ok;
    }
    await output.result(
      ...planLines(totals, calledPhone(identity), { into: "Photos", cableBitsPerSecond }),
      "",
      totals.bring.items === 0
        ? `Nothing was changed. ${totals.inICloud > 0 ? "What is new stays in iCloud Photos." : "There is nothing to bring."}`
        : "Nothing was changed. rollcall import does it.",
    );
    return status;
  });
};

interface PlannedItem {
  readonly item: string;
  readonly action: Decision["action"];
  readonly because: string | null;
  readonly answer: string | null;
  readonly reason: { readonly code: string; readonly message: string; readonly remedy: string } | null;
  readonly files: readonly string[];
  readonly bytes: number | null;
}

/** Every file of the phone is in exactly one of them. A phone may have a hundred thousand: one at a time. */
function* plannedItems({ decisions, catalogue, awayKnown }: Plan): Generator<PlannedItem> {
  for (const decision of decisions) yield decidedItem(decision);
  for (const away of catalogue.cloudOnly) {
    const known = awayKnown?.get(away.path);
    const item = awayFile(away, cloudOnlyAnswer(away));
    if (known === undefined) yield item;
    else yield { ...item, action: "already", because: known.entry.state, answer: null, reason: null };
  }
  for (const part of catalogue.awayParts) yield awayFile(part, awayPartAnswer(part));
  for (const { path, reason } of catalogue.unreadable) yield leftFile(path, "failed", reason, null);
  for (const { file, code, message, item = file.path } of catalogue.setAside) {
    const reason = { code, message, remedy: "rollcall copy brings it as a file." };
    yield { ...leftFile(file.path, "set-aside", reason, file.sizeBytes), item };
  }
}

function decidedItem(decision: Decision): PlannedItem {
  const { item, action } = decision;
  const bytes = item.files.reduce((sum, { file }) => sum + file.sizeBytes, 0);
  const common = { item: item.key, action, files: item.files.map(({ file }) => file.path), bytes };
  if (decision.action === "bring")
    return { ...common, because: decision.because, answer: null, reason: null };
  if (decision.action === "leave")
    return { ...common, because: null, answer: decision.answer, reason: decision.reason };
  return { ...common, because: decision.entry.state, answer: null, reason: null };
}

function awayFile(
  { path, sizeBytes, item = path }: { path: string; sizeBytes: number | null; item?: string },
  { answer, reason }: AwayAnswer,
): PlannedItem {
  return { ...leftFile(path, answer, reason, sizeBytes), item };
}

function leftFile(
  path: string,
  answer: string,
  reason: PlannedItem["reason"],
  bytes: number | null,
): PlannedItem {
  return { item: path, action: "leave", because: null, answer, reason, files: [path], bytes };
}
