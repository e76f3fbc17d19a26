import type { NameComparison } from "./whose-test.js";

/**
 * What no public source settles, and what lasts for a whole run: a script must be right either way.
 * Everything absent is the strict choice.
 */
export interface StandingBehavior {
  readonly names?: NameComparison;
  /** Albums and folders answer to their bare UUID too, as media items do. */
  readonly acceptsBareUuids?: boolean;
  /** How `filename` is told; as it was given unless said. */
  readonly fileNames?: FileNames;
  /** `size` of a Live Photo counts its video too. */
  readonly liveSizeCountsBoth?: boolean;
  /** `size` is a 32-bit number. */
  readonly sizesWrap?: boolean;
  /** What an unknown property gives: an error number, or no value at all. */
  readonly unknownName?: -1708 | -1728 | "undefined";
  /** Raw events get the failures of Photos' handler as NSError, not in the reply. */
  readonly rawErrorsAsNsError?: boolean;
  /** A raw event's missing result is a descriptor of type `msng`, not absent. */
  readonly missingResultAsMsng?: boolean;
  /** A sheet: is `version()` answered under it, and does it block for good or end in -1712? */
  readonly sheetAnswersVersion?: boolean;
  readonly sheetBlocksForGood?: boolean;
  readonly language?: Language;
}

/** The letters taken apart (NFD), in capitals, with the ending that the package gives, or as missing value. */
export type FileNames = "decomposed" | "capitals" | "other-ending" | "absent";

export type Language = "de" | "fr" | "ja";
