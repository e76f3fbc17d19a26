import type { PhoneFile } from "../phone/phone.js";
import type { LedgerRows } from "./ledger-rows.js";

/** What was read of files of a phone, and what a person said of them. */
export class LedgerSightings {
  readonly #rows: LedgerRows;
  readonly #phone: string;
  readonly #destination: number;

  /** @param destination its row */
  constructor(rows: LedgerRows, phone: string, destination: number) {
    this.#rows = rows;
    this.#phone = phone;
    this.#destination = destination;
  }

  /** The hash of a file read before, if path, size and time are still the same; else null. */
  hashSeen(file: PhoneFile): string | null {
    const row = this.#rows.get(
      "SELECT sha256 FROM sighting WHERE phone = ? AND path = ? AND size = ? AND modified_ms = ?",
      this.#phone,
      file.path,
      file.sizeBytes,
      file.modifiedAtMs,
    );
    return row === undefined ? null : String(row.sha256);
  }

  /** True when a file of this path and size was read before, whatever its time was then. */
  wasSeenWithSize(file: PhoneFile): boolean {
    const row = this.#rows.get(
      "SELECT 1 FROM sighting WHERE phone = ? AND path = ? AND size = ?",
      this.#phone,
      file.path,
      file.sizeBytes,
    );
    return row !== undefined;
  }

  /** True when any file of this path was read before. */
  wasSeenAt(path: string): boolean {
    return (
      this.#rows.get("SELECT 1 FROM sighting WHERE phone = ? AND path = ?", this.#phone, path) !== undefined
    );
  }

  record(file: PhoneFile, sha256: string): void {
    this.#rows.run(
      "INSERT OR REPLACE INTO sighting VALUES (?, ?, ?, ?, ?)",
      this.#phone,
      file.path,
      file.sizeBytes,
      file.modifiedAtMs,
      sha256,
    );
  }

  isMarked(file: PhoneFile): boolean {
    const row = this.#rows.get(
      "SELECT 1 FROM mark WHERE phone = ? AND destination = ? AND path = ? AND size = ? AND modified_ms = ?",
      this.#phone,
      this.#destination,
      file.path,
      file.sizeBytes,
      file.modifiedAtMs,
    );
    return row !== undefined;
  }

  markKnown(files: Iterable<PhoneFile>): void {
    this.#rows.transaction(() => {
      for (const file of files) {
        this.#rows.run(
          "INSERT OR REPLACE INTO mark VALUES (?, ?, ?, ?, ?)",
          this.#phone,
          this.#destination,
          file.path,
          file.sizeBytes,
          file.modifiedAtMs,
        );
      }
    });
  }
}
