import { EDIT_ROLES } from "../catalogue/file-roles.js";
import { itemIdentity } from "../catalogue/item-identity.js";
import { halvesApart } from "../catalogue/live-photos.js";
import type { MediaItem } from "../catalogue/media-item.js";
import { renderingApart } from "../catalogue/rendering-apart.js";
import type { Reason } from "../errors.js";
import { isInDoubt, type KnownItem } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { areLivePhotoHalves } from "../media/live-photo-halves.js";
import { removeOwnFile } from "../owned-file.js";
import { compareWithLedger, type ItemsByKey, isOfSameKind } from "../plan/compare-with-ledger.js";
import { bytesOf } from "../plan/decide.js";
import type { Decision } from "../plan/decision.js";
import { changedRecipe, isRecipeDamaged } from "./changed-recipe.js";
import {
  discardCopy,
  isPartialCopy,
  nameCopy,
  OneFilesTrouble,
  type PartialCopy,
  syncFoldersOf,
} from "./copy-file.js";
import type { Disk } from "./disk.js";
import type { StagedFile, TransferOutcome } from "./staged-item.js";

export type ToImport = Extract<Decision, { action: "import" }>;

/** One outcome for each file of an item, in the order of its files. */
export type CopyOutcomes = readonly (PartialCopy | (Reason & { readonly path: string }))[];

/** One item's copies, not yet under their names; or the copies of an earlier run, found whole. */
export interface Copied {
  readonly item: MediaItem;
  readonly cause: ToImport["cause"];
  readonly copies?: CopyOutcomes;
  readonly earlier?: { readonly entry: KnownItem; readonly files: readonly StagedFile[] };
}

export interface StagerDeps {
  readonly ledger: PhoneLedger;
  readonly runId: string;
  readonly disk: Disk;
  /** Import the edit of an original that turns out, by its bytes, to be known. */
  readonly edits: boolean;
  /** What the phone has, where it tells a copy that was edited from a photo that was edited since. */
  readonly onPhone?: ItemsByKey | undefined;
  /**
   * Whether the destination has this photo's original from elsewhere: the ledger then has it, without the edit. Asked
   * of copied items with an edit that is not wanted for a known original; absent where nobody can look.
   * @returns null where it has not, or has the whole
   */
  readonly recognise?:
    | ((item: MediaItem, files: readonly StagedFile[]) => Promise<KnownItem | null>)
    | undefined;
}

/** Decides, by hash now, what a copied item is; gives copies their names only where they are needed. */
export class Stager {
  readonly #ledger: PhoneLedger;
  readonly #runId: string;
  readonly #edits: boolean;
  readonly #disk: Disk;
  readonly #recognise: StagerDeps["recognise"];
  readonly #onPhone: ItemsByKey | undefined;
  /** What this call handed on to be imported: only of these can another item be the duplicate. */
  readonly #handedOn = new Set<number>();

  constructor({ ledger, runId, edits, disk, recognise, onPhone }: StagerDeps) {
    this.#disk = disk;
    this.#recognise = recognise;
    this.#onPhone = onPhone;
    this.#ledger = ledger;
    this.#runId = runId;
    this.#edits = edits;
  }

  async stage({ item, cause, copies: outcomes = [], earlier }: Copied): Promise<TransferOutcome> {
    const ledger = this.#ledger;
    if (earlier !== undefined)
      return this.#duplicateOf(earlier.entry, item) ?? this.#record(item, earlier.files);
    const copies = outcomes.filter((one) => "partialPath" in one);
    if (copies.length < outcomes.length) {
      await discardAll(copies);
      return { type: "failed", item, reasons: reasonsFor(item, outcomes) };
    }

    for (const copy of copies) ledger.sightings.record(copy.file, copy.sha256);
    if (await isRecipeDamaged(item, copies))
      return { type: "apart", item, parts: await this.#finishParts(renderingApart(item), cause, copies) };
    const reason = await changedRecipe(item, copies);
    return reason === null
      ? await this.#finishCopies(item, cause, copies)
      : await this.#finishWithoutEdit(item, cause, copies, reason);
  }

  /** The photo goes on without its edit, which answers with the reason. */
  async #finishWithoutEdit(
    item: MediaItem,
    cause: ToImport["cause"],
    copies: readonly PartialCopy[],
    reason: Reason,
  ): Promise<TransferOutcome> {
    const isEdit = (_copy: unknown, at: number) => EDIT_ROLES.has(item.files[at]!.role);
    const edits = copies.filter(isEdit);
    await discardAll(edits);
    const excludedFiles = new Map(edits.map(({ file }) => [file.path, reason]));
    const unedited = { ...item, files: item.files.filter(({ role }) => !EDIT_ROLES.has(role)) };
    const own = copies.filter((copy) => !edits.includes(copy));
    const outcome = await this.#finishCopies(unedited, cause, own);
    if (outcome.type === "failed") return outcome;
    if (outcome.type !== "apart") return { ...outcome, excludedFiles };
    const [still, ...videos] = outcome.parts;
    const parts =
      still === undefined || still.type === "failed"
        ? outcome.parts
        : [{ ...still, excludedFiles }, ...videos];
    return { ...outcome, parts };
  }

