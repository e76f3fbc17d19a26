import { EDIT_ROLES } from "../catalogue/file-roles.js";
import { itemIdentity } from "../catalogue/item-identity.js";
import { halvesApart } from "../catalogue/live-photos.js";
import type { MediaItem } from "../catalogue/media-item.js";
import { renderingApart } from "../catalogue/rendering-apart.js";
import type { Clock } from "../clock.js";
import type { Reason } from "../errors.js";
import { isInDoubt, type KnownItem } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { areLivePhotoHalves } from "../media/live-photo-halves.js";
import { removeOwnFile } from "../owned-file.js";
import type { Phone } from "../phone/phone.js";
import { compareWithLedger, type ItemsByKey, isOfSameKind } from "../plan/compare-with-ledger.js";
import { bytesOf } from "../plan/decide.js";
import type { Decision } from "../plan/decision.js";
import type { ByteBudget } from "./byte-budget.js";
import { changedRecipe, isRecipeDamaged } from "./changed-recipe.js";
import {
  type CopyFileOptions,
  copyFile,
  discardCopy,
  isPartialCopy,
  nameCopy,
  OneFilesTrouble,
  type PartialCopy,
  syncFoldersOf,
} from "./copy-file.js";
import { CopyingDisk } from "./copying-disk.js";
import { dateForPhotos } from "./date-for-photos.js";
import type { Disk } from "./disk.js";
import { DiskNames } from "./disk-names.js";
import { freePlaces } from "./free-places.js";
import { type Load, orderedConcurrency } from "./ordered-concurrency.js";
import { DistinctPlaces, foldsNames } from "./safe-file-name.js";
import type { StagedFile, TransferOutcome } from "./staged-item.js";
import { isWhole } from "./whole-copy.js";

type ToImport = Extract<Decision, { action: "import" }>;

/** One outcome for each file of an item, in the order of its files. */
export type CopyOutcomes = readonly (PartialCopy | (Reason & { readonly path: string }))[];

/** Enough that small files do not cost a round trip each. */
const MOST_ITEMS_AT_ONCE = 64;
/** Few videos are enough for any cable, and what is half copied when a run ends is copied anew. */
const LEAST_ITEMS_AT_ONCE = 4;
const ENOUGH_BYTES_AT_ONCE = 24 * 1024 * 1024;
/** Most that is copied and waits for a video before it: where the run is killed, it is copied anew. */
const ENOUGH_BYTES_BEGUN = 512 * 1024 * 1024;

