import type { ReasonCode } from "../reason-codes.js";
import type { FileFinding, ItemState } from "./ledger-entry.js";
import type { LedgerRows } from "./ledger-rows.js";

/** A finding about a file that was in its destination before: `photosId` is what it was known by until now. */
interface LaterFinding {
  readonly sha256: string;
  readonly photosId: string | null;
  readonly finding: FileFinding;
}

/** Writes what became of items and their files. */
export class LedgerFindings {
  readonly #rows: LedgerRows;
  readonly #phone: string;
  readonly #destination: number;

  /** @param destination its row */
  constructor(rows: LedgerRows, phone: string, destination: number) {
    this.#rows = rows;
    this.#phone = phone;
    this.#destination = destination;
  }

  setState(itemId: number, state: ItemState): void {
    this.#rows.run("UPDATE item SET state = ? WHERE id = ?", state, itemId);
  }

  /** Writes an item's new state and what was found about its files, together. */
  recordOutcome(itemId: number, state: ItemState, findings: readonly FileFinding[]): void {
    this.#rows.transaction(() => {
      this.setState(itemId, state);
      for (const finding of findings) this.#writeFinding(itemId, finding);
    });
  }

  /**
   * One more attempt in vain for each item of a run that was refused, where the run imported another: a destination that
   * takes nothing says nothing of any item. To be called once, at the end of the run.
   * @param code of the reason of a file that the destination was handed and did not take
   */
  countRefusals(runId: string, code: ReasonCode): void {
    this.#rows.run(
      `UPDATE item SET attempts = attempts + 1
       WHERE run = ? AND state = 'failed'
         AND EXISTS (SELECT 1 FROM item AS other WHERE other.run = ? AND other.state = 'imported')
         AND EXISTS (SELECT 1 FROM item_file WHERE item = item.id AND json_extract(reason, '$.code') = ?)`,
      runId,
      runId,
      code,
    );
  }

  /** The library had the item from elsewhere: from now on it is known, and belongs to no run. */
  recordFoundInLibrary(itemId: number, findings: readonly FileFinding[]): void {
    this.#rows.transaction(() => {
      this.recordOutcome(itemId, "imported", findings);
      this.#rows.run("UPDATE item SET run = '' WHERE id = ?", itemId);
    });
  }

  /** Writes what was found about files of items, all in one commit; how far the items got stays as it is. */
  recordFindings(findings: readonly { readonly itemId: number; readonly finding: FileFinding }[]): void {
    if (findings.length === 0) return;
    this.#rows.transaction(() => {
      for (const { itemId, finding } of findings) this.#writeFinding(itemId, finding);
    });
  }

  #writeFinding(itemId: number, finding: FileFinding): void {
    this.#rows.run(
      `UPDATE item_file SET photos_id = ?, answer = ?, evidence = ?, reason = ?, checked_ms = ?
       WHERE item = ? AND path = ?`,
      finding.photosId,
      finding.answer,
      JSON.stringify(finding.evidence),
      finding.reason === null ? null : JSON.stringify(finding.reason),
      finding.checkedAt.getTime(),
      itemId,
      finding.path,
    );
  }

  /** Writes what a later check found about files, wherever their items stand; all in one commit. */
  recordLater(found: readonly LaterFinding[]): void {
    if (found.length === 0) return;
    this.#rows.transaction(() => {
      for (const one of found) this.#writeLater(one);
    });
  }

  /** The photo may have come from another phone: then it is known by its id and bytes. */
  #writeLater({ sha256, photosId, finding }: LaterFinding): void {
    const items = this.#rows.all(
      `SELECT item FROM item_file CROSS JOIN item ON item.id = item
       WHERE sha256 = ? AND destination = ? AND ((phone = ? AND path = ?) OR photos_id = ?)`,
      sha256,
      this.#destination,
      this.#phone,
      finding.path,
      photosId,
    );
    const isThere = finding.answer === "proved" || finding.answer === "present";
    for (const { item } of items) {
      this.#rows.run(
        `UPDATE item_file SET photos_id = coalesce(?, photos_id), answer = ?, evidence = ?, reason = ?, checked_ms = ?
         WHERE item = ? AND sha256 = ?`,
        finding.photosId,
        finding.answer,
        JSON.stringify(finding.evidence),
        finding.reason === null ? null : JSON.stringify(finding.reason),
        finding.checkedAt.getTime(),
        Number(item),
        sha256,
      );
      // What was sent and never settled is known from now on, and not imported again.
      if (finding.photosId !== null && isThere)
        this.#rows.run("UPDATE item SET state = 'imported' WHERE state = 'unknown' AND id = ?", Number(item));
    }
  }
}
