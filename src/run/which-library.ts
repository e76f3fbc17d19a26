import type { Destination } from "../ledger/ledger-entry.js";
import type { KnownLibrary } from "../ledger/ledger-libraries.js";
import type { PhoneIdentity } from "../phone/phone.js";
import type { LibraryPackage, LibraryTrouble } from "../photos/library-package.js";
import { photosDestination } from "./photos-destination.js";
import { recallAll } from "./recall-known.js";
import type { ImportParts, PlanRequest } from "./run-parts.js";

/** So many of the newest albums and photos tell whether a library is the one that they were imported into. */
const MOST_TRACES = 50;

type WhichLibraryDeps = Pick<
  ImportParts,
  "ledgerDatabase" | "process" | "libraryAccess" | "originals" | "clock" | "report" | "signal"
> & { readonly phone: { readonly identity: PhoneIdentity } };

/**
 * Which library a run is about, as {@link photosDestination} finds it, and whether the one that lies there is the one
 * that the ledger knows. By its own id, where the package may be read: a new library in the place of the old one has
 * nothing of what was imported into that, and one that was moved has all of it. Where the package may not be read,
 * Photos tells, once it is open ({@link pinLibrary}).
 * @throws RollcallError PHOTOS_LIBRARY_SWITCHED, STOPPED
 */
export async function knownDestination(parts: WhichLibraryDeps, request: PlanRequest): Promise<Destination> {
  const destination = await photosDestination(parts, parts.ledgerDatabase, request);
  const { key } = destination;
  // Where no library could be read so far, macOS may ask a person about it: an import does that, no plan.
  if (key === "" || !parts.ledgerDatabase.libraries.hasNamed()) return destination;
  const library = await parts.originals.open(key, parts.signal);
  if (!("code" in library)) await resolveWhich(key, library, parts);
  return destination;
}

/** Which library it is that lies at a path, by its own id, and what of it the ledger knows. */
export async function resolveWhich(
  key: string,
  library: LibraryPackage,
  parts: WhichLibraryDeps,
): Promise<void> {
  const { ledgerDatabase, libraryAccess, signal } = parts;
  const { libraries } = ledgerDatabase;
  const id = await library.libraryId(signal);
  const here = libraries.at(key);
  if (id === null || here?.libraryId === id) return;
  const known = libraries.withId(id);
  if (known !== null) {
    const isGoneFromThere =
      known.isDisplaced || (await libraryAccess.locate(known.key, signal)).kind === "absent";
    if (isGoneFromThere) await resolveMoved(known, key, library, parts);
    // Both are there: this is a copy of it, and what came in since is in one of them only.
    else if (here !== null && here.libraryId !== null)
      resolveReplaced(key, null, `${key} is a copy of ${known.key}`, parts);
    return;
  }
  if (here === null) ledgerDatabase.ledgerFor(parts.phone.identity, { kind: "photos", key });
  else if (await holdsNothingOf(key, library, parts)) {
    // A person may have deleted all of it. Where no other id was known, Photos is asked for more, once it is open.
    if (here.libraryId === null) return;
    const seen = `${key} has another id than before, and nothing of what was imported is in it`;
    return resolveReplaced(key, id, seen, parts);
  }
  libraries.name(key, id);
}

/**
 * True where things were imported into the library at this path, and this one has none of them. The package's birth time
 * is not asked: a copy or a restore has a new one, and a new library in a folder that was kept has the old one.
 */
async function holdsNothingOf(
  key: string,
  library: LibraryPackage,
  { ledgerDatabase, signal }: WhichLibraryDeps,
): Promise<boolean> {
  const { albumIds, photosIds } = ledgerDatabase.tracesIn(key, MOST_TRACES);
  if (photosIds.length === 0) return false;
  const records = await library.openRecords(signal);
  if ("code" in records) return false;
  await using _closed = records;
  const isHere = (id: string) => records.standingOf(id) !== "absent";
  return !photosIds.some(isHere) && !albumIds.some((id) => records.hasAlbum(id));
}

/** Writes down the own id of the library of a run, where it may be read and was not known by one. */
export async function nameLibrary(
  key: string,
  library: LibraryPackage | LibraryTrouble,
  { ledgerDatabase, signal }: Pick<WhichLibraryDeps, "ledgerDatabase" | "signal">,
): Promise<void> {
  if (key === "" || "code" in library || ledgerDatabase.libraries.at(key)?.libraryId != null) return;
  const id = await library.libraryId(signal);
  // A copy of a library that is known elsewhere stays without.
  if (id !== null && ledgerDatabase.libraries.withId(id) === null) ledgerDatabase.libraries.name(key, id);
}

/**
 * Another library lies there now: what was imported into the one before is not believed to be in it.
 * @param seen what tells it, as a sentence
 */
export function resolveReplaced(
  key: string,
  libraryId: string | null,
  seen: string,
  { ledgerDatabase, clock, report }: Pick<WhichLibraryDeps, "ledgerDatabase" | "clock" | "report">,
): void {
  ledgerDatabase.libraries.replace(key, libraryId, clock.now());
  const message = `${seen}: nothing that was imported before counts as being in it`;
  report({ type: "notice", code: "LIBRARY_REPLACED", message });
}

/** The same library at another path. It may be a copy of long ago, so each photo is looked for in its database. */
async function resolveMoved(
  known: KnownLibrary,
  key: string,
  library: LibraryPackage,
  parts: WhichLibraryDeps,
): Promise<void> {
  const { ledgerDatabase, clock, signal, phone } = parts;
  ledgerDatabase.libraries.move(known, key, clock.now());
  const ledger = ledgerDatabase.ledgerFor(phone.identity, { kind: "photos", key });
  await recallAll(ledger, library, { clock, signal });
  reportMoved(known.key, key, parts);
}

export function reportMoved(from: string, key: string, { report }: Pick<WhichLibraryDeps, "report">): void {
  const where = from === key ? "is back at its place" : `is the library that was at ${from}`;
  const message = `${key} ${where}: what was imported into it is known`;
  report({ type: "notice", code: "LIBRARY_MOVED", message });
}
