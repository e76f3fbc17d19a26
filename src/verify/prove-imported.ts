import { setImmediate as letOthersRun } from "node:timers/promises";
import type { Clock } from "../clock.js";
import type { LedgerFile, LedgerItem } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import {
  isLibraryTrouble,
  type LibraryPackage,
  type LibraryPackageRecords,
  type LibraryTrouble,
  type UnansweredLibrary,
} from "../photos/library-package.js";
import { advise, choose, type Remedy, sentences, VERIFY } from "../remedy.js";
import { namingDropped } from "./dropped-edits.js";
import { recordCameApart } from "./edits-came-apart.js";
import { type Judged, judgeByOwnId, judgeElsewhere, notThere } from "./judge-imported.js";
import { type Proofs, readStored, verdictsOf } from "./proofs.js";
import { recordJudged } from "./record-judged.js";
import { REFERENCED, verdictFromLibrary } from "./verdict-from-library.js";

interface ProofOptions {
  /**
   * Or why it cannot be read: then nothing is claimed beyond what Photos says by script. One that macOS is asking
   * about is read as soon as that is answered.
   */
  readonly library: LibraryPackage | LibraryTrouble | UnansweredLibrary;
  readonly ledger: PhoneLedger;
  readonly runId: string;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** What came of a question of macOS. Called once, where there was one and the run still goes on. */
  readonly onAnswered?: ((library: LibraryPackage | LibraryTrouble) => void) | undefined;
  /** So many items of this run are proved by now, and these since it was called before, by their ids in the ledger. */
  readonly onProved?: ((items: number, since: readonly number[]) => void) | undefined;
  /** Photos keeps references instead of copies. Called once, after the first batch that shows it. */
  readonly onReferences?: (() => void) | undefined;
  /** So many items are not in the library yet as Photos lists them: they are looked for once more, for so long at most. */
  readonly onLate?: ((items: number, mostMs: number) => void) | undefined;
}

/** So many items are read between two commits at the end. */
const ITEMS_AT_ONCE = 50;
/**
 * The database may know a new item later than Photos lists it, and its file may come later still (seen 45 s late). So
 * long it is waited before each further look; what is wrong otherwise is believed at the second.
 */
const BEFORE_NEXT_LOOK_MS: readonly number[] = [3_000, 12_000, 30_000, 60_000];

/**
 * Reads what Photos kept of each batch while it takes the next one, and lets a staged copy go once its content was
 * read inside the library. One file at a time; what waits is a number for each item. Nothing here sends an event.
 */
export class ImportProof implements AsyncDisposable {
  readonly #options: ProofOptions;
  #library: LibraryPackage | LibraryTrouble | UnansweredLibrary;
  readonly #left = new AbortController();
  readonly #signal: AbortSignal;
  readonly #waiting: number[][] = [];
  #working: Promise<void> = Promise.resolve();
  #trouble: { readonly error: unknown } | null = null;
  #provedItems = 0;
  #isAskedForReferences = false;
  #keepsReferences = false;
  #hasFound = false;
  #isFinishing = false;

