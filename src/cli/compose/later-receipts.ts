import { RollcallError } from "../../errors.js";
import { sameUdid } from "../../phone/phone.js";
import { isLaterRun, whatCounts } from "../../receipt/holding-back.js";
import { prunedIn } from "../../receipt/pruned-receipts.js";
import { readReceiptHead } from "../../receipt/read-receipt-head.js";
import type { Receipt, ReceiptHead } from "../../receipt/receipt.js";
import type { ReceiptFolder } from "../../receipt/receipt-folder.js";
import { readReceipt } from "../../receipt/receipt-json.js";
import { answersPath } from "../../receipt/same-answers.js";

/** A receipt is older than what was learnt after it of the same phone. */
interface LaterReceipts {
  /** An edit, a doubt, iCloud Photos. */
  readonly imports: readonly Receipt[];
  /** Copies into a folder say nothing of Photos; this they may have seen as well. */
  readonly copiesThatSawICloud: readonly ReceiptHead[];
}

/** @throws RollcallError RECEIPT_UNREADABLE where one that was written later cannot be read: what it says is not known */
export async function readLater(
  receipt: Receipt,
  path: string,
  receipts: ReceiptFolder,
): Promise<LaterReceipts> {
  const imports: Receipt[] = [];
  const copiesThatSawICloud: ReceiptHead[] = [];
  // Receipts of runs that found nothing new share their answers: those are read once.
  const own = await headOrNull(path);
  const read = new Set(own === null ? [] : [answersPath(path, own)]);
  const listed = await receipts.list(); // the oldest first
  for (const [place, other] of listed.entries()) {
    if (other === path) continue;
    const head = await headOrNull(other);
    if (head === null && place > listed.indexOf(path)) throw unreadableLater(other);
    const counts = head === null ? null : whatCounts(receipt, head);
    if (head === null || counts === null) continue;
    const holder = answersPath(other, head);
    if (counts === "answers")
      imports.push(read.has(holder) ? { ...head, answers: [] } : await readReceipt(other));
    else copiesThatSawICloud.push(head);
    read.add(holder);
  }
  return { imports, copiesThatSawICloud };
}

function unreadableLater(path: string): RollcallError {
  return new RollcallError("RECEIPT_UNREADABLE", {
    message: `${path} cannot be read, and may say something of these photos: so none is listed.`,
    why: "It was written later than the receipt that was asked for.",
    remedy: "rollcall import writes a new receipt; then ask again, and name none.",
  });
}

/**
 * Receipts were pruned of which none would change what one that stays says: of others that is not known.
 * @throws RollcallError BAD_USAGE for a receipt that lies elsewhere, or was pruned itself and put back
 */
export async function requireNothingPrunedAfter(
  receipt: Receipt,
  path: string,
  receipts: ReceiptFolder,
): Promise<void> {
  const pruned = prunedIn(receipts.path);
  const isLater = pruned.some((one) => sameUdid(one.udid, receipt.phone.udid) && isLaterRun(one, receipt));
  const wasPruned = pruned.some(({ id }) => id === receipt.id);
  if (!isLater || (!wasPruned && (await receipts.list()).includes(path))) return;
  throw new RollcallError("BAD_USAGE", {
    message: `${path} is older than receipts of this phone that you pruned.`,
    why: "What those said of its photos is not known any more.",
    remedy: "Ask with the newest receipt: name none.",
  });
}

/** @throws RollcallError RECEIPT_NOT_FOUND */
export async function newestOfPhotos(receipts: ReceiptFolder): Promise<{ path: string; receipt: Receipt }> {
  for (const path of (await receipts.list()).reverse()) {
    const head = await headOrNull(path);
    if (head?.destination.kind === "photos") return { path, receipt: await readReceipt(path) };
  }
  throw new RollcallError("RECEIPT_NOT_FOUND", {
    message: "There is no receipt of an import into Photos yet.",
    remedy: "rollcall import makes the first.",
  });
}

/** A damaged receipt is no reason to keep the others from being read. */
async function headOrNull(path: string): Promise<ReceiptHead | null> {
  return await readReceiptHead(path).catch((error: unknown) => {
    if (error instanceof RollcallError) return null;
    throw error;
  });
}
