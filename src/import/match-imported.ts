import { EDIT_ROLES } from "../catalogue/file-roles.js";
import type { PhotosItem } from "../photos/photos-item.js";
import { hasEdits, type SentItem } from "./imported-item.js";

/** Which Photos item each file of each sent item became. */
interface Matched {
  /** By ledger id, then by path on the phone. Items with no match at all are absent. */
  readonly idsByItem: ReadonlyMap<number, ReadonlyMap<string, string>>;
  /** Items in Photos that no sent file accounts for, or more than one might. */
  readonly leftOver: readonly PhotosItem[];
  /** Items that nobody wanted besides the photo itself: the answer of no file. */
  readonly extra: readonly ExtraItem[];
}

/** An item that Photos made of the rendering of an edit, or a second time of an edited photo. */
export interface ExtraItem {
  readonly photo: PhotosItem;
  readonly ledgerId: number;
  /** On the phone. */
  readonly path: string;
}

interface SentCandidate {
  readonly path: string;
  readonly sizeBytes: number;
  readonly ledgerId: number;
  readonly isOfEdit: boolean;
  readonly isOfEditedItem: boolean;
}

/**
 * Pairs what went in with what came out, by file name. Photos promises neither order nor number. Where
 * several sent files have one name (an item that an earlier batch was given up on may still arrive), only
 * an equal size decides, and without one nobody gets it. A file without an item of its own belongs to its
 * item's original (the moving half of a Live Photo, a sidecar); where Photos kept two halves apart, each
 * has its own id. What became of the rendering of an edit is never the photo. Linear in both lists.
 */
export function matchImported(sent: readonly SentItem[], found: readonly PhotosItem[]): Matched {
  const byName = new Map<string, OfOneName>();
  for (const { ledgerId, files } of sent) {
    const isOfEditedItem = hasEdits(files);
    for (const { name, path, sizeBytes, role } of files) {
      const key = comparableName(name);
      const candidate = { path, sizeBytes, ledgerId, isOfEditedItem, isOfEdit: EDIT_ROLES.has(role) };
      const known = byName.get(key);
      if (known === undefined)
        byName.set(key, { only: candidate, bySize: new Map([[sizeBytes, candidate]]) });
      else {
        known.only = null;
        known.bySize.set(sizeBytes, known.bySize.has(sizeBytes) ? null : candidate);
      }
    }
  }

  const own = new Map<string, PhotosItem>();
  const leftOver: PhotosItem[] = [];
  const extra: ExtraItem[] = [];
  for (const photo of found) {
    const target = theOne(byName.get(comparableName(photo.filename)), photo);
    if (target === undefined) {
      leftOver.push(photo);
      continue;
    }
    const { path, ledgerId } = target;
    if (target.isOfEdit) {
      extra.push({ photo, ledgerId, path });
      continue;
    }
    const rival = own.get(path);
    // Two of one name: the one with the right size is it.
    const isBetter = rival?.sizeBytes !== target.sizeBytes && photo.sizeBytes === target.sizeBytes;
    if (rival === undefined || isBetter) own.set(path, photo);
    if (rival === undefined) continue;
    const other = isBetter ? rival : photo;
    if (target.isOfEditedItem) extra.push({ photo: other, ledgerId, path });
    else leftOver.push(other);
  }

  const idsByItem = new Map<number, Map<string, string>>();
  for (const { ledgerId, files } of sent) {
    const ids = new Map<string, string>();
    const originalId = files[0] === undefined ? undefined : own.get(files[0].path)?.id;
    for (const { path } of files) {
      const id = own.get(path)?.id ?? originalId;
      if (id !== undefined) ids.set(path, id);
    }
    if (ids.size > 0) idsByItem.set(ledgerId, ids);
  }
  return { idsByItem, leftOver, extra };
}

/** Sent files of one name. Null: several. */
interface OfOneName {
  only: SentCandidate | null;
  readonly bySize: Map<number, SentCandidate | null>;
}

function theOne(sent: OfOneName | undefined, { sizeBytes }: PhotosItem): SentCandidate | undefined {
  if (sent === undefined) return undefined;
  return sent.only ?? (sizeBytes === null ? undefined : (sent.bySize.get(sizeBytes) ?? undefined));
}

/**
 * Photos may show another case (upgraded and iCloud libraries) or another Unicode form. Capitals first: SS is what
 * becomes of one small letter, and never becomes that letter again.
 */
export function comparableName(name: string): string {
  return name.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}
