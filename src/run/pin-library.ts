import { confirmAbsent } from "../album/find-album-confirmed.js";
import { RollcallError, stopped } from "../errors.js";
import type { Destination, LibraryTraces } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { advise, choose, IMPORT_RETRY, VERIFY } from "../remedy.js";
import { libraryNow, otherLibraryOpen } from "./photos-destination.js";
import type { SessionParts } from "./run-context.js";
import type { ImportRequest } from "./run-parts.js";
import { reportMoved, resolveReplaced, resolveWhich } from "./which-library.js";

/** One event each. */
const MOST_TO_ASK = 5;
const MOST_TO_ASK_THROUGHOUT = 60;

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
  before: PhoneLedger,
  parts: SessionParts,
  request: ImportRequest,
): Promise<Destination> {
  const { ledgerDatabase } = parts;
  const library = await libraryNow(parts, request);
  if (library !== null && library === asked.key && request.libraryPath !== undefined)
    await requireShownByPhotos(library, parts);
  if (library !== null && (await resolveOpened(library, before, parts)))
    return { kind: "photos", key: library };
  if (library === asked.key) return asked;
  const { albums } = before;
  const photosIds = before.items.newestPhotosIds(MOST_TO_ASK);
  if (library === null) {
    const albumIds = albums.ourAlbumIds().slice(0, MOST_TO_ASK);
    if (photosIds.length === 0) await requireNoOther(asked.key, parts);
    else if (!(await holdsOneOf(albumIds, photosIds, parts))) throw unnamedOther(asked.key);
    return asked;
  }
  if (asked.key !== "") {
    if (before.runs.open() !== null) throw otherLibraryOpen(asked.key, library);
    return { kind: "photos", key: library };
  }
  // Runs into a library without a name: what they left in it tells whether it is this one. Without that proof
  // its photos do not count as being here: a second copy is a nuisance, a photo believed to be here a loss.
  if (await holdsOneOf(albums.ourAlbumIds(), photosIds, parts)) {
    ledgerDatabase.nameUnnamedLibrary(library);
    return { kind: "photos", key: library };
  }
  if (before.runs.open() !== null) return asked;
  return { kind: "photos", key: library };
}

/**
 * The person named this library, and Photos may not have said which one it has open (unverified on macOS when). What the
 * package lists of what was imported into it has to be in Photos, or Photos has another one open.
 * @throws RollcallError PHOTOS_LIBRARY_SWITCHED, STOPPED
 */
async function requireShownByPhotos(key: string, parts: SessionParts): Promise<void> {
  const { ledgerDatabase, originals, process, signal } = parts;
  if (ledgerDatabase.countIn(key) === 0 || (await process.openLibrary(signal)) !== null) return;
  const libraryPackage = await originals.open(key, signal);
  const records = "code" in libraryPackage ? libraryPackage : await libraryPackage.openRecords(signal);
  if ("code" in records) return;
  await using _closed = records;
  const albumIds = ledgerDatabase.tracesIn(key, MOST_TO_ASK).albumIds.filter((id) => records.hasAlbum(id));
  // No script is shown a hidden one, and a person may have hidden the newest.
  const spread = ledgerDatabase.photosIdsThroughout(key, MOST_TO_ASK_THROUGHOUT);
  const photosIds = spread.filter((id) => records.standingOf(id) === "listed");
  if (photosIds.length === 0 || (await holdsOneOf(albumIds, photosIds, parts))) return;
  throw otherThanNamed(key);
}

/**
 * Whether the library that is open is the one that the ledger has at its path, or at another one.
 * @returns true where it is the one that the plan was made for, which lies elsewhere by now
 */
async function resolveOpened(key: string, before: PhoneLedger, parts: SessionParts): Promise<boolean> {
  const { ledgerDatabase, originals, signal } = parts;
  const libraryPackage = await originals.open(key, signal);
  if (!("code" in libraryPackage)) await resolveWhich(key, libraryPackage, parts);
  const isKnownById = !("code" in libraryPackage) && ledgerDatabase.libraries.at(key)?.libraryId != null;
  if (ledgerDatabase.countIn(key) > 0) {
    if (!isKnownById) await resolveReplacedByEvents(key, parts);
  } else if ("code" in libraryPackage) await resolveMovedByEvents(key, parts);
  return (
    before.destinationKey !== key && ledgerDatabase.libraries.at(key)?.destination === before.destination
  );
}

/**
 * Where its own id does not tell: none of a sample of what was imported into it is in it. That alone is no sign of another
 * library, since a person may have deleted all of it, and a repair may have given new ids. One that is far smaller than
 * what was imported, without an album by the title of ours, is taken for another.
 */
async function resolveReplacedByEvents(key: string, parts: SessionParts): Promise<void> {
  const { albumIds, photosIds } = parts.ledgerDatabase.tracesIn(key, MOST_TO_ASK);
  if (await holdsOneOf(albumIds, photosIds, parts)) return;
  // A person may have deleted the newest ones.
  const spread = parts.ledgerDatabase.photosIdsThroughout(key, MOST_TO_ASK_THROUGHOUT);
  if (await holdsOneOf([], spread, parts)) return;
  const items = await parts.session.askOnce.countItems(parts.signal);
  if (items * 2 < parts.ledgerDatabase.countIn(key) && !(await hasAlbumOfOurs(key, parts))) {
    const seen = `nothing of what was imported into ${key} is in it, and it holds ${items} photos`;
    resolveReplaced(key, null, seen, parts);
    return;
  }
  const message = `nothing of what was imported into ${key} is in it any more`;
  const remedy = advise`Where it is to come again: ${VERIFY}, then ${IMPORT_RETRY}`;
  parts.report({ type: "notice", code: "LIBRARY_HOLDS_NOTHING", message, remedy });
}

