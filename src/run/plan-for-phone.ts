import type { Catalogue, MediaItem } from "../catalogue/media-item.js";
import { readPhoneLibrary } from "../catalogue/phone-library.js";
import { readCatalogue } from "../catalogue/read-catalogue.js";
import { RollcallError } from "../errors.js";
import type { Ledger } from "../ledger/ledger.js";
import type { LedgerBetween } from "../ledger/ledger-between.js";
import type { Destination } from "../ledger/ledger-entry.js";
import { decide } from "../plan/decide.js";
import type { Plan } from "../plan/decision.js";
import type { ICloudLook } from "../plan/icloud-look.js";
import { needsPhoneLibrary, requireAlbum } from "../plan/require-album.js";
import { requireFolder } from "../plan/require-folder.js";
import type { Selection } from "../plan/selection.js";
import { type LookForICloud, lookForICloud } from "./look-for-icloud.js";
import { withPicked } from "./picked.js";
import type { ImportParts, PhotosParts, PlanRequest, Questions, RunParts } from "./run-parts.js";

/**
 * What an import with this request would do to each item, and why. Nothing is changed, Photos is not started, and
 * nothing is read but the phone's own database and the recipes of edits that have no AAE.
 * @throws RollcallError PHONE_LIBRARY_UNREADABLE, PHOTOS_LIBRARY_SWITCHED, NO_SUCH_ALBUM, BAD_USAGE, and whatever ends
 *   the connection to the phone
 */
export async function planForPhone(parts: ImportParts, request: PlanRequest): Promise<Plan> {
  const catalogue = await readWholeCatalogue(parts, request);
  const destination = await photosDestination(parts, parts.ledger, request);
  const between = parts.ledger.between(parts.phone.identity, destination);
  const help = { questions: null, look: lookForICloud(parts.originals, parts.signal) };
  const { plan } = await withPicked(request, (selection) =>
    planImport(catalogue, between, { ...request, selection }, help),
  );
  return plan;
}

/**
 * Phone to catalogue. `isOptional`: go on without the phone's database, with a notice, unless the selection is by
 * what only it knows.
 * @throws RollcallError NO_SUCH_ALBUM, BAD_USAGE as {@link requireAlbum}; NO_SUCH_FOLDER
 */
export async function readWholeCatalogue(
  parts: RunParts,
  options: {
    readonly selection: Selection;
    readonly withoutPhoneLibrary: boolean;
    readonly isOptional?: boolean;
    readonly icloud?: PlanRequest["icloud"];
  },
): Promise<Catalogue> {
  const { selection, withoutPhoneLibrary } = options;
  if (withoutPhoneLibrary) requireAlbum(selection, null);
  const { phone, report, signal, workFolder } = parts;
  report({ type: "phone", phone: phone.identity, cableBitsPerSecond: parts.cableBitsPerSecond ?? null });
  const isOptional = options.isOptional === true && !needsPhoneLibrary(selection);
  const phoneLibrary = withoutPhoneLibrary
    ? null
    : await readPhoneLibrary(phone, { workFolder, signal }).catch((error: unknown) => {
        const isUnreadable = error instanceof RollcallError && error.code === "PHONE_LIBRARY_UNREADABLE";
        if (!isUnreadable || !isOptional) throw error;
        const message = `${error.message} ${error.why ?? ""} Trashed and hidden pictures come along, and all files outside DCIM; what is in iCloud only cannot be named.`;
        report({ type: "notice", code: error.code, message });
        return null;
      });
  if (phoneLibrary !== null) requireAlbum(selection, phoneLibrary.summary);
  const catalogue = await readCatalogue(phone, {
    phoneLibrary,
    // A copy of files takes everything along; photos that may come from iCloud are not brought twice unasked.
    outsideDcim: options.isOptional === true ? "take" : options.icloud === "bring" ? "bring" : "name",
    ...(signal && { signal }),
    onProgress: (files) => report({ type: "listing", files }),
  });
  requireFolder(selection, catalogue);
  return catalogue;
}

