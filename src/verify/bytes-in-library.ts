import { ORIGINAL_ROLES } from "../catalogue/file-roles.js";
import type { Clock } from "../clock.js";
import type { FoundByBytes, LibraryBytes } from "../import/library-bytes.js";
import type { FileFinding, LedgerItem } from "../ledger/ledger-entry.js";
import {
  isLibraryTrouble,
  type LibraryPackage,
  type LibraryPackageRecords,
} from "../photos/library-package.js";
import { compareBytes, type WantedFile } from "./compare-bytes.js";
import { findUnderOtherId, type SoughtFile } from "./find-under-other-id.js";
import { knowsAllShown, type ShownItems } from "./shown-items.js";
import { verdictFromLibrary } from "./verdict-from-library.js";

/** The database may know a new item a little later than Photos lists it. */
const LATE_ROWS_MS = 3_000;

interface BytesDeps {
  readonly library: LibraryPackage;
  /** Albums of ours: where the library has one of them, an absence in it means something. */
  readonly albumIds: () => readonly string[];
  /** False for the id of an item that is known already. */
  readonly isWanted: (photosId: string) => boolean;
  /** What scripts saw of the events that carried these items. */
  readonly shownWith: (itemIds: readonly number[]) => readonly ShownItems[];
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** Looks for items that were sent among the files and rows of a library that may be read. */
export class BytesInLibrary implements LibraryBytes {
  readonly #parts: BytesDeps;

  constructor(parts: BytesDeps) {
    this.#parts = parts;
  }

  async find(items: readonly LedgerItem[]): Promise<ReadonlyMap<number, FoundByBytes | "not-there">> {
    const found = await this.#look(items);
    const left = items.filter(({ id }) => found.get(id) === "not-there");
    if (left.length === 0) return found;
    // An absence is believed at the second look.
    const { clock, signal } = this.#parts;
    await clock.wait(LATE_ROWS_MS, signal);
    for (const { id } of left) found.delete(id);
    return new Map([...found, ...(await this.#look(left))]);
  }

  async #look(items: readonly LedgerItem[]): Promise<Map<number, FoundByBytes | "not-there">> {
    const found = new Map<number, FoundByBytes | "not-there">();
    const { library, albumIds, signal } = this.#parts;
    const records = await library.openRecords(signal);
    if ("code" in records) return found;
    await using _closed = records;
    try {
      const isItsLibrary = albumIds().some((id) => records.hasAlbum(id));
      const mayBeAbsent = isItsLibrary && records.unsizedItems === 0;
      const notFound: LedgerItem[] = [];
      for (const item of items) {
        const one = await this.#findOne(item, records);
        if (one !== null) found.set(item.id, one);
        else if (mayBeAbsent) notFound.push(item);
      }
      const mayBeShown = this.#behindPhotos(notFound, records);
      for (const item of notFound)
        if (!mayBeShown.has(item.id) && (await this.#isAbsent(item, records)))
          found.set(item.id, "not-there");
    } catch (error) {
      if (!isLibraryTrouble(error)) throw error;
    }
    return found;
  }

  async #findOne({ files }: LedgerItem, records: LibraryPackageRecords): Promise<FoundByBytes | null> {
    const { library, isWanted, signal, clock } = this.#parts;
    const mustHave = ({ role }: SoughtFile) => ORIGINAL_ROLES.has(role);
    const found = await findUnderOtherId(files, { library, records }, { mustHave, isWanted, signal });
    if (found === null) return null;
    const { photosId, record, proofs } = found;
    const checkedAt = clock.now();
    const findings = files.map((file): FileFinding => {
      const { path } = file;
      const verdict = verdictFromLibrary(
        { ...file, photosId },
        proofs.get(path) ?? { kind: "absent" },
        record,
      );
      return { path, photosId, checkedAt, ...(verdict ?? { answer: "present", evidence: [], reason: null }) };
    });
    return { photosId, addedAt: record.addedAt, findings };
  }

  /** Ledger ids of all that came by events of which scripts saw what the database has no row for yet. */
  #behindPhotos(items: readonly LedgerItem[], records: LibraryPackageRecords): ReadonlySet<number> {
    if (items.length === 0) return new Set();
    const shown = this.#parts.shownWith(items.map(({ id }) => id));
    return new Set(shown.filter((one) => !knowsAllShown(one, records)).flatMap(({ itemIds }) => itemIds));
  }

  /** Nothing of this length is there that has not been read and is something else. */
  async #isAbsent({ files }: LedgerItem, records: LibraryPackageRecords): Promise<boolean> {
    const { library, signal } = this.#parts;
    for (const file of files.filter(({ role }) => ORIGINAL_ROLES.has(role))) {
      for (const photosId of records.idsWithSize(file.sizeBytes)) {
        const wanted: WantedFile = { ...file, photosId };
        const proofs = await compareBytes([wanted], library, library.filesOf([photosId]), { signal });
        if (proofs.get(file.path)?.kind !== "other") return false;
      }
    }
    return true;
  }
}