/** One under a title of ours, whatever its id is. */
async function hasAlbumOfOurs(
  key: string,
  { ledgerDatabase, session, signal }: SessionParts,
): Promise<boolean> {
  for (const title of ledgerDatabase.albumTitlesIn(key, MOST_TO_ASK))
    if ((await session.askOnce.findAlbums(title, signal)).length > 0) return true;
  return false;
}

/** The same: the newest that was imported into a library that is not at its path any more is in this one. */
async function resolveMovedByEvents(key: string, parts: SessionParts): Promise<void> {
  const { ledgerDatabase, libraryAccess, session, clock, signal } = parts;
  for (const other of ledgerDatabase.otherPhotosKeys(key).slice(0, MOST_TO_ASK)) {
    const known = ledgerDatabase.libraries.at(other);
    const { photosIds } = ledgerDatabase.tracesIn(other, MOST_TO_ASK);
    if (known === null || other === "" || photosIds.length === 0) continue;
    if ((await libraryAccess.locate(other, signal)).kind !== "absent") continue;
    if (!(await holdsOneOf([], photosIds, parts))) continue;
    const found = await session.askOnce.describeItems(photosIds, signal);
    if (!found.has(photosIds[0]!)) continue; // an older copy of it, without what came in last
    ledgerDatabase.libraries.move(known, key, clock.now());
    reportMoved(other, key, parts);
    return;
  }
}

/**
 * Nothing of this phone is known in the library that this is about. What came into it from other phones has to be in the
 * open one; where there is no such thing, nothing may be in it that was imported into another library: its photos would
 * come a second time.
 * @throws RollcallError PHOTOS_LIBRARY_SWITCHED
 */
async function requireNoOther(askedKey: string, parts: SessionParts): Promise<void> {
  const { ledgerDatabase } = parts;
  const isIn = ({ albumIds, photosIds }: LibraryTraces) => holdsOneOf(albumIds, photosIds, parts);
  const own = ledgerDatabase.tracesIn(askedKey, MOST_TO_ASK);
  if (own.photosIds.length > 0) {
    if (!(await isIn(own))) throw unnamedOther(askedKey);
    return;
  }
  for (const key of ledgerDatabase.otherPhotosKeys(askedKey).slice(0, MOST_TO_ASK))
    if (await isIn(ledgerDatabase.tracesIn(key, MOST_TO_ASK)))
      throw unnamedOther(
        askedKey,
        `It is about ${askedKey || "the library of the runs before"}; what Rollcall imported into ${key || "another one"} is in it.`,
      );
}

/**
 * True where the open library has one of these albums or photos; a person may have deleted the albums. A Photos that
 * has just started may show nothing for a while, so an absence is looked at again.
 */
async function holdsOneOf(
  albumIds: readonly string[],
  photosIds: readonly string[],
  { session, clock, signal, report }: Pick<SessionParts, "session" | "clock" | "signal" | "report">,
): Promise<boolean> {
  if (albumIds.length + photosIds.length === 0) return false;
  let looked = 0;
  const look = async () => {
    if (++looked === 2) report({ type: "notice", code: "PHOTOS_SHOWS_NOTHING", message: LOOKS_AGAIN });
    for (const id of albumIds) if ((await session.askOnce.describeAlbum(id, signal)) !== null) return true;
    return photosIds.length > 0 && (await session.askOnce.describeItems(photosIds, signal)).size > 0
      ? true
      : null;
  };
  const found = await confirmAbsent(look, clock, signal).catch((error: unknown) => {
    throw signal?.aborted ? stopped(signal) : error;
  });
  return found === true;
}

const LOOKS_AGAIN =
  "Photos shows nothing of what was imported before; one that has just started may show it later: looking again for " +
  "a quarter of a minute";

function otherThanNamed(named: string): RollcallError {
  return new RollcallError("PHOTOS_LIBRARY_SWITCHED", {
    message: "Photos has another library open than the one this is about.",
    why: `${named} has photos that Rollcall imported, and Photos shows none of them.`,
    remedy:
      "Nothing was imported. Open the one that you named in Photos (hold Option while Photos starts), then run the same " +
      "command again; or name the one that is open instead.",
  });
}

/** @param why what tells that it is another one; absent where nothing of this one is in it */
function unnamedOther(expected: string, why?: string): RollcallError {
  const asked = expected || "the library of the runs before";
  return new RollcallError("PHOTOS_LIBRARY_SWITCHED", {
    message: "Photos has another library open than the one this is about.",
    why: why ?? `It has nothing that Rollcall imported into ${asked}.`,
    remedy: advise`Nothing was imported. Open the usual library in Photos (hold Option while Photos starts), or say with ${choose("library")} which one is open.`,
  });
}
