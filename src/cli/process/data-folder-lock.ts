import { closeSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { RollcallError } from "../../errors.js";
import { explainLedgerTrouble } from "../../ledger/ledger-trouble.js";
import { inTheWay, openOwnFile, writeOwnFile } from "../../owned-file.js";
import { isMarked, removeFrom } from "../../owned-folder.js";
import { moment } from "../terminal/format-day.js";
import { claimDataFolder } from "./folders.js";

/** What only one process may be in a data folder: at work there, or its watch. */
type Role = "at-work" | "watching";

/** Who says to have it. The note outlives its writer, and the system gives a number again. */
interface Holder {
  readonly pid: number;
  /** Null where the note does not say. */
  readonly since: Date | null;
}

/**
 * Takes the data folder for this process.
 * @throws RollcallError ANOTHER_ROLLCALL, FOLDER_NOT_OURS
 */
export async function lockDataFolder(path: string): Promise<Disposable> {
  const taken = await take(path, "at-work");
  if (taken !== null) return taken;
  throw new RollcallError("ANOTHER_ROLLCALL", {
    message: `Another Rollcall is running here${holderWords(path, "at-work")}.`,
    why: `Only one at a time may use ${path}.`,
    remedy: "Wait until it has ended, or stop it (Ctrl-C where it runs), then run this again.",
  });
}

/** Being the watch of a data folder; made if it is not there. */
export interface WatchLock extends Disposable {
  /** Leaves no trace in the folder. */
  release(): Promise<void>;
}

/** Null where another process is its watch. */
export async function lockWatch(path: string): Promise<WatchLock | null> {
  await claimDataFolder(path);
  const taken = await take(path, "watching");
  if (taken === null) return null;
  return {
    [Symbol.dispose]: () => taken[Symbol.dispose](),
    release: async () => {
      const names = ["watching.json", "watching.lock"];
      try {
        removeFrom(path, ({ name }) => names.includes(name));
      } finally {
        taken[Symbol.dispose]();
      }
    },
  };
}

/** Removes what a watch that was killed left; not while one runs. */
export async function clearWatchLock(path: string): Promise<void> {
  if (!existsSync(filesOf(path, "watching").lock)) return;
  await (await lockWatch(path))?.release();
}

/** @param log where the other one writes what it does */
export function anotherWatch(path: string, log: string): RollcallError {
  return new RollcallError("ANOTHER_ROLLCALL", {
    message: `A rollcall watch runs here already${holderWords(path, "watching")}.`,
    why: `One is enough for ${path}: it imports on every plug-in.`,
    remedy: `See ${log} for what it does. To watch from here instead, stop it first: Ctrl-C where it runs, or rollcall setup agent --remove.`,
  });
}

/**
 * The process that noted that it is at work in this folder, if it lives: enough to keep away from something, and no
 * lock.
 */
export async function processAtWork(path: string): Promise<number | null> {
  const pid = livingHolder(path, "at-work")?.pid ?? null;
  return pid === process.pid ? null : pid;
}

/**
 * The lock is one that the system holds for an open file, by way of SQLite: it ends with the process however that ends,
 * so it can never be stale.
 * @returns null where another process has it
 */
async function take(path: string, role: Role): Promise<Disposable | null> {
  const { DatabaseSync } = await import("@photostructure/sqlite");
  const { lock, note } = filesOf(path, role);
  closeSync(openOwnFile(lock, "append"));
  let database = new DatabaseSync(lock, { timeout: 0 });
  let isTaken: boolean;
  try {
    isTaken = tryLock(database);
  } catch (error) {
    database.close();
    const explained = explainLedgerTrouble(lock, error);
    if (explained.code !== "LEDGER_DAMAGED") throw explained;
    // Not a database: nobody can hold a lock in it, and Rollcall's own holds nothing else.
    if (removeFrom(path, ({ name }) => name === `${role}.lock`).length === 0)
      throw inTheWay(lock, "a file that is not a lock of Rollcall's");
    database = new DatabaseSync(lock, { timeout: 0 });
    isTaken = tryLock(database);
  }
  if (!isTaken) {
    database.close();
    return null;
  }
  // Only a comfort for the message; whether it is believed depends on the lock.
  try {
    const text = JSON.stringify({ pid: process.pid, since: new Date().toISOString() });
    writeOwnFile(note, text, { mode: 0o600, mayReplace: () => isMarked(path) || noted(note) !== null });
  } catch {
    // something that is not Rollcall's has its name, or the disk is full
  }
  return { [Symbol.dispose]: () => database.close() };
}

function tryLock(database: DatabaseSyncInstance): boolean {
  try {
    // Otherwise it begins a journal beside the empty file, for which a full disk has no room.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && /locked|busy/i.test(error.message)) return false;
    throw error;
  }
}

function filesOf(path: string, role: Role): { readonly lock: string; readonly note: string } {
  return { lock: join(path, `${role}.lock`), note: join(path, `${role}.json`) };
}

/** " (process 4711, since 14:05)"; empty where nobody is known to live. */
function holderWords(path: string, role: Role): string {
  const holder = livingHolder(path, role);
  if (holder === null) return "";
  const { pid, since } = holder;
  return ` (process ${pid}${since === null ? "" : `, since ${moment(since, new Date())}`})`;
}

function livingHolder(path: string, role: Role): Holder | null {
  const holder = noted(filesOf(path, role).note);
  if (holder === null) return null;
  try {
    process.kill(holder.pid, 0); // asks only whether it is there
    return holder;
  } catch {
    return null; // ended, or another user's
  }
}

function noted(notePath: string): Holder | null {
  try {
    const { pid, since } = JSON.parse(readFileSync(notePath, "utf8")) as Record<string, unknown>;
    if (!Number.isSafeInteger(pid) || Number(pid) <= 0) return null;
    const at = new Date(String(since));
    return { pid: Number(pid), since: Number.isNaN(at.getTime()) ? null : at };
  } catch {
    return null;
  }
}
