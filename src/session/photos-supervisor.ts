import type { PhotosInstance } from "../photos/photos-process.js";

/** Who looks after the program Photos while a run imports, as the stages see it. */
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
  relaunch(because: RelaunchReason, signal?: AbortSignal): Promise<boolean>;
}

/**
 * - "worn": it has taken so many items that it should rest
 * - "slow": it has taken many items and takes several times as long for the next
 * - "silent": it answers no question
 * - "unfinished": it gave no end to an event, answers questions, and could still finish
 */
export type RelaunchReason = "worn" | "slow" | "silent" | "unfinished";
