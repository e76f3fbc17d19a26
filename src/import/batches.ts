import { setImmediate } from "node:timers/promises";
import type { StagedItem } from "../transfer/staged-item.js";
import { comparableName } from "./match-imported.js";

/** How much one import event is sent at most. */
export interface BatchLimits {
  readonly items: number;
  /** One item may exceed it. Read anew for every item: it may follow the pace of Photos. */
  readonly bytes: number;
  /** With how many bytes at most the first events begin, before Photos has shown its pace; 200 MB unless given. */
  readonly firstBytes?: number | undefined;
}

export const ORDINARY_BATCH: BatchLimits = { items: 50, bytes: 1024 ** 3 };

/**
 * Groups whole items for one import event each. No stem occurs twice in a batch unless it is one item
 * (files of one stem are joined or refused); an item with edits goes alone, because mixed calls with
 * edits are unproven on macOS. Items keep their order, except that one with edits may overtake, and one whose stem
 * is taken waits for the next batch: of many pairs that are no Live Photos, all stills go in one and all movies
 * in the next.
 * @param options.isStarved resolves when no further item can come before this batch has gone
 * @param options.isSuspect true for items, the last ones, that are not to be in a batch with others
 */
export async function* gatherBatches(
  items: AsyncIterable<StagedItem>,
  limits: BatchLimits,
  options: {
    readonly isStarved: () => Promise<void>;
    readonly isSuspect?: ((staged: StagedItem) => boolean) | undefined;
  },
): AsyncGenerator<StagedItem[]> {
  const { isStarved, isSuspect = () => false } = options;
  let haveSuspectsBegun = false;
  let batch = new Batch(limits);
  /** Their stems are in the batch; they begin the next. */
  let waiting: StagedItem[] = [];
  const take = () => {
    const full = batch.items;
    batch = new Batch(limits);
    waiting = waiting.filter((staged) => batch.take(staged) !== "taken");
    return full;
  };

  const source = items[Symbol.asyncIterator]();
  try {
    let next = ask(source);
    for (;;) {
      const starved = batch.items.length > 0 ? isStarved().then(() => "starved" as const) : null;
      const result = await (starved === null ? next.result : Promise.race([next.result, starved]));
      if (result === "starved") {
        await setImmediate(); // an item that is ready has come by now
        if (!next.isSettled) yield take();
        continue;
      }
      if (result.done === true) break;
      next = ask(source);
      const staged = result.value;
      if (!haveSuspectsBegun && isSuspect(staged)) {
        haveSuspectsBegun = true;
        while (batch.items.length > 0) yield take();
      }
      if (hasEdits(staged)) {
        yield [staged];
        continue;
      }
      const taken = batch.take(staged);
      if (taken !== "taken") waiting.push(staged);
      if (taken === "no-room" || waiting.length >= limits.items) yield take();
      while (batch.isFull) yield take();
    }
    while (batch.items.length > 0) yield take();
  } finally {
    await source.return?.();
  }
}

/** Asks for the next item and remembers whether it has come. A rejection is seen when it is awaited. */
function ask(source: AsyncIterator<StagedItem>) {
  const asked = { result: source.next(), isSettled: false };
  const settle = () => {
    asked.isSettled = true;
  };
  asked.result.then(settle, settle);
  return asked;
}

/** One batch in the making. */
class Batch {
  readonly items: StagedItem[] = [];
  readonly #limits: BatchLimits;
  readonly #stems = new Set<string>();
  #bytes = 0;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  get isFull(): boolean {
    return this.items.length >= this.#limits.items || this.#bytes >= this.#limits.bytes;
  }

  take(staged: StagedItem): "taken" | "stem-is-taken" | "no-room" {
    const isTooMuch = this.isFull || this.#bytes + staged.sizeBytes > this.#limits.bytes;
    if (this.items.length > 0 && isTooMuch) return "no-room";
    const own = new Set(staged.files.map(({ copyPath }) => stemOf(copyPath)));
    if ([...own].some((stem) => this.#stems.has(stem))) return "stem-is-taken";
    this.items.push(staged);
    this.#bytes += staged.sizeBytes;
    for (const stem of own) this.#stems.add(stem);
    return "taken";
  }
}

function hasEdits({ files }: StagedItem): boolean {
  return files.some(
    ({ role }) => role === "adjustments" || role === "edited" || role === "edited-live-movie",
  );
}

function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return comparableName(dot > 0 ? name.slice(0, dot) : name);
}
