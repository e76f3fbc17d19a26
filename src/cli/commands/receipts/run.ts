import { RollcallError } from "../../../errors.js";
import { readReceiptHead } from "../../../receipt/read-receipt-head.js";
import type { ReceiptHead } from "../../../receipt/receipt.js";
import type { ChainLink } from "../../../receipt/receipt-chain.js";
import { pagePathOf, type ReceiptFolder } from "../../../receipt/receipt-folder.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { counted, tilde } from "../../../words/wording.js";
import type { CommandBody, CommandContext } from "../../command-context.js";
import { receiptFolder } from "../../compose/kept-receipts.js";
import { EXIT } from "../../process/exit-status.js";
import { chainWords } from "../../terminal/chain-words.js";
import type { ListFlags } from "./command.js";
import { firstThere } from "./first-there.js";
import { receiptLines } from "./lines.js";
import { type ReceiptFilter, receiptFilter } from "./receipt-filter.js";

function nameOf(path: string, folder: ReceiptFolder): string {
  return path.slice(folder.path.length + 1, -".json".length);
}

export const listReceipts: CommandBody<ListFlags> = async (context, flags) => {
  const { output } = context;
  const folder = receiptFolder(context);
  const filter = receiptFilter(flags);
  const { listed, all } = await readListed(context, folder, filter);
  if (output.isJson) {
    const receipts = [];
    for (const { path, head, trouble, link } of listed)
      receipts.push({
        path,
        page: await firstThere(pagePathOf(path)),
        ...(head ?? {}),
        trouble,
        previousIs: link.previousIs,
        previousPrunedAt: link.previousPrunedAt,
        answersAre: link.answersAre,
      });
    await output.document({ receipts }, EXIT.ok);
    return EXIT.ok;
  }
  if (listed.length === 0) {
    await output.result(
      all === 0
        ? "There is no receipt yet. rollcall import makes the first."
        : `None of ${counted(all, "receipt")} is ${escapeControls(filter.words)}.`,
    );
    return EXIT.ok;
  }
  await output.paged({ isWanted: flags.pager, signal: context.signal }, async () => {
    await output.longResult(receiptLines(listed.map((one) => ({ ...one, name: nameOf(one.path, folder) }))));
    for (const { link } of listed) {
      const words = chainWords(link);
      if (words !== null) await output.result("", words);
    }
    await output.result(
      "",
      `They lie in ${tilde(folder.path)}. rollcall receipts show NAME prints one, open NAME shows its page.`,
    );
  });
  return EXIT.ok;
};

interface Listed {
  readonly path: string;
  readonly head: ReceiptHead | null;
  readonly trouble: string | null;
  readonly link: ChainLink;
}

async function readListed(
  { signal }: CommandContext,
  folder: ReceiptFolder,
  filter: ReceiptFilter,
): Promise<{ listed: Listed[]; all: number }> {
  const listed: Listed[] = [];
  const links = await folder.chain(signal);
  for (const link of links) {
    signal.throwIfAborted();
    const { path } = link;
    try {
      const head = await readReceiptHead(path);
      if (filter.takes(head)) listed.push({ path, head, trouble: null, link });
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      // Nobody can say that it is none of those that are asked for.
      listed.push({ path, head: null, trouble: error.message, link });
    }
  }
  return { listed, all: links.length };
}
