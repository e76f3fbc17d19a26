import { setImmediate as letOthersRun } from "node:timers/promises";
import type { Clock } from "../clock.js";
import type { Reason } from "../errors.js";
import type { LedgerBetween } from "../ledger/ledger-between.js";
import type { FileFinding, LedgerFile, LedgerItem } from "../ledger/ledger-entry.js";
import {
  isLibraryTrouble,
  type KeptLibrary,
  type KeptRecord,
  type KeptRecords,
  type UnansweredLibrary,
} from "../photos/kept-originals.js";
import { compareBytes, type Proof, type WantedFile } from "./compare-bytes.js";
import { findElsewhere } from "./find-elsewhere.js";
import { judgeKept, type KeptVerdict, NO_ROW, NOT_IN_LIBRARY, REFERENCED } from "./judge-kept.js";
import { isAsCopied, letGo } from "./let-go.js";
import { together } from "./verdict.js";

export interface ProofOptions {
  /**
   * Or why it cannot be read: then nothing is claimed beyond what Photos says by script. One that macOS is asking
   * about is read as soon as that is answered.
   */
  readonly library: KeptLibrary | Reason | UnansweredLibrary;
  readonly ledger: LedgerBetween;
  readonly runId: string;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** What came of a question of macOS. Called once, where there was one and the run still goes on. */
  readonly onAnswered?: ((library: KeptLibrary | Reason) => void) | undefined;
  /** So many items of this run are proved by now. */
  readonly onProved?: ((items: number) => void) | undefined;
  /** Photos keeps references instead of copies. Called once, after the first batch that shows it. */
  readonly onReferences?: (() => void) | undefined;
}

/** So many items are read between two commits at the end. */
const ITEMS_AT_ONCE = 50;
/** The database may know a new item a little later than Photos lists it, and a large film may still be written. */
const LATE_ROWS_MS = 3_000;

/**
 * Reads what Photos kept of each batch while it takes the next one, and lets a staged copy go once its content was
 * read inside the library. One file at a time; what waits is a number for each item. Nothing here sends an event.
 */
