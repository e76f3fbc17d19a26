import type { StartedFrom } from "../integrations/started-from.js";
import type { ControlRight, LibraryRight } from "../photos/photos-rights.js";

/** What leaves something behind, where it is started from elsewhere than a terminal. */
export const RUNS = ["import", "plan", "watch"] as const;

/** One run that was started from elsewhere than a terminal, as it was left behind there. */
export interface LastRun {
  readonly from: StartedFrom;
  readonly command: (typeof RUNS)[number];
  readonly pid: number;
  readonly startedAt: Date;
  /** Null where it has not come to its end: it is at work, was killed, or the computer was switched off. */
  readonly endedAt: Date | null;
  /** Null where it has not ended; the real one also with `--exit-zero`. */
  readonly status: number | null;
  /** Absolute, and one that an upgrade leaves where there is such a one. */
  readonly nodePath: string;
  readonly nodeVersion: string;
  /** Absolute. */
  readonly programPath: string;
  readonly version: string;
  /** The error that ended it; null where none did. */
  readonly failure: {
    readonly code: string;
    readonly message: string;
    readonly why: string | null;
    readonly remedy: string;
  } | null;
  /** Null where it had no reason to find out. */
  readonly photos: FoundAboutPhotos | null;
}

/** What a run found out about Photos, under whatever identity macOS gave it. Null: it is not known. */
export interface FoundAboutPhotos {
  readonly control: ControlRight | null;
  readonly library: LibraryRight | null;
  /** Absolute. */
  readonly libraryPath: string | null;
}
