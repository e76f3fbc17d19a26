import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  type Dirent,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  type Stats,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { hasErrno, RollcallError } from "./errors.js";
import { makeFolder } from "./make-folder.js";
import {
  isMine,
  isOwnFile,
  isPartialName,
  makeItYours,
  removeOwnFile,
  whatIsAt,
  whatItIs,
  writeOwnFile,
} from "./owned-file.js";

/** Lies in every folder that Rollcall made or took over. Without it nothing in a folder is removed. */
export const MARKER = ".rollcall-folder";

const MADE = "Rollcall made this folder";
const TAKEN = "Rollcall uses this folder";
const PROMISE = "It removes here what it made itself, by name, and nothing else.";

/** Whether Rollcall gives this name in that folder. */
export type IsOwnEntry = (entry: Dirent) => boolean;

/**
 * What a folder is to Rollcall: `marked` by it; `unmarked`, with the names in it that are not Rollcall's (an empty
 * folder has none); `foreign`: a link, another user's, or no folder.
 */
export type FolderStanding =
  | { readonly is: "absent" }
  | { readonly is: "marked"; readonly isMade: boolean }
  | { readonly is: "unmarked"; readonly strangers: readonly string[]; readonly isEmpty: boolean }
  | { readonly is: "foreign"; readonly what: string; readonly uid: number };

/** Looks, and changes nothing. @throws the system's error, where the folder may not be read */
export function standingOf(path: string, isOwn: IsOwnEntry): FolderStanding {
  const found = whatIsAt(path);
  if (found === undefined) return { is: "absent" };
  if (!isOwnFolder(path)) return { is: "foreign", what: whatItIs(path), uid: found.uid };
  const marker = markerIn(path);
  if (marker !== null) return { is: "marked", isMade: marker.startsWith(MADE) };
  return {
    is: "unmarked",
    strangers: strangersIn(path, isOwn),
    isEmpty: strangersIn(path, none).length === 0,
  };
}

const none: IsOwnEntry = () => false;

/** The names in a folder that `isOwn` does not know, and what is another user's; the mark is known. @throws the system's error */
export function strangersIn(path: string, isOwn: IsOwnEntry): string[] {
  const isUsual = ({ name }: Dirent) => name === MARKER || name === ".DS_Store" || isPartialName(name);
  const isOwners = ({ name }: Dirent) => isMine(whatIsAt(join(path, name)) ?? { uid: -1 });
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !isUsual(entry) && !(isOwn(entry) && isOwners(entry)))
    .map(({ name }) => name);
}

/** Closes a folder to other users. Nothing is changed where it is a link by now, or another user's. Best effort. */
export function makePrivate(path: string): void {
  try {
    const folder = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    try {
      const found = fstatSync(folder);
      if (isMine(found) && (found.mode & 0o077) !== 0) fchmodSync(folder, 0o700);
    } finally {
      closeSync(folder);
    }
  } catch {
    // a disk without modes, say
  }
}

/** True for a folder of this user itself, and not for a link to one. */
export function isOwnFolder(path: string): boolean {
  const found = whatIsAt(path);
  return found?.isDirectory() === true && isMine(found);
}

/** The text of a marker of this user's; null where there is none. */
function markerIn(path: string): string | null {
  const marker = join(path, MARKER);
  if (!isOwnFile(marker)) return null;
  try {
    const text = readFileSync(marker, "utf8");
    return text.startsWith(MADE) || text.startsWith(TAKEN) ? text : null;
  } catch {
    return null;
  }
}

export function isMarked(path: string): boolean {
  return standingOf(path, none).is === "marked";
}

/**
 * Makes a folder of Rollcall's own and marks it, or finds that it is one. A folder without the mark is taken over only
 * where nothing lies in it but what `isOwn` knows: an earlier version made it, or it is empty. Modes stay as they are.
 * @param isPersons of these, which a person may put there before Rollcall comes
 * @throws RollcallError FOLDER_NOT_OURS; the system's error
 */
export function claimFolder(path: string, isOwn: IsOwnEntry, isPersons: IsOwnEntry = none): void {
  const standing = standingOf(path, isOwn);
  if (standing.is === "absent") makeMarked(path, () => claimFolder(path, isOwn, isPersons));
  if (standing.is === "foreign") throw notOurFolder(path, `It is ${standing.what}.`);
  if (standing.is !== "unmarked") return;
  if (standing.strangers.length > 0) throw notOurFolder(path, holds(standing.strangers));
  mark(path, strangersIn(path, isPersons).length === 0 ? TAKEN : MADE);
}

function makeMarked(path: string, ifThere: () => void): void {
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!hasErrno(error, "EEXIST")) throw error;
    ifThere(); // another process was first
    return;
  }
  mark(path, MADE);
}

/** The same where nothing is there; what is there stays as it is. @throws the system's error */
export function claimIfAbsent(path: string): void {
  if (whatIsAt(path) === undefined) claimFolder(path, none);
}

/** Whether a folder's entry is one of Rollcall's own: marked, or of an earlier version, with nothing else in it. */
export function isFolderOf(entry: Dirent, isOwn: IsOwnEntry): boolean {
  const standing = standingOf(join(entry.parentPath, entry.name), isOwn);
  if (standing.is === "marked") return true;
  return standing.is === "unmarked" && !standing.isEmpty && standing.strangers.length === 0;
}

