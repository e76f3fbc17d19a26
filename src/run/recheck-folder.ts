import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno } from "../errors.js";
import { extraFiles } from "../receipt/checksum-list.js";
import { hashOf } from "../transfer/disk.js";

/** A copied folder, checked today against its list of hashes. Places are below the folder. */
export interface FolderFindings {
  /** Files that are as they were copied. */
  readonly ok: number;
  readonly missing: readonly string[];
  readonly changed: readonly string[];
  /** There, and could not be read. */
  readonly unreadable: readonly string[];
  /** There, and not in the list. */
  readonly extra: readonly string[];
}

/** Reads every file that the list names, once. Nothing is changed. */
export async function recheckFolder(
  folder: string,
  list: ReadonlyMap<string, string>,
  signal?: AbortSignal,
): Promise<FolderFindings> {
  let ok = 0;
  const missing: string[] = [];
  const changed: string[] = [];
  const unreadable: string[] = [];
  for (const [place, sha256] of list) {
    signal?.throwIfAborted();
    const path = join(folder, place);
    try {
      // A link, or a folder, is not the file that was copied.
      if (!(await lstat(path)).isFile()) changed.push(place);
      else if ((await hashOf(path)) === sha256) ok += 1;
      else changed.push(place);
    } catch (error) {
      if (!(error instanceof Error && "syscall" in error)) throw error;
      (hasErrno(error, "ENOENT", "ENOTDIR") ? missing : unreadable).push(place);
    }
  }
  return { ok, missing, changed, unreadable, extra: await extraFiles(folder, (place) => list.has(place)) };
}
