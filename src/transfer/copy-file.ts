import { existsSync } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hasErrno, type Reason, RollcallError, stopped } from "../errors.js";
import { isUnchanged, type Phone, type PhoneFile, PhoneFileError } from "../phone/phone.js";
import { changed, dateRefused, nameRefused, tooLarge } from "./copy-reasons.js";
import type { Disk, FileHashes, NewFile } from "./disk.js";
import { isNameRefused } from "./disk-names.js";
import { findResumable, partialCopyName, resumableStem, WORTH_RESUMING_BYTES } from "./resumable-copy.js";
import { explainWriteError } from "./write-errors.js";

/** Written and checked, under a name nobody takes for a photo. Becomes a copy with {@link nameCopy}. */
export interface PartialCopy {
  readonly file: PhoneFile;
  readonly partialPath: string;
  readonly finalPath: string;
  /** The modification time that it was given; null where the disk took none. */
  readonly datedAtMs: number | null;
  readonly sha256: string;
  readonly fingerprint: string;
}

/** So much of a video may have to be copied again where the run was killed. */
const MARK_EVERY_BYTES = 256 * 1024 * 1024;

/**
 * Copies one file off the phone beside its final place: hashes while writing, compares the length and
 * then the phone's description again, syncs. Leaves no partial file behind when it fails; but where the run ends, by a
 * stop or because the phone is gone, what there is of a large file stays, and the next call goes on with it.
 * A file that is not as it was listed is described again, once, and copied as it is now.
 * @param options.onBytes called with a negative count where bytes that were counted are read once more
 * @returns the copy, with the file as it was when it was read, or why the phone would not give this file
 * @throws RollcallError DISK_FULL, FOLDER_NOT_WRITABLE, STOPPED, and whatever ends the connection
 */
export async function copyFile(
  phone: Phone,
  file: PhoneFile,
  finalPath: string,
  options: CopyFileOptions,
): Promise<PartialCopy | Reason> {
  const first = await copyAsListed(phone, file, finalPath, options);
  if (isPartialCopy(first) || !MAY_HAVE_CHANGED.has(first.code)) return first;
  const now = await phone.describe(file.path, options.signal).catch((error: unknown) => {
    if (error instanceof PhoneFileError) return error.reason;
    throw error;
  });
  if (now === null) return changed(file, "it was deleted");
  return "code" in now ? now : await copyAsListed(phone, now, finalPath, options);
}

export interface CopyFileOptions {
  /** Where it is written. */
  readonly disk: Disk;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((count: number) => void) | undefined;
  /** The modification time of the copy; the file's own unless given. */
  readonly datedAtMs?: number | null | undefined;
  /** A copy whose own date the disk refuses is kept with that of the day; else it is the file's trouble. */
  readonly mayBeUndated?: boolean;
}

/** Answers that another look at the file may change. */
const MAY_HAVE_CHANGED = new Set(["CHANGED_WHILE_COPYING", "FILE_CHANGED", "FILE_VANISHED"]);

