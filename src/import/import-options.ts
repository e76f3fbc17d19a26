import type { Clock } from "../clock.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { PhotosProcess } from "../photos/photos-process.js";
import type { SupervisedPhotos } from "../session/photos-supervisor.js";
import type { RestartPolicy } from "../session/restart-policy.js";
import type { StagedItem } from "../transfer/staged-item.js";
import type { BatchLimits } from "./batches.js";
import type { DeferredRetries } from "./deferred-retries.js";
import type { EditedBatches } from "./edited-batches.js";
import type { ImportEvents } from "./import-events.js";
import type { ImportPace } from "./import-pace.js";
import type { Journal } from "./journal.js";
import type { LibraryBytes } from "./library-bytes.js";

export interface ImportOptions {
  readonly session: SupervisedPhotos;
  readonly process: PhotosProcess;
  readonly journal: Journal;
  readonly ledger: PhoneLedger;
  readonly runId: string;
  readonly clock: Clock;
  readonly limits: BatchLimits;
  /** How many edited items one event may carry, which every event of them tells anew. */
  readonly edited: EditedBatches;
  /** Looked at between batches and while waiting for a quiet Photos: an event that was sent is waited for. */
  readonly signal?: AbortSignal | undefined;
  readonly isStarved: () => Promise<void>;
  /** True for an item that Photos would not take before. They come last, and no other is sent with them. */
  readonly failedBefore: (staged: StagedItem) => boolean;
  readonly onBatch?: ((batch: { items: number; bytes: number }) => void) | undefined;
  /** The library's own files as a witness; null where they may not be read. */
  readonly libraryBytes: () => Promise<LibraryBytes | null>;
  /** A plain event imported what one built by hand had not: the rest of the run goes plain. */
  readonly onStaysPlain?: (() => void) | undefined;
}

/** How worn the running Photos is, how fast, and who waits for another try, goes along with every batch. */
export interface SendOptions extends ImportOptions {
  readonly restartPolicy: RestartPolicy;
  readonly pace: ImportPace;
  readonly events: ImportEvents;
  /** Null when it is their turn. */
  readonly deferred: DeferredRetries | null;
}
