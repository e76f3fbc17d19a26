import { randomBytes } from "node:crypto";
import { lstat, stat } from "node:fs/promises";
import { join } from "node:path";
import { itemIdentity } from "../catalogue/item-identity.js";
import type { MediaItem } from "../catalogue/media-item.js";
import type { Reason } from "../errors.js";
import type { LedgerBetween } from "../ledger/ledger.js";
import type { LedgerItem } from "../ledger/ledger-entry.js";
import type { Phone } from "../phone/phone.js";
import { compareWithLedger } from "../plan/compare-with-ledger.js";
import { bytesOf } from "../plan/decide.js";
import type { Decision } from "../plan/decision.js";
import { commitCopy, copyFile, discardCopy, isPartialCopy, type PartialCopy } from "./copy-file.js";
import { DistinctPlaces, foldsCase } from "./safe-file-name.js";
import { severalAtOnce } from "./several-at-once.js";
import type { StagedBytes } from "./staged-bytes.js";
import type { StagedFile, StagedItem, TransferOutcome } from "./staged-item.js";

export type CopyOutcomes = readonly (PartialCopy | (Reason & { readonly path: string }))[];

type Bring = Extract<Decision, { action: "bring" }>;

/** Enough that small files do not cost a round trip each; few enough that memory and handles stay small. */
const ITEMS_AT_ONCE = 6;

export interface TransferOptions {
  readonly phone: Phone;
  readonly ledger: LedgerBetween;
  readonly runId: string;
  /** Exists. Copies are laid out below it as on the phone. */
  readonly folder: string;
  readonly stagedBytes: StagedBytes;
  /** Bring the edit of an original that turns out, by its bytes, to be known. */
  readonly edits: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((count: number) => void) | undefined;
}

/**
 * Copies items off the phone, several at a time, and yields what became of each in the order asked for.
 * The ledger knows an item as staged before it is yielded. Room taken in `stagedBytes` for a staged item
 * is given back by whoever imports it.
 * @throws RollcallError when the phone, the disk or the person ends the run; what was staged stays staged
 */
export async function* transferItems(
  brings: Iterable<Bring>,
  options: TransferOptions,
): AsyncGenerator<TransferOutcome> {
  const { ledger, runId, stagedBytes, signal } = options;
  const places = new DistinctPlaces(await foldsCase(options.folder));
  yield* severalAtOnce(brings, {
    limit: ITEMS_AT_ONCE,
    signal,
    start: async ({ item, because }: Bring, either): Promise<Copied> => {
      await stagedBytes.take(bytesOf(item), either);
      const earlier = because === "begun" ? await earlierCopies(item, ledger) : null;
      if (earlier !== null) return { item, because, earlier };
      const placeFor = (path: string) => freePlace(options.folder, places.placeFor(path));
      return { item, because, copies: await copyFiles(item, placeFor, { ...options, signal: either }) };
    },
    settle: async (copied) => {
      const outcome = await finish(copied, ledger, runId, options.edits);
      if (outcome.type !== "staged") stagedBytes.giveBack(bytesOf(copied.item));
      return outcome;
    },
    discard: (copied) => discardAll(copied.copies ?? []),
  });
}

/** Never over a staged file: with "Copy items to the Photos library" off, it may be the photo. */
async function freePlace(folder: string, place: string): Promise<string> {
  const usual = join(folder, place);
  return (await exists(usual)) ? join(folder, `again-${randomBytes(4).toString("hex")}`, place) : usual;
}

/** One item's copies, not yet under their names; or the copies of an earlier run, found whole. */
interface Copied {
  readonly item: MediaItem;
  readonly because: Bring["because"];
  readonly copies?: CopyOutcomes;
  readonly earlier?: { readonly entry: LedgerItem; readonly files: readonly StagedFile[] };
}

/** All files of an item side by side; none is left behind when one of them ends the run. */
export async function copyFiles(
  item: MediaItem,
  placeFor: (path: string) => Promise<string>,
  options: Pick<TransferOptions, "phone" | "signal" | "onBytes">,
): Promise<CopyOutcomes> {
  const { phone, signal, onBytes } = options;
  const copying = item.files.map(async ({ file }) => {
    const finalPath = await placeFor(file.path);
    const outcome = await copyFile(phone, file, finalPath, { signal, ...(onBytes && { onBytes }) });
    return isPartialCopy(outcome) ? outcome : { ...outcome, path: file.path };
  });
  const settled = await Promise.allSettled(copying);
  const copies = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const broken = settled.find((one) => one.status === "rejected");
  if (broken === undefined) return copies;
  await discardAll(copies);
  throw broken.reason;
}

