import { type AppleEvent, byId, type EventValue, isFileValue, isList } from "./apple-event.js";
import { appleSeconds } from "./apple-time.js";
import { cannotConvert, EventFailure, fileNotFound, handlerFailed } from "./event-failure.js";
import { type ImportBehavior, type Sheet, SheetOpened } from "./import-behavior.js";
import { groupForImport, type ImportGroup, oneOfEachStem } from "./import-grouping.js";
import { seenByScripts } from "./late-rows.js";
import { hasNameAndSize } from "./library-assets.js";
import { lookAt, type OfferedFile } from "./offered-file.js";
import { chanceOf } from "./seeded-chance.js";
import { withSpoiltEdits } from "./spoilt-edits.js";
import { type StoredItem, storeItem } from "./store-item.js";
import { albumKind, insertRow, newUuid, type VirtualLibrary } from "./virtual-library.js";

interface ImportEventResult {
  /** The new items, in the order of their originals; one that no script can see is among them. */
  readonly items: readonly StoredItem[];
  /** Opens when the items are in, before anybody is answered. */
  readonly sheet: Sheet | null;
}

/**
 * The import event, without its album. Where Photos' manners are not known, the strict one is the usual one, so that
 * nobody relies on the kind one: a file that is not there, or an AAE without its photo, makes the whole event fail and
 * nothing comes in. Files that are neither picture nor video are left out without a word (as users report), and so are
 * those that come with other send options than the default, which Photos in its sandbox may not read.
 *
 * @throws EventFailure -1700 for text in place of a file, -43 for a file that is not there, -10000 for a lonely AAE
 * @throws SheetOpened when duplicates are checked for and one is found; nothing came in
 */
export function importFiles(
  library: VirtualLibrary,
  event: AppleEvent,
  behavior: ImportBehavior,
  now: Date,
): ImportEventResult {
  const { groups: offered, unsupported } = groupsOf(event, behavior);
  const groups = behavior.leavesOutKnown ? offered.filter((group) => !isKnown(library, group)) : offered;
  const sheet = alertOver(event, unsupported, behavior);
  if (event.parameters.skipCheckDuplicates !== true && groups.some((group) => isKnown(library, group))) {
    const text = "Some of these items are already in your library.";
    throw new SheetOpened({ kind: "duplicates", text, held: { event, behavior } });
  }
  return library.inTransaction(() => {
    const poisonAt = poisonPlace(groups, behavior);
    if (poisonAt >= 0 && behavior.poison?.isAlert) {
      throw new SheetOpened({ kind: "alert", text: "Photos cannot import this item.", held: null });
    }
    if (poisonAt >= 0 && !behavior.poison?.importsEarlier) throw new EventFailure(poisonNumber(behavior));
    const end = Math.min(behavior.to ?? groups.length, poisonAt < 0 ? groups.length : poisonAt);
    const session = sessionOf(library, groups, behavior, now);
    const from = behavior.from ?? 0;
    const bursts = new Set<string>();
    const fresh = groups
      .slice(Math.max(from, session.imported.length), end)
      .map((group) => storeItem(library, group, { session: session.pk, now, bursts, behavior }));
    const items = [...session.imported.slice(from, end), ...fresh];
    return { items, sheet };
  });
}

/** Thrown after what stands before the poison file came in. */
export function failureAfter(event: AppleEvent, behavior: ImportBehavior): EventFailure | null {
  if (!behavior.poison?.importsEarlier) return null;
  return poisonPlace(groupsOf(event, behavior).groups, behavior) < 0
    ? null
    : new EventFailure(poisonNumber(behavior));
}

/** How many items the event would import; 0 where it would fail. */
export function countComing(event: AppleEvent, behavior: ImportBehavior): number {
  try {
    return groupsOf(event, behavior).groups.length;
  } catch (error) {
    if (error instanceof EventFailure || error instanceof SheetOpened) return 0;
    throw error;
  }
}

/** The items of an import event that a script gets as its answer. */
export function answerOf(
  items: readonly StoredItem[],
  album: EventValue,
  firstIndex: number,
  behavior: ImportBehavior,
): EventValue {
  if (items.length === 0) return behavior.answerForNothing === "empty list" ? [] : null;
  return items.map(({ uuid }, index) => {
    const id = `${uuid}/L0/001`;
    const plain = byId("mediaItems", id);
    if (behavior.spells === "by-index") {
      const of = { form: "every", element: "mediaItems", from: { form: "application" } } as const;
      return { object: { form: "index", index: firstIndex + index, of } };
    }
    if (behavior.spells !== "through-album" || typeof album !== "object" || album === null) return plain;
    if (!("object" in album)) return plain;
    return { object: { form: "id", id, of: { form: "every", element: "mediaItems", from: album.object } } };
  });
}

/** NSAppleEventSendDefaultOptions: only these let a sandboxed receiver read the files that an event names. */
const sendDefaultOptions = 35;

