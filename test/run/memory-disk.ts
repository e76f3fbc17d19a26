import { accessSync, constants } from "node:fs";
import { tmpdir } from "node:os";

/**
 * Where the folders of tests that run the main job many times lie: in memory where the system has a disk
 * there, because every commit of the ledger is synced; else the temporary folder.
 */
export const memoryDisk = isWritable("/dev/shm") ? "/dev/shm" : tmpdir();

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
