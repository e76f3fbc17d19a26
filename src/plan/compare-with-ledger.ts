import { fileNameOf } from "../catalogue/camera-file-names.js";
import { EDIT_ROLES } from "../catalogue/file-roles.js";
import type { FileRole, MediaItem } from "../catalogue/media-item.js";
import { hasRenderingBesideIt } from "../catalogue/rendering-apart.js";
import type { KnownItem } from "../ledger/ledger-entry.js";
import type { LedgerItems } from "../ledger/ledger-items.js";
import type { LedgerSightings } from "../ledger/ledger-sightings.js";
import { fileKind } from "../media/file-kinds.js";
import type { PhoneFile } from "../phone/phone.js";

/** What the plan asks of the ledger; {@link PhoneLedger} answers it. */
export interface LedgerMemory {
  readonly sightings: Pick<LedgerSightings, "hashSeen" | "wasSeenWithSize" | "wasSeenAt" | "isMarked">;
  readonly items: Pick<LedgerItems, "resemblesOtherPhones" | "importedFrom" | "itemsWithFile">;
}

/** The items of the phone by their keys, where they tell whose an entry of the ledger is. */
export type ItemsByKey = ReadonlyMap<string, MediaItem>;

export type LedgerMatch =
  /**
   * `isChanged`: a file of this path was read before, with another size or time. `isOwnEdit`: its original is in the
   * destination, of another photo that is on the phone too; with its edit it is a photo of its own.
   */
  | { readonly kind: "new"; readonly isChanged: boolean; readonly isOwnEdit: boolean }
  /** Copied before and not (yet) in: its copy may still lie in staging. */
  | { readonly kind: "begun"; readonly entry: KnownItem }
  /** In the destination, or sent there with an unknown end. `newEdits`: edit files the entry does not have. */
  | { readonly kind: "known"; readonly entry: KnownItem; readonly newEdits: readonly string[] }
  | { readonly kind: "marked"; readonly newEdits: readonly string[] };

/** One list for all items that have none. */
export const NO_EDITS: readonly string[] = [];

/**
 * Whether the ledger knows an item, without reading a byte of it. A file is recognised by path, size and
 * time standing for the hash that was read then; an item is known when one entry holds the hashes of all
 * its files. A file whose time changed has no hash here: the transfer reads it and asks again by hash.
 */
export function compareWithLedger(
  item: MediaItem,
  ledger: LedgerMemory,
  onPhone: ItemsByKey = NO_ITEMS,
): LedgerMatch {
  const hashes = new Map<PhoneFile, string | null>();
  for (const { file } of item.files) hashes.set(file, ledger.sightings.hashSeen(file));

  const original = item.files[0]!.file;
  const known = knownItem(item, hashes, ledger, onPhone);
  if (known?.kind === "known") return known;
  // A mark is a person's word; what the ledger knows is better, and is asked first.
  if (ledger.sightings.isMarked(original)) {
    const rest = item.files.filter(({ file }) => !ledger.sightings.isMarked(file));
    if (rest.every(({ role }) => EDIT_ROLES.has(role)))
      return { kind: "marked", newEdits: rest.map(({ file }) => file.path) };
  }
  const isChanged = hashes.get(original) === null && ledger.sightings.wasSeenAt(original.path);
  if (known?.kind === "own-edit") return { kind: "new", isChanged, isOwnEdit: true };
  return known ?? { kind: "new", isChanged, isOwnEdit: false };
}

const NO_ITEMS: ItemsByKey = new Map();
const OWN_EDIT = { kind: "own-edit" } as const;

