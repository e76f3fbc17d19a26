import type { PhotosItem } from "../photos/photos-item.js";
import type { SentItem } from "./imported-item.js";

/** Which Photos item each file of each sent item became. */
export interface Matched {
  /** By ledger id, then by path on the phone. Items with no match at all are absent. */
  readonly idsByItem: ReadonlyMap<number, ReadonlyMap<string, string>>;
  /** Items in Photos that no sent file accounts for. */
  readonly leftOver: readonly PhotosItem[];
}

/**
 * Pairs what went in with what came out, by file name: no name occurs twice in what was sent. Photos
 * promises neither order nor number. A file without an item of its own belongs to its item's original
 * (the moving half of a Live Photo, a sidecar); where Photos kept two halves apart, each has its own id.
 * Linear in both lists.
 */
export function matchImported(sent: readonly SentItem[], found: readonly PhotosItem[]): Matched {
  const byName = new Map<string, { item: SentItem; path: string; sizeBytes: number }>();
  for (const item of sent) {
    for (const { name, path, sizeBytes } of item.files)
      byName.set(comparableName(name), { item, path, sizeBytes });
  }

  const own = new Map<string, PhotosItem>();
  const leftOver: PhotosItem[] = [];
  for (const photo of found) {
    const target = byName.get(comparableName(photo.filename));
    if (target === undefined) {
      leftOver.push(photo);
      continue;
    }
    const rival = own.get(target.path);
    // Two of one name: the one with the right size is it.
    const isBetter =
      rival !== undefined && rival.sizeBytes !== target.sizeBytes && photo.sizeBytes === target.sizeBytes;
    if (rival === undefined || isBetter) own.set(target.path, photo);
    if (rival !== undefined) leftOver.push(isBetter ? rival : photo);
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
  return { idsByItem, leftOver };
}

/** Photos may show another case (upgraded and iCloud libraries) or another Unicode form. */
export function comparableName(name: string): string {
  return name.normalize("NFC").toLowerCase();
}
