import { access } from "node:fs/promises";
import { basename, join } from "node:path";
import { RollcallError } from "../../errors.js";
import { readReceiptHead } from "../../receipt/read-receipt-head.js";
import { type ChainLink, followChain } from "../../receipt/receipt-chain.js";
import { pagePathOf, ReceiptFolder } from "../../receipt/receipt-folder.js";
import { receiptJson } from "../../receipt/receipt-json.js";
import { receiptText, shown } from "../../receipt/receipt-text.js";
import type { CommandBody, CommandContext, CommonFlags } from "../command-context.js";
import { EXIT } from "../exit-status.js";
import { receiptLines } from "../output/receipt-lines.js";
import { tilde } from "../output/wording.js";

/** No data folder is made for looking. */
export function receiptFolder({ settings }: Pick<CommandContext, "settings">): ReceiptFolder {
  return new ReceiptFolder(join(settings.dataFolder, "receipts"));
}

function nameOf(path: string, folder: ReceiptFolder): string {
  return path.slice(folder.path.length + 1, -".json".length);
}

export const listReceipts: CommandBody<CommonFlags> = async (context) => {
  const { output } = context;
  const folder = receiptFolder(context);
  const listed: {
    path: string;
    head: Awaited<ReturnType<typeof readReceiptHead>> | null;
    trouble: string | null;
  }[] = [];
  const paths = await folder.list();
  const chain = new Map((await followChain(paths, context.signal)).map((link) => [link.path, link]));
  for (const path of paths) {
    context.signal.throwIfAborted();
    try {
      listed.push({ path, head: await readReceiptHead(path), trouble: null });
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      listed.push({ path, head: null, trouble: error.message });
    }
  }
  if (output.isJson) {
    const receipts = [];
    for (const { path, head, trouble } of listed)
      receipts.push({
        ...{ path, page: await firstThere(pagePathOf(path)), ...(head ?? {}), trouble },
        previousIs: chain.get(path)?.previousIs ?? null,
        answersAre: chain.get(path)?.answersAre ?? null,
      });
    await output.document({ receipts }, EXIT.ok);
    return EXIT.ok;
  }
  if (listed.length === 0) {
    await output.result("There is no receipt yet. rollcall import makes the first.");
    return EXIT.ok;
  }
  for (const line of receiptLines(listed.map((one) => ({ ...one, name: nameOf(one.path, folder) }))))
    await output.result(line);
  for (const link of chain.values()) {
    const words = chainWords(link);
    if (words !== null) await output.result("", words);
  }
  await output.result(
    "",
    `They lie in ${tilde(folder.path)}. rollcall receipts show NAME prints one, open NAME shows its page.`,
  );
  return EXIT.ok;
};

export const showReceipt: CommandBody<CommonFlags> = async (context, _flags, [name]) => {
  const { receipt } = await receiptFolder(context).find(name);
  const { output } = context;
  const { answers, ...head } = receipt;
  if (output.isJson)
    await output.documentText(receiptJson({ ...head, ...output.statusField(EXIT.ok) }, answers));
  else await output.documentText(receiptText(head, answers));
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
export function chainWords({ path, previousIs, isChanged, answersAre }: ChainLink): string | null {
  const name = shown(basename(path, ".json"));
  if (isChanged)
    return `${name} is not as it was when the next receipt was written: somebody or something changed it.`;
  if (answersAre === "gone" || answersAre === "changed")
    return `The answers of ${name} stand in an earlier receipt, which ${answersAre === "gone" ? "is not here any more" : "was changed since"}.`;
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
