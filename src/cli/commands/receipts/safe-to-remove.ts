import { systemClock } from "../../../clock.js";
import { RollcallError } from "../../../errors.js";
import type { PhoneLedger } from "../../../ledger/phone-ledger.js";
import { makePassingFolder } from "../../../owned-folder.js";
import { calledPhone } from "../../../phone/phone-models.js";
import type { Answer } from "../../../receipt/answer.js";
import { layOutPictures } from "../../../receipt/page-pictures.js";
import { byInstant, photoName } from "../../../receipt/photo-name.js";
import type { ReceiptHead } from "../../../receipt/receipt.js";
import { writeWhole } from "../../../receipt/receipt-json.js";
import { type Removal, safeToRemove, sumOf } from "../../../receipt/safe-to-remove.js";
import { isSafeToRemovePage, safeToRemoveHtml } from "../../../receipt/safe-to-remove-html.js";
import { storedPictures } from "../../../receipt/stored-pictures.js";
import { type PhotoFiles, phoneCloud } from "../../../receipt/why-it-stays.js";
import { movedFrom } from "../../../run/moved-library.js";
import { libraryToRead } from "../../../run/photos-destination.js";
import { recheckReceipt } from "../../../run/recheck-receipt.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { explainWriteError } from "../../../transfer/write-errors.js";
import type { CommandBody, CommandContext } from "../../command-context.js";
import { existingLibrary } from "../../compose/existing-library.js";
import { receiptFolder } from "../../compose/kept-receipts.js";
import { lookIntoDataFolder } from "../../compose/open-data-folder.js";
import { realPhotos } from "../../compose/real-parts.js";
import { EXIT } from "../../process/exit-status.js";
import { commandWords } from "../../terminal/command-words.js";
import { day } from "../../terminal/format-day.js";
import { waitForLibrary } from "../../terminal/wait-for-library.js";
import { tilde } from "../../terminal/wording.js";
import type { SafeToRemoveFlags } from "./command.js";
import { fileToWrite } from "./file-to-write.js";
import { newestOfPhotos, readLater, requireNothingPrunedAfter } from "./later-receipts.js";
import { removalLines } from "./safe-to-remove-lines.js";

