import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, mkdir, rename, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { MediaItem } from "../catalogue/media-item.js";
import type { Reason } from "../errors.js";
import type { LedgerBetween } from "../ledger/ledger-between.js";
import type { FileFinding } from "../ledger/ledger-entry.js";
import type { Phone } from "../phone/phone.js";
import { placeIdentity } from "../plan/decide-copy.js";
import type { Decision } from "../plan/decision.js";
import { commitCopy, discardCopy, explainWriteError, IN_THE_WAY, type PartialCopy } from "./copy-file.js";
import { DistinctPlaces, foldsCase } from "./safe-file-name.js";
import { severalAtOnce } from "./several-at-once.js";
import { type CopyOutcomes, copyFiles, discardAll, ownReasons } from "./transfer-items.js";

const ITEMS_AT_ONCE = 6;

/** What became of one item that was to lie in the folder. */
export type CopyOutcome =
  | {
      readonly type: "copied";
      readonly item: MediaItem;
      readonly replaced: readonly string[];
      /** Files of the item that could not be copied; the others are there. */
      readonly reasons: ReadonlyMap<string, Reason>;
    }
  | { readonly type: "failed"; readonly item: MediaItem; readonly reasons: ReadonlyMap<string, Reason> };

export interface CopyItemsOptions {
  readonly phone: Phone;
  readonly ledger: LedgerBetween;
  readonly runId: string;
  /** Exists. `DCIM/...` is laid out below it. */
  readonly folder: string;
  /** Every path of the phone, so that each keeps its place whatever is copied this time. */
  readonly allPaths: readonly string[];
  /** Where a file of the same name and other content is moved to, relative to `folder`. */
  readonly replacedFolder: string;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((count: number) => void) | undefined;
}

/**
 * Copies items into a folder, laid out as on the phone, and reads every copy back from the disk: the
 * ledger then says `proved`. A file that lies there with other content is moved aside, never lost.
 */
export async function* copyItems(
  brings: Iterable<Extract<Decision, { action: "bring" }>>,
  options: CopyItemsOptions,
): AsyncGenerator<CopyOutcome> {
  const { folder, signal } = options;
  const places = new DistinctPlaces(await foldsCase(folder));
  for (const path of [...options.allPaths].sort()) places.placeFor(path);
  yield* severalAtOnce(brings, {
    limit: ITEMS_AT_ONCE,
    signal,
    start: async ({ item }, either) => ({
      item,
      copies: await copyFiles(
        item,
        item.files.map(({ file }) => join(folder, places.placeFor(file.path))),
        { ...options, signal: either },
      ),
    }),
    settle: ({ item, copies }) => settle(item, copies, options),
    discard: ({ copies }) => discardAll(copies),
  });
}

async function settle(
  item: MediaItem,
  outcomes: CopyOutcomes,
  options: CopyItemsOptions,
): Promise<CopyOutcome> {
  const { ledger, runId, now } = options;
  const copies = outcomes.filter((one) => "partialPath" in one);
  const reasons = ownReasons(outcomes);
  if (copies.length === 0) return { type: "failed", item, reasons };
  const replaced: string[] = [];
  const placed: PartialCopy[] = [];
  for (const copy of copies) {
    const put = await putInPlace(copy, options);
    if (typeof put === "string") replaced.push(put);
    if (put === null || typeof put === "string") placed.push(copy);
    else reasons.set(copy.file.path, put);
  }
  if (placed.length === 0) return { type: "failed", item, reasons };
  const roles = new Map(item.files.map(({ role, file }) => [file.path, role]));
  const files = placed.map(({ file, sha256, fingerprint, finalPath }) => ({
    role: roles.get(file.path)!,
    file,
    sha256,
    fingerprint,
    copyPath: finalPath,
  }));
  const id = ledger.recordStaged(runId, { identity: placeIdentity(item.key), key: item.key }, files);
  const findings: FileFinding[] = [];
  for (const { file, copyPath, sha256 } of files) {
    const isEqual = (await hashOf(copyPath)) === sha256;
    findings.push({
      path: file.path,
      photosId: null,
      answer: isEqual ? "proved" : "differs",
      evidence: isEqual ? ["size", "sha256"] : ["size"],
      reason: isEqual ? null : DAMAGED_ON_DISK,
      checkedAt: now(),
    });
  }
  ledger.recordOutcome(id, "imported", findings);
  return { type: "copied", item, replaced, reasons };
}

const DAMAGED_ON_DISK: Reason = {
  code: "COPY_DIFFERS",
  message: "read back from the folder, its bytes are not those that came off the phone",
  remedy: "Check the disk, then run this again.",
};

/**
 * @returns where a file with other content was moved, relative to the folder; null where none was in the
 *   way; or why the copy could not be put there
 */
async function putInPlace(copy: PartialCopy, options: CopyItemsOptions): Promise<string | null | Reason> {
  const { folder, replacedFolder } = options;
  const existing = await lstat(copy.finalPath).catch(() => null);
  if (existing === null) {
    await commitCopy(copy);
    return null;
  }
  if (existing.isDirectory()) {
    await discardCopy(copy);
    return { ...IN_THE_WAY, message: `a folder stands where the file has to go: ${copy.finalPath}` };
  }
  if (
    existing.isFile() &&
    existing.size === copy.file.sizeBytes &&
    (await hashOf(copy.finalPath)) === copy.sha256
  ) {
    // Dated like a copy of ours, or the next run would read it off the phone again.
    await utimes(copy.finalPath, copy.file.modifiedAt, copy.file.modifiedAt);
    await discardCopy(copy);
    return null;
  }
  const place = join(replacedFolder, copy.finalPath.slice(folder.length + 1));
  try {
    await mkdir(dirname(join(folder, place)), { recursive: true });
    await rename(copy.finalPath, join(folder, place));
  } catch (error) {
    throw explainWriteError(error, folder);
  }
  await commitCopy(copy);
  return place;
}

/** SHA-256 of a file on this computer, in hex. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk);
  return hash.digest("hex");
}
