import { RollcallError } from "../errors.js";
import { sameUdid } from "../phone/phone.js";
import { readReceiptHead } from "../receipt/read-receipt-head.js";
import type { Receipt, ReceiptHead } from "../receipt/receipt.js";
import type { ReceiptFolder } from "../receipt/receipt-folder.js";
import { readReceipt } from "../receipt/receipt-json.js";
import { answersPath } from "../receipt/same-answers.js";

/** A receipt is older than what was learnt after it of the same phone. */
export interface LaterReceipts {
  /** An edit, a doubt, iCloud Photos. */
  readonly imports: readonly Receipt[];
  /** Copies into a folder say nothing of Photos; this they may have seen as well. */
  readonly copiesThatSawICloud: readonly ReceiptHead[];
}

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
  for (const other of await receipts.list()) {
    if (other === path) continue;
    const head = await headOrNull(other);
    if (head === null || !sameUdid(head.phone.udid, receipt.phone.udid)) continue;
    if (head.startedAt <= receipt.startedAt) continue;
    const holder = answersPath(other, head);
    if (head.destination.kind === "photos")
      imports.push(read.has(holder) ? { ...head, answers: [] } : await readReceipt(other));
    else if (head.phoneLibrary?.usesICloudPhotos === true) copiesThatSawICloud.push(head);
    read.add(holder);
  }
  return { imports, copiesThatSawICloud };
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
