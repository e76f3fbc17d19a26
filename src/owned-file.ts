import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { hasErrno, RollcallError } from "./errors.js";
import { pathForShell } from "./shell-word.js";

/*
 * Rollcall removes, replaces and writes into files by provenance, never by place: only a regular file of this user, never
 * what a link leads to, and only where the caller can say that Rollcall made it. See
 * docs/decisions/027-provenance.md.
 */

/** Whether this user owns it. Where the system has no users, everything is theirs. */
export function isMine({ uid }: { readonly uid: number }): boolean {
  const own = process.geteuid?.();
  return own === undefined || uid === own;
}

/** Itself, also where it is a link; undefined where nothing is there. @throws the system's error */
export function whatIsAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (hasErrno(error, "ENOTDIR")) return undefined; // a file stands where a folder would be
    throw error;
  }
}

/** True for a regular file of this user; false for a link, whatever it leads to, and where nothing is there. */
export function isOwnFile(path: string): boolean {
  const found = whatIsAt(path);
  return found?.isFile() === true && isMine(found);
}

/** Something that Rollcall did not make has a name that it needs. @param what "a link", "a folder", ... */
export function inTheWay(path: string, what: string, cause?: unknown): RollcallError {
  return new RollcallError("FOLDER_NOT_OURS", {
    message: `Something that Rollcall did not make is in its way: ${path} is ${what}.`,
    remedy: `Nothing was changed. ${makeItYours(path) ?? "Move it away, then run the same command again."}`,
    cause,
  });
}

/** How a person takes over what another user made, a command with sudo most often; null where it is theirs. */
export function makeItYours(path: string): string | null {
  const found = whatIsAt(path);
  const us = process.geteuid?.();
  if (found === undefined || us === undefined || isMine(found)) return null;
  if (us === 0) return "Run Rollcall as that user, without sudo.";
  // Of a link itself, and never of what it leads to.
  const how = found.isSymbolicLink() ? "-h" : "-R";
  return `Make it yours: sudo chown ${how} ${us} ${pathForShell(path)}`;
}

/**
 * Opens a file that Rollcall writes into in place (a log, a lock), making it where there is none.
 * @param how `append`, or `empty`: what was in it is gone
 * @returns the descriptor
 * @throws RollcallError FOLDER_NOT_OURS for a link, another user's file, one with a second name, or no file; the
 * system's error
 */
export function openOwnFile(path: string, how: "append" | "empty", mode = 0o600): number {
  const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = constants;
  let file: number;
  try {
    // Without waiting: a pipe in its place would never be opened.
    file = openSync(
      path,
      O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | (how === "append" ? O_APPEND : 0),
      mode,
    );
  } catch (error) {
    if (hasErrno(error, "ELOOP", "EISDIR", "ENXIO")) throw inTheWay(path, whatItIs(path));
    throw error;
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile() || !isMine(found) || found.nlink !== 1) throw inTheWay(path, whatItIs(path));
    if (how === "empty") ftruncateSync(file, 0);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/**
 * Where something of this user's lies that a person may have put elsewhere by a link: the data folder, the receipts, the
 * ledger. A link that another user made leads nowhere.
 * @returns null where nothing is there
 * @throws RollcallError FOLDER_NOT_OURS where the link, or what it leads to, is another user's; the system's error
 */
export function ownRealPath(path: string): string | null {
  const found = whatIsAt(path);
  if (found === undefined) return null;
  const real = found.isSymbolicLink() && isMine(found) ? realpathSync(path) : path;
  if (!isMine(lstatSync(real)) || (real === path && found.isSymbolicLink()))
    throw inTheWay(path, whatItIs(real));
  return real;
}

/** @throws RollcallError FOLDER_NOT_OURS where something else than a regular file of this user has the name */
export function requireOwnOrAbsent(path: string): void {
  const found = whatIsAt(path);
  if (found !== undefined && !isOwnFile(path)) throw inTheWay(path, whatItIs(path));
}

/** @throws RollcallError FOLDER_NOT_OURS where something has the name */
export function requireAbsent(path: string): void {
  if (whatIsAt(path) !== undefined) throw inTheWay(path, whatItIs(path));
}

/** Only a name with a number that nobody gives twice: it can be removed wherever it lies. */
const PARTIAL = /^\.rollcall-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.partial$/;

/** A new name beside a file, for its text until that is whole. Open it with `wx`, then {@link giveName}. */
export function partialBeside(path: string): string {
  return join(dirname(path), `.rollcall-${randomUUID()}.partial`);
}

/** Whether a name is one of {@link partialBeside}: what a killed process left half written. */
export function isPartialName(name: string): boolean {
  return PARTIAL.test(name);
}

/** Removes what killed processes left half written in a folder. Best effort. */
export function removePartials(folder: string): void {
  try {
    for (const name of readdirSync(folder)) if (isPartialName(name)) removeOwnFile(join(folder, name));
  } catch {
    // it is small, and hidden
  }
}

/**
 * Gives a finished file its name. Where the name is taken, `mayReplace` says whether what has it was made by Rollcall;
 * it is asked of regular files of this user only. The partial file is gone whatever happens.
 * @throws RollcallError FOLDER_NOT_OURS where something has the name that may not be replaced; the system's error
 */
export function giveName(partial: string, path: string, mayReplace: (path: string) => boolean): void {
  try {
    if (whatIsAt(path) === undefined && linked(partial, path)) return;
    // A disk without owners gives everything to one user, and so what was made just now.
    const hasOwners = isMine(lstatSync(partial));
    const found = whatIsAt(path);
    const isOwn = found?.isFile() === true && (isMine(found) || !hasOwners);
    if (found !== undefined && !(isOwn && mayReplace(path))) throw inTheWay(path, whatItIs(path));
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** A second name never replaces what came to be there meanwhile, as a rename would. False where the disk has none. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (hasErrno(error, "EEXIST")) throw inTheWay(to, whatItIs(to));
    if (hasErrno(error, "ENOENT", "ENOSPC", "EDQUOT", "EROFS")) throw error;
    return false; // FAT and ExFAT, and many disks on a network
  }
}

/**
 * Writes a file that appears whole or not at all.
 * @throws RollcallError FOLDER_NOT_OURS, see {@link giveName}; the system's error
 */
export function writeOwnFile(
  path: string,
  text: string | Uint8Array,
  { mode, mayReplace }: { readonly mode: number; readonly mayReplace: (path: string) => boolean },
): void {
  const partial = partialBeside(path);
  try {
    writeFileSync(partial, text, { mode, flag: "wx" });
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
  giveName(partial, path, mayReplace);
}

/**
 * Removes a regular file of this user. A link, a folder and another user's file stay.
 * @returns whether it was removed
 * @throws the system's error
 */
export function removeOwnFile(path: string): boolean {
  if (!isOwnFile(path)) return false;
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return false;
    throw error;
  }
}

/** In words, for a message: "a link", "a folder", "root's", ... */
export function whatItIs(path: string): string {
  const found = whatIsAt(path);
  if (found === undefined) return "gone by now";
  if (found.isSymbolicLink()) return "a link";
  if (!isMine(found)) return `another user's (${ownerName(found.uid)})`;
  if (found.isDirectory()) return "a folder";
  if (!found.isFile()) return "no file";
  return found.nlink > 1 ? "a file with a second name elsewhere" : "a file of yours";
}

export function ownerName(uid: number): string {
  return uid === 0 ? "root" : `user ${uid}`;
}
