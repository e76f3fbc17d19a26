import type { CommandBody } from "../../command-context.js";
import { receiptFolder } from "../../compose/kept-receipts.js";
import { EXIT } from "../../process/exit-status.js";

export const receiptPath: CommandBody = async (context, _flags, [name]) => {
  const { path } = await receiptFolder(context).find(name);
  if (context.output.isJson) await context.output.document({ path }, EXIT.ok);
  else await context.output.path(path);
  return EXIT.ok;
};
