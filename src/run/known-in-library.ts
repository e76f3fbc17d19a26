import type { Clock } from "../clock.js";
import type { Reason } from "../errors.js";
import type { LedgerBetween } from "../ledger/ledger-between.js";
import { isLibraryTrouble, type KeptLibrary, type KeptRecords } from "../photos/kept-originals.js";
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
 */
export class KnownInLibrary implements AsyncDisposable {
  readonly #library: KeptLibrary | Reason;
  readonly #ledger: LedgerBetween;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  /** Begun at once, waited for when the first item is on this computer. */
  readonly #records: Promise<KeptRecords | null>;

  constructor(
    library: KeptLibrary | Reason,
    ledger: LedgerBetween,
    { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal | undefined },
  ) {
    this.#library = library;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#signal = signal;
    const opened = "code" in library ? Promise.resolve(library) : library.openRecords(signal);
    this.#records = opened.then(
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
    const records = await this.#records;
    const library = this.#library;
    if (records === null || "code" in library) return false;
    const sought = staged.files.map(({ role, file, sha256, fingerprint, copyPath }) => ({
      ...{ role, sha256, fingerprint, copyPath },
      path: file.path,
      sizeBytes: file.sizeBytes,
    }));
    try {
      // A person may delete an extra copy: it is the answer of no photo.
      const isWanted = (photosId: string) => !this.#ledger.extraCopies.has(photosId);
      const found = await findElsewhere(sought, { library, records }, { isWanted, signal: this.#signal });
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
    await (await this.#records)?.[Symbol.asyncDispose]();
  }
}
