import type { LedgerBetween } from "../ledger/ledger-between.js";
import type { Destination } from "../ledger/ledger-entry.js";
import { libraryNow, otherLibraryOpen } from "./plan-for-phone.js";
import type { ImportParts, ImportRequest } from "./run-parts.js";

/**
 * Which library Photos really has open, now that it is open, before anything is written into it. An
 * interrupted run stays with the library it began with.
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
  if (library === null || library === asked.key) return asked;
  if (asked.key !== "") {
    if (before.openRun() !== null) throw otherLibraryOpen(asked.key, library);
    return { kind: "photos", key: library };
  }
  // Runs into a library without a name: an album of ours tells whether it is this one. Without that proof
  // its photos do not count as being here: a second copy is a nuisance, a photo believed to be here a loss.
  for (const id of before.ourAlbumIds()) {
    if ((await photos.describeAlbum(id)) === null) continue;
    ledger.nameUnnamedLibrary(library);
    return { kind: "photos", key: library };
  }
  if (before.openRun() !== null) return asked;
  return { kind: "photos", key: library };
}
