/**
 * Rollcall as a library: the same runs as the command, over the same ledger, without its screen. Nothing here prints.
 *
 * {@link withPhoneAndPhotos} opens the phone and the way to Photos and hands them on; {@link importFromPhone},
 * {@link copyFromPhone} and {@link planForPhone} work with them. What a run does is told in {@link RunEvent}s, what became
 * of every file in {@link Answer}s. What ends a run is a {@link RollcallError}; what happens to one photo never is.
 * What to do about either is a {@link Remedy}, which {@link wordRemedy} makes a text.
 *
 * Units are in the names (`sizeBytes`, `waitMs`); null means "not known", or what its comment says. Codes, answers, events
 * and fields are added, never repurposed.
 * @module
 */

// --- the parts, put together as the command does

export {
  type CableOptions,
  type PhoneAndPhotosOptions,
  phonesComingAndGoing,
  phonesOnCable,
  withPhoneAndPhotos,
} from "./cli/compose/with-phone-and-photos.js";

// --- the runs

export { type CopyRequest, copyFromPhone } from "./run/copy-from-phone.js";
export { importFromPhone } from "./run/import-from-phone.js";
export { ORDINARY_IMPORT } from "./run/ordinary-import.js";
export { planForPhone } from "./run/plan-for-phone.js";
export type {
  FinishedRun,
  ImportParts,
  ImportRequest,
  PhotosParts,
  Pick,
  PlanRequest,
  Questions,
  RunParts,
} from "./run/run-parts.js";

// --- what they are asked for

export type { BatchLimits } from "./import/batches.js";
export type { LeftToICloud } from "./plan/icloud-look.js";
export type { Selection } from "./plan/selection.js";

// --- what they tell

export { type ErrorCode, type Reason, RollcallError } from "./errors.js";
export { libraryWords, wordRemedy } from "./library-words.js";
export type { ReasonCode } from "./reason-codes.js";
export {
  type Action,
  type ActionWords,
  actionWords,
  type ByAction,
  type ImportOption,
  type Remedy,
  type SetUp,
  type WordsByAction,
} from "./remedy.js";
export type { ItemProgress, Report, ReportItem, RunEvent } from "./run/run-events.js";

// --- receipts

export { ANSWERS, type Answer, type AnswerWord, type CloudWord, WRONG_ANSWERS } from "./receipt/answer.js";
export {
  type Counts,
  type NotAsSent,
  type PreviousReceipt,
  RECEIPT_FORMAT,
  type Receipt,
  type ReceiptExtraCopy,
  type ReceiptHead,
  type ReceiptTotals,
  receiptJsonSchema,
} from "./receipt/receipt.js";
export { readReceipt } from "./receipt/receipt-json.js";

// --- plans

export type {
  Catalogue,
  CloudOnlyItem,
  CloudOnlyPart,
  CloudState,
  FileRole,
  ItemFile,
  ItemKind,
  LibraryFacts,
  MediaItem,
  PhoneLibrarySummary,
  SetAsideCode,
  SetAsideFile,
  UnreadableFile,
} from "./catalogue/media-item.js";
export type { Burst, PartRole } from "./catalogue/phone-library-rows.js";
export type { Decision, ImportCause, KnownAway, Plan, Standing } from "./plan/decision.js";

// --- phones

export {
  type FilePiece,
  type Phone,
  type PhoneEntry,
  type PhoneFile,
  PhoneFileError,
  type PhoneIdentity,
  type PhoneKey,
  type ReadOptions,
} from "./phone/phone.js";
export type { NotReady, PhoneState, SeenPhone } from "./phone/phone-watch.js";
export type { PhoneChange } from "./phone/watch-phones.js";

// --- handed from one to the other, and not to be looked into: what they can do may change

export type { Clock } from "./clock.js";
export type { LedgerDatabase } from "./ledger/ledger-database.js";
export type { KnownItem } from "./ledger/ledger-entry.js";
export type { LibraryAccess } from "./photos/library-access.js";
export type { LibraryPackages } from "./photos/library-package.js";
export type { PhotosLibrary } from "./photos/photos-library.js";
export type { PhotosProcess } from "./photos/photos-process.js";
export type { ReceiptFolder } from "./receipt/receipt-folder.js";
