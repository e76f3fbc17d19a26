import { accessSync, constants, statfsSync } from "node:fs";
import { tmpdir } from "node:os";

const ROOM_BYTES = 2 * 1024 ** 3;

/**
 * Where the folders of tests lie: in memory where the system has a disk there with some room, because every
 * commit of a ledger and every copied file is synced; else the temporary folder.
 */
export const memoryDisk = isFit("/dev/shm") ? "/dev/shm" : tmpdir();

function isFit(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > ROOM_BYTES;
  } catch {
    return false;
  }
}
