/** Whether the program that runs Rollcall may send events to Photos. macOS tells it only while Photos is running. */
export type ControlRight = "allowed" | "refused" | "not-asked-yet" | "photos-closed";

/** Whether that program may read inside the library package; "unknown" where macOS does not say. */
export type LibraryRight = "allowed" | "refused" | "not-asked-yet" | "unknown";

/**
 * What macOS lets us do with Photos. Asking this starts nothing, sends Photos no event, and shows nobody a question.
 *
 * All methods throw RollcallError OSASCRIPT_ABSENT, NOT_MACOS or STOPPED, and PhotosEventError where no answer came.
 */
export interface PhotosRights {
  /** Is Photos running? An answer also shows that Photos can be asked at all. */
  isRunning(signal?: AbortSignal): Promise<boolean>;
  mayControl(signal?: AbortSignal): Promise<ControlRight>;
  mayReadLibrary(signal?: AbortSignal): Promise<LibraryRight>;
}