export interface TransferOptions {
  readonly phone: Phone;
  readonly ledger: PhoneLedger;
  readonly runId: string;
  readonly clock: Clock;
  /** Exists. Copies are laid out below it as on the phone. */
  readonly folder: string;
  readonly byteBudget: ByteBudget;
  /** What the phone has, where it tells a copy that was edited from a photo that was edited since. */
  readonly onPhone?: ItemsByKey | undefined;
  /** Import the edit of an original that turns out, by its bytes, to be known. */
  readonly edits: boolean;
  /**
   * Whether the destination has this photo's original from elsewhere: the ledger then has it, without the edit. Asked
   * of copied items with an edit that is not wanted for a known original; absent where nobody can look.
   * @returns null where it has not, or has the whole
   */
  readonly recognise?:
    | ((item: MediaItem, files: readonly StagedFile[]) => Promise<KnownItem | null>)
    | undefined;
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
  toImport: Iterable<ToImport>,
  options: TransferOptions,
): AsyncGenerator<TransferOutcome> {
  const { ledger, byteBudget, signal, folder, clock } = options;
  const names = new DiskNames(folder);
  const places = new DistinctPlaces(await foldsNames(folder), names);
  await using disk = new CopyingDisk({ hasFingerprints: true });
  const settler = new Settler({ ...options, disk });
  yield* orderedConcurrency(toImport, {
    isEnough: isEnoughAtOnce,
    bytesOf: ({ item }) => bytesOf(item),
    signal,
    start: async ({ item, because }: ToImport, either): Promise<Copied> => {
      await byteBudget.acquire(bytesOf(item), either);
      const isStaged = because === "begun" || because === "failed";
      const earlier = isStaged ? await earlierCopies(item, ledger, clock) : null;
      if (earlier !== null) return { item, because, earlier };
      const finalPaths = await freePlaces(item, folder, { places, names });
      return {
        item,
        because,
        copies: await copyFiles(item, finalPaths, {
          ...{ ...options, disk, signal: either },
          datedAtMs: dateForPhotos(item, clock.now().getTime()),
        }),
      };
    },
    settle: async (ready) => {
      const outcomes: TransferOutcome[] = [];
      for (const copied of ready) {
        const outcome = await settler.settle(copied);
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

/** One item's copies, not yet under their names; or the copies of an earlier run, found whole. */
interface Copied {
  readonly item: MediaItem;
  readonly because: ToImport["because"];
  readonly copies?: CopyOutcomes;
  readonly earlier?: { readonly entry: KnownItem; readonly files: readonly StagedFile[] };
}

/** Decides, by hash now, what a copied item is; gives copies their names only where they are needed. */
class Settler {
  readonly #ledger: PhoneLedger;
  readonly #runId: string;
  readonly #edits: boolean;
  readonly #disk: Disk;
  readonly #recognise: TransferOptions["recognise"];
  readonly #onPhone: ItemsByKey | undefined;
  /** What this call handed on to be imported: only of these can another item be the duplicate. */
  readonly #handedOn = new Set<number>();

  constructor({ ledger, runId, edits, disk, recognise, onPhone }: TransferOptions & { readonly disk: Disk }) {
    this.#disk = disk;
    this.#recognise = recognise;
    this.#onPhone = onPhone;
    this.#ledger = ledger;
    this.#runId = runId;
    this.#edits = edits;
  }

  async settle({ item, because, copies: outcomes = [], earlier }: Copied): Promise<TransferOutcome> {
    const ledger = this.#ledger;
    if (earlier !== undefined)
      return this.#duplicateOf(earlier.entry, item) ?? this.#stage(item, earlier.files);
    const copies = outcomes.filter((one) => "partialPath" in one);
    if (copies.length < outcomes.length) {
      await discardAll(copies);
      return { type: "failed", item, reasons: reasonsFor(item, outcomes) };
    }

    for (const copy of copies) ledger.recordSighting(copy.file, copy.sha256);
    if (await isRecipeDamaged(item, copies))
      return { type: "apart", item, parts: await this.#settleParts(renderingApart(item), because, copies) };
    const reason = await changedRecipe(item, copies);
    return reason === null
      ? await this.#settleCopies(item, because, copies)
      : await this.#settleWithoutEdit(item, because, copies, reason);
  }

  /** The photo goes on without its edit, which answers with the reason. */
  async #settleWithoutEdit(
    item: MediaItem,
    because: ToImport["because"],
    copies: readonly PartialCopy[],
    reason: Reason,
  ): Promise<TransferOutcome> {
    const isEdit = (_copy: unknown, at: number) => EDIT_ROLES.has(item.files[at]!.role);
    const edits = copies.filter(isEdit);
    await discardAll(edits);
    const excludedFiles = new Map(edits.map(({ file }) => [file.path, reason]));
    const unedited = { ...item, files: item.files.filter(({ role }) => !EDIT_ROLES.has(role)) };
    const own = copies.filter((copy) => !edits.includes(copy));
    const outcome = await this.#settleCopies(unedited, because, own);
    if (outcome.type === "failed") return outcome;
    if (outcome.type !== "apart") return { ...outcome, excludedFiles };
    const [still, ...videos] = outcome.parts;
    const parts =
      still === undefined || still.type === "failed"
        ? outcome.parts
        : [{ ...still, excludedFiles }, ...videos];
    return { ...outcome, parts };
  }

  async #settleCopies(
    item: MediaItem,
    because: ToImport["because"],
    copies: readonly PartialCopy[],
  ): Promise<TransferOutcome> {
    const ledger = this.#ledger;
    const ledgerMatch = compareWithLedger(asCopied(item, copies), ledger, this.#onPhone);
    if (ledgerMatch.kind === "known" && !this.#isWanted(ledgerMatch, because)) {
      await discardAll(copies);
      return { type: "known", item, entry: ledgerMatch.entry, newEdits: ledgerMatch.newEdits };
    }
    if (ledgerMatch.kind === "begun") {
      // Every file of it is in another item of this run that is on its way.
      const duplicate = this.#duplicateOf(ledgerMatch.entry, item);
      if (duplicate !== undefined) {
        await discardAll(copies);
        return duplicate;
      }
    }
    if (isNoLivePhoto(item, copies)) {
      const parts = await this.#settleParts(halvesApart(item), because, copies);
      return { type: "apart", item, parts };
    }
    const files = copies.map((copy, at): StagedFile => {
      const { file, finalPath, sha256, fingerprint } = copy;
      return { role: item.files[at]!.role, file, copyPath: finalPath, sha256, fingerprint };
    });
    const existing = ledger.itemWithIdentity(identityFor(item, files, ledger));
    const duplicate = existing === undefined ? undefined : this.#duplicateOf(existing, item);
    if (duplicate !== undefined) {
      await discardAll(copies);
      return duplicate;
    }
    const newEdits = item.files.flatMap(({ role, file }) => (EDIT_ROLES.has(role) ? [file.path] : []));
    const isOwnEdit = ledgerMatch.kind === "new" && ledgerMatch.isOwnEdit;
    if (newEdits.length > 0 && !this.#edits && !isOwnEdit) {
      const entry = (await this.#recognise?.(item, files)) ?? null;
      if (entry !== null) {
        await discardAll(copies);
        return { type: "known", item, entry, newEdits };
      }
    }
    const refused = await nameAll(copies, this.#disk);
    if (refused !== null) return { type: "failed", item, reasons: reasonsFor(item, refused) };
    await syncFoldersOf(copies);
    return this.#stage(item, files);
  }

  /** Each with its own copies; a part may come apart once more. */
  async #settleParts(
    parts: readonly MediaItem[],
    because: ToImport["because"],
    copies: readonly PartialCopy[],
  ): Promise<TransferOutcome[]> {
    const copyOf = new Map(copies.map((copy) => [copy.file.path, copy]));
    const outcomes: TransferOutcome[] = [];
    for (const part of parts) {
      const own = part.files.map(({ file }) => copyOf.get(file.path)!);
      const outcome = await this.#settleCopies(part, because, own);
      if (outcome.type === "apart") for (const one of outcome.parts) outcomes.push(one);
      else outcomes.push(outcome);
    }
    return outcomes;
  }

  #isWanted(
    { entry, newEdits }: { entry: KnownItem; newEdits: readonly string[] },
    because: ToImport["because"],
  ): boolean {
    if (newEdits.length > 0) return this.#edits;
    return because === "again" && isInDoubt(entry);
  }

  #duplicateOf(entry: KnownItem, item: MediaItem): TransferOutcome | undefined {
    // Handed on once in this call, it is not handed on again, whatever the entry said when it was read.
    if (this.#handedOn.has(entry.id)) return { type: "duplicate", item, ledgerId: entry.id };
    const isOther = entry.key !== item.key && entry.runId === this.#runId;
    if (!isOther || (entry.state === "staged" && !this.#handedOn.has(entry.id))) return undefined;
    if (entry.state === "failed" || entry.state === "removed") return undefined;
    return { type: "duplicate", item, ledgerId: entry.id };
  }

  #stage(item: MediaItem, files: readonly StagedFile[]): TransferOutcome {
    const identity = identityFor(item, files, this.#ledger);
    const ledgerId = this.#ledger.recordStaged(this.#runId, { identity, key: item.key }, files);
    this.#handedOn.add(ledgerId);
    return { type: "staged", staged: { ledgerId, item, identity, files, sizeBytes: bytesOf(item) } };
  }
}

/** Bytes that are known under a name of another kind, and are not in the destination, are another entry under this one. */
function identityFor(item: MediaItem, files: readonly StagedFile[], ledger: PhoneLedger): string {
  const identity = itemIdentity(files);
  const existing = ledger.itemWithIdentity(identity);
  return existing === undefined || isOfSameKind(existing, item) ? identity : `${identity}, other name`;
}

/**
 * Gives an item's copies their names.
 * @returns null; or, with nothing left of them, the outcome of each where the disk refused a name
 */
async function nameAll(copies: readonly PartialCopy[], disk: Disk): Promise<CopyOutcomes | null> {
  for (const [at, copy] of copies.entries()) {
    try {
      await nameCopy(copy, disk);
    } catch (error) {
      if (!(error instanceof OneFilesTrouble)) throw error;
      for (const { finalPath } of copies.slice(0, at)) removeOwnFile(finalPath);
      await discardAll(copies);
      return copies.map((one) => (one === copy ? { ...error.reason, path: copy.file.path } : one));
    }
  }
  return null;
}

/** Read from the copies, before they have their names. */
function isNoLivePhoto(item: MediaItem, copies: readonly PartialCopy[]): boolean {
  const at = item.files.findIndex(({ role }) => role === "live-movie");
  return at > 0 && areLivePhotoHalves(copies[0]!.partialPath, copies[at]!.partialPath) === "no";
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

/** The item with its files as they were when they were read, which may be later than they were listed. */
function asCopied(item: MediaItem, copies: readonly PartialCopy[]): MediaItem {
  return { ...item, files: item.files.map((file, at) => ({ ...file, file: copies[at]!.file })) };
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
  const entry = ledger.item(ledgerMatch.entry.id);
  const dated = dateForPhotos(item, clock.now().getTime()) ?? Number.NaN;
  for (const { role, file } of item.files) {
    const copy = entry.files.find(({ sha256 }) => sha256 === ledger.hashSeen(file));
    const isAt = (ms: number) => isWhole(copy!.copyPath, file.sizeBytes, ms);
    if (copy === undefined || !((await isAt(copy.modifiedAtMs)) || (await isAt(dated)))) return null;
    const { copyPath, sha256, fingerprint } = copy;
    files.push({ role, file, copyPath, sha256, fingerprint });
  }
  return { entry, files };
}

/** Why each file of an item stays behind when one of them could not be copied. */
function reasonsFor(item: MediaItem, outcomes: CopyOutcomes): Map<string, Reason> {
  const reasons = ownReasons(outcomes);
  const [named] = reasons.keys();
  for (const { file } of item.files) {
    if (reasons.has(file.path)) continue;
    reasons.set(file.path, {
      code: "ITEM_INCOMPLETE",
      message: `${named} belongs to the same photo and could not be copied`,
      remedy: "Fix the problem with that file, then run this again: the photo is then imported whole.",
    });
  }
  return reasons;
}

/** The files that could not be copied, and why. */
export function ownReasons(outcomes: CopyOutcomes): Map<string, Reason> {
  const reasons = new Map<string, Reason>();
  for (const outcome of outcomes) {
    if ("partialPath" in outcome) continue;
    const { path, code, message, remedy } = outcome;
    reasons.set(path, { code, message, remedy });
  }
  return reasons;
}

export async function discardAll(outcomes: readonly (PartialCopy | Reason)[]): Promise<void> {
  for (const outcome of outcomes) if (isPartialCopy(outcome)) await discardCopy(outcome);
}
