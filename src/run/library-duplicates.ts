import { EDIT_ROLES } from "../catalogue/file-roles.js";
import { itemIdentity } from "../catalogue/item-identity.js";
import type { MediaItem } from "../catalogue/media-item.js";
import type { Clock } from "../clock.js";
import type { KnownItem } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import {
  isLibraryTrouble,
  type LibraryPackage,
  type LibraryPackageRecords,
  type LibraryTrouble,
  type UnansweredLibrary,
} from "../photos/library-package.js";
import { REASONS } from "../plan/decision.js";
import type { StagedFile, StagedItem } from "../transfer/staged-item.js";
import { deleteProvedCopies } from "../verify/delete-proved-copies.js";
import { findUnderOtherId, type SoughtFile } from "../verify/find-under-other-id.js";
import type { Evidence } from "../verify/verdict.js";
import { recallKnown } from "./recall-known.js";

const EVIDENCE: readonly Evidence[] = ["database", "sha256"];

/**
 * Recognises photos that are in the library though Rollcall never imported them: another tool did, iCloud, an import
 * of years ago. By their bytes alone, never by name, length or date. The database is read as it was at the start, so
 * that nothing of this run is taken for old; where it has no file of an item's length, asking costs microseconds.
 * A library that macOS is asking about recognises nothing until that is answered. Its database then knows what this run
 * imported before; files with the same bytes as those do not come here, because they are told by the ledger.
 */
export class LibraryDuplicates implements AsyncDisposable {
  #library: LibraryPackage | LibraryTrouble;
  readonly #ledger: PhoneLedger;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  /** Begun at once, waited for when the first item is on this computer. */
  #records: Promise<LibraryPackageRecords | null>;
  #isDisposed = false;

  constructor(
    library: LibraryPackage | LibraryTrouble | UnansweredLibrary,
    ledger: PhoneLedger,
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

  async #open(library: LibraryPackage | LibraryTrouble): Promise<LibraryPackageRecords | null> {
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
    try {
      const sought = soughtFor(staged.files);
      const found = await findUnderOtherId(sought, { library, records }, this.#options);
      if (found === null) return false;
      this.#recordFound(staged.ledgerId, staged.files, found.photosId);
      await deleteProvedCopies(
        this.#ledger.items.get(staged.ledgerId),
        new Set(sought.map(({ path }) => path)),
      );
      return true;
    } catch (error) {
      if (isLibraryTrouble(error)) return false;
      throw error;
    }
  }

  /**
   * The original of an edited photo that the library has without the edit: the ledger has it as of no run of ours. An
   * edit cannot be added to what Photos has, so whether it comes as a second photo is a person's to say.
   * @param runId for as long as it is not written that no run imported it
   * @param files every file of the item; their copies may be under other names yet
   * @returns null where the library has not every byte of the original, or has the edit too
   * @throws RollcallError STOPPED
   */
  async originalOf(runId: string, item: MediaItem, files: readonly StagedFile[]): Promise<KnownItem | null> {
    const records = await this.#records;
    const library = this.#library;
    if (records === null || "code" in library) return null;
    const sources = { library, records };
    const options = this.#options;
    const own = files.filter(({ role }) => !EDIT_ROLES.has(role));
    try {
      if ((await findUnderOtherId(soughtFor(files), sources, options)) !== null) return null;
      const found = await findUnderOtherId(soughtFor(own), sources, options);
      if (found === null) return null;
      const identity = itemIdentity(own);
      const ledgerId = this.#ledger.recordStaged(runId, { identity, key: item.key }, own);
      this.#recordFound(ledgerId, own, found.photosId);
      return this.#ledger.items.get(ledgerId);
    } catch (error) {
      if (isLibraryTrouble(error)) return null;
      throw error;
    }
  }

  /**
   * Holds what the ledger believes to be in the library against its database, as {@link recallKnown}; nothing where
   * that may not be read.
   * @param exceptRun what this run imported is not looked at
   * @throws RollcallError STOPPED
   */
  async recall(ids: Iterable<number>, exceptRun: string): Promise<void> {
    const records = await this.#records;
    const library = this.#library;
    if (records === null || "code" in library) return;
    const options = { clock: this.#clock, signal: this.#signal, exceptRun };
    await recallKnown(ids, this.#ledger, { library, records }, options);
  }

  /** A person may delete an extra copy: it is the answer of no photo. */
  get #options() {
    const isWanted = (photosId: string) => !this.#ledger.extraCopies.has(photosId);
    return { isWanted, signal: this.#signal };
  }

  #recordFound(ledgerId: number, files: readonly StagedFile[], photosId: string): void {
    const checkedAt = this.#clock.now();
    this.#ledger.findings.recordFoundInLibrary(
      ledgerId,
      files.map(({ file }) => ({
        path: file.path,
        photosId,
        checkedAt,
        answer: "proved",
        evidence: EVIDENCE,
        reason: REASONS.foundInLibrary,
      })),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await (await this.#records)?.[Symbol.asyncDispose]();
  }
}

function soughtFor(files: readonly StagedFile[]): SoughtFile[] {
  return files.map(({ role, file, sha256, fingerprint, copyPath }) => ({
    role,
    sha256,
    fingerprint,
    copyPath,
    path: file.path,
    sizeBytes: file.sizeBytes,
  }));
}
