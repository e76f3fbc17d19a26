import { access } from "node:fs/promises";
import { basename, join } from "node:path";
import { RollcallError } from "../../../errors.js";
import { readReceiptHead } from "../../../receipt/read-receipt-head.js";
import type { ReceiptHead } from "../../../receipt/receipt.js";
import type { ChainLink } from "../../../receipt/receipt-chain.js";
import { pagePathOf, ReceiptFolder } from "../../../receipt/receipt-folder.js";
import { receiptJson } from "../../../receipt/receipt-json.js";
import { receiptText } from "../../../receipt/receipt-text.js";
import { escapeControls } from "../../../text/escape-controls.js";
import type { CommandBody, CommandContext, CommonFlags } from "../../command-context.js";
import type { PagerFlags } from "../../flags.js";
import { EXIT } from "../../process/exit-status.js";
import { day } from "../../terminal/format-day.js";
import { counted, tilde } from "../../terminal/wording.js";
import { receiptLines } from "./lines.js";
import { type FilterFlags, type ReceiptFilter, receiptFilter } from "./receipt-filter.js";

type ListFlags = CommonFlags & PagerFlags & FilterFlags;

/** No data folder is made for looking. */
export function receiptFolder({ settings }: Pick<CommandContext, "settings">): ReceiptFolder {
  return new ReceiptFolder(join(settings.dataFolder, "receipts"));
}

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
        ...{ path, page: await firstThere(pagePathOf(path)), ...(head ?? {}), trouble },
        ...{ previousIs: link.previousIs, previousPrunedAt: link.previousPrunedAt },
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
  await output.paged({ isWanted: flags.pager !== false, signal: context.signal }, async () => {
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

export const showReceipt: CommandBody<CommonFlags & PagerFlags> = async (context, flags, [name]) => {
  const { receipt } = await receiptFolder(context).find(name);
  const { output, signal } = context;
  const { answers, ...head } = receipt;
  if (output.isJson)
    await output.documentText(receiptJson({ ...head, ...output.statusField(EXIT.ok) }, answers));
  else
    await output.paged({ isWanted: flags.pager !== false, signal }, () =>
      output.documentText(receiptText(head, () => answers)),
    );
  return EXIT.ok;
};

export const receiptPath: CommandBody<CommonFlags> = async (context, _flags, [name]) => {
  const { path } = await receiptFolder(context).find(name);
  if (context.output.isJson) await context.output.document({ path }, EXIT.ok);
  else await context.output.path(path);
  return EXIT.ok;
};

/** The page where there is one, else the text: receipts of older versions have no page. */
export const openReceipt: CommandBody<CommonFlags> = async ({ settings, output }, _flags, [name]) => {
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

/** Said plainly and without alarm; null where there is nothing to say. */
export function chainWords(link: ChainLink): string | null {
  const { path, previousIs, previousPrunedAt, isChanged, answersAre } = link;
  const name = escapeControls(basename(path, ".json"));
  if (isChanged)
    return `${name} is not as it was when the next receipt was written: somebody or something changed it.`;
  if (answersAre !== null && answersAre !== "there")
    return `The answers of ${name} stand in an earlier receipt, which ${answersAre === "changed" ? "was changed since" : "is not here any more"}.`;
  if (previousPrunedAt !== null)
    return `The receipt before ${name} was pruned by you on ${day(new Date(previousPrunedAt))}.`;
  if (previousIs === "gone") return `The receipt before ${name} is not here any more.`;
  return null;
}

async function firstThere(...paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}