/** Marks a folder that an earlier version made: there is something in it, and nothing but what `isOwn` knows. Best effort. */
export function adoptFolder(path: string, isOwn: IsOwnEntry): void {
  try {
    const standing = standingOf(path, isOwn);
    if (standing.is === "unmarked" && !standing.isEmpty && standing.strangers.length === 0) mark(path, MADE);
  } catch {
    // it stays without the mark, and nothing in it is removed
  }
}

function mark(path: string, whose: typeof MADE | typeof TAKEN): void {
  try {
    writeOwnFile(join(path, MARKER), `${whose}. ${PROMISE}\n`, { mode: 0o600, mayReplace: () => false });
  } catch (error) {
    if (markerIn(path) !== null) return; // another process was first
    if (!hasErrno(error, "EEXIST") && !(error instanceof RollcallError)) throw error;
    throw notOurFolder(path, `${MARKER} in it is not Rollcall's.`);
  }
}

/** "It holds work and 3 more that are not Rollcall's." */
export function holds(strangers: readonly string[]): string {
  const [first, ...more] = strangers;
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  return `It holds ${JSON.stringify(first)}${others}, which Rollcall did not put there.`;
}

function notOurFolder(path: string, why: string): RollcallError {
  return new RollcallError("FOLDER_NOT_OURS", {
    message: `Rollcall needs a folder of its own at ${path}, and did not make the one that is there.`,
    why,
    remedy: `Nothing was changed. ${makeItYours(path) ?? "Move it away or rename it, then run the same command again."}`,
  });
}

/**
 * Removes from a marked folder what `isOwn` knows: files of this user and, with all that is in them, folders that are
 * marked or bear a passing name. A link is left where it is. Does nothing where the folder is not marked.
 * @returns the paths that were removed
 * @throws the system's error
 */
export function removeFrom(folder: string, isOwn: IsOwnEntry): string[] {
  if (!isMarked(folder)) return [];
  const removed: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === MARKER || !isOwn(entry)) continue;
    const path = join(folder, entry.name);
    const isOwnTree = entry.isDirectory() && (isPassingName(entry) || isMarked(path));
    if (isOwnTree ? removeOwnTree(path) : removeOwnFile(path)) removed.push(path);
  }
  return removed;
}

/**
 * Removes a folder of this user, with all that is in it, of which the caller knows by its content that Rollcall made it.
 * @param seen what it was when it was made; where it is another by now, it stays
 * @returns whether it was removed
 * @throws the system's error
 */
export function removeOwnTree(path: string, seen?: Stats): boolean {
  if (!isOwnFolder(path)) return false;
  const { ino, dev } = lstatSync(path);
  if (seen !== undefined && (seen.ino !== ino || seen.dev !== dev)) return false;
  rmSync(path, { recursive: true, force: true }); // unlinks links, and does not follow them
  return true;
}

/** Removes a folder that Rollcall made if nothing lies in it but the mark. @returns whether it is gone */
export function removeIfEmpty(path: string): boolean {
  try {
    const standing = standingOf(path, none);
    if (standing.is !== "marked" || !standing.isMade || readdirSync(path).length > 1) return false;
    removeOwnFile(join(path, MARKER));
    try {
      rmdirSync(path);
      return true;
    } catch {
      mark(path, MADE); // somebody has just put something into it
      return false;
    }
  } catch {
    return false;
  }
}

/**
 * Removes an empty folder of this user below a folder of Rollcall's; never a link.
 * @returns whether it is gone
 */
export function removeEmpty(path: string): boolean {
  if (!isOwnFolder(path)) return false;
  try {
    rmdirSync(path);
    return true;
  } catch {
    return false; // something lies in it
  }
}

/** True where every folder from `top` down to the one that holds `path` is this user's own, and no link. */
export function isStraightBelow(top: string, path: string): boolean {
  if (!path.startsWith(top + sep)) return false;
  for (let at = dirname(path); at.length >= top.length; at = dirname(at)) {
    if (!isOwnFolder(at)) return false;
    if (at === top) return true;
  }
  return false;
}

/** A private folder for what nobody needs afterwards, made by this process. */
export interface PassingFolder {
  readonly path: string;
  /** Removes it with everything in it, if it is still the one that was made. What is refused stays: never throws. */
  remove(): void;
}

/** `WHAT-UUID` in a folder of Rollcall's own, where {@link isPassingName} finds it after a kill. @throws the system's error */
export function makePassingFolder(parent: string, what: string): PassingFolder {
  const path = join(parent, `${what}-${randomUUID()}`);
  mkdirSync(path, { mode: 0o700 });
  return passing(path);
}

/** In the system's folder for such things, under a short name. @throws the system's error */
export function makeTemporaryFolder(what: string, parent = tmpdir()): PassingFolder {
  return passing(mkdtempSync(join(parent, `${what}-`)));
}

function passing(path: string): PassingFolder {
  const made = lstatSync(path);
  const remove = () => {
    try {
      removeOwnTree(path, made);
    } catch {
      // in the work folder the next run finds it by its name
    }
  };
  return { path, remove };
}

/** A name in the work folder that is needed for one run at most: `WHAT-UUID`. */
export function isPassingName({ name }: { readonly name: string }): boolean {
  return /^[a-z]+(-[a-z]+)*-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name);
}
