import { systemClock } from "../../clock.js";
import { RollcallError } from "../../errors.js";
import type { LedgerBetween } from "../../ledger/ledger-between.js";
import { sameUdid } from "../../phone/phone.js";
import type { Answer } from "../../receipt/answer.js";
import { readReceiptHead } from "../../receipt/read-receipt-head.js";
import type { Receipt, ReceiptHead } from "../../receipt/receipt.js";
import type { ReceiptFolder } from "../../receipt/receipt-folder.js";
import { readReceipt, writeWhole } from "../../receipt/receipt-json.js";
import { shown } from "../../receipt/receipt-text.js";
import { groupByReason, type Removal, safeToRemove, sumOf } from "../../receipt/safe-to-remove.js";
import { isSafeToRemovePage, safeToRemoveHtml } from "../../receipt/safe-to-remove-html.js";
import { libraryNow, otherLibraryOpen } from "../../run/photos-destination.js";
import { recheckReceipt } from "../../run/recheck-receipt.js";
import { explainWriteError } from "../../transfer/copy-file.js";
import { withDataFolder } from "../at-work.js";
import type { CommandBody, CommandContext, CommonFlags } from "../command-context.js";
import { day } from "../day.js";
import { existingLibrary } from "../existing-library.js";
import { EXIT } from "../exit-status.js";
import { fileToWrite } from "../file-to-write.js";
import { bytes, counted, tilde } from "../output/wording.js";
import { realPhotos } from "../real-parts.js";
import { waitForLibrary } from "../wait-for-library.js";
import { receiptFolder } from "./receipts.js";

interface SafeToRemoveFlags extends CommonFlags {
  readonly library?: string;
  readonly html?: string;
}

/** Reads the library again now, and lists what is proved in all its files. Lists, and deletes nothing. */
export const safeToRemoveCommand: CommandBody<SafeToRemoveFlags> = async (context, flags, [name]) => {
  const { settings, output, signal } = context;
  const pagePath =
    flags.html === undefined ? undefined : fileToWrite("--html", flags.html, isSafeToRemovePage);
  const receipts = receiptFolder(context);
  const { path, receipt } = name === undefined ? await newestOfPhotos(receipts) : await receipts.find(name);
  const { destination, phone } = receipt;
  if (destination.kind !== "photos") throw notOfPhotos(path);
  return await withDataFolder(context, async ({ ledger }) => {
    const { photos, process, originals, libraryAccess } = await realPhotos(settings, "run");
    const libraryPath =
      flags.library === undefined
        ? undefined
        : await existingLibrary("--library", flags.library, libraryAccess, signal);
    const open = await libraryNow({ process, libraryAccess, signal }, { libraryPath });
    if (destination.library !== null && open !== null && open !== destination.library)
      throw otherLibraryOpen(destination.library, open);
    const between = ledger.between(phone, { kind: "photos", key: destination.library ?? "" });
    output.note(
      `Reading what Photos keeps of the run of ${day(new Date(receipt.startedAt))} on ${shown(phone.name)}`,
    );
    const inside = open ?? destination.library;
    if (inside !== null) await waitForLibrary(context, libraryAccess, inside);
    const checkedFrom = systemClock.now();
    const library = await originals.open(inside, signal);
    const parts = { photos, clock: systemClock, between, library, signal };
    const { receipt: today } = await recheckReceipt(receipt, parts);
    const removal = safeToRemove(today.answers, {
      checkedFrom,
      isAsLastSeen: (answer) => isAsLastSeen(answer, between),
      later: await answersOfLater(receipt, path, receipts),
    });
    await tell(context, today, removal, { receiptPath: path, pagePath });
    return EXIT.ok;
  });
};

