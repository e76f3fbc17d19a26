import { chmod, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateFolder } from "../ledger/ledger-database.js";
import { explainWriteError } from "../transfer/copy-file.js";
import { LAST_RUNS_FOLDER } from "./last-run/last-run-file.js";

/** Where everything of Rollcall's own lies. */
export interface DataFolder {
  readonly path: string;
  readonly ledger: string;
  readonly receipts: string;
  /** For short-lived copies; empty between runs. */
  readonly work: string;
}

/**
 * Makes the data folder, so that only this user can enter it.
 * @throws RollcallError FOLDER_NOT_WRITABLE, DISK_FULL
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  const folder = {
    path,
    ledger: join(path, "ledger.sqlite"),
    receipts: join(path, "receipts"),
    work: workFolderIn(path),
  };
  makePrivateFolder(path);
  await makePrivateIfOurs(folder);
  makePrivateFolder(folder.receipts);
  makePrivateFolder(folder.work);
  try {
    // SQLite would make it readable to all; its side files take its mode.
    await (await open(folder.ledger, "a", 0o600)).close();
  } catch (error) {
    throw explainWriteError(error, path);
  }
  return folder;
}

/** The work folder of a data folder. It is there while the data folder is open. */
export function workFolderIn(dataFolder: string): string {
  return join(dataFolder, "work");
}

/** A folder that was there already is closed to others if nothing but Rollcall's own lies in it. */
async function makePrivateIfOurs({ path }: DataFolder): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return;
  const names = await readdir(path).catch(() => null);
  if (names === null) return;
  const isOurs =
    names.includes("ledger.sqlite") ||
    names.every((name) => name === "config.json" || name === LAST_RUNS_FOLDER);
  if (isOurs) await chmod(path, 0o700).catch(() => undefined);
}

/** Removes what a killed run left in the work folder. Only while no other Rollcall is at work. */
export async function emptyWorkFolder({ work }: DataFolder): Promise<void> {
  for (const name of await readdir(work)) await rm(join(work, name), { recursive: true, force: true });
}

/** @throws RollcallError FOLDER_NOT_WRITABLE */
export function makeStagingFolder(path: string): void {
  makePrivateFolder(path);
}
