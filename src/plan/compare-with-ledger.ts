import type { FileRole, MediaItem } from "../catalogue/media-item.js";
import type { KnownItem } from "../ledger/ledger-entry.js";
import type { PhoneFile } from "../phone/phone.js";

/** What the plan asks of the ledger; {@link LedgerBetween} answers it. */
export interface LedgerMemory {
  hashSeen(file: PhoneFile): string | null;
  wasSeenWithSize(file: PhoneFile): boolean;
  wasSeenAt(path: string): boolean;
  isMarked(file: PhoneFile): boolean;
  itemsWithFile(sha256: string): KnownItem[];
}

export type Familiarity =
  /** `isChanged`: a file of this path was read before, with another size or time. */
  | { readonly kind: "new"; readonly isChanged: boolean }
  /** Copied before and not (yet) in: its copy may still lie in staging. */
  | { readonly kind: "begun"; readonly entry: KnownItem }
  /** In the destination, or sent there with an unknown end. `newEdits`: edit files the entry does not have. */
  | { readonly kind: "known"; readonly entry: KnownItem; readonly newEdits: readonly string[] }
  | { readonly kind: "marked"; readonly newEdits: readonly string[] };

/** One list for all items that have none. */
export const NO_EDITS: readonly string[] = [];
/** What of an item is its edit: it may be new while the rest is known. */
export const EDIT_ROLES: ReadonlySet<FileRole> = new Set(["adjustments", "edited", "edited-live-movie"]);

/**
 * Whether the ledger knows an item, without reading a byte of it. A file is recognised by path, size and
 * time standing for the hash that was read then; an item is known when one entry holds the hashes of all
 * its files. A file whose time changed has no hash here: the transfer reads it and asks again by hash.
 */
export function compareWithLedger(item: MediaItem, ledger: LedgerMemory): Familiarity {
  const hashes = new Map<PhoneFile, string | null>();
  for (const { file } of item.files) hashes.set(file, ledger.hashSeen(file));

  const original = item.files[0]!.file;
  const known = knownItem(item, hashes, ledger);
  if (known?.kind === "known") return known;
  // A mark is a person's word; what the ledger knows is better, and is asked first.
  if (ledger.isMarked(original)) {
    const rest = item.files.filter(({ file }) => !ledger.isMarked(file));
    if (rest.every(({ role }) => EDIT_ROLES.has(role)))
      return { kind: "marked", newEdits: rest.map(({ file }) => file.path) };
  }
  const isChanged = hashes.get(original) === null && ledger.wasSeenAt(original.path);
  return known ?? { kind: "new", isChanged };
}

function knownItem(
  item: MediaItem,
  hashes: ReadonlyMap<PhoneFile, string | null>,
  ledger: LedgerMemory,
): Familiarity | undefined {
  const originalHash = hashes.get(item.files[0]!.file);
  if (originalHash == null) return undefined;
  let begun: KnownItem | undefined;
  let editedSince: Familiarity | undefined;
  for (const entry of ledger.itemsWithFile(originalHash)) {
    const held = new Set(entry.files.map(({ sha256 }) => sha256));
    const absent = item.files.filter(({ file }) => !held.has(hashes.get(file) ?? ""));
    if (entry.state === "staged" || entry.state === "failed") {
      if (absent.length === 0) begun = entry;
      continue;
    }
    if (absent.length === 0) return { kind: "known", entry, newEdits: NO_EDITS };
    if (absent.every(({ role, file }) => EDIT_ROLES.has(role) && !mayBeUnchanged(file, hashes, ledger))) {
      editedSince = { kind: "known", entry, newEdits: absent.map(({ file }) => file.path) };
    }
  }
  return editedSince ?? (begun && { kind: "begun", entry: begun });
}

/** Read before under this path and size, with another time: only its bytes can tell whether it changed. */
function mayBeUnchanged(
  file: PhoneFile,
  hashes: ReadonlyMap<PhoneFile, string | null>,
  ledger: LedgerMemory,
): boolean {
  return hashes.get(file) === null && ledger.wasSeenWithSize(file);
}

/**
 * True where an earlier run found that the halves of this item have no common identifier, and knows each by an
 * entry of its own: then it is planned as two. Ask only of an item that no one entry holds.
 */
export function isKnownApart(item: MediaItem, ledger: LedgerMemory): boolean {
  const movie = item.files.find(({ role }) => role === "live-movie");
  if (movie === undefined) return false;
  const stillHash = ledger.hashSeen(item.files[0]!.file);
  const movieHash = ledger.hashSeen(movie.file);
  if (stillHash === null || movieHash === null || stillHash === movieHash) return false;
  const holds = (entry: KnownItem, hash: string) => entry.files.some(({ sha256 }) => sha256 === hash);
  const ofStill = ledger.itemsWithFile(stillHash);
  const ofMovie = ledger.itemsWithFile(movieHash);
  return (
    ofStill.some((entry) => !holds(entry, movieHash)) &&
    ofMovie.some((entry) => !holds(entry, stillHash)) &&
    !ofStill.some((entry) => holds(entry, movieHash))
  );
}
