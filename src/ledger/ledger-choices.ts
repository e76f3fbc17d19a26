import { type ICloudChoice, icloudChoiceOf } from "./ledger-entry.js";
import type { LedgerRows } from "./ledger-rows.js";

/** What a person decided of a phone and a destination, and the key that the phone had when a person was there. */
type ChoiceName = "icloud" | "confirmed" | "key";

export class LedgerChoices {
  readonly #rows: LedgerRows;
  readonly #phone: string;
  readonly #destination: number;

  /** @param destination its row */
  constructor(rows: LedgerRows, phone: string, destination: number) {
    this.#rows = rows;
    this.#phone = phone;
    this.#destination = destination;
  }

  get(name: ChoiceName): string | null {
    const row = this.#rows.get(
      "SELECT value FROM choice WHERE phone = ? AND destination = ? AND name = ?",
      this.#phone,
      this.#destination,
      name,
    );
    return row === undefined ? null : String(row.value);
  }

  /** Whether new photos that the phone keeps in iCloud Photos are left there; null where nobody was asked. */
  icloud(): ICloudChoice | null {
    return icloudChoiceOf(this.get("icloud"));
  }

  record(name: ChoiceName, value: string): void {
    this.#rows.run(
      "INSERT OR REPLACE INTO choice VALUES (?, ?, ?, ?)",
      this.#phone,
      this.#destination,
      name,
      value,
    );
  }
}
