import type { MediaItem } from "../catalogue/media-item.js";
import type { Clock } from "../clock.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { Phone } from "../phone/phone.js";
import { compareWithLedger } from "../plan/compare-with-ledger.js";
import { bytesOf } from "../plan/decide.js";
import type { ByteBudget } from "./byte-budget.js";
import { type CopyFileOptions, copyFile, isPartialCopy } from "./copy-file.js";
import { CopyingDisk } from "./copying-disk.js";
import { dateForPhotos } from "./date-for-photos.js";
import { DiskNames } from "./disk-names.js";
import { freePlaces } from "./free-places.js";
import { type Load, orderedConcurrency } from "./ordered-concurrency.js";
import { DistinctPlaces, foldsNames } from "./safe-file-name.js";
import type { StagedFile, TransferOutcome } from "./staged-item.js";
import {
  type Copied,
  type CopyOutcomes,
  discardAll,
  Stager,
  type StagerDeps,
  type ToImport,
} from "./stager.js";
import { isWhole } from "./whole-copy.js";

/** Enough that small files do not cost a round trip each. */
const MOST_ITEMS_AT_ONCE = 64;
/** Few videos are enough for any cable, and what is half copied when a run ends is copied anew. */
const LEAST_ITEMS_AT_ONCE = 4;
const ENOUGH_BYTES_AT_ONCE = 24 * 1024 * 1024;
/** Most that is copied and waits for a video before it: where the run is killed, it is copied anew. */
const ENOUGH_BYTES_BEGUN = 512 * 1024 * 1024;

interface TransferOptions extends Omit<StagerDeps, "disk"> {
  readonly phone: Phone;
  readonly clock: Clock;
  /** Exists. Copies are laid out below it as on the phone. */
  readonly folder: string;
  readonly byteBudget: ByteBudget;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((count: number) => void) | undefined;
}

/**
 * Copies items off the phone, several at a time, and yields what became of each in the order asked for.
 * The ledger knows an item as staged before it is yielded. What is acquired of `byteBudget` for a staged item
 * is released by whoever imports it.
 * @throws RollcallError when the phone, the disk or the person ends the run; what was staged stays staged
 */
export async function* transferItems(
  toImport: Iterable<ToImport>,
  options: TransferOptions,
): AsyncGenerator<TransferOutcome> {
  const { ledger, byteBudget, signal, folder, clock } = options;
  const names = new DiskNames(folder);
  const places = new DistinctPlaces(await foldsNames(folder), names);
  await using disk = new CopyingDisk({ hasFingerprints: true });
  const stager = new Stager({ ...options, disk });
  yield* orderedConcurrency(toImport, {
    isEnough: isEnoughAtOnce,
    bytesOf: ({ item }) => bytesOf(item),
    signal,
    start: async ({ item, cause }: ToImport, either): Promise<Copied> => {
      await byteBudget.acquire(bytesOf(item), either);
      const isStaged = cause === "begun" || cause === "failed";
      const earlier = isStaged ? await earlierCopies(item, ledger, clock) : null;
      if (earlier !== null) return { item, cause, earlier };
      const finalPaths = await freePlaces(item, folder, { places, names });
      return {
        item,
        cause,
        copies: await copyFiles(item, finalPaths, {
          ...options,
          disk,
          signal: either,
          datedAtMs: dateForPhotos(item, clock.now().getTime()),
        }),
      };
    },
    settle: async (ready) => {
      const outcomes: TransferOutcome[] = [];
      for (const copied of ready) {
        const outcome = await stager.stage(copied);
        let unused = bytesOf(copied.item);
        for (const part of outcome.type === "apart" ? outcome.parts : [outcome])
          if (part.type === "staged") unused -= part.staged.sizeBytes;
        if (unused > 0) byteBudget.release(unused);
        outcomes.push(outcome);
      }
      return outcomes;
    },
    discard: (copied) => discardAll(copied.copies ?? []),
  });
}

/** Whether so many items are under way that no more need to be. */
export function isEnoughAtOnce(atWork: Load, begun: Load): boolean {
  if (atWork.count >= MOST_ITEMS_AT_ONCE) return true;
  if (begun.count < LEAST_ITEMS_AT_ONCE) return false;
  if (begun.bytes >= ENOUGH_BYTES_BEGUN) return true;
  return atWork.count >= LEAST_ITEMS_AT_ONCE && atWork.bytes >= ENOUGH_BYTES_AT_ONCE;
}

/** All files of an item side by side; none is left behind when one of them ends the run. */
export async function copyFiles(
  item: MediaItem,
  finalPaths: readonly string[],
  options: Pick<TransferOptions, "phone"> & CopyFileOptions,
): Promise<CopyOutcomes> {
  const { phone } = options;
  const copying = item.files.map(async ({ file }, at) => {
    const outcome = await copyFile(phone, file, finalPaths[at]!, options);
    return isPartialCopy(outcome) ? outcome : { ...outcome, path: file.path };
  });
  const settled = await Promise.allSettled(copying);
  const copies = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const broken = settled.find((one) => one.status === "rejected");
  if (broken === undefined) return copies;
  await discardAll(copies);
  throw broken.reason;
}

/** The staged copies of an earlier run, if every one is still there with the size and time it was given. */
async function earlierCopies(
  item: MediaItem,
  ledger: PhoneLedger,
  clock: Clock,
): Promise<NonNullable<Copied["earlier"]> | null> {
  const ledgerMatch = compareWithLedger(item, ledger);
  if (ledgerMatch.kind !== "begun") return null;
  const files: StagedFile[] = [];
  const entry = ledger.items.get(ledgerMatch.entry.id);
  const dated = dateForPhotos(item, clock.now().getTime()) ?? Number.NaN;
  for (const { role, file } of item.files) {
    const copy = entry.files.find(({ sha256 }) => sha256 === ledger.sightings.hashSeen(file));
    const isAt = (ms: number) => isWhole(copy!.copyPath, file.sizeBytes, ms);
    if (copy === undefined || !((await isAt(copy.modifiedAtMs)) || (await isAt(dated)))) return null;
    const { copyPath, sha256, fingerprint } = copy;
    files.push({ role, file, copyPath, sha256, fingerprint });
  }
  return { entry, files };
}
