import { setImmediate } from "node:timers/promises";
import type { StagedItem } from "../transfer/staged-item.js";
import { comparableName } from "./match-imported.js";

export interface BatchLimits {
  readonly items: number;
  /** One item may exceed it. */
  readonly bytes: number;
}

export const ORDINARY_BATCH: BatchLimits = { items: 50, bytes: 1024 ** 3 };

/**
 * Groups whole items for one import event each. No stem occurs twice in a batch unless it is one item
 * (files of one stem are joined or refused); an item with edits goes alone, because mixed calls with
 * edits are unproven on macOS. Items keep their order, except that one with edits may overtake.
 * @param isStarved resolves when no further item can come before this batch has gone
 */
export async function* gatherBatches(
  items: AsyncIterable<StagedItem>,
  limits: BatchLimits,
  isStarved: () => Promise<void>,
): AsyncGenerator<StagedItem[]> {
  let batch: StagedItem[] = [];
  let bytes = 0;
  let stems = new Set<string>();
  const take = () => {
    const full = batch;
    batch = [];
    bytes = 0;
    stems = new Set();
    return full;
  };

  const source = items[Symbol.asyncIterator]();
  try {
    let next = ask(source);
    for (;;) {
      const starved = batch.length > 0 ? isStarved().then(() => "starved" as const) : null;
      const result = await (starved === null ? next.result : Promise.race([next.result, starved]));
      if (result === "starved") {
        await setImmediate(); // an item that is ready has come by now
        if (!next.isSettled) yield take();
        continue;
      }
      if (result.done === true) break;
      next = ask(source);
      const staged = result.value;
      if (hasEdits(staged)) {
        yield [staged];
        continue;
      }
      const own = new Set(staged.files.map(({ copyPath }) => stemOf(copyPath)));
      const isClash = [...own].some((stem) => stems.has(stem));
      if (batch.length > 0 && (isClash || bytes + staged.sizeBytes > limits.bytes)) yield take();
      batch.push(staged);
      bytes += staged.sizeBytes;
      for (const stem of own) stems.add(stem);
      if (batch.length >= limits.items || bytes >= limits.bytes) yield take();
    }
    if (batch.length > 0) yield take();
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
