import { editFormat } from "../import/edit-format.js";
import { FORMAT_NOT_CARRIED } from "../import/imported-item.js";
import type { LedgerFile } from "../ledger/ledger-entry.js";
import { EDIT_NOT_KEPT, type LibraryVerdict } from "./verdict-from-library.js";

/**
 * An edit that Photos dropped, though its photo is there. Of a format that Photos is known to take it is missing; of
 * another one (slow motion, screenshots) that was to be expected: it is named as not carried, and nothing is wrong.
 * @param files of one photo, with what was said of them before
 * @returns the same verdicts, with those of such edits exchanged
 */
export async function namingDropped<Verdict extends { readonly verdict: LibraryVerdict }>(
  files: readonly (Pick<LedgerFile, "path" | "role"> & {
    readonly copyPath: string | null;
    readonly before: string | null;
  })[],
  verdicts: ReadonlyMap<string, Verdict>,
): Promise<ReadonlyMap<string, Verdict>> {
  const isDropped = ({ path }: { path: string }) =>
    verdicts.get(path)?.verdict.reason?.code === EDIT_NOT_KEPT;
  const dropped = files.filter(isDropped);
  if (dropped.length === 0) return verdicts;
  const copies = files.flatMap(({ role, copyPath }) => (copyPath === null ? [] : [{ role, copyPath }]));
  const recipe = files.find(({ role }) => role === "adjustments");
  const isOther = recipe !== undefined && recipe.copyPath !== null && (await editFormat(copies)) === "other";
  const named = new Map(verdicts);
  for (const { path, before } of dropped)
    if (isOther || before === "set-aside") named.set(path, { ...verdicts.get(path)!, verdict: NOT_CARRIED });
  return named;
}

const NOT_CARRIED: LibraryVerdict = { answer: "set-aside", evidence: [], reason: FORMAT_NOT_CARRIED };
