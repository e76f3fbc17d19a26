import { basename } from "node:path";
import { RollcallError } from "../errors.js";
import { holdingBack } from "./holding-back.js";
import {
  type KeepRules,
  type KnownReceipt,
  type PruneKnowledge,
  type PrunePlan,
  planPrune,
} from "./prune-plan.js";
import { isOurs } from "./prune-receipts.js";
import { requireReadable } from "./pruned-receipts.js";
import { readReceiptHead } from "./read-receipt-head.js";
import type { ReceiptHead } from "./receipt.js";
import type { ReceiptFolder } from "./receipt-folder.js";
import { readReceipt } from "./receipt-json.js";

/**
 * Which receipts of a folder may go by these rules; nothing is changed.
 * @throws RollcallError FOLDER_NOT_OURS where what was pruned before cannot be read; the signal's reason
 */
export async function planPruneOf(
  folder: ReceiptFolder,
  rules: KeepRules,
  known: Pick<PruneKnowledge, "now" | "isUnfinished"> & { readonly signal?: AbortSignal },
): Promise<PrunePlan> {
  requireReadable(folder.path);
  const receipts: KnownReceipt[] = [];
  for (const { path, isChanged } of await folder.chain(known.signal)) {
    known.signal?.throwIfAborted();
    receipts.push({ path, file: basename(path), head: await headOrNull(path), isChanged });
  }
  return await planPrune(receipts, rules, {
    ...known,
    isOurs: ({ path, head }) => head !== null && isOurs(path, head),
    isWhole: async ({ path }) =>
      await readReceipt(path).then(
        () => true,
        () => false,
      ),
    holdingBack,
  });
}

async function headOrNull(path: string): Promise<ReceiptHead | null> {
  return await readReceiptHead(path).catch((error: unknown) => {
    if (error instanceof RollcallError) return null;
    throw error;
  });
}
