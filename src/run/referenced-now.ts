import { lstat } from "node:fs/promises";
import { hasErrno, type Reason } from "../errors.js";
import { advise, IMPORT_RETRY, VERIFY } from "../remedy.js";
import { hashOf } from "../transfer/disk.js";
import type { SoughtFile } from "../verify/find-under-other-id.js";
import { type LibraryVerdict, REFERENCED } from "../verify/verdict-from-library.js";

/**
 * Where Photos keeps no copy of a file, the staged one is the photo: it is read today, and what was said of it stands
 * only where it has the bytes that came off the phone.
 */
export async function referencedNow<Verdict extends LibraryVerdict | null>(
  verdict: Verdict,
  { copyPath, sizeBytes, sha256 }: SoughtFile,
): Promise<Verdict | LibraryVerdict> {
  if (verdict?.reason?.code !== REFERENCED || copyPath === null) return verdict;
  try {
    const found = await lstat(copyPath);
    const isIt = found.isFile() && found.size === sizeBytes && (await hashOf(copyPath)) === sha256;
    return isIt ? verdict : { answer: "differs", evidence: [], reason: REASONS.differs(copyPath) };
  } catch (error) {
    const isGone = hasErrno(error, "ENOENT", "ENOTDIR");
    return isGone
      ? { answer: "missing", evidence: [], reason: REASONS.gone(copyPath) }
      : { answer: "unknown", evidence: [], reason: REASONS.unreadable(copyPath) };
  }
}

const AGAIN = advise`${IMPORT_RETRY} imports it again while the phone has it.`;

const REASONS = {
  gone: (path: string): Reason => ({
    code: "REFERENCED_FILE_GONE",
    message: `Photos keeps no copy of it, and the staged file, which was the photo, is not there any more: ${path}`,
    remedy: advise`Put the file back where it was, from the Trash or a backup; or ${AGAIN}`,
  }),
  differs: (path: string): Reason => ({
    code: "REFERENCED_FILE_DIFFERS",
    message: `Photos keeps no copy of it, and the staged file, which is the photo, has other bytes than came off the phone: ${path}`,
    remedy: advise`Keep the phone's photo: ${AGAIN}`,
  }),
  unreadable: (path: string): Reason => ({
    code: "REFERENCED_FILE_UNREADABLE",
    message: `Photos keeps no copy of it, and the staged file, which is the photo, could not be read: ${path}`,
    remedy: advise`Check the disk and your right to read it, then run ${VERIFY}.`,
  }),
} as const;
