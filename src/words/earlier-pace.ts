import { readReceiptHead } from "../receipt/read-receipt-head.js";
import type { ReceiptHead } from "../receipt/receipt.js";
import type { ReceiptFolder } from "../receipt/receipt-folder.js";

const MOST_READ = 20;
const MOST_TOLD = 5;
/** Fewer say little: each run has a cost of its own. */
const TELLING_ITEMS = 20;

/**
 * How long an item took in earlier imports, from the phone to its proof; null where no receipt tells. The middle one of the
 * newest runs, because a run that was cut off and continued lasted for days.
 */
export async function earlierMsPerItem(receipts: Pick<ReceiptFolder, "list">): Promise<number | null> {
  const paces: number[] = [];
  const newest = (await receipts.list()).slice(-MOST_READ).reverse();
  for (const path of newest) {
    if (paces.length === MOST_TOLD) break;
    const head = await readReceiptHead(path).catch(() => null);
    const pace = head === null ? null : msPerItem(head);
    if (pace !== null) paces.push(pace);
  }
  paces.sort((a, b) => a - b);
  return paces[Math.floor(paces.length / 2)] ?? null;
}

function msPerItem({ destination, totals, startedAt, finishedAt }: ReceiptHead): number | null {
  const { items } = totals.thisRun;
  const ms = Date.parse(finishedAt) - Date.parse(startedAt);
  if (destination.kind !== "photos" || items < TELLING_ITEMS || !(ms > 0)) return null;
  return ms / items;
}