export class ImportProof implements AsyncDisposable {
  readonly #options: ProofOptions;
  #library: KeptLibrary | Reason | UnansweredLibrary;
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
  #begin(answered: KeptLibrary | Reason): void {
    if (this.#signal.aborted || this.#isFinishing) return;
    this.#library = answered;
    this.#options.onAnswered?.(answered);
    if (!("code" in answered) && this.#waiting.length > 0) this.#startWorking(answered);
  }

  #startWorking(library: KeptLibrary): void {
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

  /**
   * Waits until everything handed in was read, reads again what was not found then, and asks the library's database
   * about all items of the run. The ledger has what was found when this settles.
   * @returns what would take the evidence further; null where nothing would
   * @throws RollcallError STOPPED
   */
  async finish(): Promise<string | null> {
    const { ledger, runId } = this.#options;
    const library = this.#library;
    this.#isFinishing = true;
    if ("code" in library) return `${library.message} ${library.remedy}`;
    await this.#working;
    if (this.#trouble !== null) {
      const { error } = this.#trouble;
      if (!isLibraryTrouble(error)) throw error;
      return `${error.message} ${error.remedy}`;
    }
    const ids = ledger.itemIdsOfRun(runId, "imported");
    if (ids.length === 0) return null;
    try {
      const late = await this.#readRecords(library, ids, "later");
      if (late.length > 0) {
        await this.#options.clock.wait(LATE_ROWS_MS, this.#signal);
        await this.#readRecords(library, late, "now");
      }
    } catch (error) {
      if (!isLibraryTrouble(error)) throw error;
      return `${error.message} ${error.remedy}`;
    }
    return this.#liftedBy(library);
  }

  /** Stops reading; what was proved stays so. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#left.abort();
    await this.#working;
  }

  async #work(library: KeptLibrary): Promise<void> {
    for (let batch = this.#waiting[0]; batch !== undefined; batch = this.#waiting[0]) {
      await this.#proveBatch(library, batch);
      this.#waiting.shift();
    }
  }

  async #proveBatch(library: KeptLibrary, ids: readonly number[]): Promise<void> {
    const { ledger } = this.#options;
    const items = ids.map((id) => ledger.item(id)).filter(({ state }) => state === "imported");
    const proofs = await this.#compare(library, items);
    const judged = items.map((item) => ({
      item,
      verdicts: verdictsOf(item, proofs, (file, proof) =>
        proof.kind === "proved" ? judgeKept(file, proof, null) : null,
      ),
    }));
    await this.#record(judged, proofs);
    if (this.#isAskedForReferences || !proofs.some(({ kind }) => kind === "absent")) return;
    this.#isAskedForReferences = true;
    const records = await library.openRecords(this.#signal);
    if ("code" in records) return;
    await using _closed = records;
    const isReferenced = ({ photosId }: LedgerFile) =>
      photosId !== null && records.find(photosId)?.savedType === "referenced";
    if (items.some(({ files }) => files.some(isReferenced))) this.#seeReferences();
  }

  /** What was proved before is read again only where its copy still waits to be let go: a run was cut off there. */
  async #compare(library: KeptLibrary, items: readonly LedgerItem[]): Promise<Proofs> {
    const open: { item: LedgerItem; paths: Set<string> }[] = [];
    for (const item of items) {
      const paths = new Set<string>();
      for (const file of item.files)
        if (file.photosId !== null && (file.answer !== "proved" || (await isAsCopied(file))))
          paths.add(file.path);
      if (paths.size > 0) open.push({ item, paths });
    }
    const kept = library.filesOf(open.flatMap(({ item }) => wantedOf(item).map(({ photosId }) => photosId)));
    const proofs = new Proofs();
    for (const { item, paths } of open) {
      const isWanted = ({ path }: WantedFile) => paths.has(path);
      const found = await compareBytes(wantedOf(item), library, kept, { isWanted, signal: this.#signal });
      proofs.add(item.id, found);
      if ([...found.values()].some(({ kind }) => kind === "proved")) this.#hasFound = true;
    }
    return proofs;
  }

  /**
   * @param wrong what to do about an item that is not as it should be: leave it for `later`, because its row or the
   *   rest of a large film may still be coming, or say so `now`
   * @returns ledger ids of those that were left
   */
  async #readRecords(
    library: KeptLibrary,
    ids: readonly number[],
    wrong: "later" | "now",
  ): Promise<number[]> {
    const opened = await library.openRecords(this.#signal);
    const records = "code" in opened ? null : opened;
    try {
      const late: number[] = [];
      for (let at = 0; at < ids.length; at += ITEMS_AT_ONCE) {
        await letOthersRun();
        late.push(...(await this.#readSome(library, records, ids.slice(at, at + ITEMS_AT_ONCE), wrong)));
      }
      return late;
    } finally {
      await records?.[Symbol.asyncDispose]();
    }
  }

  async #readSome(
    library: KeptLibrary,
    records: KeptRecords | null,
    ids: readonly number[],
    wrong: "later" | "now",
  ): Promise<number[]> {
    const { ledger } = this.#options;
    const items = ids.map((id) => ledger.item(id));
    const late: number[] = [];
    const judged: Judged[] = [];
    const proofs = await this.#compare(library, items);
    for (const item of items) {
      const known = new Map<string, KeptRecord | null>();
      for (const { photosId } of item.files)
        if (photosId !== null && records !== null) known.set(photosId, records.find(photosId));
      const isLate = [...known.values()].includes(null);
      if (!isLate && known.size > 0) this.#hasFound = true;
      if (isLate && wrong === "later") late.push(item.id);
      else if (isLate && records !== null)
        judged.push(...(await this.#goneOrElsewhere(item, proofs, library, records)));
      else {
        const verdicts = verdictsOf(item, proofs, (file, proof) =>
          judgeKept(file, proof, known.get(file.photosId) ?? null),
        );
        const isWrong = [...verdicts.values()].some(({ answer }) => WRONG.has(answer));
        if (isWrong && wrong === "later") late.push(item.id);
        else judged.push({ item, verdicts });
      }
    }
    await this.#record(judged, proofs);
    if (
      judged.some(({ verdicts }) => [...verdicts.values()].some(({ reason }) => reason?.code === REFERENCED))
    )
      this.#seeReferences();
    return late;
  }

  /** An id that the library does not know: a repair may have given the item another one. */
  async #goneOrElsewhere(
    item: LedgerItem,
    proofs: Proofs,
    library: KeptLibrary,
    records: KeptRecords,
  ): Promise<Judged[]> {
    const { ledger } = this.#options;
    const isRead = ({ path, photosId, answer }: LedgerFile) =>
      photosId === null || answer === "proved" || proofs.of(item.id, path)?.kind === "proved";
    const wanted = wantedOf(item);
    // Proved in a run that was killed since: under this id its files may be gone.
    const isHere = [...library.filesOf(wanted.map(({ photosId }) => photosId)).values()].flat().length > 0;
    if (isHere && item.files.every(isRead)) return [{ item, verdicts: sameForAll(item, NO_ROW_VERDICT) }];
    const sought = wanted.map((file) => ({
      ...file,
      fingerprint: item.files.find(({ path }) => path === file.path)?.fingerprint ?? null,
    }));
    const found = await findElsewhere(
      sought,
      { library, records },
      {
        mustHave: ({ role }) => role === "original" || role === "live-movie" || role === "raw",
        isWanted: (photosId) => !ledger.isKnownPhotosId(photosId),
        signal: this.#signal,
      },
    );
    if (found !== null) {
      this.#hasFound = true;
      const verdicts = new Map<string, KeptVerdict>();
      for (const file of sought) {
        const moved = { ...file, photosId: found.photosId };
        const verdict = judgeKept(moved, found.proofs.get(file.path) ?? ABSENT, found.record);
        if (verdict !== null) verdicts.set(file.path, verdict);
      }
      return [{ item, verdicts, photosId: found.photosId }];
    }
    // Where nothing of the run is in this library, it is another one than Photos has open.
    if (!this.#hasFound) return [];
    return [{ item, verdicts: sameForAll(item, NOT_THERE_VERDICT) }];
  }

  /** The ledger first; then copies whose content was read inside the library go. */
  async #record(judged: readonly Judged[], proofs: Proofs): Promise<void> {
    const { ledger, clock, onProved } = this.#options;
    const checkedAt = clock.now();
    const findings: { itemId: number; finding: FileFinding }[] = [];
    for (const { item, verdicts, photosId } of judged) {
      const now = ledger.item(item.id); // the script's word may have come in between
      for (const [path, { answer, evidence, reason }] of verdicts) {
        const file = now.files.find((one) => one.path === path);
        if (file === undefined) continue;
        const isGood = answer === "proved" || answer === "present";
        const all = isGood ? together(file.evidence, evidence) : [];
        const finding = {
          path,
          photosId: photosId ?? file.photosId,
          answer,
          evidence: all,
          reason,
          checkedAt,
        };
        findings.push({ itemId: item.id, finding });
      }
    }
    ledger.recordFindings(findings);
    for (const { item } of judged) await letGo(ledger.item(item.id), proofs.readOf(item.id));
    const fresh = judged.filter(({ item }) => item.files.some(({ answer }) => answer !== "proved"));
    const proved = fresh.filter(({ item }) =>
      ledger.item(item.id).files.every(({ answer }) => answer === "proved"),
    );
    this.#provedItems += proved.length;
    if (proved.length > 0) onProved?.(this.#provedItems);
  }

  #seeReferences(): void {
    if (this.#keepsReferences) return;
    this.#keepsReferences = true;
    this.#options.onReferences?.();
  }

  #liftedBy(library: KeptLibrary): string | null {
    if (this.#keepsReferences)
      return 'In Photos, Settings > General > Importing: switch on "Copy items to the Photos library". Until then the staged files are the photos.';
    if (!this.#hasFound && this.#provedItems === 0)
      return `None of these photos was found in ${library.path}. If Photos has another library open, name it with --library; rollcall verify then compares the bytes.`;
    return null;
  }
}

interface Judged {
  readonly item: LedgerItem;
  /** By path on the phone. */
  readonly verdicts: ReadonlyMap<string, KeptVerdict>;
  /** Another id than before, where the library gave it one. */
  readonly photosId?: string;
}

const WRONG: ReadonlySet<KeptVerdict["answer"]> = new Set(["differs", "missing", "unknown"]);
const ABSENT: Proof = { kind: "absent" };
const NO_ROW_VERDICT: KeptVerdict = { answer: "unknown", evidence: [], reason: NO_ROW };
const NOT_THERE_VERDICT: KeptVerdict = { answer: "missing", evidence: [], reason: NOT_IN_LIBRARY };

function sameForAll(item: LedgerItem, verdict: KeptVerdict): Map<string, KeptVerdict> {
  return new Map(wantedOf(item).map(({ path }) => [path, verdict]));
}

/** What was read in one go, by item and path. */
class Proofs {
  readonly #byItem = new Map<number, ReadonlyMap<string, Proof>>();

  add(itemId: number, proofs: ReadonlyMap<string, Proof>): void {
    this.#byItem.set(itemId, proofs);
  }

  of(itemId: number, path: string): Proof | undefined {
    return this.#byItem.get(itemId)?.get(path);
  }

  /** Paths of the files whose bytes were read in the library. */
  readOf(itemId: number): Set<string> {
    const proofs = this.#byItem.get(itemId) ?? new Map<string, Proof>();
    return new Set([...proofs].flatMap(([path, { kind }]) => (kind === "proved" ? [path] : [])));
  }

  some(test: (proof: Proof) => boolean): boolean {
    return [...this.#byItem.values()].some((proofs) => [...proofs.values()].some(test));
  }
}

function verdictsOf(
  item: LedgerItem,
  proofs: Proofs,
  judge: (file: WantedFile, proof: Proof) => KeptVerdict | null,
): Map<string, KeptVerdict> {
  const verdicts = new Map<string, KeptVerdict>();
  for (const file of wantedOf(item)) {
    const before = item.files.find(({ path }) => path === file.path);
    // Not read this time because it was before.
    const proof = proofs.of(item.id, file.path) ?? (before?.answer === "proved" ? PROVED_BEFORE : undefined);
    const verdict = proof === undefined ? null : judge(file, proof);
    if (verdict !== null) verdicts.set(file.path, verdict);
  }
  return verdicts;
}

const PROVED_BEFORE: Proof = { kind: "proved", keptPath: "" };

/** What Photos has an id for; what it would not take has its answer already. */
function wantedOf({ files }: LedgerItem): WantedFile[] {
  return files.flatMap(({ path, role, sizeBytes, sha256, photosId, copyPath }) =>
    photosId === null ? [] : [{ path, role, sizeBytes, sha256, photosId, copyPath }],
  );
}
