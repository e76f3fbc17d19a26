import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { RollcallError } from "../errors.js";

/**
 * Takes the data folder for this process. The lock is one that the system holds for an open file, by way of
 * SQLite: it ends with the process however that ends, so it can never be stale.
 * @throws RollcallError ANOTHER_ROLLCALL
 */
export async function takeDataFolder(path: string): Promise<Disposable> {
  const { DatabaseSync } = await import("@photostructure/sqlite");
  const lockPath = join(path, "at-work.lock");
  const notePath = join(path, "at-work.json");
  await writeFile(lockPath, "", { flag: "a", mode: 0o600 });
  let database = new DatabaseSync(lockPath, { timeout: 0 });
  try {
    if (!tryLock(database)) throw await anotherRollcall(path, notePath);
  } catch (error) {
    database.close();
    if (error instanceof RollcallError) throw error;
    // Not a database: nobody can hold a lock in it, and it holds nothing else.
    await rm(lockPath, { force: true });
    database = new DatabaseSync(lockPath, { timeout: 0 });
    if (!tryLock(database)) {
      database.close();
      throw await anotherRollcall(path, notePath);
    }
  }
  // Only a comfort for the message; whether it is believed depends on the lock.
  await writeFile(notePath, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }), {
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

/**
 * The process that noted that it is at work in this folder, if it lives. The note outlives its writer, and the system
 * gives a number again: enough to keep away from something, and no lock.
 */
export async function processAtWork(path: string): Promise<number | null> {
  const note = await readFile(join(path, "at-work.json"), "utf8").catch(() => "");
  const pid = Number(/"pid":(\d+)/.exec(note)?.[1] ?? 0);
  if (pid === 0 || pid === process.pid) return null;
  try {
    process.kill(pid, 0); // asks only whether it is there
    return pid;
  } catch {
    return null; // ended, or another user's
  }
}

async function anotherRollcall(folder: string, notePath: string): Promise<RollcallError> {
  const note = await readFile(notePath, "utf8").catch(() => "");
  const pid = /"pid":(\d+)/.exec(note)?.[1];
  return new RollcallError("ANOTHER_ROLLCALL", {
    message: `Another Rollcall is at work here${pid === undefined ? "" : ` (process ${pid})`}.`,
    why: `Only one at a time may use ${folder}.`,
    remedy: "Wait until it has ended, then run this again. ROLLCALL_HOME names another folder.",
  });
}
