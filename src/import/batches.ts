import { setImmediate } from "node:timers/promises";
import { lastName } from "../text/last-name.js";
import type { StagedItem } from "../transfer/staged-item.js";
import { editFormat } from "./edit-format.js";
import { hasEdits } from "./imported-item.js";
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
 * (files of one stem are joined or refused). Items with edits are in batches of their own, of as many as
 * `edited` allows by then; one whose edit is of a kind that nobody saw Photos take goes alone. Items keep their order,
 * except that an edited one may overtake, or wait until its batch is full, and one whose stem is taken waits for the
 * next batch: of many pairs that are no Live Photos, all stills go in one and all videos in the next.
 * @param limits looked at for each item: they may change from batch to batch
 * @param options.isStarved resolves when no further item can come before this batch has gone
 * @param options.failedBefore true for items, the last ones, that are not to be in a batch with others
 * @param options.edited how many edited items one event may carry, asked for each; one unless given
 */
export async function* gatherBatches(
  items: AsyncIterable<StagedItem>,
  limits: BatchLimits,
  options: {
    readonly isStarved: () => Promise<void>;
    readonly failedBefore?: ((staged: StagedItem) => boolean) | undefined;
    readonly edited?: { readonly mostItems: number } | undefined;
  },
): AsyncGenerator<StagedItem[]> {
  const { isStarved, failedBefore = () => false, edited = { mostItems: 1 } } = options;
  let haveRetriesBegun = false;
  const plain = new Gathering(limits);
  const withEdits = new Gathering({
    get items() {
      return Math.min(edited.mostItems, limits.items);
    },
    get bytes() {
      return limits.bytes;
    },
  });
  const rest = function* () {
    for (const gathering of [plain, withEdits]) while (!gathering.isEmpty) yield gathering.take();
  };

  const source = items[Symbol.asyncIterator]();
  try {
    let next = ask(source);
    for (;;) {
      const waiting = plain.isEmpty ? withEdits : plain;
      const starved = waiting.isEmpty ? null : isStarved().then(() => "starved" as const);
      const result = await (starved === null ? next.result : Promise.race([next.result, starved]));
      if (result === "starved") {
        await setImmediate(); // an item that is ready has come by now
        if (!next.isSettled) yield waiting.take();
        continue;
      }
      if (result.done === true) break;
      next = ask(source);
      const staged = result.value;
      if (!haveRetriesBegun && failedBefore(staged)) {
        haveRetriesBegun = true;
        yield* rest();
      }
      const isEdited = hasEdits(staged.files);
      if (isEdited && (await editFormat(staged.files)) !== "taken") {
        yield [staged];
        continue;
      }
      const gathering = isEdited ? withEdits : plain;
      if (gathering.add(staged) === "no-room") yield gathering.take();
      while (gathering.isFull) yield gathering.take();
    }
    yield* rest();
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

/** One batch in the making, and the items that have to wait for the next because their stem is in it. */
class Gathering {
  readonly #limits: BatchLimits;
  #batch: OpenBatch;
  /** They begin the next. */
  #waiting: StagedItem[] = [];

  constructor(limits: BatchLimits) {
    this.#limits = limits;
    this.#batch = new OpenBatch(limits);
  }

  get isEmpty(): boolean {
    return this.#batch.items.length === 0;
  }

  get isFull(): boolean {
    return this.#batch.isFull;
  }

  /** @returns "no-room" where the batch is to go, because this one or enough others wait for the next */
  add(staged: StagedItem): "taken" | "no-room" {
    const taken = this.#batch.take(staged);
    if (taken !== "taken") this.#waiting.push(staged);
    return taken === "no-room" || this.#waiting.length >= this.#limits.items ? "no-room" : "taken";
  }

  /** The batch, and begins the next with those that waited. Fewer items or bytes may be allowed by now than when it was gathered. */
  take(): StagedItem[] {
    const full = this.#batch.items;
    const allowed = new OpenBatch(this.#limits);
    const tooMuch = full.findIndex((staged) => allowed.take(staged) !== "taken");
    const sent = tooMuch < 0 ? full : full.slice(0, tooMuch);
    this.#batch = new OpenBatch(this.#limits);
    this.#waiting = [...full.slice(sent.length), ...this.#waiting].filter(
      (staged) => this.#batch.take(staged) !== "taken",
    );
    return sent;
  }
}

/** Items whose files can go in one event together. */
class OpenBatch {
  readonly items: StagedItem[] = [];
  readonly #limits: BatchLimits;
  readonly #stems = new Set<string>();
  #bytes = 0;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  get isFull(): boolean {
    const { items, bytes } = this.#limits;
    return this.items.length > 0 && (this.items.length >= items || this.#bytes >= bytes);
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

function stemOf(path: string): string {
  const name = lastName(path);
  const dot = name.lastIndexOf(".");
  return comparableName(dot > 0 ? name.slice(0, dot) : name);
}