  constructor(options: ProofOptions) {
    this.#options = options;
    const { signal } = options;
    this.#signal = signal === undefined ? this.#left.signal : AbortSignal.any([signal, this.#left.signal]);
    this.#library = options.library;
    if ("later" in options.library) void options.library.later.then((answered) => this.#begin(answered));
  }

  /** The library that was asked about: what waited for it is proved now. */
  #begin(answered: LibraryPackage | LibraryTrouble): void {
    if (this.#signal.aborted || this.#isFinishing) return;
    this.#library = answered;
    this.#options.onAnswered?.(answered);
    if (!("code" in answered) && this.#waiting.length > 0) this.#startWorking(answered);
  }

  #startWorking(library: LibraryPackage): void {
    this.#working = this.#work(library).catch((error: unknown) => {
      this.#trouble = { error };
    });
  }

  /** Hands in the items of a batch that is over. Returns at once. */
  add(ledgerIds: readonly number[]): void {
    const library = this.#library;
    const isUnreadable = "code" in library && !("later" in library);
    if (isUnreadable || ledgerIds.length === 0 || this.#trouble !== null) return;
    this.#waiting.push([...ledgerIds]);
    if (this.#waiting.length === 1 && !("code" in library)) this.#startWorking(library);
  }

  /** Resolves when everything handed in so far was read. */
  async caughtUp(): Promise<void> {
    await this.#working;
  }

  /** The library that is read by now; null where none may be. */
  get readable(): LibraryPackage | null {
    return "code" in this.#library ? null : this.#library;
  }

  /**
   * Waits until everything handed in was read, reads again what was not found then, and asks the library's database
   * about all items of the run. The ledger has what was found when this settles.
   * @returns what would take the evidence further; null where nothing would
   * @throws RollcallError STOPPED
   */
  async finish(): Promise<Remedy | null> {
    const { ledger, runId } = this.#options;
    const library = this.#library;
    this.#isFinishing = true;
    if ("code" in library) return sentences(library.message, library.remedy);
    await this.#working;
    if (this.#trouble !== null) {
      const { error } = this.#trouble;
      if (!isLibraryTrouble(error)) throw error;
      return sentences(error.message, error.remedy);
    }
    return await this.#lookUntilResolved(library, ledger.items.itemIdsOfRun(runId, "imported"), false);
  }

  /**
   * Reads these items of this library once more, those too that were proved: something happened that may have lost them.
   * @returns as {@link finish}
   * @throws RollcallError STOPPED
   */
  async lookAgain(itemIds: readonly number[]): Promise<Remedy | null> {
    this.#hasFound = true; // they were in this library
    return this.readable === null ? null : await this.#lookUntilResolved(this.readable, itemIds, true);
  }

  async #lookUntilResolved(
    library: LibraryPackage,
    itemIds: readonly number[],
    isReread: boolean,
  ): Promise<Remedy | null> {
    const { clock, onLate } = this.#options;
    if (itemIds.length === 0) return null;
    const mostMs = BEFORE_NEXT_LOOK_MS.reduce((sum, ms) => sum + ms, 0);
    try {
      let late = itemIds;
      for (let look = 0; late.length > 0; look += 1) {
        late = await this.#readRecords(library, late, { look, isReread });
        if (late.length === 0) break;
        if (look === 1) onLate?.(late.length, mostMs);
        await clock.wait(BEFORE_NEXT_LOOK_MS[look]!, this.#signal);
      }
    } catch (error) {
      if (!isLibraryTrouble(error)) throw error;
      return sentences(error.message, error.remedy);
    }
    return this.#liftedBy(library);
  }

  /** Stops reading; what was proved stays so. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#left.abort();
    await this.#working;
  }

  async #work(library: LibraryPackage): Promise<void> {
    for (let batch = this.#waiting[0]; batch !== undefined; batch = this.#waiting[0]) {
      await this.#proveBatch(library, batch);
      this.#waiting.shift();
    }
  }

  async #proveBatch(library: LibraryPackage, ids: readonly number[]): Promise<void> {
    const { ledger } = this.#options;
    const items = ids.map((id) => ledger.items.get(id)).filter(({ state }) => state === "imported");
    const proofs = await readStored(items, library, { signal: this.#signal });
    if (proofs.some("proved")) this.#hasFound = true;
    const judged = items.map((item) => ({
      item,
      verdicts: verdictsOf(item, proofs, (file, proof) =>
        proof.kind === "proved" ? verdictFromLibrary(file, proof, null) : null,
      ),
    }));
    await this.#record(judged, proofs);
    if (!this.#isAskedForReferences && proofs.some("absent")) await this.#askForReferences(library, items);
  }

  async #askForReferences(library: LibraryPackage, items: readonly LedgerItem[]): Promise<void> {
    this.#isAskedForReferences = true;
    const records = await library.openRecords(this.#signal);
    if ("code" in records) return;
    await using _closed = records;
    const isReferenced = ({ photosId }: LedgerFile) =>
      photosId !== null && records.find(photosId)?.savedType === "referenced";
    if (items.some(({ files }) => files.some(isReferenced))) this.#seeReferences();
  }

  /** @returns ledger ids of those whose row or file may still come */
  async #readRecords(library: LibraryPackage, ids: readonly number[], how: LookHow): Promise<number[]> {
    const opened = await library.openRecords(this.#signal);
    const records = "code" in opened ? null : opened;
    try {
      const late: number[] = [];
      for (let at = 0; at < ids.length; at += ITEMS_AT_ONCE) {
        await letOthersRun();
        late.push(...(await this.#readSome(library, records, ids.slice(at, at + ITEMS_AT_ONCE), how)));
      }
      return late;
    } finally {
      await records?.[Symbol.asyncDispose]();
    }
  }

  async #readSome(
    library: LibraryPackage,
    records: LibraryPackageRecords | null,
    ids: readonly number[],
    { look, isReread }: LookHow,
  ): Promise<number[]> {
    const { ledger } = this.#options;
    const items = ids.map((id) => ledger.items.get(id));
    const proofs = await readStored(items, library, { isReread, signal: this.#signal });
    // What an earlier run of Rollcall proved was read in this library: a killed run's items may all be lost since.
    const wasProved = ({ files }: LedgerItem) => files.some(({ answer }) => answer === "proved");
    if (proofs.some("proved") || items.some(wasProved)) this.#hasFound = true;
    const isLastLook = look >= BEFORE_NEXT_LOOK_MS.length;
    const late: number[] = [];
    const judged: Judged[] = [];
    for (const item of items) {
      const own = judgeByOwnId(item, { records, proofs });
      if (own.hasRow) this.#hasFound = true;
      if (own.isWrong && (look === 0 || (own.mayStillCome && !isLastLook))) {
        late.push(item.id);
        continue;
      }
      const found = await judgeElsewhere(own, { library, records, proofs, ledger, signal: this.#signal });
      if (found !== "not-there") judged.push(found);
      // Where nothing of the run is in this library, it is another one than Photos has open.
      else if (this.#hasFound) judged.push(notThere(item, !isReread && !wasProved(item)));
      if (found !== "not-there" && found.movedTo !== undefined) this.#hasFound = true;
    }
    await this.#record(
      records === null ? judged : await this.#withoutApart(judged, library, records),
      proofs,
    );
    const isReferenced = ({ verdicts }: Judged) =>
      [...verdicts.values()].some(({ reason }) => reason?.code === REFERENCED);
    if (judged.some(isReferenced)) this.#seeReferences();
    return late;
  }

  async #withoutApart(
    judged: readonly Judged[],
    library: LibraryPackage,
    records: LibraryPackageRecords,
  ): Promise<Judged[]> {
    const { ledger, runId, clock } = this.#options;
    const sources = { library, records, ledger, runId, clock, signal: this.#signal };
    const left: Judged[] = [];
    for (const one of judged) left.push(await recordCameApart(one, sources));
    return left;
  }

  async #record(judged: readonly Judged[], proofs: Proofs): Promise<void> {
    const named = await Promise.all(judged.map(withDroppedNamed));
    const proved = await recordJudged(named, proofs, this.#options);
    this.#provedItems += proved.length;
    if (proved.length > 0) this.#options.onProved?.(this.#provedItems, proved);
  }

  #seeReferences(): void {
    if (this.#keepsReferences) return;
    this.#keepsReferences = true;
    this.#options.onReferences?.();
  }

  #liftedBy(library: LibraryPackage): Remedy | null {
    if (this.#keepsReferences)
      return 'In Photos, Settings > General > Importing: switch on "Copy items to the Photos library". Until then the staged files are the photos.';
    if (!this.#hasFound && this.#provedItems === 0)
      return advise`None of these photos was found in ${library.path}. If Photos has another library open, name it with ${choose("library")}; ${VERIFY} then compares the bytes.`;
    return null;
  }
}

async function withDroppedNamed(judged: Judged): Promise<Judged> {
  const files = judged.item.files.map((file) => ({ ...file, before: file.answer }));
  const verdicts = new Map([...judged.verdicts].map(([path, verdict]) => [path, { verdict }]));
  const named = await namingDropped(files, verdicts);
  return { ...judged, verdicts: new Map([...named].map(([path, { verdict }]) => [path, verdict])) };
}

/** The how manieth look it is, from 0; and whether what was proved is read again. */
interface LookHow {
  readonly look: number;
  readonly isReread: boolean;
}
