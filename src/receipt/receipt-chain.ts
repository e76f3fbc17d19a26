import { basename } from "node:path";
import { RollcallError } from "../errors.js";
import type { PrunedReceipt } from "./pruned-receipts.js";
import { readReceiptHead } from "./read-receipt-head.js";
import type { PreviousReceipt } from "./receipt.js";
import { sha256Of } from "./same-answers.js";

/** Of a receipt that another one names: "pruned" on a person's word, or "gone" in another way. */
type NamedReceiptState = "there" | "changed" | "pruned" | "gone";

/** One receipt on the disk, and what the others say of it. */
export interface ChainLink {
  readonly path: string;
  /**
   * Of the receipt that this one names as the one before it: "there" with the same bytes, "changed" since, or not
   * there any more. Null where it names none: it is the first, was written by an older Rollcall, or cannot be read.
   */
  readonly previousIs: NamedReceiptState | null;
  /** In ISO 8601, where the one before it was pruned. */
  readonly previousPrunedAt: string | null;
  /** A later receipt names this one with other bytes than it has now. */
  readonly isChanged: boolean;
  /** The same of the receipt that holds its answers; null where it holds them itself. */
  readonly answersAre: NamedReceiptState | null;
}

/**
 * What a new receipt says of the one before it; null where there is none.
 * @param paths of all receipts, oldest first
 * @param ownId the run's: where its end was cut off, its own receipt may lie there already
 */
export async function previousReceipt(
  paths: readonly string[],
  ownId: string,
): Promise<PreviousReceipt | null> {
  for (const path of [...paths].reverse()) {
    if ((await idOf(path)) !== ownId) return { file: basename(path), sha256: await sha256Of(path) };
  }
  return null;
}

/**
 * Follows the hashes through all receipts. A break is no proof of anything bad: a file may have been moved
 * away, or opened and saved.
 * @param paths of all receipts
 * @param pruned what a person had removed
 */
export async function followChain(
  paths: readonly string[],
  pruned: readonly PrunedReceipt[] = [],
  signal?: AbortSignal,
): Promise<ChainLink[]> {
  const hashes = new Map<string, string>();
  const named: { readonly path: string; readonly names: Named }[] = [];
  for (const path of paths) {
    signal?.throwIfAborted();
    hashes.set(basename(path), await sha256Of(path));
    named.push({ path, names: await namedBy(path) });
  }
  const there = new Set(hashes.values());
  const prunedAt = new Map(pruned.map((one) => [one.sha256, one.prunedAt]));
  const standing = (earlier: PreviousReceipt | null): NamedReceiptState | null => {
    if (earlier === null) return null;
    if (there.has(earlier.sha256)) return "there";
    if (prunedAt.has(earlier.sha256)) return "pruned";
    return hashes.has(earlier.file) ? "changed" : "gone";
  };
  const changed = new Set(
    named.flatMap(({ names }) =>
      [names.previous, names.sameAnswersAs].flatMap((one) =>
        standing(one) === "changed" ? [one!.file] : [],
      ),
    ),
  );
  return named.map(({ path, names }) => ({
    path,
    previousIs: standing(names.previous),
    previousPrunedAt: standing(names.previous) === "pruned" ? prunedAt.get(names.previous!.sha256)! : null,
    answersAre: standing(names.sameAnswersAs),
    isChanged: changed.has(basename(path)),
  }));
}

type Named = Readonly<Record<"previous" | "sameAnswersAs", PreviousReceipt | null>>;

async function namedBy(path: string): Promise<Named> {
  const head = await headOrNull(path);
  return { previous: head?.previous ?? null, sameAnswersAs: head?.sameAnswersAs ?? null };
}

async function idOf(path: string): Promise<string | null> {
  return (await headOrNull(path))?.id ?? null;
}

async function headOrNull(path: string) {
  return await readReceiptHead(path).catch((error: unknown) => {
    if (error instanceof RollcallError) return null;
    throw error;
  });
}