/** Reads the library again now, and lists what is proved in all its files. Lists, and deletes nothing. */
export const safeToRemoveCommand: CommandBody<SafeToRemoveFlags> = async (context, flags, [name]) => {
  const { settings, output, signal } = context;
  const pagePath =
    flags.html === undefined ? undefined : fileToWrite("--html", flags.html, isSafeToRemovePage);
  const receipts = receiptFolder(context);
  const { path, receipt } = name === undefined ? await newestOfPhotos(receipts) : await receipts.find(name);
  const { destination, phone } = receipt;
  if (destination.kind !== "photos") throw notOfPhotos(path);
  await requireNothingPrunedAfter(receipt, path, receipts);
  return await lookIntoDataFolder(context, async ({ ledgerDatabase, folder }) => {
    const { photos, process, originals, libraryAccess } = await realPhotos(settings, "run");
    const libraryPath =
      flags.library === undefined
        ? undefined
        : await existingLibrary("--library", flags.library, libraryAccess, signal);
    let ledgerKey: string | null = null;
    const isMoved = async (path: string) => {
      ledgerKey = await movedFrom(receipt, path, { ledgerDatabase, originals, libraryAccess, signal });
      return ledgerKey !== null;
    };
    const { inside, blocks } = await libraryToRead(
      { process, libraryAccess, signal },
      { libraryPath, known: destination.library, isMoved },
    );
    const ledger = ledgerDatabase.ledgerFor(phone, {
      kind: "photos",
      key: ledgerKey ?? destination.library ?? "",
    });
    output.note(
      `Reading what Photos keeps of the run of ${day(new Date(receipt.startedAt))} on ${escapeControls(calledPhone(phone))}`,
    );
    if (inside !== null) await waitForLibrary(context, libraryAccess, inside);
    const checkedFrom = systemClock.now();
    const library = await originals.open(inside, signal);
    const parts = { photos: blocks ?? photos, clock: systemClock, ledger, library, signal };
    const { receipt: today } = await recheckReceipt(receipt, parts);
    const later = await readLater(receipt, path, receipts);
    const removal = safeToRemove(today.answers, {
      checkedFrom,
      isAsLastSeen: (answer) => isAsLastSeen(answer, ledger),
      later: later.imports.flatMap(({ answers }) => answers),
      cloud: phoneCloud([receipt, ...later.imports, ...later.copiesThatSawICloud]),
    });
    if (pagePath !== undefined) {
      const pictures = { receiptPaths: (await receipts.list()).reverse(), workFolder: folder.work };
      await writePage(pagePath, today, removal, pictures);
    }
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
  const { safe, staying, others } = removal;
  const page = pagePath ?? null;
  if (output.isJson) {
    const { id, phone, destination } = head;
    const files = ({ path, sizeBytes, sha256, photosId }: Answer) => ({ path, sizeBytes, sha256, photosId });
    await output.document(
      {
        ...{ receipt: id, receiptPath, page, phone, destination, checkedAt: head.finishedAt, deletes: false },
        totals: {
          safe: { items: safe.length, ...sumOf(safe) },
          staying: { items: staying.length },
          others: { files: others.length },
        },
        safe: safe.map((item) => ({ ...named(item), files: item.map(files) })),
        staying: staying.map(({ files: all, reason, part }) => ({
          ...named(all),
          files: all.map(({ path, answer }) => ({ path, answer })),
          ...{ reason, part },
        })),
        others: others.map(({ path, answer, reason }) => ({ path, answer, reason })),
      },
      EXIT.ok,
    );
    return;
  }
  for (const line of removalLines(head, removal, page === null)) await output.result(line);
  await output.result("Rollcall deletes nothing: this is a list.");
  if (page !== null) await output.result(`Page: ${escapeControls(tilde(page))}`);
}

/** The first photos' pictures lie in the page, the others in a folder beside it. */
async function writePage(
  page: string,
  head: ReceiptHead,
  removal: Removal,
  { receiptPaths, workFolder }: { receiptPaths: readonly string[]; workFolder: string },
): Promise<void> {
  const passing = makePassingFolder(workFolder, "pictures");
  try {
    const items = byInstant(removal.safe, (files) => files).map(([{ item }]) => item);
    const thumbnails = await storedPictures(receiptPaths, items, passing.path);
    const pictureOf = await layOutPictures(thumbnails, `${page.replace(/\.html?$/i, "")} pictures`);
    await writeWhole(
      page,
      safeToRemoveHtml(head, removal, { words: commandWords, pictureOf }),
      isSafeToRemovePage,
    );
  } catch (error) {
    throw explainWriteError(error, page);
  } finally {
    passing.remove();
  }
}

function named(files: PhotoFiles): { item: string; name: string; takenAt: string | null } {
  return { item: files[0].item, name: photoName(files), takenAt: files[0].takenAt ?? null };
}

/** What the phone was last seen to hold under this path is what the receipt speaks of. */
function isAsLastSeen({ path, sizeBytes, modifiedAt, sha256 }: Answer, ledger: PhoneLedger): boolean {
  if (sizeBytes === null || modifiedAt === null) return false;
  return (
    ledger.hashSeen({ path, sizeBytes, modifiedAtMs: Date.parse(modifiedAt), bornAtMs: null }) === sha256
  );
}

function notOfPhotos(path: string): RollcallError {
  return new RollcallError("BAD_USAGE", {
    message: `${path} is the receipt of a copy into a folder; safe-to-remove is about what Photos keeps.`,
    remedy: "Name the receipt of an import, or none.",
  });
}
