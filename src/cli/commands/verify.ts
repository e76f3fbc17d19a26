import { realpath, stat } from "node:fs/promises";
import { systemClock } from "../../clock.js";
import { RollcallError } from "../../errors.js";
import type { LedgerBetween } from "../../ledger/ledger-between.js";
import { calledPhone } from "../../phone/phone-models.js";
import type { Answer } from "../../receipt/answer.js";
import { CHECKSUM_LIST, extraFiles, readChecksumList } from "../../receipt/checksum-list.js";
import { readReceiptHead } from "../../receipt/read-receipt-head.js";
import type { Receipt } from "../../receipt/receipt.js";
import { followChain } from "../../receipt/receipt-chain.js";
import type { ReceiptFolder } from "../../receipt/receipt-folder.js";
import { readReceipt, receiptJson } from "../../receipt/receipt-json.js";
import { shown } from "../../receipt/receipt-text.js";
import { closedAgain } from "../../run/closed-again.js";
import { libraryNow, otherLibraryOpen } from "../../run/photos-destination.js";
import { recheckFolder } from "../../run/recheck-folder.js";
import { type Recheck, recheckReceipt } from "../../run/recheck-receipt.js";
import { safeRelativePath } from "../../transfer/safe-file-name.js";
import { withDataFolder } from "../at-work.js";
import type { CommandBody, CommandContext, CommonFlags } from "../command-context.js";
import { day } from "../day.js";
import { existingLibrary } from "../existing-library.js";
import { EXIT, type ExitStatus } from "../exit-status.js";
import { extraLines, folderLines } from "../output/folder-lines.js";
import { folderInShort, recheckInShort } from "../output/in-short.js";
import { recheckLines } from "../output/summary-lines.js";
import { count, counted, tilde } from "../output/wording.js";
import { realPhotos } from "../real-parts.js";
import { statusOfAnswers } from "../status-of-answers.js";
import { waitForLibrary } from "../wait-for-library.js";
import { chainWords, receiptFolder } from "./receipts.js";

interface VerifyFlags extends CommonFlags {
  readonly library?: string;
  readonly since?: Date;
  /** From 0 to 1. */
  readonly sample?: number;
}

export const verify: CommandBody<VerifyFlags> = async (context, flags, [what]) => {
  const { settings, output, signal } = context;
  const folder = what === undefined ? null : await folderAt(what);
  const meant = await meantReceipt(receiptFolder(context), what, folder);
  if (meant === null) return await verifyByList(context, folder!);
  const { path, receipt } = meant;
  return await withDataFolder(context, async ({ ledger }) => {
    const { photos, process, originals, libraryAccess } = await realPhotos(settings, "run");
    const { destination, phone } = receipt;
    const libraryPath =
      flags.library === undefined
        ? undefined
        : await existingLibrary("--library", flags.library, libraryAccess, signal);
    let open: string | null = null;
    if (destination.kind === "photos") {
      open = await libraryNow({ process, libraryAccess, signal }, { libraryPath });
      if (destination.library !== null && open !== null && open !== destination.library)
        throw otherLibraryOpen(destination.library, open);
    }
    const key = destination.kind === "folder" ? destination.path : (destination.library ?? "");
    const between = ledger.between(phone, { kind: destination.kind, key });
    output.note(
      `Checking ${shown(calledPhone(phone))} -> ${shown(key || "Photos")}, the run of ${day(new Date(receipt.startedAt))}`,
    );
    // Photos need not be open: the receipt knows which library it was.
    const inside = destination.kind === "photos" ? (open ?? destination.library) : null;
    if (inside !== null) await waitForLibrary(context, libraryAccess, inside);
    const library = await originals.open(inside, signal);
    const recheck = await closedAgain({ photos, process, clock: systemClock }, (asked) =>
      recheckReceipt(
        receipt,
        { photos: asked, clock: systemClock, between, library, signal },
        { since: flags.since, share: flags.sample },
      ),
    );
    const { answers, ...head } = recheck.receipt;
    const extra = destination.kind === "folder" ? await extraIn(destination.path, answers, between) : null;
    const status = statusOfAnswers(head.totals);
    if (output.isJson) {
      const document = {
        ...head,
        ...output.inTheirWords(recheckInShort(head, answers, path)),
        ...(extra && { extraFiles: extra }),
      };
      if (output.isBrief) await output.document(document, status);
      else await output.documentText(receiptJson({ ...document, ...output.statusField(status) }, answers));
    } else
      await output.result(
        ...recheckLines(head, answers),
        ...extraLines(extra ?? []),
        ...sampleLines(recheck),
        ...(await chainLines(context, path)),
        `Receipt: ${shown(tilde(path))}`,
      );
    return status;
  });
};

