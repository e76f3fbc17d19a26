import type { MediaItem } from "../catalogue/media-item.js";
import { RollcallError } from "../errors.js";
import type { Imported } from "../receipt/call-the-roll.js";
import type { ByteBudget } from "../transfer/byte-budget.js";
import type { StagedItem, TransferOutcome } from "../transfer/staged-item.js";
import type { LibraryDuplicates } from "./library-duplicates.js";
import type { ItemProgress, Report, ReportItem } from "./run-events.js";

interface StagedDeps {
  /** Gets `onBytes` of this. */
  readonly transfer: (onBytes: (count: number) => void) => AsyncIterable<TransferOutcome>;
  /** Keys of items whose content changed since another was imported from the same path. */
  readonly changed: ReadonlySet<string>;
  readonly known: Pick<LibraryDuplicates, "has">;
  readonly byteBudget: Pick<ByteBudget, "release">;
  readonly report: Report;
  readonly reportItem: ReportItem;
}

/** What was copied, as items that Photos is to be sent; and what became of the others. */
export class StagedForImport {
  /** By item, and by file where a file is an item of its own. Complete when {@link items} has ended. */
  readonly imported = new Map<string, Imported>();
  readonly #deps: StagedDeps;
  readonly #keyOf = new Map<number, string>();
  #copied = 0;
  #bytes = 0;
  #lost: RollcallError | null = null;

  constructor(deps: StagedDeps) {
    this.#deps = deps;
  }

  /** Why the phone was lost in the middle; null where it was not. What was copied before is among the items. */
  get lost(): RollcallError | null {
    return this.#lost;
  }

  /** Tells how far an item has come that was among {@link items}. */
  reportItem(ledgerId: number, answer: ItemProgress["answer"], reason: string | null = null): void {
    const item = this.#keyOf.get(ledgerId);
    if (item !== undefined) this.#deps.reportItem({ item, answer, reason });
  }

  async *items(): AsyncGenerator<StagedItem> {
    const { changed, known, byteBudget } = this.#deps;
    for await (const outcome of this.#outcomes()) {
      this.#copied += 1;
      this.#tell();
      if (outcome.type === "failed") {
        this.#keep(outcome.item, { type: "failed", reasons: outcome.reasons });
        const [reason] = outcome.reasons.values();
        this.#deps.reportItem({ item: outcome.item.key, answer: "failed", reason: reason?.message ?? null });
        continue;
      }
      const { ledgerId, item } = itemOf(outcome);
      this.#keyOf.set(ledgerId, item.key);
      this.reportItem(ledgerId, outcome.type === "staged" ? "copied" : "imported");
      this.#keep(item, {
        type: "in-ledger",
        ledgerId,
        newEdits: outcome.type === "known" ? outcome.newEdits : [],
        isChanged: changed.has(item.key),
        ...(outcome.excludedFiles && { reasons: outcome.excludedFiles }),
      });
      if (outcome.type !== "staged") continue;
      if (await known.has(outcome.staged)) byteBudget.release(outcome.staged.sizeBytes);
      else yield outcome.staged;
    }
  }

  /** Halves that turned out to be no Live Photo are items of their own from here on. A lost phone ends it. */
  async *#outcomes(): AsyncGenerator<Exclude<TransferOutcome, { type: "apart" }>> {
    const { transfer, report } = this.#deps;
    let more = 0;
    try {
      for await (const outcome of transfer((count) => this.#tell(count))) {
        if (outcome.type !== "apart") {
          yield outcome;
          continue;
        }
        more += outcome.parts.length - 1;
        report({ type: "apart", items: more });
        for (const part of outcome.parts) if (part.type !== "apart") yield part;
      }
    } catch (error) {
      if (!isPhoneTrouble(error)) throw error;
      this.#lost = error;
    }
  }

  #tell(moreBytes = 0): void {
    this.#bytes += moreBytes;
    this.#deps.report({ type: "copied", items: this.#copied, bytes: this.#bytes });
  }

  #keep(item: MediaItem, outcome: Imported): void {
    this.imported.set(item.key, outcome);
    if (item.belongsTo === undefined) return;
    for (const { file } of item.files.slice(1)) this.imported.set(file.path, { ...outcome, part: item.key });
  }
}

function itemOf(outcome: Exclude<TransferOutcome, { type: "apart" | "failed" }>): {
  readonly ledgerId: number;
  readonly item: MediaItem;
} {
  if (outcome.type === "staged") return outcome.staged;
  return outcome.type === "duplicate" ? outcome : { ledgerId: outcome.entry.id, item: outcome.item };
}

function isPhoneTrouble(error: unknown): error is RollcallError {
  return error instanceof RollcallError && /^(NO_PHONE|PHONE_|USBMUXD_)/.test(error.code);
}
