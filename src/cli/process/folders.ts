import { lstatSync, mkdirSync, readlinkSync, realpathSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno, RollcallError } from "../../errors.js";
import { ledgerDamaged, notWritable } from "../../ledger/ledger-trouble.js";
import { isRollcallsLedger } from "../../ledger/look-at-ledger.js";
import { makePrivateFolder } from "../../ledger/open-ledger-database.js";
import {
  isMine,
  isOwnFile,
  makeItYours,
  ownerName,
  ownRealPath,
  whatIsAt,
  whatItIs,
} from "../../owned-file.js";
import {
  claimFolder,
  type FolderStanding,
  holds,
  type IsOwnEntry,
  isPassingName,
  makePrivate,
  removeFrom,
  standingOf,
  strangersIn,
} from "../../owned-folder.js";
import { pathForShell } from "../../shell-word.js";
import { explainWriteError } from "../../transfer/write-errors.js";
import { removeEarlierWork } from "./earlier-work-folder.js";

/** Where everything of Rollcall's own lies. */
export interface DataFolder {
  readonly path: string;
  readonly ledger: string;
  readonly receipts: string;
  /** For short-lived copies; empty between runs. */
  readonly work: string;
}

/**
 * Makes the data folder, so that only this user can enter it, and marks it as Rollcall's.
 * @throws RollcallError FOLDER_NOT_OURS, FOLDER_NOT_WRITABLE, DISK_FULL
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  const folder = {
    path,
    ledger: join(path, "ledger.sqlite"),
    receipts: join(path, "receipts"),
    work: workFolderIn(path),
  };
  await claimDataFolder(path);
  try {
    if (ownRealPath(folder.receipts) === null) mkdirSync(folder.receipts, { mode: 0o700 });
    claimFolder(folder.work, isPassingName);
    ownRealPath(folder.ledger);
    // SQLite would make it readable to all; its side files take its mode.
    await (await open(folder.ledger, "a", 0o600)).close();
  } catch (error) {
    throw explainWriteError(error, path);
  }
  return folder;
}

/** For what one run needs. An earlier version called it `work`, which people do, too. */
export const WORK_FOLDER = "rollcall-work";

/** The work folder of a data folder. It is there while the data folder is open. */
export function workFolderIn(dataFolder: string): string {
  return join(dataFolder, WORK_FOLDER);
}

/**
 * Makes the data folder Rollcall's own, or finds that it is. One that holds something else is refused, unless Rollcall's
 * ledger lies in it, too: an earlier version began there, so it is used, and neither marked nor closed to others.
 * @throws RollcallError FOLDER_NOT_OURS, FOLDER_NOT_WRITABLE
 */
export async function claimDataFolder(path: string): Promise<void> {
  const standing = await lookAtDataFolder(path);
  try {
    const real = standing.is === "absent" ? path : realpathSync(path);
    const isOwn = standing.is === "marked" ? nothing : await ownEntries(real);
    if (standing.is !== "unmarked" || standing.strangers.length === 0)
      claimFolder(real, isOwn, ({ name }) => name === "config.json");
    if ((lstatSync(real).mode & 0o077) !== 0 && (await isOnlyOurs(real))) makePrivate(real);
  } catch (error) {
    throw error instanceof RollcallError ? error : notWritable(path, error);
  }
}

const nothing: IsOwnEntry = () => false;

/** What knows Rollcall's names is slow to load, and needed before there is a mark alone. */
async function ownEntries(path: string): Promise<IsOwnEntry> {
  return (await import("./data-folder-names.js")).ownDataEntries(path);
}

/** A folder that Rollcall made, by its mark or, of an earlier version, by its ledger, and nothing else in it. */
async function isOnlyOurs(path: string): Promise<boolean> {
  const standing = standingOf(path, nothing);
  const isMade = standing.is === "marked" && standing.isMade;
  return isMade && strangersIn(path, await ownEntries(path)).length === 0;
}

/**
 * Looks whether the data folder can be used, and changes nothing.
 * @throws RollcallError FOLDER_NOT_OURS, FOLDER_NOT_WRITABLE
 */