/**
 * Which Photos library the ledger is asked about, without starting Photos: the one that was named, the
 * one that is open, else the one imported into last. Where runs are known of a library that Photos would
 * not name, and none of this one, they may be the same: the unnamed one is asked until that is settled.
 * @throws RollcallError PHOTOS_LIBRARY_SWITCHED when another library is open than the one that was named
 */
export async function photosDestination(
  parts: LibraryNowDeps,
  ledger: Ledger,
  request: PlanRequest,
): Promise<Destination> {
  const named = await libraryNow(parts, request);
  if (named === null) return { kind: "photos", key: ledger.lastPhotosKey() ?? "" };
  const isPerhapsUnnamed = !ledger.hasImportedInto(named) && ledger.hasImportedInto("");
  return { kind: "photos", key: isPerhapsUnnamed ? "" : named };
}

/** What tells which library is open, and touches none. */
export type LibraryNowDeps = Pick<PhotosParts, "process" | "libraryAccess"> & {
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
 * @returns the package, null where nobody knows it; and why Photos cannot be asked about it, where it cannot
 * @throws RollcallError PHOTOS_LIBRARY_SWITCHED where another one was named than the receipt names; STOPPED
 */
export async function libraryToRead(
  deps: LibraryNowDeps,
  { libraryPath, known }: { readonly libraryPath: string | undefined; readonly known: string | null },
): Promise<{ inside: string | null; hinders: RollcallError | null }> {
  const open = await libraryNow(deps, {});
  const named = await libraryNow(deps, { libraryPath, onlyReads: true });
  const inside = libraryPath === undefined ? (known ?? open) : named;
  if (known !== null && inside !== null && inside !== known) throw otherLibraryOpen(known, inside);
  const isOther = inside !== null && open !== null && open !== inside;
  return { inside, hinders: isOther ? otherLibraryOpen(inside, open) : null };
}

export function otherLibraryOpen(expected: string, found: string): RollcallError {
  return new RollcallError("PHOTOS_LIBRARY_SWITCHED", {
    message: "Photos has another library open than the one this is about.",
    why: `It is about ${expected || "a library that Photos would not name"}; open is ${found}.`,
    remedy: "Open that one in Photos (hold Option while Photos starts), then run the same command again.",
  });
}

/** What a plan may ask besides the catalogue and the ledger. */
export interface PlanHelp {
  readonly questions: Questions | null;
  /** Null: the library is not looked at, and nothing is said of it. */
  readonly look: LookForICloud | null;
}

/**
 * Catalogue and ledger to plan. Where new photos would stay with iCloud Photos the library is looked at first; then a
 * person is asked about them, once for a phone and library, if someone is there.
 */
export async function planImport(
  catalogue: Catalogue,
  between: LedgerBetween,
  request: PlanRequest,
  { questions, look: lookAtLibrary }: PlanHelp,
): Promise<Plan> {
  const { selection, edits, again } = request;
  const earlier = between.choice("icloud");
  let chosen = request.icloud ?? (earlier === "bring" || earlier === "skip" ? earlier : undefined);
  const planOf = (look: ICloudLook | null) => {
    const icloud = { icloud: chosen ?? "skip", isICloudChosen: chosen !== undefined, look } as const;
    return between.asOfNow(() => decide(catalogue, between, { selection, edits, again, ...icloud }));
  };
  const first = planOf(null);
  if (first.leftToICloud === undefined || lookAtLibrary === null) return first;
  const look = await lookAtLibrary(between.destinationKey, syncedItems(catalogue));
  const looked = planOf(look);
  if (chosen !== undefined || questions === null) return looked;
  chosen = await questions.chooseICloud(looked.leftToICloud ?? first.leftToICloud);
  between.recordChoice("icloud", chosen);
  return planOf(look);
}

function syncedItems({ items }: Catalogue): MediaItem[] {
  return items.filter(({ cloud, trashed }) => cloud === "synced" && !trashed);
}
