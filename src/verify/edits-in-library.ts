import type { Clock } from "../clock.js";
import type { EditedBatch, EditRows, EditsInRows } from "../import/edit-proof.js";
import { comparableName } from "../import/match-imported.js";
import {
  isLibraryTrouble,
  type LibraryPackage,
  type LibraryPackageRecord,
  type LibraryPackageRecords,
} from "../photos/library-package.js";

/** The database may know a new item, or its edit, a little later than Photos lists it. */
const LATE_ROWS_MS = 3_000;
const CANNOT_SAY: EditsInRows = { verdict: "cannot-say", photosIds: [], extra: [] };

interface EditsDeps {
  readonly library: LibraryPackage;
  /** True for the id of an item that is accounted for already. */
  readonly isKnown: (photosId: string) => boolean;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** Looks at the rows of edited photos in a library that may be read, with its `-wal`, while Photos has it open. */
export class EditsInLibrary implements EditRows {
  readonly #deps: EditsDeps;

  constructor(deps: EditsDeps) {
    this.#deps = deps;
  }

  async look(batch: EditedBatch): Promise<EditsInRows> {
    const found = await this.#lookOnce(batch);
    if (found === null || found.verdict === "right") return found ?? CANNOT_SAY;
    // What is not as it should be is believed at the second look.
    await this.#deps.clock.wait(LATE_ROWS_MS, this.#deps.signal);
    return (await this.#lookOnce(batch)) ?? CANNOT_SAY;
  }

  /** Null where the database cannot be read. */
  async #lookOnce(batch: EditedBatch): Promise<EditsInRows | null> {
    const { library, signal } = this.#deps;
    const records = await library.openRecords(signal);
    if ("code" in records) return null;
    await using _closed = records;
    try {
      return this.#judge(batch, records);
    } catch (error) {
      if (!isLibraryTrouble(error)) throw error;
      return null;
    }
  }

  #judge({ photosIds, names }: EditedBatch, records: LibraryPackageRecords): EditsInRows {
    const extra = this.#extraOf(photosIds, new Set(names.map(comparableName)), records);
    if (extra.length > 0) return { verdict: "extra", photosIds: [], extra };
    const rows = photosIds.map((id) => ({ id, record: records.find(id) }));
    if (rows.some(({ record }) => !isSettled(record))) return CANNOT_SAY;
    const notEdited = rows.filter(({ record }) => record?.isEdited === false).map(({ id }) => id);
    return { verdict: notEdited.length > 0 ? "not-edited" : "right", photosIds: notEdited, extra: [] };
  }

  /** What came in by the same import under one of its names, and is neither one of these photos nor known otherwise. */
  #extraOf(photosIds: readonly string[], names: ReadonlySet<string>, records: LibraryPackageRecords) {
    const own = new Set(photosIds);
    const others = new Set(photosIds.flatMap((id) => records.idsImportedWith(id)));
    return [...others].flatMap((id) => {
      if (own.has(id) || this.#deps.isKnown(id)) return [];
      const name = records.find(id)?.name ?? null;
      return name !== null && names.has(comparableName(name)) ? [{ id, filename: name }] : [];
    });
  }
}

/** The row says all that is asked of it, and nothing has happened to its photo since. */
function isSettled(record: LibraryPackageRecord | null): boolean {
  if (record === null || record.isDamaged || record.isTrashed === true) return false;
  return record.isComplete !== false && record.isEdited !== null;
}
