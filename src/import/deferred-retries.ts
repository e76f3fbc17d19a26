import type { ImportEventKind } from "../photos/photos-library.js";
import type { SentItem } from "./imported-item.js";

/** So many refusals in a row are no file's doing: what is wrong with Photos is found out at once. */
const MOST_IN_A_ROW = 2;
/** Their copies wait in staging beyond what else may wait there. */
const MOST_ITEMS = 200;

/** What to try when all others have had their turn. */
export interface DeferredPart {
  readonly items: readonly SentItem[];
  /** A lone item whose event broke off before. */
  readonly isLastTry: boolean;
  /** `plain` where the event built by hand imported nothing; left to the pace where absent. */
  readonly event?: ImportEventKind | undefined;
}

/**
 * Batches that Photos would not take, in the parts in which to try them again. One bad file may cost minutes and a
 * Photos started anew for each time that its batch is halved; the others need not wait for that.
 */
export class DeferredRetries {
  readonly #parts: DeferredPart[] = [];
  readonly #unrecognised: SentItem[] = [];
  #inARow = 0;

  /** @returns false where they have to be tried now */
  take(parts: readonly DeferredPart[]): boolean {
    const items = [...this.#parts, ...parts].reduce((sum, part) => sum + part.items.length, 0);
    if (this.#inARow >= MOST_IN_A_ROW || items + this.#unrecognised.length > MOST_ITEMS) return false;
    this.#inARow += 1;
    this.#parts.push(...parts);
    return true;
  }

  /**
   * An item of which nobody here knows what it is: Photos judges it, alone and after all others.
   * @returns false where it has to be tried now
   */
  takeUnrecognised(item: SentItem): boolean {
    const items = this.#parts.reduce((sum, part) => sum + part.items.length, this.#unrecognised.length);
    if (items >= MOST_ITEMS) return false;
    this.#unrecognised.push(item);
    return true;
  }

  /** Photos took something. */
  sawProgress(): void {
    this.#inARow = 0;
  }

  /** The one that waits longest, and what is not recognised after all others; undefined where none waits. */
  next(): DeferredPart | undefined {
    const part = this.#parts.shift();
    if (part !== undefined) return part;
    const item = this.#unrecognised.shift();
    return item && { items: [item], isLastTry: false };
  }
}
