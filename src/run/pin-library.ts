import { RollcallError } from "../errors.js";
import type { LedgerBetween } from "../ledger/ledger-between.js";
import type { Destination } from "../ledger/ledger-entry.js";
import type { PhotosLibrary } from "../photos/photos-library.js";
import { libraryNow, otherLibraryOpen } from "./plan-for-phone.js";
import type { ImportParts, ImportRequest } from "./run-parts.js";

/** One event each. */
const MOST_TO_ASK = 5;

/**
 * Which library Photos really has open, now that it is open, before anything is written into it. An
 * interrupted run stays with the library it began with. Where Photos will not say which one it has open, what
 * Rollcall put into the library before is looked for in it.
 * @param asked what the plan was made for
 * @param before the ledger between the phone and that
 * @returns the destination of this run
 * @throws RollcallError PHOTOS_LIBRARY_SWITCHED
 */
export async function pinLibrary(
  asked: Destination,
  before: LedgerBetween,
  { photos, process, ledger }: ImportParts,
  request: ImportRequest,
): Promise<Destination> {
  const library = await libraryNow(process, request);
  if (library === asked.key) return asked;
  if (library === null) {
    if (await isOther(before, photos)) throw unnamedOther(asked.key);
    return asked;
  }
  if (asked.key !== "") {
    if (before.openRun() !== null) throw otherLibraryOpen(asked.key, library);
    return { kind: "photos", key: library };
  }
  // Runs into a library without a name: an album of ours tells whether it is this one. Without that proof
  // its photos do not count as being here: a second copy is a nuisance, a photo believed to be here a loss.
  for (const id of before.albums.ourAlbumIds()) {
    if ((await photos.describeAlbum(id)) === null) continue;
    ledger.nameUnnamedLibrary(library);
    return { kind: "photos", key: library };
  }
  if (before.openRun() !== null) return asked;
  return { kind: "photos", key: library };
}

/**
 * True where the ledger knows albums or photos of ours in the library, and the open one has none of them. A person may
 * have deleted the albums, so a few photos are asked for, too.
 */
async function isOther(before: LedgerBetween, photos: PhotosLibrary): Promise<boolean> {
  const albumIds = before.albums.ourAlbumIds().slice(0, MOST_TO_ASK);
  for (const id of albumIds) if ((await photos.describeAlbum(id)) !== null) return false;
  const ids = before.newestPhotosIds(MOST_TO_ASK);
  return ids.length > 0 && (await photos.describeItems(ids)).size === 0;
}

function unnamedOther(expected: string): RollcallError {
  return new RollcallError("PHOTOS_LIBRARY_SWITCHED", {
    message: "Photos has another library open than the one this is about.",
    why: `Nothing of what Rollcall brought into ${expected || "the library of the runs before"} is in it.`,
    remedy:
      "Nothing was brought. Open the usual library in Photos (hold Option while Photos starts), or say which one is " +
      "open: --library PATH.",
  });
}
