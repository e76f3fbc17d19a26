import { lstatSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { hasErrno, RollcallError } from "../errors.js";
import { makeFolder } from "../make-folder.js";

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
 * @throws the system's error
 */
export function writeSetUpFile(
  { path, text }: { readonly path: string; readonly text: string | Uint8Array },
  mode = 0o644,
): void {
  makeFolder(dirname(path));
  const partial = partialOf(path);
  writeFileSync(partial, text, { mode });
  renameSync(partial, path);
}

/** Where it is written before it is whole; what was killed then leaves it. */
export function partialOf(path: string): string {
  return `${path}.partial`;
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
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Removes a file, or a folder with everything in it; a link, not what it leads to.
 * @returns whether it was there
 * @throws the system's error
 */
export function removeSetUp(path: string): boolean {
  if (!isThere(path)) return false;
  rmSync(path, { recursive: true, force: true });
  return true;
}

/** Removes a folder of Rollcall's own if nothing is left in it. */
export function removeIfEmpty(path: string): void {
  try {
    if (readdirSync(path).length === 0) rmdirSync(path);
  } catch {
    // not there, or somebody has just put something into it
  }
}

/** @param why one sentence */
export function setUpFailed(message: string, why: string | undefined, remedy: string): RollcallError {
  return new RollcallError("SETUP_FAILED", { message, why, remedy });
}
