import { join } from "node:path";
import { RollcallError } from "../../../errors.js";
import { planPruneOf } from "../../../receipt/prune-folder.js";
import type { KeepRules, PrunePlan, WhyKept } from "../../../receipt/prune-plan.js";
import { bytesOf, finishPruning, pruneReceipts } from "../../../receipt/prune-receipts.js";
import { prunedIn } from "../../../receipt/pruned-receipts.js";
import type { ReceiptFolder } from "../../../receipt/receipt-folder.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { explainWriteError } from "../../../transfer/write-errors.js";
import { bytes, counted, tilde } from "../../../words/wording.js";
import type { CommandBody } from "../../command-context.js";
import { receiptFolder } from "../../compose/kept-receipts.js";
import { lookIntoDataFolder } from "../../compose/open-data-folder.js";
import { EXIT } from "../../process/exit-status.js";
import { agreeToRemove } from "../../terminal/agree-to-remove.js";
import type { PruneFlags } from "./command.js";

const WHY_KEPT: Readonly<Record<WhyKept, string>> = {
  newest: "the newest of a phone and place",
  "newest-answers": "the newest of a phone and place that holds answers itself",
  named: "its answers are those of a receipt that stays",
  unfinished: "its run was cut off; the next one resumes it",
  changed: "it was changed since the next one was written",
  unreadable: "it cannot be read",
  "holds-back": "without it safe-to-remove would list more for an earlier receipt that stays",
  "not-ours": "not all its files were made by Rollcall and are yours",
};

/** Removes old receipts, and remembers which. */
export const pruneCommand: CommandBody<PruneFlags> = async (context, flags) => {
  const rules = { last: flags.keepLast, within: flags.keepWithin };
  requireRule(rules);
  const { output } = context;
  const folder = receiptFolder(context);
  return await lookIntoDataFolder(context, async ({ ledgerDatabase }) => {
    const unfinished = ledgerDatabase.unfinishedRuns();
    const plan = await planPruneOf(folder, rules, {
      now: new Date(),
      isUnfinished: (runId) => unfinished.has(runId),
      signal: context.signal,
    });
    const begun = prunedIn(folder.path).filter(({ isRemoved }) => !isRemoved);
    const sizeBytes = plan.going.reduce((sum, { path }) => sum + bytesOf(path), 0);
    const what = `${counted(plan.going.length + begun.length, "receipt")}, ${bytes(sizeBytes)}`;
    const isAny = plan.going.length + begun.length > 0;
    if (isAny && flags.yes !== true) {
      if (!output.isJson) await output.longResult(planLines(folder, plan, begun));
      await agreeToRemove(context, { what, instead: "rollcall receipts lists them." });
    }
    const removed = plan.going.map(({ path, head }) => ({ path, head: head! }));
    await withHelp(folder, async () => {
      if (removed.length > 0) await pruneReceipts(folder.path, removed, new Date());
      else await finishPruning(folder.path);
    });
    if (output.isJson) {
      const kept = [...plan.staying].map(([{ path }, why]) => ({ path, why }));
      const gone = [...removed.map(({ path }) => path), ...begun.map(({ file }) => join(folder.path, file))];
      await output.document({ folder: folder.path, removed: gone, kept }, EXIT.ok);
      return EXIT.ok;
    }
    const stay = counted(plan.staying.size, "receipt stays", "receipts stay");
    await output.result(isAny ? `Removed ${what}. ${stay}.` : `Nothing is to be removed. ${stay}.`);
    await output.longResult(whyLines(plan));
    return EXIT.ok;
  });
};

/** @throws RollcallError BAD_USAGE */
function requireRule({ last, within }: KeepRules): void {
  if (last !== undefined || within !== undefined) return;
  throw new RollcallError("BAD_USAGE", {
    message: "No rule says which receipts to keep.",
    remedy: "Give --keep-last 30, --keep-within 1y, or both: what one of them keeps stays.",
  });
}

/** What would go, and what stays though no rule keeps it. */
function* planLines(
  folder: ReceiptFolder,
  plan: PrunePlan,
  begun: readonly { readonly file: string }[],
): Generator<string> {
  yield `To be removed from ${escapeControls(tilde(folder.path))}:`;
  for (const { file } of begun) yield `  ${nameOf(file)}   (begun before)`;
  for (const { file, path } of plan.going) yield `  ${nameOf(file)}   ${bytes(bytesOf(path))}`;
  yield* whyLines(plan);
  yield "";
}

function* whyLines({ staying }: PrunePlan): Generator<string> {
  for (const [why, words] of Object.entries(WHY_KEPT)) {
    const files = [...staying].filter(([, is]) => is === why).map(([{ file }]) => file);
    if (files.length === 0) continue;
    yield `${counted(files.length, "more stays", "more stay")}: ${words}`;
    for (const file of files) yield `  ${nameOf(file)}`;
  }
}

function nameOf(file: string): string {
  return escapeControls(file.slice(0, -".json".length));
}

async function withHelp(folder: ReceiptFolder, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw explainWriteError(error, folder.path);
  }
}
