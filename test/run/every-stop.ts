import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { hasErrno } from "../../src/errors.js";
import type { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { runInProcess } from "../../src/virtual/photos/run-in-process.js";
import type { VirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import type { ImportHarness } from "./import-harness.js";

/** One moment of a run at which it might be killed, and what the disk held then. */
export interface Stop {
  /** "after the 12th write of the ledger". */
  readonly where: string;
  readonly at: Date;
  readonly disk: Disk;
}

/** The parts of the ledger that write by themselves. */
const PARTS: ReadonlySet<string> = new Set([
  ...["sightings", "items", "findings", "runs", "choices"],
  ...["albums", "batches", "editedBatches", "extraCopies"],
]);

type Disk = ReadonlyMap<string, { readonly bytes: Buffer; readonly modifiedAt: Date }>;

/**
 * Watches one run on a desk, and keeps what a kill would leave on the disk after every commit of the ledger,
 * and before and after everything that a script asks of Photos. A commit is seen from another connection, so
 * that no writing method can be forgotten. Moments between which nothing changed on the disk are one.
 */
export class EveryStop implements Disposable {
  readonly stops: Stop[] = [];
  writes = 0;
  asks = 0;
  readonly #harness: ImportHarness;
  readonly #known = new Map<string, Buffer>();
  readonly #seen = new Set<string>();
  #reader: DatabaseSyncInstance | null = null;

  constructor(harness: ImportHarness) {
    this.#harness = harness;
    harness.watchLedger = (ledgerDatabase) => this.#watch(ledgerDatabase);
    harness.runScript = runInProcess(this.#watchAsks(harness.photos), harness.clock);
  }

  #watch<Watched extends object>(watched: Watched): Watched {
    return new Proxy(watched, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target) as unknown;
        if (PARTS.has(String(name))) return this.#watch(value as object);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          const before = this.#commits();
          const result: unknown = value.apply(target, args);
          if (this.#commits() !== before) {
            this.writes += 1;
            this.#keep(`after write ${this.writes} of the ledger, ${String(name)}`);
          }
          return name === "ledgerFor" ? this.#watch(result as LedgerDatabase) : result;
        };
      },
    });
  }

  /** A number that changes with every commit of anybody else. */
  #commits(): number {
    this.#reader ??= new DatabaseSync(this.#harness.ledgerPath, { readOnly: true });
    return Number(this.#reader.prepare("PRAGMA data_version").get()?.data_version);
  }

  #watchAsks(photos: VirtualPhotos): VirtualPhotos {
    return {
      ...photos,
      runText: (text, options) => {
        let times = 0;
        const stillWanted = () => {
          options?.stillWanted?.();
          const isBefore = times++ % 2 === 0;
          if (isBefore) this.asks += 1;
          this.#keep(`${isBefore ? "before" : "after"} question ${this.asks} to Photos`);
        };
        return photos.runText(text, { ...options, stillWanted });
      },
    };
  }

  #keep(where: string): void {
    const disk = readDisk(this.#harness.folder, this.#known);
    const content = createHash("sha256");
    for (const [path, { bytes }] of disk) content.update(path).update("\0").update(digestOf(bytes));
    const digest = content.digest("hex");
    if (this.#seen.has(digest)) return;
    this.#seen.add(digest);
    this.stops.push({ where, at: this.#harness.clock.now(), disk });
  }

  [Symbol.dispose](): void {
    this.#reader?.close();
  }
}

const digests = new WeakMap<Buffer, string>();

function digestOf(bytes: Buffer): string {
  let digest = digests.get(bytes);
  if (digest === undefined)
    digests.set(bytes, (digest = createHash("sha256").update(bytes).digest("base64")));
  return digest;
}

/** @param known what was read before, by content: most files are as they were */
function readDisk(folder: string, known: Map<string, Buffer>): Disk {
  const disk = new Map<string, { bytes: Buffer; modifiedAt: Date }>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // The index of a write-ahead log is made anew by whoever opens it after a kill.
    if (!entry.isFile() || entry.name.endsWith("-shm")) continue;
    try {
      const modifiedAt = statSync(path).mtime;
      const read = readFileSync(path);
      const bytes = known.get(digestOf(read)) ?? read;
      known.set(digestOf(bytes), bytes);
      disk.set(path.slice(folder.length), { bytes, modifiedAt });
    } catch (error) {
      // A file that is being removed just now: then it is gone.
      if (!hasErrno(error, "ENOENT")) throw error;
    }
  }
  return disk;
}

/** Puts what a kill left back into the desk's folder, in place of all that is there. */
export function putBack({ disk }: Stop, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, { bytes, modifiedAt }] of disk) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
    utimesSync(target, modifiedAt, modifiedAt);
  }
}