export async function lookAtDataFolder(path: string): Promise<Exclude<FolderStanding, { is: "foreign" }>> {
  try {
    const found = whatIsAt(path);
    if (found === undefined) return { is: "absent" };
    // A link of this user's own may lead to it; one that somebody else made may not.
    if (!isMine(found)) throw foreign(path, { what: whatItIs(path), uid: found.uid });
    const real = whereLinkLeads(path);
    let standing = standingOf(real, nothing);
    if (standing.is === "unmarked") standing = standingOf(real, await ownEntries(real));
    if (standing.is === "foreign") throw foreign(path, standing);
    const strangers = standing.is === "unmarked" ? standing.strangers : [];
    if (strangers.length > 0) requireLedger(path, join(real, "ledger.sqlite"), strangers);
    return standing;
  } catch (error) {
    throw error instanceof RollcallError ? error : notWritable(path, error);
  }
}

function whereLinkLeads(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw hasErrno(error, "ENOENT", "ELOOP") ? leadsNowhere(path, error) : error;
  }
}

/** What an earlier version made beside its ledger. */
const BESIDE_LEDGER =
  /^(ledger\.sqlite(-wal|-shm|-journal)?|(at-work|watching)\.(lock|json)|receipts|work|staging)$/;

/** @throws RollcallError LEDGER_DAMAGED, FOLDER_NOT_OURS */
function requireLedger(folder: string, ledger: string, strangers: readonly string[]): void {
  if (isRollcallsLedger(ledger)) return;
  if (strangers.every((name) => BESIDE_LEDGER.test(name)) && isOwnFile(ledger))
    throw ledgerDamaged(ledger, "it is not a ledger of Rollcall's, or it is damaged");
  throw holdsOther(folder, strangers);
}

function foreign(
  path: string,
  { what, uid }: { readonly what: string; readonly uid: number },
): RollcallError {
  const remedy = makeItYours(path);
  return remedy !== null
    ? new RollcallError("FOLDER_NOT_OURS", {
        message: `Rollcall's data folder is ${ownerName(uid)}'s: ${path}.`,
        why: uid === 0 ? "A command that was run with sudo made it." : undefined,
        remedy: `Nothing was changed. ${remedy}`,
      })
    : new RollcallError("FOLDER_NOT_OURS", {
        message: `Rollcall's data folder cannot be ${path}: it is ${what}.`,
        remedy: "Nothing was changed. Name a folder with ROLLCALL_HOME.",
      });
}

/** A link to nothing is seldom meant: the disk that it leads to is not connected, say. */
function leadsNowhere(path: string, cause: unknown): RollcallError {
  const isCircle = hasErrno(cause, "ELOOP");
  return new RollcallError("FOLDER_NOT_WRITABLE", {
    message: `Rollcall's data folder is a link that leads ${isCircle ? "in a circle" : "nowhere"}: ${path}`,
    why: isCircle ? undefined : `It leads to ${readlinkSync(path)}, which is not there.`,
    remedy: isCircle
      ? "Remove the link, or name a folder with ROLLCALL_HOME."
      : "Connect the disk that it leads to, remove the link, or name a folder with ROLLCALL_HOME.",
    cause,
  });
}

function holdsOther(path: string, strangers: readonly string[]): RollcallError {
  const [first] = strangers.map((name) => join(path, name));
  const remedy = first === undefined ? null : makeItYours(first);
  // A command with sudo made it here, and nothing else is in the way.
  if (first !== undefined && remedy !== null && strangers.length === 1) {
    return new RollcallError("FOLDER_NOT_OURS", {
      message: `Something in Rollcall's data folder is ${whatItIs(first)}: ${first}.`,
      remedy: `Nothing was changed. ${remedy}`,
    });
  }
  return new RollcallError("FOLDER_NOT_OURS", {
    message: `Rollcall's data folder cannot be ${path}.`,
    why: holds(strangers),
    remedy: `Nothing was changed. Give it a folder of its own, for instance ROLLCALL_HOME=${pathForShell(freeNameIn(path))}`,
  });
}

function freeNameIn(path: string): string {
  for (let number = 1; ; number += 1) {
    const name = join(path, number === 1 ? "Rollcall" : `Rollcall ${number}`);
    if (whatIsAt(name) === undefined) return name;
  }
}

/** Removes what a killed run left in the work folder. Only while no other Rollcall is at work. */
export function emptyWorkFolder({ path, work }: DataFolder): void {
  removeFrom(work, isPassingName);
  removeEarlierWork(realpathSync(path));
}

/** @throws RollcallError FOLDER_NOT_WRITABLE */
export function makeStagingFolder(path: string): void {
  makePrivateFolder(path);
}