async function finish(
  copied: Copied,
  ledger: LedgerBetween,
  runId: string,
  edits: boolean,
): Promise<TransferOutcome> {
  const { item, because, earlier } = copied;
  if (earlier !== undefined) {
    if (earlier.entry.key !== item.key && earlier.entry.runId === runId && earlier.entry.state === "staged")
      return { type: "twin", item, ledgerId: earlier.entry.id };
    return stage(item, earlier.files, ledger, runId);
  }
  const outcomes = copied.copies ?? [];
  const copies = outcomes.filter((one) => "partialPath" in one);
  if (copies.length < outcomes.length) {
    await discardAll(copies);
    return { type: "failed", item, reasons: reasonsFor(item, outcomes) };
  }

  for (const copy of copies) ledger.recordSighting(copy.file, copy.sha256);
  if (because === "new" || because === "begun") {
    const familiarity = compareWithLedger(item, ledger);
    if (familiarity.kind === "known" && (familiarity.newEdits.length === 0 || !edits)) {
      await discardAll(copies);
      return { type: "known", item, entry: familiarity.entry, newEdits: familiarity.newEdits };
    }
  }
  const files = copies.map((copy, at): StagedFile => {
    const { file, finalPath, sha256, fingerprint } = copy;
    return { role: item.files[at]!.role, file, copyPath: finalPath, sha256, fingerprint };
  });
  const existing = ledger.itemWithIdentity(itemIdentity(files));
  const isInThisRun = existing?.runId === runId && existing.key !== item.key;
  if (isInThisRun && existing.state !== "failed" && existing.state !== "removed") {
    await discardAll(copies);
    return { type: "twin", item, ledgerId: existing.id };
  }
  for (const copy of copies) await commitCopy(copy);
  return stage(item, files, ledger, runId);
}

function stage(
  item: MediaItem,
  files: readonly StagedFile[],
  ledger: LedgerBetween,
  runId: string,
): TransferOutcome {
  const identity = itemIdentity(files);
  const ledgerId = ledger.recordStaged(runId, { identity, key: item.key }, files);
  const staged: StagedItem = { ledgerId, item, identity, files, sizeBytes: bytesOf(item) };
  return { type: "staged", staged };
}

/** The staged copies of an earlier run, if every one is still there with the size and time it was given. */
async function earlierCopies(
  item: MediaItem,
  ledger: LedgerBetween,
): Promise<NonNullable<Copied["earlier"]> | null> {
  const familiarity = compareWithLedger(item, ledger);
  if (familiarity.kind !== "begun") return null;
  const files: StagedFile[] = [];
  for (const { role, file } of item.files) {
    const copy = familiarity.entry.files.find(({ sha256 }) => sha256 === ledger.hashSeen(file));
    if (copy === undefined || !(await isWhole(copy.copyPath, file.sizeBytes, copy.modifiedAt))) return null;
    const { copyPath, sha256, fingerprint } = copy;
    files.push({ role, file, copyPath, sha256, fingerprint });
  }
  return { entry: familiarity.entry, files };
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** A copy is synced and dated before it gets its name; size and time tell whether it is still that one. */
export async function isWhole(copyPath: string, sizeBytes: number, modifiedAt: Date): Promise<boolean> {
  try {
    const found = await stat(copyPath);
    return found.isFile() && found.size === sizeBytes && Math.abs(found.mtimeMs - modifiedAt.getTime()) < 2;
  } catch {
    return false;
  }
}

export function reasonsFor(item: MediaItem, outcomes: CopyOutcomes): Map<string, Reason> {
  const reasons = new Map<string, Reason>();
  for (const outcome of outcomes) {
    if ("partialPath" in outcome) continue;
    const { path, code, message, remedy } = outcome;
    reasons.set(path, { code, message, remedy });
  }
  const [named] = reasons.keys();
  for (const { file } of item.files) {
    if (reasons.has(file.path)) continue;
    reasons.set(file.path, {
      code: "ITEM_INCOMPLETE",
      message: `${named} belongs to the same photo and could not be copied`,
      remedy: "Mend that file's trouble, then run this again: the photo comes whole.",
    });
  }
  return reasons;
}

export async function discardAll(outcomes: readonly (PartialCopy | Reason)[]): Promise<void> {
  for (const outcome of outcomes) if (isPartialCopy(outcome)) await discardCopy(outcome);
}
