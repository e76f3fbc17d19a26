import { stopped } from "../errors.js";
import { hasSameBytes, hasSizeOf, isWhole, type MadeCopy } from "../transfer/whole-copy.js";
import type { RunParts } from "./run-parts.js";

/**
 * Which copies in a folder are still those that were made: by size and date, or, where the disk did not take the date or
 * somebody changed it, by their bytes. How many are read, and how far that is, is reported.
 * @returns their paths
 * @throws RollcallError STOPPED
 */
export async function intactCopies(
  copies: Iterable<MadeCopy>,
  { report, signal }: Pick<RunParts, "report" | "signal">,
): Promise<ReadonlySet<string>> {
  const intact = new Set<string>();
  const toRead: MadeCopy[] = [];
  for (const copy of copies) {
    if (signal?.aborted) throw stopped(signal);
    if (await isWhole(copy.copyPath, copy.sizeBytes, copy.modifiedAtMs)) intact.add(copy.copyPath);
    else if (await hasSizeOf(copy)) toRead.push(copy);
  }
  const bytes = toRead.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let readBytes = 0;
  const reportRead = () => report({ type: "checking", copies: toRead.length, bytes, readBytes });
  if (toRead.length > 0) reportRead();
  const onBytes = (count: number) => {
    readBytes += count;
    reportRead();
  };
  for (const copy of toRead) {
    if (signal?.aborted) throw stopped(signal);
    if (await hasSameBytes(copy, { onBytes, signal })) intact.add(copy.copyPath);
  }
  return intact;
}
