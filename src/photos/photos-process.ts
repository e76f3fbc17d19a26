/** One running Photos, told apart from a later one that got the same pid. */
export interface PhotosInstance {
  readonly pid: number;
  readonly startedAt: Date;
}

/** What is not an Apple event: the program Photos itself. Where the system cannot tell, comfort is lost, not photos. */
export interface PhotosProcess {
  /** Null when Photos is not running; "unknown" where this cannot be found out. Starts nothing. */
  running(signal?: AbortSignal): Promise<PhotosInstance | null | "unknown">;
  /** Starts Photos without taking the focus; returns as soon as the system accepted it. */
  start(signal?: AbortSignal): Promise<void>;
  /** Asks it to quit. */
  quit(signal?: AbortSignal): Promise<void>;
  /** Ends this very process without asking it. For a Photos that Rollcall started and that answers nothing. */
  forceQuit(instance: PhotosInstance, signal?: AbortSignal): Promise<void>;
  /** The package that Photos has open, absolute; null where it cannot be found without a new privacy prompt. */
  openLibrary(signal?: AbortSignal): Promise<string | null>;
}
