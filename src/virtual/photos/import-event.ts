import { byId, type EventValue, isFileValue, isList } from "./apple-event.js";
import { appleSeconds } from "./apple-time.js";
import { cannotConvert, EventFailure, fileNotFound, handlerFailed } from "./event-failure.js";
import { groupForImport, type ImportGroup } from "./import-grouping.js";
import { keepItem } from "./keep-item.js";
import { addToAlbum } from "./library-albums.js";
import { hasNameAndSize } from "./library-assets.js";
import { lookAt, type OfferedFile } from "./offered-file.js";
import { idEndings } from "./photos-object.js";
import { albumKind, insertRow, newUuid, type VirtualLibrary } from "./virtual-library.js";

/** Somebody has to answer a sheet in Photos' window before anything goes on. */
export class SheetOpened extends Error {}

export interface ImportRequest {
  /** The direct parameter as it came. */
  readonly files: EventValue;
  readonly albumPk: number | null;
  readonly skipCheckDuplicates: boolean;
}

/**
 * The import event. Where Photos' manners are not known, the strict one was chosen, so that nobody relies on the
 * kind one: a file that is not there, or an AAE without its photo, makes the whole event fail and nothing comes in.
 * Files that are neither picture nor film are left out without a word (as users report), and an import that brings
 * nothing answers missing value.
 *
 * @returns the new items, in the order of their originals; null when nothing came in
 * @throws EventFailure -1700 for text in place of a file, -43 for a file that is not there, -10000 for a lonely AAE
 * @throws SheetOpened when duplicates are checked for and one is found; nothing came in
 */
export function importFiles(library: VirtualLibrary, request: ImportRequest, now: Date): EventValue {
  const paths = pathsOf(request.files);
  const { groups, lonelyAdjustments } = groupForImport(paths.map(lookAt));
  if (lonelyAdjustments.length > 0) throw new EventFailure(handlerFailed);
  if (groups.length === 0) return null;
  if (!request.skipCheckDuplicates && groups.some(({ original }) => isKnown(library, original))) {
    throw new SheetOpened();
  }
  return library.inTransaction(() => {
    const session = openSession(library, groups, now);
    const items = groups.map((group) => keepItem(library, group, session, now));
    if (request.albumPk !== null) {
      const pks = items.map((item) => item.pk);
      addToAlbum(library, request.albumPk, pks, now);
    }
    return items.map((item) => byId("mediaItems", `${item.uuid}${idEndings.mediaItem}`));
  });
}

function pathsOf(files: EventValue): string[] {
  const list = isList(files) ? files : [files];
  return list.map((value) => {
    if (!isFileValue(value)) throw new EventFailure(cannotConvert);
    // What a relative path would be relative to is not known: there is no such file.
    if (!value.file.startsWith("/")) throw new EventFailure(fileNotFound);
    return value.file;
  });
}

/** What Photos takes for a duplicate is not documented; osxphotos asks for the same name and size. */
function isKnown(library: VirtualLibrary, file: OfferedFile): boolean {
  return hasNameAndSize(library, file.name, file.sizeBytes);
}

/** Every import event is one entry under Imports. */
function openSession(library: VirtualLibrary, groups: readonly ImportGroup[], now: Date): number {
  const filmCount = groups.filter(
    ({ original }) => typeof original.type === "object" && original.type?.kind === "film",
  );
  const at = appleSeconds(now);
  return insertRow(library.database, library.schema, "ZGENERICALBUM", "ImportSession", {
    ZKIND: albumKind.importSession,
    ZUUID: newUuid(),
    ZIMPORTSESSIONID: newUuid(),
    ZTRASHEDSTATE: 0,
    ZCACHEDCOUNT: groups.length,
    ZCACHEDPHOTOSCOUNT: groups.length - filmCount.length,
    ZCACHEDVIDEOSCOUNT: filmCount.length,
    ZCUSTOMSORTASCENDING: 1,
    ZCUSTOMSORTKEY: 0,
    ZCREATIONDATE: at,
    ZSTARTDATE: at,
    ZENDDATE: at,
  });
}
