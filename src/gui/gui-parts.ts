import type { Clock } from "../clock.js";
import type { LedgerDatabase } from "../ledger/ledger-database.js";
import type { PhoneFinder } from "../phone/phone-watch.js";
import type { ReceiptFolder } from "../receipt/receipt-folder.js";
import type { FinishedRun, PhotosParts } from "../run/run-parts.js";
import type { DoctorLine, Remedy } from "./page/server-state.js";

/** An open data folder, with nobody else at work in it. */
interface OpenData {
  readonly ledgerDatabase: LedgerDatabase;
  /** Private: short-lived copies of the phone's database. */
  readonly workFolder: string;
}

/** What the page stands on; handed in, so that `rollcall demo gui` and the tests use the same seams. */
export interface GuiParts {
  readonly version: string;
  readonly clock: Clock;
  readonly finder: PhoneFinder;
  readonly photos: PhotosParts;
  readonly receipts: ReceiptFolder;
  readonly stagingFolder: string;
  /**
   * Opens the data folder for one piece of work, and closes it again.
   * @throws RollcallError ANOTHER_ROLLCALL, and what else keeps it from being opened
   */
  withData<Result>(work: (data: OpenData) => Promise<Result>): Promise<Result>;
  /** Makes the staging folder, and removes what cut-off runs left half copied in it. */
  prepareStaging(): Promise<void>;
  readonly deeds: GuiDeeds;
}

/** What the page can have done besides an import. Null: this computer cannot. */
interface GuiDeeds {
  /** How an import ended. Called while the ledger is open. */
  inShort(finished: FinishedRun): RunInShort;
  /** How long Photos took for an item in earlier imports; null where nobody knows. */
  earlierMsPerItem(): Promise<number | null>;
  readonly eject: ((udid: string, signal: AbortSignal) => Promise<string>) | null;
  /** Shows an album in Photos, by its id. @returns whether Photos took it */
  readonly showAlbum: ((id: string, signal: AbortSignal) => Promise<boolean>) | null;
  readonly automatic: {
    /** What switching it on writes, in a sentence. */
    readonly writes: string;
    isOn(udid: string): Promise<boolean>;
    /** @throws RollcallError where the phone cannot be approved, or what starts imports cannot be set up */
    set(udid: string, on: boolean, signal: AbortSignal): Promise<void>;
  } | null;
  /** Looks today for what a receipt says. */
  verify(receipt: string, progress: CheckProgress, signal: AbortSignal): Promise<CheckEnd>;
  /** What may leave the phone, as a page in the manner of a receipt. */
  safeToRemove(progress: CheckProgress, signal: AbortSignal): Promise<CheckEnd>;
  doctor(signal: AbortSignal): Promise<readonly DoctorLine[]>;
}

/** How an import ended. */
interface RunInShort {
  /** "412 new photos, all proved" */
  readonly summary: string;
  readonly remedy: Remedy | null;
  /** The command would end with a status that is not 0. */
  readonly isTrouble: boolean;
  readonly isSafeToUnplug: boolean;
}

/** Is told how far a check is; `of` is null where that is not known. */
export type CheckProgress = (done: number, of: number | null) => void;

export interface CheckEnd {
  readonly summary: string;
  /** A page to show: whole HTML with a policy of its own; null where there is none. */
  readonly html: string | null;
}
