import { open } from "node:fs/promises";
import { type ReceiptHead, receiptHeadSchema } from "./receipt.js";
import { readReceipt } from "./receipt-json.js";
import { readHead } from "./stored-receipt.js";

const HEAD_BYTES = 64 * 1024;

/**
 * What a receipt says above its answers, without reading those: they may be a hundred thousand.
 * @throws RollcallError RECEIPT_UNREADABLE, RECEIPT_FROM_THE_FUTURE, RECEIPT_NOT_FOUND
 */
export async function readReceiptHead(path: string): Promise<ReceiptHead> {
  return (await headAlone(path)) ?? (await readReceipt(path));
}

async function headAlone(path: string): Promise<ReceiptHead | null> {
  try {
    await using handle = await open(path, "r");
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const text = buffer.subarray(0, bytesRead).toString("utf8");
    const end = text.indexOf(',\n  "answers": [');
    if (end < 0) return null;
    const checked = receiptHeadSchema.safeParse(JSON.parse(`${text.slice(0, end)}\n}`));
    return checked.success ? readHead(checked.data as ReceiptHead) : null;
  } catch {
    return null;
  }
}
