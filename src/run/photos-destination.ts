import { RollcallError } from "../errors.js";
import type { LedgerDatabase } from "../ledger/ledger-database.js";
import type { Destination } from "../ledger/ledger-entry.js";
import type { PhotosParts, PlanRequest } from "./run-parts.js";

/**
 * Which Photos library the ledger is asked about, without starting Photos: the one that was named, the
 * one that is open, else the one imported into last. Where runs are known of a library that Photos would
 * not name, and none of this one, they may be the same: the unnamed one is asked until that is settled.
 * @throws RollcallError PHOTOS_LIBRARY_SWITCHED when another library is open than the one that was named
 */
export async function photosDestination(
  parts: LibraryNowDeps,
  ledgerDatabase: LedgerDatabase,
  request: PlanRequest,
): Promise<Destination> {
  const named = await libraryNow(parts, request);
  if (named === null) return { kind: "photos", key: ledgerDatabase.lastPhotosKey() ?? "" };
  const isPerhapsUnnamed = !ledgerDatabase.hasImportedInto(named) && ledgerDatabase.hasImportedInto("");
  return { kind: "photos", key: isPerhapsUnnamed ? "" : named };
}

/** What tells which library is open, and touches none. */
type LibraryNowDeps = Pick<PhotosParts, "process" | "libraryAccess"> & {
  readonly signal?: AbortSignal | undefined;
};

/**
 * The library that is open or was named, by its one true path; null where neither is known. What only reads may name
 * another one than is open.
 * @throws RollcallError PHOTOS_LIBRARY_SWITCHED, STOPPED
 */
export async function libraryNow(
  { process, libraryAccess, signal }: LibraryNowDeps,
  request: Pick<PlanRequest, "libraryPath" | "onlyReads">,
): Promise<string | null> {
  const truePath = async (path: string) => (await libraryAccess.locate(path, signal)).path;
  const named = request.libraryPath === undefined ? null : await truePath(request.libraryPath);
  const open = await process.openLibrary(signal);
  const found = open === null ? null : await truePath(open);
  if (named === null || found === null || named === found) return found ?? named;
  if (request.onlyReads) return named;
  throw otherLibraryOpen(named, found);
}

/**
 * The library of a receipt that is to be looked at again. Reading a package sends Photos nothing, so it may have
 * another one open.
 * @param given.libraryPath what the person named
 * @param given.known what the receipt names; null where it names none
 * @param given.isMoved whether another package is the one that the receipt names, at its new place
 * @returns the package, null where nobody knows it; and why Photos cannot be asked about it, where it cannot
 * @throws RollcallError PHOTOS_LIBRARY_SWITCHED where another one was named than the receipt names; STOPPED
 */
export async function libraryToRead(
  deps: LibraryNowDeps,
  {
    libraryPath,
    known,
    isMoved,
  }: {
    readonly libraryPath: string | undefined;
    readonly known: string | null;
    readonly isMoved: (path: string) => Promise<boolean>;
  },
): Promise<{ inside: string | null; blocks: RollcallError | null }> {
  const open = await libraryNow(deps, {});
  const named = await libraryNow(deps, { libraryPath, onlyReads: true });
  const meant = libraryPath === undefined ? open : named;
  const isElsewhere = known !== null && meant !== null && meant !== known;
  // What happens to be open is looked into only where the receipt's own library is gone.
  const isGone = async () => (await deps.libraryAccess.locate(known!, deps.signal)).kind === "absent";
  const mayBeIt = isElsewhere && (libraryPath !== undefined || (await isGone()));
  const hasMoved = mayBeIt && (await isMoved(meant));
  if (isElsewhere && !hasMoved && libraryPath !== undefined) throw otherLibraryOpen(known, meant);
  const inside = isElsewhere && !hasMoved ? known : (meant ?? known);
  const isOther = inside !== null && open !== null && open !== inside;
  return { inside, blocks: isOther ? otherLibraryOpen(inside, open) : null };
}

export function otherLibraryOpen(expected: string, found: string): RollcallError {
  return new RollcallError("PHOTOS_LIBRARY_SWITCHED", {
    message: "Photos has another library open than the one this is about.",
    why: `It is about ${expected || "a library that Photos would not name"}; open is ${found}.`,
    remedy: "Open that one in Photos (hold Option while Photos starts), then run the same command again.",
  });
}
