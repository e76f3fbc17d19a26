import type { Stats } from "node:fs";
import { lstat, mkdir, readdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { MediaItem } from "../catalogue/media-item.js";
import { hasErrno, type Reason } from "../errors.js";
import type { FileFinding } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { Phone } from "../phone/phone.js";
import { bytesOf } from "../plan/decide.js";
import { placeIdentity } from "../plan/decide-copy.js";
import type { Decision } from "../plan/decision.js";
import {
  discardCopy,
  IN_THE_WAY,
  nameCopy,
  nameCopyIfFree,
  OneFilesTrouble,
  type PartialCopy,
  syncFoldersOf,
} from "./copy-file.js";
import { keptUndated } from "./copy-reasons.js";
import { CopyingDisk } from "./copying-disk.js";
import type { Disk } from "./disk.js";
import { type DiskNames, isNameRefused } from "./disk-names.js";
import { orderedConcurrency } from "./ordered-concurrency.js";
import { DistinctPlaces, foldsNames } from "./safe-file-name.js";
import { type CopyOutcomes, discardAll, ownReasons } from "./stager.js";
import { copyFiles, isEnoughAtOnce } from "./transfer-items.js";
import { dateAgain } from "./whole-copy.js";
import { explainWriteError } from "./write-errors.js";

/** What became of one item that was to lie in the folder. */
type CopyOutcome =
  | {
      readonly type: "copied";
      readonly item: MediaItem;
      readonly ledgerId: number;
      readonly replaced: readonly string[];
      /** Files of the item that could not be copied; the others are there. */
      readonly reasons: ReadonlyMap<string, Reason>;
    }
  | { readonly type: "failed"; readonly item: MediaItem; readonly reasons: ReadonlyMap<string, Reason> };

interface CopyItemsOptions {
  readonly phone: Phone;
  readonly ledger: PhoneLedger;
  readonly runId: string;
  /** Exists. `DCIM/...` is laid out below it. */
  readonly folder: string;
  /** Every path of the phone, so that each keeps its place whatever is copied this time. */
  readonly allPaths: readonly string[];
  /** What the folder's disk makes of names; it has learnt those paths. */
  readonly names: DiskNames;
  /** Where a file of the same name and other content is moved to, relative to `folder`. */
  readonly replacedFolder: string;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((count: number) => void) | undefined;
}

/**
 * Copies items into a folder, laid out as on the phone, and reads every copy back from the disk: the
 * ledger then says `proved`. A file that lies there with other content is moved aside, never lost.
 */
export async function* copyItems(
  toImport: Iterable<Extract<Decision, { action: "import" }>>,
  options: CopyItemsOptions,
): AsyncGenerator<CopyOutcome> {
  const { folder, signal } = options;
  const { names } = options;
  const places = new DistinctPlaces(await foldsNames(folder), names);
  const wanted = new Set([...options.allPaths].sort().map((path) => join(folder, places.placeFor(path))));
  await using disk = new CopyingDisk({ hasFingerprints: false });
  yield* orderedConcurrency(toImport, {
    isEnough: isEnoughAtOnce,
    bytesOf: ({ item }) => bytesOf(item),
    signal,
    start: async ({ item }, either) => ({
      item,
      copies: await copyFiles(
        item,
        item.files.map(({ file }) => join(folder, places.placeFor(file.path))),
        { ...options, disk, signal: either, mayBeUndated: true },
      ),
    }),
    settle: (ready) => settle(ready, { ...options, disk, wanted }),
    discard: ({ copies }) => discardAll(copies),
  });
}

type SettleOptions = CopyItemsOptions & {
  readonly disk: Disk;
  /** Where every file of the phone has its place. */
  readonly wanted: ReadonlySet<string>;
};

/** One item's copies under their names, not yet read back. */
interface Placed {
  readonly item: MediaItem;
  readonly copies: readonly PartialCopy[];
  readonly replaced: readonly string[];
  readonly reasons: Map<string, Reason>;
}

/** Names, folders that last, bytes read back, and then one commit that says so, for all items together. */
async function settle(
  ready: readonly { readonly item: MediaItem; readonly copies: CopyOutcomes }[],
  options: SettleOptions,
): Promise<CopyOutcome[]> {
  const placed = await allOrFirstError(ready.map((one) => place(one, options)));
  const copies = placed.flatMap((one) => one.copies);
  await syncFoldersOf(copies);
  const equal = new Set(
    await allOrFirstError(copies.map(async (copy) => ((await isAsRead(copy, options.disk)) ? copy : null))),
  );
  return options.ledger.together(() => placed.map((one) => record(one, equal, options)));
}

async function place(
  { item, copies: outcomes }: { readonly item: MediaItem; readonly copies: CopyOutcomes },
  options: SettleOptions,
): Promise<Placed> {
  const reasons = ownReasons(outcomes);
  const replaced: string[] = [];
  const copies: PartialCopy[] = [];
  for (const copy of outcomes) {
    if (!("partialPath" in copy)) continue;
    const put = await putInPlace(copy, options).catch(async (error: unknown) => {
      if (!(error instanceof OneFilesTrouble)) throw error;
      await discardCopy(copy);
      return error.reason;
    });
    if (typeof put === "string") replaced.push(put);
    if (put === null || typeof put === "string") copies.push(copy);
    else reasons.set(copy.file.path, put);
  }
  return { item, copies, replaced, reasons };
}

async function isAsRead({ finalPath, sha256 }: PartialCopy, disk: Disk): Promise<boolean> {
  try {
    return (await disk.hashOf(finalPath)) === sha256;
  } catch (error) {
    if (hasErrno(error, "EIO", "ENOENT")) return false; // a bad block, say: that file's trouble
    throw error;
  }
}

function record(
  { item, copies, replaced, reasons }: Placed,
  equal: ReadonlySet<PartialCopy | null>,
  { ledger, runId, now, folder }: CopyItemsOptions,
): CopyOutcome {
  if (copies.length === 0) return { type: "failed", item, reasons };
  const roles = new Map(item.files.map(({ role, file }) => [file.path, role]));
  const files = copies.map(({ file, sha256, fingerprint, finalPath }) => ({
    role: roles.get(file.path)!,
    file,
    sha256,
    fingerprint,
    copyPath: finalPath,
  }));
  const id = ledger.recordStaged(runId, { identity: placeIdentity(item.key), key: item.key }, files);
  const findings = copies.map((copy): FileFinding => {
    const isEqual = equal.has(copy);
    return {
      path: copy.file.path,
      photosId: null,
      answer: isEqual ? "proved" : "differs",
      evidence: isEqual ? ["size", "sha256"] : ["size"],
      reason: isEqual ? notAsOnPhone(copy, folder) : DAMAGED_ON_DISK,
      checkedAt: now(),
    };
  });
  ledger.findings.recordOutcome(id, "imported", findings);
  return { type: "copied", item, ledgerId: id, replaced, reasons };
}

/** What else is told of a good copy: one reason, whose message says both. */
function notAsOnPhone(copy: PartialCopy, folder: string): Reason | null {
  const other = otherPlace(copy, folder);
  if (copy.datedAtMs !== null) return other;
  const undated = keptUndated(copy.file.modifiedAtMs);
  return other === null ? undated : { ...undated, message: `${undated.message}; ${other.message}` };
}

/** Where a copy has another name, or lies in another folder, than on the phone. */
function otherPlace({ file, finalPath }: PartialCopy, folder: string): Reason | null {
  const place = finalPath.slice(folder.length + 1);
  if (place === file.path.slice(1)) return null;
  return {
    code: "OTHER_NAME",
    message: `its copy is ${place}: the disk takes no such name, or has it for another file`,
    remedy: "Nothing to do.",
  };
}

/** Waits for all of them, whatever happens, so that nothing goes on unseen. */
async function allOrFirstError<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

const DAMAGED_ON_DISK: Reason = {
  code: "COPY_DIFFERS",
  message: "read back from the folder, its bytes are not those that came off the phone",
  remedy: "Check the disk, then run this again.",
};

/**
 * @returns where a file with other content was moved, relative to the folder; null where none was in the
 *   way; or why the copy could not be put there
 */
async function putInPlace(copy: PartialCopy, options: SettleOptions): Promise<string | null | Reason> {
  const { folder, replacedFolder, disk } = options;
  if (await nameCopyIfFree(copy, disk)) return null;
  const existing = await lstat(copy.finalPath).catch(() => null);
  if (existing === null) return await putInPlace(copy, options); // gone meanwhile
  if (existing.isDirectory()) {
    await discardCopy(copy);
    return { ...IN_THE_WAY, message: `a folder stands where the file has to go: ${copy.finalPath}` };
  }
  if (
    existing.isFile() &&
    existing.size === copy.file.sizeBytes &&
    (await disk.hashOf(copy.finalPath)) === copy.sha256
  ) {
    // Dated like a copy of ours, or the next run would read it again.
    await dateAgain(copy.finalPath, copy.file.modifiedAtMs);
    await discardCopy(copy);
    return null;
  }
  const inItsPlace = await spelledAs(copy.finalPath, existing);
  if (inItsPlace !== copy.finalPath && options.wanted.has(inItsPlace)) {
    // Otherwise the two would take turns at every run.
    const message = `on that disk another file of the phone has its name: ${inItsPlace}`;
    throw new OneFilesTrouble({ ...IN_THE_WAY, message });
  }
  const place = await moveAside(copy.finalPath, { folder, replacedFolder });
  await nameCopy(copy, disk);
  return place;
}

/** The name that the folder lists for what was found under this one: a disk may take two spellings for one name. */
async function spelledAs(path: string, { ino }: Stats): Promise<string> {
  const names = await readdir(dirname(path));
  if (names.includes(basename(path))) return path;
  for (const name of names) {
    const other = join(dirname(path), name);
    if ((await lstat(other).catch(() => null))?.ino === ino) return other;
  }
  return path;
}

/**
 * Moves a file of the person's, or a link, out of the way of a copy; never over one that was moved there before.
 * @returns where it lies now, relative to the folder
 * @throws RollcallError DISK_FULL, FOLDER_NOT_WRITABLE
 */
export async function moveAside(
  path: string,
  { folder, replacedFolder }: Pick<CopyItemsOptions, "folder" | "replacedFolder">,
): Promise<string> {
  const usual = join(replacedFolder, path.slice(folder.length + 1));
  try {
    await mkdir(dirname(join(folder, usual)), { recursive: true });
    for (let number = 1; ; number += 1) {
      const place = number === 1 ? usual : `${usual}~${number}`;
      const isTaken = await lstat(join(folder, place)).then(
        () => true,
        () => false,
      );
      if (isTaken) continue;
      await rename(path, join(folder, place));
      return place;
    }
  } catch (error) {
    // The way to it is longer, by the name of the folder for what is moved aside.
    if (isNameRefused(error))
      throw new OneFilesTrouble({ ...IN_THE_WAY, message: `another file stands in its place: ${path}` });
    throw explainWriteError(error, folder);
  }
}
