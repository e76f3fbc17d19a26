import type { FileNames, Language, StandingBehavior } from "../standing-behavior.js";
import type { FaultTable, Hook } from "./fault.js";

/** What no source settles, the other way round; these last as long as they are switched on. */
export type OpenFault =
  | { readonly name: "compares-names-exactly" }
  | { readonly name: "accepts-bare-uuids" }
  | { readonly name: "live-size-counts-both" }
  | { readonly name: "sizes-wrap" }
  | { readonly name: "file-names-differ"; readonly as: FileNames }
  | { readonly name: "unknown-names-give"; readonly as: -1708 | "undefined" }
  | { readonly name: "raw-errors-as-nserror" }
  | { readonly name: "missing-result-as-msng" }
  /** Error texts in another language; the numbers stay. */
  | { readonly name: "speaks"; readonly language: Language };

const standing = (behavior: StandingBehavior): Hook => ({ concerns: () => false, standing: behavior });
const open = "open: no public source says which way";

export const openFaults: FaultTable<OpenFault> = {
  "compares-names-exactly": {
    seen: "Photos tells albums apart by case and by how an accent is spelled.",
    source: open,
    examples: [{}],
    hook: () => standing({ names: "exact" }),
  },
  "accepts-bare-uuids": {
    seen: "Photos finds albums by the first part of their id.",
    source: open,
    examples: [{}],
    hook: () => standing({ acceptsBareUuids: true }),
  },
  "live-size-counts-both": {
    seen: "The size of a Live Photo is that of picture and video together.",
    source: open,
    examples: [{}],
    hook: () => standing({ liveSizeCountsBoth: true }),
  },
  "sizes-wrap": {
    seen: "The size of a video above 4 GB is told wrongly.",
    source: open,
    examples: [{}],
    hook: () => standing({ sizesWrap: true }),
  },
  "file-names-differ": {
    seen: "Photos tells the names of pictures in another spelling than they were given, or not at all.",
    source: "osxphotos #1085, #1475 (Unicode forms); that it may be another one still is open",
    examples: [{ as: "decomposed" }, { as: "capitals" }, { as: "other-ending" }, { as: "absent" }],
    hook: ({ as }) => standing({ fileNames: as }),
  },
  "unknown-names-give": {
    seen: "What this Photos does not know gives another error, or nothing at all.",
    source: open,
    examples: [{ as: -1708 }, { as: "undefined" }],
    hook: ({ as }) => standing({ unknownName: as }),
  },
  "raw-errors-as-nserror": {
    seen: "Nothing; errors reach the script another way.",
    source: open,
    examples: [{}],
    hook: () => standing({ rawErrorsAsNsError: true }),
  },
  "missing-result-as-msng": {
    seen: "Nothing; an absent result reaches the script another way.",
    source: open,
    examples: [{}],
    hook: () => standing({ missingResultAsMsng: true }),
  },
  speaks: {
    seen: "Errors are told in the language of the system.",
    source: "alfred-mouseless-messenger #1, Retroactive #296 and others: texts differ, numbers do not",
    examples: [{ language: "de" }, { language: "fr" }, { language: "ja" }],
    hook: ({ language }) => standing({ language }),
  },
};
