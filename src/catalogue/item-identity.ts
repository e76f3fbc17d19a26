import { createHash } from "node:crypto";
import type { FileRole } from "./media-item.js";

/**
 * What makes two sightings the same item: the bytes of all its files, and nothing else. Names, folders, times
 * and roles do not count, so a renamed photo is known again, and IMG_0001 of two folders are two items. An item
 * that gained or lost a file (an edit since) is another one.
 *
 * @param files every file of the item; `sha256` as 64 lower-case hex digits
 * @returns SHA-256, as hex, over the files' hashes in ascending order, each followed by a line feed. A hash that
 *   occurs twice counts twice.
 */
export function itemIdentity(files: readonly { role: FileRole; sha256: string }[]): string {
  const hashes = files.map((file) => file.sha256).sort();
  const identity = createHash("sha256");
  for (const hash of hashes) identity.update(`${hash}\n`);
  return identity.digest("hex");
}
