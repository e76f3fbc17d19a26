import { join } from "node:path";
import { ReceiptFolder } from "../../receipt/receipt-folder.js";
import type { CommandContext } from "../command-context.js";
import { commandWords } from "../terminal/command-words.js";

/** No data folder is made for looking. */
export function receiptFolder({ settings }: Pick<CommandContext, "settings">): ReceiptFolder {
  return new ReceiptFolder(join(settings.dataFolder, "receipts"), commandWords);
}
