import type { Clock } from "../clock.js";
import type { Reason } from "../errors.js";
import type { LedgerBetween } from "../ledger/ledger-between.js";
import {
  isLibraryTrouble,
  type KeptLibrary,
  type KeptRecords,
  type UnansweredLibrary,
} from "../photos/kept-originals.js";
import { REASONS } from "../plan/decision.js";
import type { StagedItem } from "../transfer/staged-item.js";
import { findElsewhere } from "../verify/find-elsewhere.js";
import { letGo } from "../verify/let-go.js";
import type { Evidence } from "../verify/verdict.js";

const EVIDENCE: readonly Evidence[] = ["database", "sha256"];

/**
 * Recognises photos that are in the library though Rollcall never brought them: another tool did, iCloud, an import
 * of years ago. By their bytes alone, never by name, length or date. The database is read as it was at the start, so
 * that nothing of this run is taken for old; where it has no file of an item's length, asking costs microseconds.
 * A library that macOS is asking about recognises nothing until that is answered. Its database then knows what this run
 * brought before; files with the same bytes as those do not come here, because they are told by the ledger.
 */
export class KnownInLibrary implements AsyncDisposable {
  #library: KeptLibrary | Reason;
  readonly #ledger: LedgerBetween;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  /** Begun at once, waited for when the first item is on this computer. */
  #records: Promise<KeptRecords | null>;
  #isDisposed = false;

  constructor(
    library: KeptLibrary | Reason | UnansweredLibrary,
    ledger: LedgerBetween,
    { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal | undefined },
  ) {
    this.#library = library;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#signal = signal;
    this.#records = this.#open(library);
    if ("later" in library) {
      void library.later.then((answered) => {
        if (this.#isDisposed) return;
        this.#library = answered;
        this.#records = this.#open(answered);
      });
    }
  }

  async #open(library: KeptLibrary | Reason): Promise<KeptRecords | null> {
    if ("code" in library) return null;
    return library.openRecords(this.#signal).then(
      (records) => ("code" in records ? null : records),
      () => null, // stopped, and whoever is to hear of it does so elsewhere
    );
  }

  /**
   * True where every byte of the item is in the library under one id: the ledger has that as of no run of ours, and
   * the staged copies are gone.
   * @throws RollcallError STOPPED
   */
  async has(staged: StagedItem): Promise<boolean> {
    const library = this.#library;
    const records = await this.#records;
    if (records === null || "code" in library) return false;
    const sought = staged.files.map(({ role, file, sha256, fingerprint, copyPath }) => ({
      ...{ role, sha256, fingerprint, copyPath },
      path: file.path,
      sizeBytes: file.sizeBytes,
    }));
    try {
      const found = await findElsewhere(sought, { library, records }, { signal: this.#signal });
      if (found === null) return false;
      const checkedAt = this.#clock.now();
      const { photosId } = found;
      this.#ledger.recordFoundInLibrary(
        staged.ledgerId,
        sought.map(({ path }) => ({
          ...{ path, photosId, checkedAt },
          answer: "proved",
          evidence: EVIDENCE,
          reason: REASONS.foundInLibrary,
        })),
      );
      await letGo(this.#ledger.item(staged.ledgerId), new Set(sought.map(({ path }) => path)));
      return true;
    } catch (error) {
      if (isLibraryTrouble(error)) return false;
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await (await this.#records)?.[Symbol.asyncDispose]();
  }
}
