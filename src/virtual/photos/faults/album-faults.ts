import { type AppleEvent, isList, isSpecifierValue } from "../apple-event.js";
import { cannotConvert, EventFailure, noSuchObject, notModifiable } from "../event-failure.js";
import { containerByUuid, membersOf } from "../library-albums.js";
import { countAssets } from "../library-assets.js";
import type { VirtualLibrary } from "../virtual-library.js";
import { type FaultTable, isEvent, isWrite, type Trigger } from "./fault.js";

/** Albums, and writing in general, do not do as they were told or do not say so. */
export type AlbumFault =
  /** The album is made and the answer is missing value (Photos 12). */
  | ({ readonly name: "make-returns-nothing" } & Trigger)
  /** The album is made and the event fails with -1700 (Photos 12). */
  | ({ readonly name: "make-fails-though-made" } & Trigger)
  /** The answer is missing value, and the album is there only `lateByMs` later. */
  | ({ readonly name: "make-appears-late"; readonly lateByMs: number } & Trigger)
  /**
   * `add` leaves some out without a word: every other item, or with a seed about `share` (0.5) of them and at least
   * one. Only the first time, unless `times` says otherwise.
   */
  | ({ readonly name: "add-drops-some"; readonly share?: number } & Trigger)
  /** What was imported `into` an album is in the album only some time after the event has answered. */
  | ({ readonly name: "into-shows-late"; readonly lateByMs: number } & Trigger)
  /** What was imported `into` an album is never in it. */
  | ({ readonly name: "into-does-nothing" } & Trigger)
  /** Asking an album without items for a property of all of them fails with -1728. */
  | ({ readonly name: "empty-album-fails" } & Trigger)
  /** The library is read-only: every write is ignored, or fails with `number`. */
  | ({ readonly name: "ignores-writes"; readonly number?: -10003 | -10006 } & Trigger);

export const albumFaults: FaultTable<AlbumFault> = {
  "make-returns-nothing": {
    seen: "The new album is there, and Photos does not say so.",
    source: "jablonkai/skills gotchas.md (Photos 12)",
    examples: [{}],
    hook: () => ({ concerns: isEvent("make"), after: () => null }),
  },
  "make-fails-though-made": {
    seen: "Photos says that the new album could not be made, and it is there.",
    source: "jablonkai/skills gotchas.md (Photos 12)",
    examples: [{}],
    hook: () => ({
      concerns: isEvent("make"),
      after: () => {
        throw new EventFailure(cannotConvert);
      },
    }),
  },
  "make-appears-late": {
    seen: "The new album shows up only after some seconds.",
    source: "jablonkai/skills scripts/ph-album.py (looks for up to 10 s)",
    examples: [{ lateByMs: 3000 }],
    hook: ({ lateByMs }) => ({
      concerns: isEvent("make"),
      before: (event, context) => {
        context.postpone(event, lateByMs);
        return null;
      },
    }),
  },
  "add-drops-some": {
    seen: "Some pictures are missing from the album they were added to.",
    source: "PhotoScript #24",
    examples: [{}, { seed: 7 }, { share: 1, seed: 7 }, { times: 3, seed: 11 }],
    hook: ({ share = 0.5, seed }) => ({
      usualTimes: 1,
      concerns: (event) => event.event === "add" && isList(event.direct),
      before: (event, context) => {
        if (!isList(event.direct)) return event;
        const always = Math.floor(context.chance(0) * event.direct.length);
        const isKept = (index: number) =>
          seed === undefined ? index % 2 === 0 : index !== always && context.chance(index + 1) >= share;
        return { ...event, direct: event.direct.filter((_item, index) => isKept(index)) };
      },
    }),
  },
  "into-shows-late": {
    seen: "Imported pictures are in the library at once and in their album only later.",
    source: "open: no public source says which way",
    examples: [{ lateByMs: 3000 }],
    hook: ({ lateByMs }) => ({
      concerns: isEvent("import"),
      behavior: () => ({ membersLateByMs: lateByMs }),
    }),
  },
  "into-does-nothing": {
    seen: "Imported pictures are in the library and not in the album they were meant for.",
    source: "dvankley/google-to-apple-photos-album-mapper README (2021)",
    examples: [{}],
    hook: () => ({ concerns: isEvent("import"), behavior: () => ({ membersLateByMs: "never" }) }),
  },
  "empty-album-fails": {
    seen: "Photos fails when it is asked what an album holds that has nothing in it.",
    source: "open: an empty list is usual, -1728 is how other programs of Cocoa scripting answer",
    examples: [{}],
    hook: () => ({
      concerns: (event, { library }) => isOfEmptyAlbum(event, library),
      before: () => {
        throw new EventFailure(noSuchObject);
      },
    }),
  },
  "ignores-writes": {
    seen: "The library can be looked at and not changed; Photos may not even say so.",
    source: "jablonkai/skills gotchas.md (a restored library, silently); that it may fail instead is open",
    examples: [{}, { number: notModifiable }, { number: -10006 }],
    hook: ({ number }) => ({
      concerns: isWrite,
      before: () => {
        if (number !== undefined) throw new EventFailure(number);
        return null;
      },
    }),
  },
};

/** `album.mediaItems.filename()` and the like, of an album that was named by its id. */
function isOfEmptyAlbum({ event, direct }: AppleEvent, library: VirtualLibrary): boolean {
  const asked = isSpecifierValue(direct) && direct.object.form === "property" ? direct.object.from : null;
  if (event !== "get" || asked?.form !== "every" || asked.from.form !== "id") return false;
  const album = containerByUuid(library, asked.from.id.slice(0, 36));
  return album?.kind === "album" && countAssets(library, membersOf(library, album.pk)) === 0;
}