  async #finishCopies(
    item: MediaItem,
    cause: ToImport["cause"],
    copies: readonly PartialCopy[],
  ): Promise<TransferOutcome> {
    const ledger = this.#ledger;
    const ledgerMatch = compareWithLedger(asCopied(item, copies), ledger, this.#onPhone);
    if (ledgerMatch.kind === "known" && !this.#isWanted(ledgerMatch, cause)) {
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
      const parts = await this.#finishParts(halvesApart(item), cause, copies);
      return { type: "apart", item, parts };
    }
    const files = copies.map((copy, at): StagedFile => {
      const { file, finalPath, sha256, fingerprint } = copy;
      return { role: item.files[at]!.role, file, copyPath: finalPath, sha256, fingerprint };
    });
    const existing = ledger.items.itemWithIdentity(identityFor(item, files, ledger));
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
    return this.#record(item, files);
  }

  /** Each with its own copies; a part may come apart once more. */
  async #finishParts(
    parts: readonly MediaItem[],
    cause: ToImport["cause"],
    copies: readonly PartialCopy[],
  ): Promise<TransferOutcome[]> {
    const copyOf = new Map(copies.map((copy) => [copy.file.path, copy]));
    const outcomes: TransferOutcome[] = [];
    for (const part of parts) {
      const own = part.files.map(({ file }) => copyOf.get(file.path)!);
      const outcome = await this.#finishCopies(part, cause, own);
      if (outcome.type === "apart") for (const one of outcome.parts) outcomes.push(one);
      else outcomes.push(outcome);
    }
    return outcomes;
  }

  #isWanted(
    { entry, newEdits }: { entry: KnownItem; newEdits: readonly string[] },
    cause: ToImport["cause"],
  ): boolean {
    if (newEdits.length > 0) return this.#edits;
    return cause === "again" && isInDoubt(entry);
  }

  #duplicateOf(entry: KnownItem, item: MediaItem): TransferOutcome | undefined {
    // Handed on once in this call, it is not handed on again, whatever the entry said when it was read.
    if (this.#handedOn.has(entry.id)) return { type: "duplicate", item, ledgerId: entry.id };
    const isOther = entry.key !== item.key && entry.runId === this.#runId;
    if (!isOther || (entry.state === "staged" && !this.#handedOn.has(entry.id))) return undefined;
    if (entry.state === "failed" || entry.state === "removed") return undefined;
    return { type: "duplicate", item, ledgerId: entry.id };
  }

  #record(item: MediaItem, files: readonly StagedFile[]): TransferOutcome {
    const identity = identityFor(item, files, this.#ledger);
    const ledgerId = this.#ledger.recordStaged(this.#runId, { identity, key: item.key }, files);
    this.#handedOn.add(ledgerId);
    return { type: "staged", staged: { ledgerId, item, identity, files, sizeBytes: bytesOf(item) } };
  }
}

/** Bytes that are known under a name of another kind, and are not in the destination, are another entry under this one. */
function identityFor(item: MediaItem, files: readonly StagedFile[], ledger: PhoneLedger): string {
  const identity = itemIdentity(files);
  const existing = ledger.items.itemWithIdentity(identity);
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

/** The item with its files as they were when they were read, which may be later than they were listed. */
function asCopied(item: MediaItem, copies: readonly PartialCopy[]): MediaItem {
  return { ...item, files: item.files.map((file, at) => ({ ...file, file: copies[at]!.file })) };
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
