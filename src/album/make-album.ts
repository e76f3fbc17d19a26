import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.js";
import type { LedgerBetween } from "../ledger/ledger-between.js";
import type { PhotosAlbum } from "../photos/photos-item.js";
import type { PhotosLibrary } from "../photos/photos-library.js";
import { unlessAbsent } from "./album-for-sure.js";

/**
 * Makes an album of ours under a random name, or finds the one that an interrupted run was making. The
 * name is in the ledger before the event is sent, so that no crash leaves an album nobody knows of.
 */
export async function makeAlbum(
  photos: PhotosLibrary,
  ledger: LedgerBetween,
  runId: string,
  which: "album" | "journal",
  clock: Clock,
  signal?: AbortSignal,
): Promise<PhotosAlbum> {
  const pending = ledger.pendingAlbum(runId, which);
  if (pending !== null) {
    const find = async () => (await photos.findAlbums(pending, signal))[0] ?? null;
    const found = await unlessAbsent(find, clock, signal);
    if (found !== null) return found;
  }
  const name = `Rollcall ${randomBytes(6).toString("hex")}`;
  ledger.recordPendingAlbum(runId, which, name);
  return photos.createAlbum(name, signal);
}
