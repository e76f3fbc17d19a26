import { existsSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { RollcallError } from "../errors.js";
import { makePrivateFolder } from "../ledger/ledger-database.js";
import { moment } from "./day.js";

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
 * @throws RollcallError ANOTHER_ROLLCALL
 */
export async function takeDataFolder(path: string): Promise<Disposable> {
  const taken = await take(path, "at-work");
  if (taken !== null) return taken;
  throw new RollcallError("ANOTHER_ROLLCALL", {
    message: `Another Rollcall is at work here${holderWords(path, "at-work")}.`,
    why: `Only one at a time may use ${path}.`,
    remedy: "Wait until it has ended, then run this again. ROLLCALL_HOME names another folder.",
  });
}

/** Being the watch of a data folder; made if it is not there. */
export interface WatchPost extends Disposable {
  /** Leaves no trace in the folder. */
  giveUp(): Promise<void>;
}

/** Null where another process is its watch. */
export async function takeWatch(path: string): Promise<WatchPost | null> {
  makePrivateFolder(path);
  const taken = await take(path, "watching");
  if (taken === null) return null;
  return {
    [Symbol.dispose]: () => taken[Symbol.dispose](),
    giveUp: async () => {
      const { lock, note } = filesOf(path, "watching");
      for (const file of [note, lock]) await rm(file, { force: true }).catch(() => {});
      taken[Symbol.dispose]();
    },
  };
}

/** Removes what a watch that was killed left; not while one runs. */
export async function clearWatchPost(path: string): Promise<void> {
  if (!existsSync(filesOf(path, "watching").lock)) return;
  await (await takeWatch(path))?.giveUp();
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
  await writeFile(lock, "", { flag: "a", mode: 0o600 });
  let database = new DatabaseSync(lock, { timeout: 0 });
  let isTaken: boolean;
  try {
    isTaken = tryLock(database);
  } catch {
    database.close();
    // Not a database: nobody can hold a lock in it, and it holds nothing else.
    await rm(lock, { force: true });
    database = new DatabaseSync(lock, { timeout: 0 });
    isTaken = tryLock(database);
  }
  if (!isTaken) {
    database.close();
    return null;
  }
  // Only a comfort for the message; whether it is believed depends on the lock.
  await writeFile(note, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }), {
    mode: 0o600,
  });
  return { [Symbol.dispose]: () => database.close() };
}

function tryLock(database: DatabaseSyncInstance): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
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
