import { pagePathOf } from "../../../receipt/receipt-folder.js";
import type { CommandBody } from "../../command-context.js";
import { receiptFolder } from "../../compose/kept-receipts.js";
import { EXIT } from "../../process/exit-status.js";
import { firstThere } from "./first-there.js";

/** The page where there is one, else the text: receipts of older versions have no page. */
export const openReceipt: CommandBody = async ({ settings, output }, _flags, [name]) => {
  const { path } = await receiptFolder({ settings }).find(name);
  const page = (await firstThere(pagePathOf(path), path.replace(/\.json$/, ".txt"))) ?? path;
  if (process.platform === "darwin") {
    const { execa } = await import("execa");
    await execa("/usr/bin/open", [page]);
  } else if (!output.isJson) {
    output.note("Open this in a browser:");
    await output.path(page);
  }
  if (output.isJson) await output.document({ path, page }, EXIT.ok);
  return EXIT.ok;
};
