import { changeIds, countMatching, hideMatching, loseNewest } from "../library-accidents.js";
import { hasTwoFramesOfOneBurst } from "../offered-files.js";
import { type FaultTable, isEvent, type Trigger } from "./fault.js";

/** The library is not the one it was, or keeps its items in another way. */
export type LibraryFault =
  /** "Copy items to the Photos library" is off: originals stay where they were, and there is nothing in `originals`. */
  | ({ readonly name: "imports-references" } & Trigger)
  /** Of each burst scripts see only the first frame; all are in the database. */
  | ({ readonly name: "hides-burst-frames" } & Trigger)
  /**
   * Somebody opens another library, once: `path` (made if there is none; beside the first unless given). Photos is
   * relaunched for it unless `keepsProcess`. Only `VirtualPhotos.openLibrary` opens the first one again.
   */
  | ({
      readonly name: "library-switched";
      readonly path?: string;
      readonly keepsProcess?: boolean;
    } & Trigger)
  /** Somebody hides items, once: those whose name matches, else the newest. No script can fetch them any more. */
  | ({ readonly name: "hides-items"; readonly names?: string } & Trigger)
  /** What is imported is in the library at once, and the files of its originals only `lateByMs` later. */
  | ({ readonly name: "files-come-late"; readonly lateByMs: number } & Trigger)
  /** What is imported is seen by scripts at once, and its row is in the package's database only `lateByMs` later. */
  | ({ readonly name: "rows-come-late"; readonly lateByMs: number } & Trigger)
  /** When Photos is quit it loses the newest of what it took since it was started: so many `items` (1). */
  | ({ readonly name: "quit-loses-items"; readonly items?: number } & Trigger)
  /** Photos repairs its library, once: same bytes, new ids, files renamed. */
  | ({ readonly name: "ids-change" } & Trigger);

export const libraryFaults: FaultTable<LibraryFault> = {
  "imports-references": {
    seen: "Photos shows the pictures and keeps no copy of them.",
    source: 'Apple Photos help "Where are the photos I imported"; ZSAVEDASSETTYPE 10 in real libraries',
    examples: [{}],
    hook: () => ({ concerns: isEvent("import"), behavior: () => ({ keepsReferences: true }) }),
  },
  "hides-burst-frames": {
    seen: "Of a burst only one picture is shown.",
    source: "ZVISIBILITYSTATE 2 in real libraries; whether scripts see those frames is open",
    examples: [{}],
    hook: () => ({ concerns: hasTwoFramesOfOneBurst, behavior: () => ({ hidesBurstFrames: true }) }),
  },
  "library-switched": {
    seen: "Another library is open than the one the pictures went into.",
    source: "jablonkai/skills gotchas.md (what a script writes goes to the open library)",
    examples: [{}, { keepsProcess: true }],
    hook: ({ path, keepsProcess }) => ({
      usualTimes: 1,
      arrive: (_event, context) => {
        context.openLibrary(path ?? besides(context.library.path));
        if (!keepsProcess) context.application.end();
      },
    }),
  },
  "hides-items": {
    seen: "Pictures are moved to the Hidden album while the work goes on.",
    source: "osxphotos #1306",
    examples: [{}, { names: "^IMG_0002\\." }],
    hook: ({ names = null }) => ({
      usualTimes: 1,
      concerns: (_event, { library }) => countMatching(library, names) > 0,
      arrive: (_event, { library }) => hideMatching(library, names),
    }),
  },
  "files-come-late": {
    seen: "The pictures are shown, and their files are in the library only some time later.",
    source: "open: no public source says when the files are in their places",
    examples: [{ lateByMs: 45_000 }],
    hook: ({ lateByMs }) => ({
      concerns: isEvent("import"),
      behavior: () => ({ filesLateByMs: lateByMs }),
    }),
  },
  "rows-come-late": {
    seen: "The pictures are shown, and the library's database knows them only some time later.",
    source: "open: no public source says when a row that scripts see is in the file",
    examples: [{ lateByMs: 45_000 }],
    hook: ({ lateByMs }) => ({
      concerns: isEvent("import"),
      behavior: () => ({ rowsLateByMs: lateByMs }),
    }),
  },
  "quit-loses-items": {
    seen: "Photos is quit, and the last pictures that it took are not in the library.",
    source: "open: whether quitting loses items that an import returned (seen with a Photos that was killed)",
    examples: [{}, { items: 3 }],
    hook: ({ items = 1 }) => ({
      concerns: ({ event }, context) => event === "quit" && context.application.importedSinceLaunch > 0,
      before: (event, { library, application }) => {
        loseNewest(library, Math.min(items, application.importedSinceLaunch));
        return event;
      },
    }),
  },
  "ids-change": {
    seen: "After a repair the pictures are all there, under other ids.",
    source: "open: that a repair may change ids is unverified on macOS",
    examples: [{}],
    hook: () => ({
      usualTimes: 1,
      concerns: (_event, { library }) => countMatching(library, null) > 0,
      arrive: (_event, { library }) => changeIds(library),
    }),
  },
};

function besides(path: string): string {
  return `${path.replace(/\.photoslibrary$/, "")} (other).photoslibrary`;
}
