/**
 * Rollcall as a library: the same runs as the command, over parts that the caller chooses.
 * @module
 */
export { type Clock, systemClock } from "./clock.js";
export { type ErrorCode, type Reason, RollcallError } from "./errors.js";
export { type BatchLimits, ORDINARY_BATCH } from "./import/batches.js";
export { JxaPhotosLibrary, type JxaPhotosLibraryParts } from "./jxa/jxa-photos-library.js";
export { JxaPhotosProcess, type JxaPhotosProcessParts } from "./jxa/jxa-photos-process.js";
export { type RunEventParts, runEventWith } from "./jxa/run-event.js";
export type { RunScript } from "./jxa/run-script.js";
export { Ledger } from "./ledger/ledger.js";
export type { LedgerBetween } from "./ledger/ledger-between.js";
export type { Destination } from "./ledger/ledger-entry.js";
export { libraryOriginals } from "./originals/library-originals.js";
export { choosePhone } from "./phone/choose-phone.js";
export {
  type Phone,
  type PhoneEntry,
  type PhoneFile,
  PhoneFileError,
  type PhoneIdentity,
  type ReadOptions,
} from "./phone/phone.js";
export type { NotReady, PhoneFinder, PhoneState, SeenPhone } from "./phone/phone-watch.js";
export { type Reopen, SteadyPhone } from "./phone/steady-phone.js";
export { openWhenReady, type WaitedFor, type WaitOptions } from "./phone/wait-for-phone.js";
export { type PhoneChange, watchPhones } from "./phone/watch-phones.js";
export type {
  KeptFile,
  KeptLibrary,
  KeptOriginals,
  KeptPart,
  KeptRecord,
  KeptRecords,
} from "./photos/kept-originals.js";
export type { PhotosAlbum, PhotosItem } from "./photos/photos-item.js";
export { type ImportReply, PhotosEventError, type PhotosLibrary } from "./photos/photos-library.js";
export type { PhotosInstance, PhotosProcess } from "./photos/photos-process.js";
export type { Decision, Plan } from "./plan/decision.js";
export type { Selection } from "./plan/selection.js";
export { ANSWERS, type Answer, type AnswerWord, WRONG_ANSWERS } from "./receipt/answer.js";
export { type Receipt, type ReceiptHead, receiptJsonSchema } from "./receipt/receipt.js";
export { ReceiptFolder } from "./receipt/receipt-folder.js";
export { readReceipt, receiptJson } from "./receipt/receipt-json.js";
export { type CopyRequest, copyFromPhone } from "./run/copy-from-phone.js";
export { importFromPhone } from "./run/import-from-phone.js";
export { markKnown } from "./run/mark-known.js";
export { photosDestination, planImport, readWholeCatalogue } from "./run/plan-for-phone.js";
export {
  type Recheck,
  type RecheckChoice,
  type RecheckParts,
  recheckReceipt,
} from "./run/recheck-receipt.js";
export { type ReopeningOptions, reopening } from "./run/reopening.js";
export type { Report, RunEvent } from "./run/run-events.js";
export type {
  FinishedRun,
  ImportParts,
  ImportRequest,
  PlanRequest,
  Questions,
  RunParts,
} from "./run/run-parts.js";
export { nodeUsbBus } from "./usb/detection/node-usb-bus.js";
export { type UsbPhoneFinderOptions, usbPhoneFinder } from "./usb/detection/usb-phone-finder.js";
export { usbmuxAddress } from "./usb/usbmux/usbmux-address.js";
export { UsbmuxClient } from "./usb/usbmux/usbmux-client.js";
