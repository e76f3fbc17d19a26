import { dirname } from "node:path";
import { LedgerDatabase } from "../../../ledger/ledger-database.js";
import type { StoredAnswer } from "../../../ledger/ledger-entry.js";
import { removeStaged, runFolderOf } from "../../../ledger/run-folder.js";
import { OriginalFiles } from "../../../originals/original-files.js";
import { removeEmpty } from "../../../owned-folder.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { hashOf } from "../../../transfer/disk.js";
import { type StagingFile, stagingFiles } from "../../../transfer/staging-folder.js";
import type { CommandBody, CommonFlags } from "../../command-context.js";
import { existingLibrary } from "../../compose/existing-library.js";
import { lookIntoDataFolder } from "../../compose/open-data-folder.js";
import { realPhotos } from "../../compose/real-parts.js";
import { EXIT } from "../../process/exit-status.js";
import { openDataFolder } from "../../process/folders.js";
import { agreeToRemove } from "../../terminal/agree-to-remove.js";
import { waitForLibrary } from "../../terminal/wait-for-library.js";
import { bytes, count, counted, tilde } from "../../terminal/wording.js";

/** Why a file lies in the staging folder. */
interface StagedFileNote {
  readonly path: string;
  readonly sizeBytes: number;
  readonly code:
    | "PARTIAL"
    | "WAITING"
    | "IMPORTED"
    | "PROVED"
    | "LOST"
    | "REFERENCED"
    | "NOT_TAKEN"
    | "REMOVED"
    | "NOT_OURS";
  readonly reason: string;
}

const REASONS: Readonly<Record<StagedFileNote["code"], string>> = {
  PARTIAL: "the remains of a copy that was cut off",
  WAITING: "copied and not yet imported: the next import uses it",
  IMPORTED: "handed to Photos; its bytes have not been compared with those inside the library",
  PROVED: "its bytes were found inside the library when they were last compared: it may go",
  LOST: "imported into Photos, and not found there as it was: this may be the only copy on this computer",
  REFERENCED: "Photos keeps no copy and refers to this very file: it is the photo, leave it here",
  NOT_TAKEN: "Photos did not take it, or would not say: this may be the only copy on this computer",
  REMOVED: "imported, and removed in Photos since",
  NOT_OURS: "the ledger does not know it",
};

const NOT_REMOVED = "another user's, or reached by a link: it is not Rollcall's to remove";

export const listStaging: CommandBody<CommonFlags> = async ({ settings, output, signal }) => {
  const folder = await openDataFolder(settings.dataFolder);
  using ledgerDatabase = await LedgerDatabase.openToLook(folder.ledger);
  const files: StagedFileNote[] = [];
  for await (const file of stagingFiles(settings.stagingFolder)) {
    signal.throwIfAborted();
    files.push(noteOf(file, ledgerDatabase));
  }
  if (output.isJson) {
    await output.document({ folder: settings.stagingFolder, files }, EXIT.ok);
    return EXIT.ok;
  }
  if (files.length === 0) {
    await output.result(`Nothing lies in ${escapeControls(tilde(settings.stagingFolder))}.`);
    return EXIT.ok;
  }
  await output.result(
    `${counted(files.length, "file")}, ${bytes(sum(files))}, in ${escapeControls(tilde(settings.stagingFolder))}:`,
    ...grouped(files),
  );
  await output.result("", "rollcall staging clear removes what is safe, after asking.");
  return EXIT.ok;
};

export const clearStaging: CommandBody<CommonFlags & { readonly library?: string }> = async (
  context,
  flags,
) => {
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
    const kept: StagedFileNote[] = [];
    for await (const file of stagingFiles(settings.stagingFolder)) {
      signal.throwIfAborted();
      const note = noteOf(file, ledgerDatabase);
      const witness = isInPhotos(note) ? await witnessOf(file, ledgerDatabase, originals, signal) : null;
      if (note.code === "PARTIAL") safe.push(note);
      else if (witness !== null)
        safe.push({ ...note, reason: `the library keeps the same bytes: ${witness}` });
      else kept.push({ ...note, reason: whyKept(note, library) });
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
      else kept.push({ ...note, reason: NOT_REMOVED });
    }
    if (output.isJson) {
      await output.document({ folder: settings.stagingFolder, library, removed, kept }, EXIT.ok);
      return EXIT.ok;
    }
    await output.result(
      removed.length === 0
        ? "Nothing could be removed."
        : `Removed ${counted(removed.length, "file")}, ${bytes(sum(removed))}.`,
    );
    if (kept.length > 0)
      await output.result(`${counted(kept.length, "file")}, ${bytes(sum(kept))}, stay:`, ...grouped(kept));
    return EXIT.ok;
  });
};

function noteOf(file: StagingFile, ledgerDatabase: LedgerDatabase): StagedFileNote {
  const entry = ledgerDatabase.fileCopiedTo(file.path);
  const isReferenced = entry?.state === "imported" && entry.reason?.code === "REFERENCED";
  const isPartial = file.isPartial && runFolderOf(file.path) !== null;
  const code = isPartial ? "PARTIAL" : isReferenced ? "REFERENCED" : codeOf(entry?.state, entry?.answer);
  return { path: file.path, sizeBytes: file.sizeBytes, code, reason: REASONS[code] };
}

function codeOf(
  state: NonNullable<ReturnType<LedgerDatabase["fileCopiedTo"]>>["state"] | undefined,
  answer: StoredAnswer | null | undefined,
): StagedFileNote["code"] {
  switch (state) {
    case undefined:
      return "NOT_OURS";
    case "staged":
    case "sent":
      return "WAITING";
    case "imported":
      if (answer === "proved") return "PROVED";
      return answer === "missing" || answer === "removed" || answer === "differs" ? "LOST" : "IMPORTED";
    case "removed":
      return "REMOVED";
    default:
      return "NOT_TAKEN";
  }
}

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

function whyKept(note: StagedFileNote, library: string | null): string {
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

const MOST_NAMED = 20;

function named(files: readonly StagedFileNote[]): string[] {
  const lines = files
    .slice(0, MOST_NAMED)
    .map(({ path, sizeBytes }) => `  ${escapeControls(tilde(path))}   ${bytes(sizeBytes)}`);
  if (files.length > MOST_NAMED) lines.push(`  and ${count(files.length - MOST_NAMED)} more`);
  return lines;
}

function grouped(files: readonly StagedFileNote[]): string[] {
  const byReason = new Map<string, StagedFileNote[]>();
  for (const file of files) {
    const others = byReason.get(file.reason);
    if (others === undefined) byReason.set(file.reason, [file]);
    else others.push(file);
  }
  return [...byReason].flatMap(([reason, group]) => [
    "",
    `${counted(group.length, "file")}: ${reason}`,
    ...named(group),
  ]);
}

function sum(files: readonly StagedFileNote[]): number {
  return files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
}
