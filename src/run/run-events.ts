import type { ErrorCode } from "../errors.js";
import type { PhoneIdentity } from "../phone/phone.js";
import type { Remedy } from "../remedy.js";

/** Everything a run can report while it is on. Text, JSON lines and tests are readers of it. */
export type RunEvent =
  /**
   * The phone is not ready, or went away; again when the reason has become another. `phone` ends the wait where it
   * was not open before, `going-on` where it was: Photos may go on meanwhile.
   */
  | {
      readonly type: "waiting";
      readonly code: ErrorCode;
      readonly message: string;
      readonly remedy: Remedy;
      /** How long it is waited at most, from now. */
      readonly leftMs: number;
    }
  /** The phone is open. Bits a second as the cable was seen; null where nobody says. */
  | { readonly type: "phone"; readonly phone: PhoneIdentity; readonly cableBitsPerSecond?: number | null }
  /** The phone is back, and reading resumes where it was. */
  | { readonly type: "going-on" }
  /** Files listed so far. */
  | { readonly type: "listing"; readonly files: number }
  /** Copies in the folder with another date than they were given: their bytes are read, so many of them so far. */
  | {
      readonly type: "checking";
      readonly copies: number;
      readonly bytes: number;
      readonly readBytes: number;
    }
  | {
      readonly type: "begun";
      readonly runId: string;
      readonly isContinued: boolean;
      readonly items: number;
      readonly bytes: number;
      /** Null for a folder, or where Photos would not say. */
      readonly library: string | null;
    }
  | { readonly type: "copied"; readonly items: number; readonly bytes: number }
  /** So many items more than `begun` said, so far: halves of one name that are no Live Photo are two items. */
  | { readonly type: "apart"; readonly items: number }
  /** Photos was sent a batch; the next `imported` ends the wait. */
  | { readonly type: "importing"; readonly items: number; readonly bytes: number }
  /** Photos is asked what came in, and to put it into the album; `verified` ends the wait. */
  | { readonly type: "settling"; readonly items: number }
  /**
   * All is imported and looked at: the Photos that Rollcall started is being quit, or has ended, and the library is read
   * once more; `receipt` ends the wait.
   */
  | { readonly type: "ending"; readonly doing: "quitting-photos" | "reading-library" }
  /** Photos is ended and started anew, by Rollcall. */
  | { readonly type: "relaunching"; readonly because: string }
  | { readonly type: "imported"; readonly items: number }
  /** Items of this run whose bytes were read inside the library so far, and are those from the phone. */
  | { readonly type: "proved"; readonly items: number }
  | { readonly type: "album"; readonly name: string; readonly length: number }
  | { readonly type: "verified"; readonly items: number }
  /** Something a person should know that stops nothing. */
  | { readonly type: "notice"; readonly code: string; readonly message: string; readonly remedy?: Remedy }
  | { readonly type: "receipt"; readonly path: string };

/** How far one item has come, for whoever shows each. The receipt has what it answers in the end, which may be another. */
export interface ItemProgress {
  /** Its key within the catalogue of this run. */
  readonly item: string;
  readonly answer: "copied" | "imported" | "proved" | "failed";
  /** Of one that failed. */
  readonly reason: string | null;
}

/** Is told of each item, and returns at once. */
export type ReportItem = (progress: ItemProgress) => void;

/** Is told everything that a run reports, in order, and returns at once: the run waits for it. */
export type Report = (event: RunEvent) => void;
