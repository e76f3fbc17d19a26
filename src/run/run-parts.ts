import type { Clock } from "../clock.js";
import type { BatchLimits } from "../import/batches.js";
import type { LedgerDatabase } from "../ledger/ledger-database.js";
import type { Phone } from "../phone/phone.js";
import type { LibraryAccess } from "../photos/library-access.js";
import type { LibraryPackages } from "../photos/library-package.js";
import type { PhotosLibrary } from "../photos/photos-library.js";
import type { PhotosProcess } from "../photos/photos-process.js";
import type { Plan } from "../plan/decision.js";
import type { LeftToICloud } from "../plan/icloud-look.js";
import type { Selection } from "../plan/selection.js";
import type { Answer } from "../receipt/answer.js";
import type { ReceiptHead } from "../receipt/receipt.js";
import type { ReceiptFolder } from "../receipt/receipt-folder.js";
import type { Report, ReportItem } from "./run-events.js";

/** What every run stands on; handed in, so that the demo and the tests use the same seams. */
export interface RunParts {
  readonly phone: Phone;
  /** Of the cable it is on, for the forecast; null or absent where nobody says. */
  readonly cableBitsPerSecond?: number | null;
  readonly ledgerDatabase: LedgerDatabase;
  readonly receipts: ReceiptFolder;
  readonly clock: Clock;
  /** Private and there: short-lived copies of the phone's database. */
  readonly workFolder: string;
  readonly toolVersion: string;
  readonly report: Report;
  readonly signal?: AbortSignal | undefined;
}

/** The ways to Photos. */
export interface PhotosParts {
  readonly photos: PhotosLibrary;
  readonly process: PhotosProcess;
  /** The second witness: what Photos kept, read without an event. */
  readonly originals: LibraryPackages;
  /** Touches a library package first, where macOS may ask a person about it. */
  readonly libraryAccess: LibraryAccess;
}

/** What an import stands on besides. */
export interface ImportParts extends RunParts, PhotosParts {
  /** Private and there. Each run has a folder of its own below it. */
  readonly stagingFolder: string;
  /** Null where nobody is there to ask. */
  readonly questions: Questions | null;
  /** Absent where nobody shows each photo. */
  readonly reportItem?: ReportItem | undefined;
  /** Which macOS this is, as the kernel says ("Darwin 25.1.0" is macOS 26.1); that of this computer unless given. */
  readonly systemRelease?: string | undefined;
}

/** What a person is asked once for a phone and a library. */
export interface Questions {
  confirmFirstRun(plan: Plan, library: string | null): Promise<boolean>;
  chooseICloud(left: LeftToICloud): Promise<"skip" | "import">;
}

/**
 * Asks a person which of the items that a plan imports are to come.
 * @returns their keys; never none
 * @throws RollcallError DECLINED where they picked nothing, STOPPED
 */
export type Pick = (plan: Plan) => Promise<ReadonlySet<string>>;

/** Which of the phone's items, and how they are judged. */
export interface PlanRequest {
  readonly selection: Selection;
  /** Asked once, of what the selection leaves. */
  readonly pick?: Pick | undefined;
  readonly edits: boolean;
  readonly again: boolean;
  /** Undefined: as chosen before, else asked, else skip. */
  readonly icloud?: "skip" | "import" | undefined;
  readonly withoutPhoneLibrary: boolean;
  /** The library package for evidence and for telling libraries apart; undefined: the open one. */
  readonly libraryPath?: string | undefined;
  /** Nothing will be written into the library: another one may be open than the one that is named. */
  readonly onlyReads?: boolean | undefined;
}

/** What an import is asked for; {@link PlanRequest} says which items. */
export interface ImportRequest extends PlanRequest {
  /** Import nothing unless a person once said so for this phone and this library: nobody is there now. */
  readonly approvedOnly?: boolean;
  readonly keepAlbums: boolean;
  /** Photos may be ended and started anew even where the person had opened it. */
  readonly mayRelaunch: boolean;
  readonly batchLimits: BatchLimits;
  /** How many edited photos one event may carry, proved or not; undefined: as many as were proved to come in right. */
  readonly editedBatchItems?: number | undefined;
  /** Most bytes that are copied and not yet imported. */
  readonly stagedBytesLimit: number;
}

/** A run that came to its end. */
export interface FinishedRun {
  readonly head: ReceiptHead;
  /** Read from the receipt at each call. */
  readonly answers: () => Iterable<Answer>;
  readonly receiptPath: string;
}
