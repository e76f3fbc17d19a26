import type { LedgerDatabase } from "../../../ledger/ledger-database.js";
import type { StoredAnswer } from "../../../ledger/ledger-entry.js";
import { runFolderOf } from "../../../ledger/run-folder.js";
import { escapeControls } from "../../../text/escape-controls.js";
import type { StagingFile } from "../../../transfer/staging-folder.js";
import { bytes, count, counted, tilde } from "../../../words/wording.js";

/** Why a file lies in the staging folder. */
export interface StagedFileNote {
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

export function noteOf(file: StagingFile, ledgerDatabase: LedgerDatabase): StagedFileNote {
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

const MOST_NAMED = 20;

export function named(files: readonly StagedFileNote[]): string[] {
  const lines = files
    .slice(0, MOST_NAMED)
    .map(({ path, sizeBytes }) => `  ${escapeControls(tilde(path))}   ${bytes(sizeBytes)}`);
  if (files.length > MOST_NAMED) lines.push(`  and ${count(files.length - MOST_NAMED)} more`);
  return lines;
}

export function grouped(files: readonly StagedFileNote[]): string[] {
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

export function sum(files: readonly StagedFileNote[]): number {
  return files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
}
