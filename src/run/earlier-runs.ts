import { join } from "node:path";
import type { Destination, LedgerRun } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { Remedy } from "../remedy.js";
import { PhotosSession } from "../session/photos-session.js";
import { removeEmptyRunFolder } from "../transfer/staging-folder.js";
import { openLibraryPackage, proveRun } from "./prove-run.js";
import { needsRecovery, recoverInterruptedRun } from "./recover-interrupted-run.js";
import { resolveUnknown } from "./resolve-unknown.js";
import type { SessionParts } from "./run-context.js";
import type { ImportParts, ImportRequest } from "./run-parts.js";

/**
 * What earlier runs left: an interrupted run, open batches, items of which nobody knows whether they came, a Photos left
 * open. Recovered at the beginning of a run, in two steps: what can be told without Photos, and what only Photos tells.
 */
export class EarlierRuns {
  readonly #ledger: PhoneLedger;
  readonly #parts: ImportParts;

  private constructor(ledger: PhoneLedger, parts: ImportParts) {
    this.#ledger = ledger;
    this.#parts = parts;
  }

  /** Resolves what the library's bytes tell. Sends no event. */
  static async begin(ledger: PhoneLedger, parts: ImportParts): Promise<EarlierRuns> {
    await resolveUnknown(ledger, parts);
    return new EarlierRuns(ledger, parts);
  }

  /** The one that this run continues; null where the last one came to its end. */
  get interrupted(): LedgerRun | null {
    return this.#ledger.runs.open();
  }

  /** True where the interrupted run left something that only Photos can tell of. */
  get needPhotos(): boolean {
    const { interrupted } = this;
    return interrupted !== null && needsRecovery(interrupted, this.#ledger);
  }

  /** True where an event was sent whose end nobody saw: it may still be under way in the Photos it was sent to. */
  get hasOpenEvent(): boolean {
    const { interrupted } = this;
    if (interrupted === null) return false;
    return this.#ledger.batches.openBatches(interrupted.id).some(({ reply }) => reply === null);
  }

  /**
   * All there is to do where nothing new is to be imported and {@link needPhotos} is false.
   * @returns what would take the evidence of the interrupted run further; undefined where there is none
   */
  async finishWithoutPhotos(): Promise<Remedy | null | undefined> {
    const { interrupted } = this;
    await PhotosSession.endLeftOpen(this.#parts);
    if (interrupted === null) return undefined;
    const library = await openLibraryPackage(this.#ledger, this.#parts);
    await using proof = proveRun(interrupted.id, this.#ledger, library, this.#parts);
    const liftedBy = await proof.finish();
    await removeEmptyRunFolder(join(this.#parts.stagingFolder, interrupted.id));
    return liftedBy;
  }

  /**
   * Brings the ledger and Photos in step, for this phone and for others that were cut off in this library: what was
   * being sent from another phone may be in, and the same bytes may not come twice.
   * @param destination of this run, which may be another than was thought before Photos was open
   */
  async recover(
    ledger: PhoneLedger,
    destination: Destination,
    parts: SessionParts,
    request: ImportRequest,
  ): Promise<void> {
    if (ledger.destinationKey !== this.#ledger.destinationKey) await resolveUnknown(ledger, parts);
    for (const identity of ledger.runs.phonesCutOff()) {
      const theirs = parts.ledgerDatabase.ledgerFor(identity, destination);
      const run = theirs.runs.open();
      if (run !== null && needsRecovery(run, theirs))
        await recoverInterruptedRun(run, theirs, parts, request);
    }
    const run = ledger.runs.open();
    if (run !== null) await recoverInterruptedRun(run, ledger, parts, request);
  }
}