async function copyAsListed(
  phone: Phone,
  file: PhoneFile,
  finalPath: string,
  options: CopyFileOptions,
): Promise<PartialCopy | Reason> {
  const { signal, onBytes, disk } = options;
  const folder = dirname(finalPath);
  const stem = file.sizeBytes < WORTH_RESUMING_BYTES ? null : resumableStem(phone.identity, file);
  let copy: NewFile | undefined;
  let isDone = false;
  let writtenBytes = 0;
  let countedBytes = 0;
  let markedBytes = 0;
  try {
    const begun = await begin(folder, file, { disk, stem });
    copy = begun.copy;
    writtenBytes = markedBytes = begun.writtenBytes;
    const count = (sizeBytes: number) => {
      countedBytes += sizeBytes;
      onBytes?.(sizeBytes);
    };
    if (writtenBytes > 0) count(writtenBytes);
    for await (const chunk of phone.read(file.path, { offset: writtenBytes, expected: file, signal })) {
      if (signal?.aborted) throw stopped(signal);
      writtenBytes += chunk.byteLength;
      if (writtenBytes > file.sizeBytes) return changed(file, "it grew");
      await copy.write(chunk);
      count(chunk.byteLength);
      if (stem === null || writtenBytes - markedBytes < MARK_EVERY_BYTES) continue;
      await copy.checkpoint(stem);
      markedBytes = writtenBytes;
    }
    if (writtenBytes < file.sizeBytes)
      return changed(file, `it ended after ${writtenBytes} of ${file.sizeBytes} bytes`);
    // Same length is not same file: the phone may have rewritten it while we read.
    const now = await phone.describe(file.path, signal);
    if (now === null) return changed(file, "it was deleted");
    if (!isUnchanged(file, now)) return changed(file, "it was changed");
    const dated = await finishDated(copy, file.modifiedAtMs, options);
    isDone = true;
    return { file, partialPath: copy.path, finalPath, ...dated };
  } catch (error) {
    if (error instanceof PhoneFileError || error instanceof OneFilesTrouble) return error.reason;
    if (hasErrno(error, "EFBIG")) return tooLarge(file, folder);
    if (isNameRefused(error)) return nameRefused(finalPath, error);
    // The run ends, and not for this file or the disk: what there is of it is good.
    const isGood = error instanceof RollcallError && writtenBytes >= WORTH_RESUMING_BYTES;
    if (copy !== undefined && stem !== null && isGood) isDone = await isLeft(copy, stem);
    throw explainWriteError(error, folder);
  } finally {
    if (!isDone) {
      if (countedBytes > 0) onBytes?.(-countedBytes);
      // Where that is refused too, it is the trouble before it that is told; the next run removes what is left.
      await copy?.discard().catch(() => {});
    }
  }
}

/** A disk may take no date so long ago; then the file keeps its own, or what the disk makes of it. */
async function finishDated(
  copy: NewFile,
  ownMs: number,
  { datedAtMs, mayBeUndated = false }: CopyFileOptions,
): Promise<FileHashes & Pick<PartialCopy, "datedAtMs">> {
  const dates = new Set([datedAtMs ?? ownMs, ownMs, ...(mayBeUndated ? [null] : [])]);
  for (const ms of dates) {
    try {
      return { datedAtMs: ms, ...(await copy.finish(ms)) };
    } catch (error) {
      if (!isDateRefused(error)) throw error;
    }
  }
  throw new OneFilesTrouble(dateRefused(ownMs));
}

/** The copy has a name that every disk takes, so this is about its date. */
function isDateRefused(error: unknown): boolean {
  return hasErrno(error, "EINVAL", "ERANGE", "EOVERFLOW");
}

/** Goes on with what an earlier run left, or begins. */
async function begin(
  folder: string,
  { sizeBytes }: PhoneFile,
  { disk, stem }: { readonly disk: Disk; readonly stem: string | null },
): Promise<{ readonly copy: NewFile; readonly writtenBytes: number }> {
  const path = join(folder, partialCopyName());
  if (sizeBytes <= SMALL_BYTES) return { copy: new SmallFile(disk, path, sizeBytes), writtenBytes: 0 };
  const resumable = stem === null ? null : await findResumable(folder, stem);
  if (resumable !== null && resumable.sizeBytes <= sizeBytes) {
    const copy = await disk.resume(resumable).catch(() => null);
    if (copy !== null) return { copy, writtenBytes: resumable.sizeBytes };
  }
  return { copy: await inFolder(folder, () => disk.create(path, sizeBytes)), writtenBytes: 0 };
}

/** False where it cannot be marked, so that nobody could go on with it. */
async function isLeft(copy: NewFile, stem: string): Promise<boolean> {
  try {
    await copy.checkpoint(stem);
    await copy.close();
    return true;
  } catch {
    return false;
  }
}

/** A smaller file is held in memory until it is known to be whole: then the disk is asked once for it. */
const SMALL_BYTES = 64 * 1024;

