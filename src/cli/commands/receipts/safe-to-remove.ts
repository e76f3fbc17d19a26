import { makePassingFolder } from "../../../owned-folder.js";
import { calledPhone } from "../../../phone/phone-models.js";
import type { Answer } from "../../../receipt/answer.js";
import { layOutPictures } from "../../../receipt/page-pictures.js";
import { byInstant, photoName } from "../../../receipt/photo-name.js";
import type { ReceiptHead } from "../../../receipt/receipt.js";
import { writeWhole } from "../../../receipt/receipt-json.js";
import { type Removal, sumOf } from "../../../receipt/safe-to-remove.js";
import { isSafeToRemovePage, safeToRemoveHtml } from "../../../receipt/safe-to-remove-html.js";
import { storedPictures } from "../../../receipt/stored-pictures.js";
import type { PhotoFiles } from "../../../receipt/why-it-stays.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { explainWriteError } from "../../../transfer/write-errors.js";
import { tilde } from "../../../words/wording.js";
import type { CommandBody, CommandContext } from "../../command-context.js";
import { existingLibrary } from "../../compose/existing-library.js";
import { receiptFolder } from "../../compose/kept-receipts.js";
import { newestOfPhotos } from "../../compose/later-receipts.js";
import { lookIntoDataFolder } from "../../compose/open-data-folder.js";
import { realPhotos } from "../../compose/real-parts.js";
import { removalNow, requireImportReceipt } from "../../compose/removal-now.js";
import { EXIT } from "../../process/exit-status.js";
import { commandWords } from "../../terminal/command-words.js";
import { day } from "../../terminal/format-day.js";
import { waitForLibrary } from "../../terminal/wait-for-library.js";
import type { SafeToRemoveFlags } from "./command.js";
import { fileToWrite } from "./file-to-write.js";
import { removalLines } from "./safe-to-remove-lines.js";

/** Reads the library again now, and lists what is proved in all its files. Lists, and deletes nothing. */
export const safeToRemoveCommand: CommandBody<SafeToRemoveFlags> = async (context, flags, [name]) => {
  const { settings, output, signal } = context;
  const pagePath =
    flags.html === undefined ? undefined : fileToWrite("--html", flags.html, isSafeToRemovePage);
  const receipts = receiptFolder(context);
  const found = name === undefined ? await newestOfPhotos(receipts) : await receipts.find(name);
  await requireImportReceipt(found, receipts);
  const { path, receipt } = found;
  return await lookIntoDataFolder(context, async ({ ledgerDatabase, folder }) => {
    const photosParts = await realPhotos(settings, "run");
    const { libraryAccess } = photosParts;
    const libraryPath =
      flags.library === undefined
        ? undefined
        : await existingLibrary("--library", flags.library, libraryAccess, signal);
    const { today, removal } = await removalNow(found, receipts, { ledgerDatabase }, photosParts, {
      libraryPath,
      signal,
      onBegin: () =>
        output.note(
          `Reading what Photos keeps of the run of ${day(new Date(receipt.startedAt))} on ${escapeControls(calledPhone(receipt.phone))}`,
        ),
      waitForLibrary: (library) => waitForLibrary(context, libraryAccess, library),
    });
    if (pagePath !== undefined) {
      const pictures = { receiptPaths: (await receipts.list()).reverse(), workFolder: folder.work };
      await writePage(pagePath, today, removal, pictures);
    }
    await printRemoval(context, today, removal, { receiptPath: path, pagePath });
    return EXIT.ok;
  });
};

async function printRemoval(
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
        receipt: id,
        receiptPath,
        page,
        phone,
        destination,
        checkedAt: head.finishedAt,
        deletes: false,
        totals: {
          safe: { items: safe.length, ...sumOf(safe) },
          staying: { items: staying.length },
          others: { files: others.length },
        },
        safe: safe.map((item) => ({ ...named(item), files: item.map(files) })),
        staying: staying.map(({ files: all, reason, part }) => ({
          ...named(all),
          files: all.map(({ path, answer }) => ({ path, answer })),
          reason,
          part,
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
