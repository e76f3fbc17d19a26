import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { hasErrno, RollcallError } from "../errors.js";
import { makeFolder } from "../make-folder.js";
import { whatIsAt, writeOwnFile } from "../owned-file.js";
import { isMarked } from "../owned-folder.js";
import type { Remedy } from "../remedy.js";

/** One file that a set-up writes. */
export interface PlannedFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** What it is, in a few words. */
  readonly what: string;
}

/** Where the set-ups of one person lie. All absolute. */
export interface SetUpFolders {
  readonly home: string;
  /** Rollcall's own data folder. */
  readonly data: string;
}

/**
 * Writes a file that appears whole or not at all, and the folders above it.
 * @param mayReplace whether what has its name was made by a set-up; by default it lies in a folder of Rollcall's own
 * @throws RollcallError FOLDER_NOT_OURS; the system's error
 */
export function writeSetUpFile(
  { path, text }: { readonly path: string; readonly text: string | Uint8Array },
  mode = 0o644,
  mayReplace: (path: string) => boolean = (there) => isMarked(dirname(there)),
): void {
  makeFolder(dirname(path));
  writeOwnFile(path, text, { mode, mayReplace });
}

/** Its text, or null where it is not there, or no file. */
export function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasErrno(error, "ENOENT", "ENOTDIR", "EISDIR")) return null;
    throw error;
  }
}

export function isThere(path: string): boolean {
  return whatIsAt(path) !== undefined;
}

/** @param why one sentence */
export function setUpFailed(message: string, why: string | undefined, remedy: Remedy): RollcallError {
  return new RollcallError("SETUP_FAILED", { message, why, remedy });
}
