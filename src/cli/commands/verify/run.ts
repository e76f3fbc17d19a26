import { realpath, stat } from "node:fs/promises";
import { RollcallError } from "../../../errors.js";
import type { PhoneLedger } from "../../../ledger/phone-ledger.js";
import { calledPhone } from "../../../phone/phone-models.js";
import type { Answer } from "../../../receipt/answer.js";
import { CHECKSUM_LIST, extraFiles, readChecksumList } from "../../../receipt/checksum-list.js";
import { readReceiptHead } from "../../../receipt/read-receipt-head.js";
import type { Receipt } from "../../../receipt/receipt.js";
import type { ReceiptFolder } from "../../../receipt/receipt-folder.js";
import { readReceipt, receiptJson } from "../../../receipt/receipt-json.js";
import { storedHead } from "../../../receipt/stored-receipt.js";
import { type FolderFindings, recheckFolder } from "../../../run/recheck-folder.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { safeRelativePath } from "../../../transfer/safe-file-name.js";
import { tilde } from "../../../words/wording.js";
import type { CommandBody, CommandContext } from "../../command-context.js";
import { existingLibrary } from "../../compose/existing-library.js";
import { receiptFolder } from "../../compose/kept-receipts.js";
import { withDataFolder } from "../../compose/open-data-folder.js";
import { realPhotos } from "../../compose/real-parts.js";
import { recheckNow } from "../../compose/recheck-now.js";
import { EXIT, type ExitStatus } from "../../process/exit-status.js";
import { statusOfAnswers } from "../../process/status-of-answers.js";
import { chainWords } from "../../terminal/chain-words.js";
import { commandWords } from "../../terminal/command-words.js";
import { day } from "../../terminal/format-day.js";
import { folderInShort, recheckInShort } from "../../terminal/in-short.js";
import { waitForLibrary } from "../../terminal/wait-for-library.js";
import type { VerifyFlags } from "./command.js";
import { extraLines, folderLines, otherLines } from "./folder-lines.js";
import { recheckLines } from "./lines.js";

export const verify: CommandBody<VerifyFlags> = async (context, flags, [what]) => {
  const { settings, output, signal } = context;
  const folder = what === undefined ? null : await folderAt(what);
  const meant = await meantReceipt(receiptFolder(context), what, folder);
  if (meant === null) return await verifyByList(context, folder!);
  const { path, receipt } = meant;
  return await withDataFolder(context, async ({ ledgerDatabase }) => {
    const photosParts = await realPhotos(settings, "run");
    const { libraryAccess } = photosParts;
    const { destination, phone } = receipt;
    const libraryPath =
      flags.library === undefined
        ? undefined
        : await existingLibrary("--library", flags.library, libraryAccess, signal);
    const { ledger, ...recheck } = await recheckNow(receipt, { ledgerDatabase }, photosParts, {
      libraryPath,
      choice: { since: flags.since, share: flags.sample },
      signal,
      onBegin: (key) =>
        output.note(
          `Checking ${escapeControls(calledPhone(phone))} -> ${escapeControls(key || "Photos")}, the run of ${day(new Date(receipt.startedAt))}`,
        ),
      waitForLibrary: (library) => waitForLibrary(context, libraryAccess, library),
    });
    const { answers, ...head } = recheck.receipt;
    const extra = destination.kind === "folder" ? await extraIn(destination.path, answers, ledger) : null;
    const { lookedAt, looked } = recheck;
    const others =
      destination.kind === "folder" && flags.since === undefined && flags.sample === undefined
        ? await othersIn(destination.path, answers, ledger, signal)
        : null;
    const isUnseen = (looked.items === 0 && looked.of > 0) || !isWhole(others);
    const status = isUnseen ? EXIT.wrongAnswers : statusOfAnswers(head.totals);
    if (output.isJson) {
      const document = {
        ...head,
        looked,
        ...output.inTheirWords(recheckInShort({ answers, lookedAt, looked }, path, destination.kind)),
        ...(extra && { extraFiles: extra }),
        ...(others && { otherFiles: others }),
      };
      if (output.isBrief) await output.document(storedHead(document, commandWords), status);
      else
        await output.documentText(
          receiptJson({ ...document, ...output.statusField(status) }, answers, commandWords),
        );
    } else
      await output.result(
        ...recheckLines(head, { answers, lookedAt, looked }),
        ...(others === null ? [] : otherLines(others, escapeControls(phone.name))),
        ...extraLines(extra ?? []),
        ...(await chainLines(context, path)),
        `Receipt: ${escapeControls(tilde(path))}`,
      );
    return status;
  });
};

/** Whether the receipt itself is what it was, by the hash that the one after it names. */
async function chainLines(context: CommandContext, path: string): Promise<string[]> {
  const links = await receiptFolder(context).chain(context.signal);
  const own = links.find((link) => link.path === path);
  const words = own === undefined ? null : chainWords(own);
  return words === null ? [] : [words];
}

/**
 * The files of a copied folder that its list of hashes names and this receipt does not: they left the phone since, or
 * came from another one. Null where there are none.
 */
async function othersIn(
  folder: string,
  answers: readonly Answer[],
  ledger: PhoneLedger,
  signal: AbortSignal,
): Promise<Omit<FolderFindings, "extra"> | null> {
  const list = await readChecksumList(folder);
  if (list === null) return null;
  for (const { path } of answers)
    list.delete(ledger.items.copyOf(path)?.copyPath.slice(folder.length + 1) ?? safeRelativePath(path));
  if (list.size === 0) return null;
  const { extra: _known, ...found } = await recheckFolder(folder, list, signal);
  return found;
}

function isWhole(others: Omit<FolderFindings, "extra"> | null): boolean {
  return others === null || others.missing.length + others.changed.length + others.unreadable.length === 0;
}

/** What lies in a copied folder, and neither this receipt nor the folder's list of hashes speaks of. */
async function extraIn(
  folder: string,
  answers: readonly Answer[],
  ledger: PhoneLedger,
): Promise<string[] | null> {
  const known = new Set((await readChecksumList(folder).catch(() => null))?.keys());
  for (const { path } of answers)
    known.add(ledger.items.copyOf(path)?.copyPath.slice(folder.length + 1) ?? safeRelativePath(path));
  return await extraFiles(folder, (place) => known.has(place)).catch(() => null);
}

/** A folder of which no receipt is kept here, such as one that came from another computer. */
async function verifyByList({ output, signal }: CommandContext, folder: string): Promise<ExitStatus> {
  const list = await readChecksumList(folder);
  if (list === null) {
    throw new RollcallError("RECEIPT_NOT_FOUND", {
      message: `There is no receipt of a copy into ${folder}, and no ${CHECKSUM_LIST} in it.`,
      remedy: "rollcall receipts lists the stored ones; rollcall copy makes one.",
    });
  }
  output.note(`Checking ${escapeControls(tilde(folder))} by its ${CHECKSUM_LIST}`);
  const { ok, ...found } = await recheckFolder(folder, list, signal);
  const { missing, changed, unreadable, extra } = found;
  const isWrong = missing.length + changed.length + unreadable.length > 0;
  const status = isWrong ? EXIT.wrongAnswers : EXIT.ok;
  const totals = {
    ok,
    missing: missing.length,
    changed: changed.length,
    unreadable: unreadable.length,
    extra: extra.length,
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