async function tell(
  { output }: CommandContext,
  head: ReceiptHead,
  removal: Removal,
  { receiptPath, pagePath }: { receiptPath: string; pagePath: string | undefined },
): Promise<void> {
  const { safe, staying } = removal;
  const page = pagePath ?? null;
  if (page !== null) {
    await writeWhole(page, safeToRemoveHtml(head, removal), isSafeToRemovePage).catch((error: unknown) => {
      throw explainWriteError(error, page);
    });
  }
  if (output.isJson) {
    const { id, phone, destination } = head;
    const files = ({ path, sizeBytes, sha256, photosId }: Answer) => ({ path, sizeBytes, sha256, photosId });
    await output.document(
      {
        ...{ receipt: id, receiptPath, page, phone, destination, checkedAt: head.finishedAt, deletes: false },
        totals: { safe: { items: safe.length, ...sumOf(safe) }, staying: { items: staying.length } },
        safe: safe.map((item) => ({ item: item[0].item, files: item.map(files) })),
        staying: staying.map(({ files: all, reason }) => ({
          item: all[0].item,
          files: all.map(({ path, answer }) => ({ path, answer })),
          reason,
        })),
      },
      EXIT.ok,
    );
    return;
  }
  const sum = sumOf(safe);
  await output.result(
    safe.length === 0
      ? `Nothing may leave ${shown(head.phone.name)} yet.`
      : `${counted(safe.length, "photo")} may leave ${shown(head.phone.name)} (${counted(sum.files, "file")}, ${bytes(sum.bytes)}): every byte of them was read in Photos just now.`,
  );
  for (const { reason, items } of groupByReason(staying))
    await output.result(
      `  ${counted(items, "photo")} stay${items === 1 ? "s" : ""}: ${shown(reason.message)}`,
      `      ${shown(reason.remedy)}`,
    );
  await output.result("Rollcall deletes nothing: this is a list.");
  if (page !== null) await output.result(`Page: ${shown(tilde(page))}`);
  else for (const files of safe) await output.result(...files.map(({ path }) => shown(path)));
}

/** What the phone was last seen to hold under this path is what the receipt speaks of. */
function isAsLastSeen({ path, sizeBytes, modifiedAt, sha256 }: Answer, between: LedgerBetween): boolean {
  if (sizeBytes === null || modifiedAt === null) return false;
  return (
    between.hashSeen({ path, sizeBytes, modifiedAtMs: Date.parse(modifiedAt), bornAtMs: null }) === sha256
  );
}

/** A receipt is older than what was learnt after it: an edit, a doubt. */
async function answersOfLater(receipt: Receipt, path: string, receipts: ReceiptFolder): Promise<Answer[]> {
  const later: Answer[] = [];
  for (const other of await receipts.list()) {
    if (other === path) continue;
    const { phone, startedAt, destination } = await readReceiptHead(other).catch(leaveOut);
    if (phone === undefined || !sameUdid(phone.udid, receipt.phone.udid) || startedAt! <= receipt.startedAt)
      continue;
    if (destination!.kind !== "photos") continue;
    for (const answer of (await readReceipt(other)).answers) later.push(answer);
  }
  return later;
}

async function newestOfPhotos(receipts: ReceiptFolder): Promise<{ path: string; receipt: Receipt }> {
  for (const path of (await receipts.list()).reverse()) {
    const { destination } = await readReceiptHead(path).catch(leaveOut);
    if (destination?.kind === "photos") return { path, receipt: await readReceipt(path) };
  }
  throw new RollcallError("RECEIPT_NOT_FOUND", {
    message: "There is no receipt of an import into Photos yet.",
    remedy: "rollcall import makes the first.",
  });
}

/** A damaged receipt is no reason to keep the others from being read. */
function leaveOut(error: unknown): Partial<ReceiptHead> {
  if (error instanceof RollcallError) return {};
  throw error;
}

function notOfPhotos(path: string): RollcallError {
  return new RollcallError("BAD_USAGE", {
    message: `${path} is the receipt of a copy into a folder; safe-to-remove is about what Photos keeps.`,
    remedy: "Name the receipt of an import, or none.",
  });
}