function knownItem(
  item: MediaItem,
  hashes: ReadonlyMap<PhoneFile, string | null>,
  ledger: LedgerMemory,
  onPhone: ItemsByKey,
): LedgerMatch | typeof OWN_EDIT | undefined {
  const originalHash = hashes.get(item.files[0]!.file);
  if (originalHash == null) return undefined;
  let begun: KnownItem | undefined;
  let editedSince: LedgerMatch | typeof OWN_EDIT | undefined;
  for (const entry of ledger.items.itemsWithFile(originalHash)) {
    // Of another phone's photo only what came in counts: a part that Photos refused is in no library.
    const came = entry.isOtherPhones ? entry.files.filter(({ answer }) => answer !== "failed") : entry.files;
    const held = new Set(came.map(({ sha256 }) => sha256));
    if (!held.has(originalHash)) continue;
    const absent = item.files.filter(({ file }) => !held.has(hashes.get(file) ?? ""));
    if (entry.state === "staged" || entry.state === "failed") {
      // What came of it, or would, is about its name too: a video's name on a picture is refused.
      if (absent.length === 0 && isOfSameKind(entry, item)) begun = entry;
      continue;
    }
    if (absent.length === 0) return { kind: "known", entry, newEdits: NO_EDITS };
    if (absent.every(({ role, file }) => EDIT_ROLES.has(role) && !mayBeUnchanged(file, hashes, ledger))) {
      if (!isAnothers(entry, item, originalHash, ledger, onPhone))
        editedSince = { kind: "known", entry, newEdits: absent.map(({ file }) => file.path) };
      else editedSince ??= OWN_EDIT;
    }
  }
  return editedSince ?? (begun && { kind: "begun", entry: begun });
}

/** Whether the names of two items of the same bytes promise the same: a picture or a video. */
export function isOfSameKind({ key }: Pick<KnownItem, "key">, item: Pick<MediaItem, "key">): boolean {
  return kindOfName(key) === kindOfName(item.key);
}

function kindOfName(path: string) {
  const kind = fileKind(fileNameOf(path).extension);
  return kind === "video" ? "video" : "picture";
}

/** The photo that was imported is another item, which is on the phone beside this one: this is a copy that was edited. */
function isAnothers(
  { key }: KnownItem,
  item: MediaItem,
  originalHash: string,
  ledger: LedgerMemory,
  onPhone: ItemsByKey,
): boolean {
  if (key === item.key) return false;
  const other = onPhone.get(key);
  return other !== undefined && ledger.sightings.hashSeen(other.files[0]!.file) === originalHash;
}

/** Read before under this path and size, with another time: only its bytes can tell whether it changed. */
function mayBeUnchanged(
  file: PhoneFile,
  hashes: ReadonlyMap<PhoneFile, string | null>,
  ledger: LedgerMemory,
): boolean {
  return hashes.get(file) === null && ledger.sightings.wasSeenWithSize(file);
}

/**
 * True where an earlier run found that the halves of this item have no common identifier, and knows each by an
 * entry of its own: then it is planned as two. Ask only of an item that no one entry holds.
 */
export function isKnownApart(item: MediaItem, ledger: LedgerMemory): boolean {
  const video = item.files.find(({ role }) => role === "live-movie");
  if (video === undefined) return false;
  const stillHash = ledger.sightings.hashSeen(item.files[0]!.file);
  const videoHash = ledger.sightings.hashSeen(video.file);
  if (stillHash === null || videoHash === null || stillHash === videoHash) return false;
  const holds = (entry: KnownItem, hash: string) => entry.files.some(({ sha256 }) => sha256 === hash);
  const ofStill = ledger.items.itemsWithFile(stillHash);
  const ofVideo = ledger.items.itemsWithFile(videoHash);
  return (
    ofStill.some((entry) => !holds(entry, videoHash)) &&
    ofVideo.some((entry) => !holds(entry, stillHash)) &&
    !ofStill.some((entry) => holds(entry, videoHash))
  );
}

/**
 * True where an earlier run found the recipe of this item's edit damaged, and imported the rendering as a photo of its
 * own: one entry has the photo and the recipe, another the rendering.
 */
export function isRenderingKnownApart(item: MediaItem, ledger: LedgerMemory): boolean {
  if (!hasRenderingBesideIt(item)) return false;
  const hashOf = (wanted: FileRole) => {
    const file = item.files.find(({ role }) => role === wanted)?.file;
    return file === undefined ? null : ledger.sightings.hashSeen(file);
  };
  const [original, recipe, rendering] = [hashOf("original"), hashOf("adjustments"), hashOf("edited")];
  if (original === null || recipe === null || rendering === null) return false;
  const holds = (entry: KnownItem, hash: string) => entry.files.some(({ sha256 }) => sha256 === hash);
  const ofOriginal = ledger.items.itemsWithFile(original);
  return (
    ofOriginal.some((entry) => holds(entry, recipe)) &&
    !ofOriginal.some((entry) => holds(entry, rendering)) &&
    ledger.items.itemsWithFile(rendering).length > 0
  );
}
