import { dirname } from "node:path";
import type { LedgerDatabase } from "../../../ledger/ledger-database.js";
import { removeStaged } from "../../../ledger/run-folder.js";
import { OriginalFiles } from "../../../originals/original-files.js";
import { removeEmpty } from "../../../owned-folder.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { hashOf } from "../../../transfer/disk.js";
import { type StagingFile, stagingFiles } from "../../../transfer/staging-folder.js";
import { bytes, counted, tilde } from "../../../words/wording.js";
import type { CommandBody } from "../../command-context.js";
import { existingLibrary } from "../../compose/existing-library.js";
import { lookIntoDataFolder } from "../../compose/open-data-folder.js";
import { realPhotos } from "../../compose/real-parts.js";
import { EXIT } from "../../process/exit-status.js";
import { agreeToRemove } from "../../terminal/agree-to-remove.js";
import { waitForLibrary } from "../../terminal/wait-for-library.js";
import type { ClearFlags } from "./command.js";
import { grouped, named, noteOf, type StagedFileNote, sum } from "./notes.js";

const NOT_REMOVED = "another user's, or reached by a link: it is not Rollcall's to remove";

export const clearStaging: CommandBody<ClearFlags> = async (context, flags) => {
  const { settings, output, signal } = context;
  return await lookIntoDataFolder(context, async ({ ledgerDatabase }) => {
    const { process, libraryAccess } = await realPhotos(settings, "question");
    const library =
      flags.library === undefined
        ? await process.openLibrary(signal)
        : await existingLibrary("--library", flags.library, libraryAccess, signal);
    if (library !== null) await waitForLibrary(context, libraryAccess, library);
    const originals = library === null ? null : new OriginalFiles(library);
    const safe: StagedFileNote[] = [];
    const staying: StagedFileNote[] = [];
    for await (const file of stagingFiles(settings.stagingFolder)) {
      signal.throwIfAborted();
      const note = noteOf(file, ledgerDatabase);
      const witness = isInPhotos(note) ? await witnessOf(file, ledgerDatabase, originals, signal) : null;
      if (note.code === "PARTIAL") safe.push(note);
      else if (witness !== null)
        safe.push({ ...note, reason: `the library keeps the same bytes: ${witness}` });
      else staying.push({ ...note, reason: whyStored(note, library) });
    }
    if (safe.length > 0 && flags.yes !== true) {
      if (!output.isJson)
        await output.result(
          `To be removed from ${escapeControls(tilde(settings.stagingFolder))}:`,
          ...named(safe),
        );
      const what = `${counted(safe.length, "file")}, ${bytes(sum(safe))}`;
      await agreeToRemove(context, { what, instead: "rollcall staging lists what lies there." });
    }
    const removed: StagedFileNote[] = [];
    for (const note of safe) {
      if (removeFile(note.path, settings.stagingFolder)) removed.push(note);
      else staying.push({ ...note, reason: NOT_REMOVED });
    }
    if (output.isJson) {
      await output.document({ folder: settings.stagingFolder, library, removed, kept: staying }, EXIT.ok);
      return EXIT.ok;
    }
    await output.result(
      removed.length === 0
        ? "Nothing could be removed."
        : `Removed ${counted(removed.length, "file")}, ${bytes(sum(removed))}.`,
    );
    if (staying.length > 0)
      await output.result(
        `${counted(staying.length, "file")}, ${bytes(sum(staying))}, stay:`,
        ...grouped(staying),
      );
    return EXIT.ok;
  });
};

/** The ledger says that Photos has it; whether it still has is looked at before the copy goes. */
function isInPhotos({ code }: StagedFileNote): boolean {
  return code === "IMPORTED" || code === "PROVED";
}

/** A file inside the library with the bytes that the ledger says the copy has, and that it still has. */
async function witnessOf(
  file: StagingFile,
  ledgerDatabase: LedgerDatabase,
  originals: OriginalFiles | null,
  signal: AbortSignal,
): Promise<string | null> {
  const entry = ledgerDatabase.fileCopiedTo(file.path);
  if (originals === null || entry?.photosId == null || entry.sizeBytes !== file.sizeBytes) return null;
  const { photosId, sha256, sizeBytes } = entry;
  if ((await hashOf(file.path)) !== sha256) return null; // changed since: then it is somebody's
  return await originals.find({ photosId, sha256, sizeBytes, copyPath: file.path }, signal);
}

function whyStored(note: StagedFileNote, library: string | null): string {
  if (!isInPhotos(note)) return note.reason;
  if (library === null)
    return `${note.reason} (it is not known which library is open: name it with --library)`;
  return "handed to Photos; no file with its bytes could be read inside the library, so the photo in Photos may be this very file";
}

/** The file, and the folders that are empty then. @returns whether it is gone */
function removeFile(path: string, top: string): boolean {
  if (!removeStaged(path)) return false;
  for (let at = dirname(path); at.startsWith(`${top}/`); at = dirname(at)) if (!removeEmpty(at)) break;
  return true;
}