function groupsOf(event: AppleEvent, behavior: ImportBehavior) {
  if ((event.sendOptions ?? sendDefaultOptions) !== sendDefaultOptions)
    return { groups: [], unsupported: [] };
  const files = pathsOf(event.direct).flatMap((path) => {
    try {
      return [lookAt(path)];
    } catch (error) {
      const isGone = error instanceof EventFailure && error.number === fileNotFound;
      if (isGone && behavior.vanishedFile === "left-out") return [];
      throw error;
    }
  });
  const refused =
    behavior.unsupportedNames === undefined ? null : new RegExp(behavior.unsupportedNames, "iu");
  const offered = files.map((file) => (refused?.test(file.name) ? { ...file, type: null } : file));
  const { groups, lonelyAdjustments, unsupported } = groupForImport(offered);
  // The sidecar of a photo that was refused by name goes with it; what happens otherwise is not known.
  const isRefused = ({ stem }: OfferedFile) =>
    unsupported.some((file) => file.stem === stem && refused?.test(file.name));
  const orphans = lonelyAdjustments.filter((file) => !isRefused(file));
  if (orphans.length > 0 && behavior.lonelyAdjustments !== "left-out") throw new EventFailure(handlerFailed);
  return { groups: coming(groups, behavior), unsupported };
}

function coming(offered: readonly ImportGroup[], behavior: ImportBehavior): readonly ImportGroup[] {
  const groups = behavior.edits === undefined ? offered : withSpoiltEdits(offered, behavior.edits);
  let left = groups;
  if (behavior.sameStem === "one-left-out" || behavior.sameStem === "fails") {
    left = oneOfEachStem(groups);
    if (left.length < groups.length && behavior.sameStem === "fails") throw new EventFailure(handlerFailed);
  }
  const { drops } = behavior;
  return drops === undefined
    ? left
    : left.filter((_group, index) => chanceOf(drops.seed, index) >= drops.share);
}

function alertOver(
  event: AppleEvent,
  unsupported: readonly OfferedFile[],
  behavior: ImportBehavior,
): Sheet | null {
  const [first] = unsupported;
  if (first === undefined || behavior.unsupported === undefined || behavior.unsupported === "left-out")
    return null;
  if (behavior.unsupported === "fails") throw new EventFailure(handlerFailed);
  const { alert } = behavior.unsupported;
  const text = `"${first.name}": unrecognizable file format or invalid data.`;
  if (alert === "others-first") return { kind: "alert", text, held: null };
  const held =
    alert === "others-after" ? { event, behavior: { ...behavior, unsupported: "left-out" as const } } : null;
  throw new SheetOpened({ kind: "alert", text, held });
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
function isKnown(library: VirtualLibrary, { original }: ImportGroup): boolean {
  return hasNameAndSize(library, original.name, original.sizeBytes);
}

function poisonPlace(groups: readonly ImportGroup[], { poison }: ImportBehavior): number {
  if (poison === undefined) return -1;
  const names = new RegExp(poison.names, "iu");
  return groups.findIndex((group) =>
    Object.values(group).some((file) => file !== null && names.test(file.name)),
  );
}

function poisonNumber({ poison }: ImportBehavior): number {
  return poison?.number ?? handlerFailed;
}

/** Every import event is one entry under Imports, however many pieces it comes in. */
function sessionOf(
  library: VirtualLibrary,
  groups: readonly ImportGroup[],
  behavior: ImportBehavior,
  now: Date,
): { pk: number; imported: StoredItem[] } {
  const { database } = library;
  const open = database
    .prepare(
      `SELECT Z_PK pk FROM ZGENERICALBUM WHERE ZKIND = ${albumKind.importSession} AND ZIMPORTSESSIONID = ?`,
    )
    .get(behavior.session ?? null) as { pk: number } | undefined;
  if (open !== undefined) {
    const inIt = `SELECT Z_PK pk, ZUUID uuid FROM ${seenByScripts(library)} WHERE ZIMPORTSESSION = ? ORDER BY Z_PK`;
    return { pk: open.pk, imported: database.prepare(inIt).all(open.pk) as unknown as StoredItem[] };
  }
  if (groups.length === 0) return { pk: 0, imported: [] };
  const videoCount = groups.filter(
    ({ original }) => typeof original.type === "object" && original.type?.kind === "video",
  ).length;
  const at = appleSeconds(now);
  const pk = insertRow(library.database, library.schema, "ZGENERICALBUM", "ImportSession", {
    ZKIND: albumKind.importSession,
    ZUUID: newUuid(),
    ZIMPORTSESSIONID: behavior.session ?? newUuid(),
    ZTRASHEDSTATE: 0,
    ZCACHEDCOUNT: groups.length,
    ZCACHEDPHOTOSCOUNT: groups.length - videoCount,
    ZCACHEDVIDEOSCOUNT: videoCount,
    ZCUSTOMSORTASCENDING: 1,
    ZCUSTOMSORTKEY: 0,
    ZCREATIONDATE: at,
    ZSTARTDATE: at,
    ZENDDATE: at,
  });
  return { pk, imported: [] };
}
