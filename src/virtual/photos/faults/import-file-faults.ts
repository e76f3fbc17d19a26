import { connectionInvalid, EventFailure, handlerFailed } from "../event-failure.js";
import type { UnsupportedAlert } from "../import-behavior.js";
import {
  hasFile,
  hasLonelyAdjustments,
  hasOneStemTwice,
  hasUnsupported,
  namesVanishedFile,
} from "../offered-files.js";
import { type FaultTable, isEvent, type Trigger } from "./fault.js";

/** What Photos makes of single files of an import event. `names` are regular expressions over file names. */
export type ImportFileFault =
  /**
   * One file fails every batch that it is in: with a number, by an alert that waits for OK, or by killing Photos.
   * `importsEarlier`: what stood before it is in.
   */
  | ({
      readonly name: "poison-file";
      readonly names: string;
      readonly manner?: "fails" | "alert" | "kills";
      readonly number?: number;
      readonly importsEarlier?: boolean;
    } & Trigger)
  /** Files that Photos does not take, besides those that are no pictures: without a word, all with them, or by alert. */
  | ({
      readonly name: "unsupported-file";
      readonly names?: string;
      readonly manner: "left-out" | "fails" | UnsupportedAlert;
    } & Trigger)
  /** A share (0.3 unless given) of the items does not come in, nothing is said, and the answer lacks them. */
  | ({ readonly name: "import-drops-some"; readonly share?: number } & Trigger)
  | ({ readonly name: "vanished-file-spares-others" } & Trigger)
  | ({ readonly name: "lonely-aae-spares-others" } & Trigger)
  /** Two pictures of one stem in one call that are not one item. */
  | ({ readonly name: "one-of-each-stem"; readonly manner: "one-left-out" | "fails" } & Trigger);

export const importFileFaults: FaultTable<ImportFileFault> = {
  "poison-file": {
    seen: "One picture cannot be imported, and every batch it is in fails.",
    source: "osxphotos #2126, #1970; codez/ImportPhotoFolders #27",
    examples: [
      { names: "^IMG_0002\\." },
      { names: "^IMG_0002\\.", importsEarlier: true },
      { names: "^IMG_0002\\.", manner: "alert" },
      { names: "^IMG_0002\\.", manner: "kills" },
    ],
    hook: ({ names, manner = "fails", number = handlerFailed, importsEarlier = false }) => ({
      concerns: (event) => hasFile(event, names),
      behavior: () => ({ poison: { names, number, importsEarlier, isAlert: manner === "alert" } }),
      before: (event, context) => {
        if (manner === "kills") {
          context.application.end();
          throw new EventFailure(connectionInvalid);
        }
        return event;
      },
    }),
  },
  "unsupported-file": {
    seen: "Photos does not take one of the files: it skips it, refuses all, or shows an alert and waits.",
    source: "jablonkai/skills gotchas.md (skipped); osxphotos #1970, codez/ImportPhotoFolders #27 (alert)",
    examples: [
      { names: "^IMG_0002\\.", manner: "left-out" },
      { names: "^IMG_0002\\.", manner: "fails" },
      { names: "^IMG_0002\\.", manner: { alert: "others-first" } },
      { names: "^IMG_0002\\.", manner: { alert: "others-after" } },
      { names: "^IMG_0002\\.", manner: { alert: "others-never" } },
    ],
    hook: ({ names, manner }) => ({
      concerns: (event) => hasUnsupported(event, names),
      behavior: () => ({ unsupported: manner, ...(names !== undefined && { unsupportedNames: names }) }),
    }),
  },
  "import-drops-some": {
    seen: "Some of the pictures are not imported, and Photos says nothing.",
    source: "osxphotos #2126; open how often",
    examples: [{}, { share: 0.6, seed: 7 }, { share: 1, times: 1 }],
    hook: ({ share = 0.3 }) => ({
      concerns: isEvent("import"),
      behavior: (context) => ({ drops: { share, seed: Math.floor(context.chance(0) * 2 ** 31) } }),
    }),
  },
  "vanished-file-spares-others": {
    seen: "A file has gone before Photos reads it, and Photos imports the others.",
    source: "open: no public source says which way",
    examples: [{}],
    hook: () => ({ concerns: namesVanishedFile, behavior: () => ({ vanishedFile: "left-out" }) }),
  },
  "lonely-aae-spares-others": {
    seen: "An edit without its picture is refused, and Photos imports the others.",
    source: "open; osxphotos #1736",
    examples: [{}],
    hook: () => ({ concerns: hasLonelyAdjustments, behavior: () => ({ lonelyAdjustments: "left-out" }) }),
  },
  "one-of-each-stem": {
    seen: "Of two pictures with one name but for the ending, Photos takes one, or none of the batch.",
    source: "open; osxphotos #2075",
    examples: [{ manner: "one-left-out" }, { manner: "fails" }],
    hook: ({ manner }) => ({ concerns: hasOneStemTwice, behavior: () => ({ sameStem: manner }) }),
  },
};
