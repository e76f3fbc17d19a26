import { setImmediate as letOthersRun } from "node:timers/promises";
import { stopped } from "../errors.js";
import {
  type CheckOptions,
  checkItem,
  ITEM_FINDINGS,
  type ItemCheckUp,
  type ItemFinding,
} from "./check-item.js";
import type { LibraryDatabase } from "./library-database.js";
import { comparable, type LibraryItem } from "./library-item.js";
import { PackageFiles } from "./package-files.js";

/** What a check-up has found so far; complete when its items are at an end. */
export interface CheckUpTotals {
  items: number;
  readonly byVerdict: Record<ItemFinding, number>;
  trashed: number;
  hidden: number;
  /** Files that were looked at, and their bytes. */
  files: number;
  bytes: number;
  /** Items whose `ok` rests on sizes alone. */
  sizeOnly: number;
  /** Files below `originals` that belong to no item: paths below the package, known at the end. */
  orphanFiles: readonly string[];
}

/**
 * Reads every file of a library once and gives a verdict on each item, in the library's order. May be iterated
 * once; breaking off is a clean stop.
 * @throws RollcallError LIBRARY_UNREADABLE, STOPPED
 */
export class CheckUp implements AsyncIterable<ItemCheckUp> {
  readonly totals: CheckUpTotals = {
    items: 0,
    byVerdict: Object.fromEntries(ITEM_FINDINGS.map((verdict) => [verdict, 0])) as Record<
      ItemFinding,
      number
    >,
    trashed: 0,
    hidden: 0,
    files: 0,
    bytes: 0,
    sizeOnly: 0,
    orphanFiles: [],
  };
  readonly #database: LibraryDatabase;
  readonly #options: CheckOptions;

  constructor(database: LibraryDatabase, options: CheckOptions) {
    this.#database = database;
    this.#options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ItemCheckUp, void, undefined> {
    const { libraryPath } = this.#database;
    const { signal } = this.#options;
    const claimed = new Set<string>();
    const ids = new Set<string>();
    for (const item of this.#database.items()) {
      // Where nothing is read, nothing waits, and a timer or a Ctrl-C would never have its turn.
      if (this.totals.items % 200 === 0) await letOthersRun();
      if (signal?.aborted) throw stopped(signal);
      // One file is no witness for two items.
      const isClaimedTwice = claim(item, claimed) || ids.size === ids.add(item.uuid).size;
      const found = await checkItem(libraryPath, item, this.#options);
      const checked =
        isClaimedTwice && found.verdict === "ok"
          ? {
              ...found,
              verdict: "mismatch" as const,
              evidence: null,
              reason: "Another item of the library has the same id or file.",
            }
          : found;
      this.#count(checked);
      yield checked;
    }
    await letOthersRun();
    this.totals.orphanFiles = orphansIn(libraryPath, claimed);
  }

  #count(checked: ItemCheckUp): void {
    const { totals } = this;
    totals.items++;
    totals.byVerdict[checked.verdict]++;
    if (checked.trashed === true) totals.trashed++;
    if (checked.hidden === true) totals.hidden++;
    if (checked.evidence === "size-only") totals.sizeOnly++;
    for (const { sizeBytes } of checked.files) {
      if (sizeBytes === null) continue;
      totals.files++;
      totals.bytes += sizeBytes;
    }
  }
}

/** `for await (const found of checkUp(database, { signal }))`, then `totals`. See {@link CheckUp}. */
export function checkUp(database: LibraryDatabase, options: CheckOptions = {}): CheckUp {
  return new CheckUp(database, options);
}

/** True where another item has one of its files already. */
function claim(item: LibraryItem, claimed: Set<string>): boolean {
  let isTaken = false;
  for (const { path } of item.resources) {
    if (path === null) continue;
    const key = comparable(path);
    if (claimed.size === claimed.add(key).size) isTaken = true;
  }
  return isTaken;
}

function orphansIn(libraryPath: string, claimed: ReadonlySet<string>): string[] {
  const files = new PackageFiles(libraryPath);
  const orphans: string[] = [];
  for (const folder of files.namesIn("originals").all()) {
    for (const name of files.namesIn(`originals/${folder}`).all()) {
      const path = `originals/${folder}/${name}`;
      if (!name.startsWith(".") && !claimed.has(comparable(path))) orphans.push(path);
    }
  }
  return orphans.sort();
}
