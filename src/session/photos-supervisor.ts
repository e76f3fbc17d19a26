import type { PhotosChanges, PhotosQuestions } from "../photos/photos-library.js";
import type { PhotosInstance } from "../photos/photos-process.js";

/** Starts and restarts the program Photos while a run imports. */
export interface PhotosSupervisor {
  /**
   * Starts Photos if it has ended, and then waits until it answers. Sends no event where it runs.
   * @returns which one runs now
   */
  reopen(signal?: AbortSignal): Promise<PhotosInstance | null | "unknown">;
  /**
   * Ends Photos and starts it anew where that is Rollcall's to do. Where Photos is the person's, they are
   * told what it would help, and given some time to do it.
   * @returns true when another process runs now: nothing more can arrive from the one before
   */
  relaunch(why: RelaunchReason, signal?: AbortSignal): Promise<boolean>;
}

/** The running Photos, as the stages see it. */
export interface SupervisedPhotos extends PhotosSupervisor {
  /** Questions, asked again where Photos does not answer. */
  readonly ask: PhotosQuestions;
  /** The same, each asked once. */
  readonly askOnce: PhotosQuestions;
  /** Changes, each sent once. */
  readonly change: PhotosChanges;
}

/**
 * - "worn": it has taken so many items that it should rest
 * - "slow": it has taken many items and takes several times as long for the next
 * - "silent": it answers no question
 * - "unfinished": it gave no end to an event, answers questions, and could still finish
 */
export type RelaunchReason = "worn" | "slow" | "silent" | "unfinished";