/** Whether the receipt itself is what it was, by the hash that the one after it names. */
async function chainLines(context: CommandContext, path: string): Promise<string[]> {
  const links = await followChain(await receiptFolder(context).list(), context.signal);
  const own = links.find((link) => link.path === path);
  const words = own === undefined ? null : chainWords(own);
  return words === null ? [] : [words];
}

/** What lies in a copied folder, and neither this receipt nor the folder's list of hashes speaks of. */
async function extraIn(
  folder: string,
  answers: readonly Answer[],
  between: LedgerBetween,
): Promise<string[] | null> {
  const known = new Set((await readChecksumList(folder).catch(() => null))?.keys());
  for (const { path } of answers)
    known.add(between.copyOf(path)?.copyPath.slice(folder.length + 1) ?? safeRelativePath(path));
  return await extraFiles(folder, (place) => known.has(place)).catch(() => null);
}

/** A folder of which no receipt is kept here, such as one that came from another computer. */
async function verifyByList({ output, signal }: CommandContext, folder: string): Promise<ExitStatus> {
  const list = await readChecksumList(folder);
  if (list === null) {
    throw new RollcallError("RECEIPT_NOT_FOUND", {
      message: `There is no receipt of a copy into ${folder}, and no ${CHECKSUM_LIST} in it.`,
      remedy: "rollcall receipts lists the ones that were kept; rollcall copy makes one.",
    });
  }
  output.note(`Checking ${shown(tilde(folder))} by its ${CHECKSUM_LIST}`);
  const { ok, ...found } = await recheckFolder(folder, list, signal);
  const { missing, changed, unreadable, extra } = found;
  const isWrong = missing.length + changed.length + unreadable.length > 0;
  const status = isWrong ? EXIT.wrongAnswers : EXIT.ok;
  const totals = {
    ...{ ok, missing: missing.length, changed: changed.length },
    ...{ unreadable: unreadable.length, extra: extra.length },
  };
  const checkedAt = new Date().toISOString();
  if (output.isJson) {
    const named = output.isBrief ? {} : found;
    await output.document(
      {
        folder,
        list: CHECKSUM_LIST,
        checkedAt,
        totals,
        ...output.inTheirWords(folderInShort(totals)),
        ...named,
      },
      status,
    );
  } else await output.result(...folderLines({ ok, ...found }));
  return status;
}

/** Its one true path, where a folder is meant; else null. */
async function folderAt(what: string): Promise<string | null> {
  const isFolder = await stat(what).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? await realpath(what) : null;
}

/** Where not all was looked at, that has to be said. */
function sampleLines({ checkedItems, items }: Recheck): string[] {
  if (checkedItems === items) return [];
  const looked = `Looked at ${count(checkedItems)} of ${counted(items, "photo")}`;
  return [`${looked}; the others keep what was found before.`];
}

/** A receipt by path or name, the newest one of a folder, or the newest of all. Null: none of that folder. */
async function meantReceipt(
  receipts: ReceiptFolder,
  what: string | undefined,
  folder: string | null,
): Promise<{ path: string; receipt: Receipt } | null> {
  if (folder === null) return await receipts.find(what);
  for (const path of (await receipts.list()).reverse()) {
    const head = await readReceiptHead(path).catch((error: unknown) => {
      if (error instanceof RollcallError) return null;
      throw error;
    });
    const { destination } = head ?? {};
    if (destination?.kind === "folder" && destination.path === folder)
      return { path, receipt: await readReceipt(path) };
  }
  return null;
}
