import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { RollcallError } from "../errors.js";
import { isOwnFile, requireOwnOrAbsent } from "../owned-file.js";
import { writeWhole } from "./receipt-json.js";

/** Lies in the folder of receipts. It is no receipt, and has another ending than those. */
const FILE = ".rollcall-pruned";

const prunedSchema = z.object({
  file: z.string().regex(/^[^/\\]+\.json$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  id: z.string(),
  udid: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().optional(),
  prunedAt: z.iso.datetime(),
  isRemoved: z.boolean(),
});
const fileSchema = z.object({ pruned: z.literal(1), receipts: z.array(prunedSchema) });

/** A receipt that a person had removed, so that the receipts which name it raise no alarm. */
export interface PrunedReceipt {
  readonly file: string;
  /** Of the whole JSON file, in hexadecimal. */
  readonly sha256: string;
  /** Of its run. */
  readonly id: string;
  readonly udid: string;
  /** Of its run, in ISO 8601. */
  readonly startedAt: string;
  /** The same; absent in what older versions pruned. */
  readonly finishedAt?: string | undefined;
  readonly prunedAt: string;
  /** False from the decision until its files are gone: a kill in between leaves it so, and it is no receipt any more. */
  readonly isRemoved: boolean;
}

/** What was pruned from a folder of receipts. Empty where that is not known: then what is gone is called gone. */
export function prunedIn(folder: string): readonly PrunedReceipt[] {
  return readPruned(join(folder, FILE)) ?? [];
}

/** @throws RollcallError FOLDER_NOT_OURS where something else has the name; the system's error */
export async function writePruned(folder: string, receipts: readonly PrunedReceipt[]): Promise<void> {
  const text = `${JSON.stringify({ pruned: 1, receipts }, null, 1)}\n`;
  await writeWhole(join(folder, FILE), [text], (path) => readPruned(path) !== null);
}

/**
 * Before anything is decided that would have to be written down.
 * @throws RollcallError FOLDER_NOT_OURS where what was pruned cannot be read
 */
export function requireReadable(folder: string): void {
  const path = join(folder, FILE);
  requireOwnOrAbsent(path);
  if (!isOwnFile(path) || readPruned(path) !== null) return;
  throw new RollcallError("FOLDER_NOT_OURS", {
    message: `${path} is damaged, or a newer Rollcall wrote it.`,
    why: "It says which receipts were pruned.",
    remedy: `Nothing was changed. Update Rollcall, or move the file away: then receipts that were pruned are said to be not here any more.`,
  });
}

function readPruned(path: string): readonly PrunedReceipt[] | null {
  try {
    if (!isOwnFile(path)) return null;
    const checked = fileSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    return checked.success ? checked.data.receipts : null;
  } catch {
    return null;
  }
}
