import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { ImportEventKind } from "../photos/photos-library.js";
import type { ImportPace } from "./import-pace.js";
import { bytesOf, type SentItem } from "./imported-item.js";

/**
 * Which event carries what. The one built by hand is unverified on macOS, so it serves only a single item too large
 * for a plain one, and no item that it did not import before.
 */
export class ImportEvents {
  readonly #pace: ImportPace;
  readonly #ledger: PhoneLedger;
  readonly #runId: string;
  #staysPlain = false;

  constructor({
    pace,
    ledger,
    runId,
  }: {
    readonly pace: ImportPace;
    readonly ledger: PhoneLedger;
    readonly runId: string;
  }) {
    this.#pace = pace;
    this.#ledger = ledger;
    this.#runId = runId;
  }

  choose(items: readonly SentItem[]): ImportEventKind {
    const [only] = items;
    if (only === undefined || items.length > 1 || this.#staysPlain) return "plain";
    if (bytesOf(items) <= this.#pace.plainBytes) return "plain";
    return this.#hadNoEffect(only) ? "plain" : "by-hand";
  }

  /**
   * A plain event imported what the other had not: the rest of the run goes plain.
   * @returns false where it did already
   */
  stayPlain(): boolean {
    const isNew = !this.#staysPlain;
    this.#staysPlain = true;
    return isNew;
  }

  /** It was answered that nothing came, or an earlier run got no answer. A kill in between proves nothing. */
  #hadNoEffect({ ledgerId }: SentItem): boolean {
    return this.#ledger.batches.batchesWith([ledgerId]).some(({ event, reply, runId }) => {
      if (event !== "by-hand") return false;
      return reply === null ? runId !== this.#runId : reply.count === 0;
    });
  }
}
