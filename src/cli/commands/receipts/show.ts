import { receiptJson } from "../../../receipt/receipt-json.js";
import { receiptText } from "../../../receipt/receipt-text.js";
import type { CommandBody } from "../../command-context.js";
import { receiptFolder } from "../../compose/kept-receipts.js";
import { EXIT } from "../../process/exit-status.js";
import { commandWords } from "../../terminal/command-words.js";
import type { ShowFlags } from "./command.js";

export const showReceipt: CommandBody<ShowFlags> = async (context, flags, [name]) => {
  const { receipt } = await receiptFolder(context).find(name);
  const { output, signal } = context;
  const { answers, ...head } = receipt;
  if (output.isJson)
    await output.documentText(
      receiptJson({ ...head, ...output.statusField(EXIT.ok) }, answers, commandWords),
    );
  else
    await output.paged({ isWanted: flags.pager, signal }, () =>
      output.documentText(receiptText(head, () => answers, commandWords)),
    );
  return EXIT.ok;
};