class SmallFile implements NewFile {
  readonly path: string;
  readonly #disk: Disk;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #filled = 0;

  constructor(disk: Disk, path: string, sizeBytes: number) {
    this.#disk = disk;
    this.path = path;
    this.#bytes = new Uint8Array(sizeBytes);
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#bytes.set(bytes, this.#filled);
    this.#filled += bytes.byteLength;
  }

  async finish(modifiedAtMs: number | null): Promise<FileHashes> {
    const store = () => this.#disk.store(this.path, this.#bytes, modifiedAtMs);
    return await inFolder(dirname(this.path), store);
  }

  // Nothing of it is on the disk before it is finished.
  async checkpoint(): Promise<void> {}
  async close(): Promise<void> {}
  async discard(): Promise<void> {}
}

/** What stands in the way of one file is that file's trouble. */
export const IN_THE_WAY = {
  code: "SOMETHING_IN_THE_WAY",
  remedy: "Move it away, or copy into another folder, then run this again.",
} as const;

/** What the disk refuses of one file alone. */
export class OneFilesTrouble extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason.message);
    this.reason = reason;
  }
}

function inTheWayOf(folder: string): OneFilesTrouble {
  const message = `a file stands where a folder has to be: ${folder}`;
  return new OneFilesTrouble({ ...IN_THE_WAY, message });
}

/** The folder is nearly always there already: it is made where the work finds that it is not. */
async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!hasErrno(error, "ENOENT", "ENOTDIR")) throw error;
  }
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw hasErrno(error, "EEXIST", "ENOTDIR") ? inTheWayOf(folder) : error;
  }
  return await work();
}

/**
 * Gives a partial copy its name. It survives a power cut only after {@link syncFoldersOf}.
 * @returns false, with nothing done, where something has that name
 * @throws OneFilesTrouble where the disk takes no such name; RollcallError DISK_FULL, FOLDER_NOT_WRITABLE
 */
export async function nameCopyIfFree(copy: PartialCopy, disk: Disk): Promise<boolean> {
  try {
    return await disk.renameNoReplace(copy.partialPath, copy.finalPath, copy.datedAtMs);
  } catch (error) {
    // Some disks say of such a name that it is not there, with the copy and its folder before their eyes.
    const isRefused = isNameRefused(error) || (hasErrno(error, "ENOENT") && existsSync(copy.partialPath));
    if (isRefused) throw new OneFilesTrouble(nameRefused(copy.finalPath, error));
    throw explainWriteError(error, dirname(copy.finalPath));
  }
}

/** The same, where the name was seen to be free. @throws RollcallError FOLDER_NOT_WRITABLE where it is not any more */
export async function nameCopy(copy: PartialCopy, disk: Disk): Promise<void> {
  if (await nameCopyIfFree(copy, disk)) return;
  const taken = Object.assign(new Error(`${copy.finalPath} came to be there meanwhile`), { code: "EEXIST" });
  throw explainWriteError(taken, dirname(copy.finalPath));
}

/** Makes the names of these copies last, each folder once. */
export async function syncFoldersOf(copies: readonly PartialCopy[]): Promise<void> {
  for (const folder of new Set(copies.map(({ finalPath }) => dirname(finalPath)))) {
    try {
      await syncFolder(folder);
    } catch (error) {
      throw explainWriteError(error, folder);
    }
  }
}

/** Drops a partial copy that is not needed. */
export async function discardCopy(copy: PartialCopy): Promise<void> {
  await rm(copy.partialPath, { force: true });
}

export function isPartialCopy(outcome: PartialCopy | Reason): outcome is PartialCopy {
  return "partialPath" in outcome;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch (error) {
    // Disks on a network may have no such thing: the files themselves are synced.
    if (!hasErrno(error, "EINVAL", "ENOTSUP", "ENOSYS", "EBADF")) throw error;
  } finally {
    await handle.close();
  }
}
