import type { AppleEvent } from "./apple-event.js";

/**
 * How one import event is carried out. Everything absent: as Photos does in ordinary times, and where that is not
 * known, the strict way. Plain JSON: what Photos goes on with after a time-out is kept in the package with these.
 */
export interface ImportBehavior {
  /** Only the items from `from` (counted from 0) up to, and without, `to`; the rest is another piece's. */
  readonly from?: number;
  readonly to?: number;
  /** The pieces of one event are one import session, and what is in that is not imported again. */
  readonly session?: string;
  /** The album's members appear so long after the items; "never" even without a word. */
  readonly membersLateByMs?: number | "never";
  /** The originals stay where they are ("Copy items to the Photos library" is off). */
  readonly keepsReferences?: boolean;
  /** Items are there at once, and the files of their originals so long after them. */
  readonly filesLateByMs?: number;
  /** Scripts see items at once, and the package has their rows so long after that. */
  readonly rowsLateByMs?: number;
  /** Only the first frame of a burst can be seen by scripts. */
  readonly hidesBurstFrames?: boolean;
  /** This share of the items (0 to 1) does not come in, and nothing is said. */
  readonly drops?: { readonly share: number; readonly seed: number };
  /**
   * Fails with `number` when one of the files bears a name that matches, or shows an alert instead and never answers;
   * `importsEarlier`: what stands before it is in.
   */
  readonly poison?: {
    readonly names: string;
    readonly number: number;
    readonly isAlert?: boolean;
    readonly importsEarlier?: boolean;
  };
  /** Files that Photos cannot take, though they look sound: a regular expression over their names. */
  readonly unsupportedNames?: string;
  readonly unsupported?: "left-out" | "fails" | UnsupportedAlert;
  /** What becomes of edited photos that are not alone in their event, or `alone` too. */
  readonly edits?: EditBehavior;
  readonly vanishedFile?: "fails" | "left-out";
  readonly lonelyAdjustments?: "fails" | "left-out";
  /** Two pictures of one stem that are not one item. */
  readonly sameStem?: "both" | "one-left-out" | "fails";
  /** "Don't Import" was clicked over a duplicate: what the library knows stays out, the rest comes in. */
  readonly leavesOutKnown?: boolean;
  readonly answerForNothing?: "null" | "empty list";
  /** How the returned items are spelled, which is what their display strings show. */
  readonly spells?: "by-id" | "through-album" | "by-index";
}

/** An alert in Photos' window: the others come in before it, after somebody clicked OK, or not at all. */
export interface UnsupportedAlert {
  readonly alert: "others-first" | "others-after" | "others-never";
}

/** Of a share of the edited photos (0 to 1). */
export interface EditBehavior {
  /**
   * "dropped": the photo comes in as if it had never been edited. "apart": the rendering becomes a photo of its own,
   * and the photo shows its original. "copied": the same, and the photo is edited nevertheless.
   */
  readonly as: "dropped" | "apart" | "copied";
  readonly share: number;
  readonly seed: number;
  readonly alone: boolean;
}

/** An event that Photos was asked for and will carry out without anybody waiting. */
export interface HeldEvent {
  readonly event: AppleEvent;
  readonly behavior: ImportBehavior;
}

/** A sheet or an alert over Photos' window; until somebody answers it events wait. */
export interface Sheet {
  readonly kind: "duplicates" | "alert" | "notice";
  readonly text: string;
  /** What goes on when it is answered with `import` or `ok`. */
  readonly held: HeldEvent | null;
}

/** Somebody has to answer a sheet in Photos' window before anything goes on; nothing came in yet. */
export class SheetOpened extends Error {
  readonly sheet: Sheet;

  constructor(sheet: Sheet) {
    super(sheet.text);
    this.sheet = sheet;
  }
}
