import { createHash } from "node:crypto";
import type { MediaItem } from "../catalogue/media-item.js";
import { stopped } from "../errors.js";
import { type Phone, type PhoneFile, PhoneFileError } from "../phone/phone.js";
import type {
  LibraryPackage,
  LibraryPackageRecord,
  LibraryPackageRecords,
} from "../photos/library-package.js";
import type { Plan } from "../plan/decision.js";
import { findUnderOtherId, type SoughtFile } from "../verify/find-under-other-id.js";

/**
 * Whether a photo of the phone is in the library.
 * - `in-library`: every byte of it is, under one id.
 * - `original-in-library`: the original is, byte for byte, and its edit is not.
 * - `same-fingerprint`: Apple's fingerprint of the original is the same; the file is not on this Mac.
 * - `perhaps`: the library has a photo of this length whose bytes are not on this Mac, or not in the package, and
 *   no fingerprint of it.
 * - `not-there`: no file of this length is in the library, or those that are have other bytes.
 * - `unread`: the phone did not give its bytes.
 */
export type AuditWord =
  | "in-library"
  | "original-in-library"
  | "same-fingerprint"
  | "perhaps"
  | "not-there"
  | "unread";

export interface AuditedItem {
  readonly item: MediaItem;
  readonly word: AuditWord;
  /** The item of the library, where there is one. */
  readonly photosId: string | null;
}

const FINGERPRINT_SALT = "com.apple.XattrObjectSalt\0com.apple.DataObjectSalt\0";
const EDITS: ReadonlySet<string> = new Set(["adjustments", "edited", "edited-live-movie"]);

/**
 * What of that which would be imported, or was only marked as known, is not in this library? Lengths decide first, out
 * of the database; only where one fits are the phone's bytes read, and then compared with those that Photos keeps.
 * @throws RollcallError LIBRARY_UNREADABLE, STOPPED, and what the phone throws
 */
export async function* auditLibrary(
  plan: Plan,
  sources: {
    readonly phone: Phone;
    readonly library: LibraryPackage;
    readonly records: LibraryPackageRecords;
    readonly signal?: AbortSignal | undefined;
  },
): AsyncGenerator<AuditedItem> {
  for (const decision of plan.decisions) {
    if (sources.signal?.aborted) throw stopped(sources.signal);
    const isMarked = decision.action === "leave" && decision.reason.code === "MARKED_BY_YOU";
    if (decision.action === "import" || isMarked) yield await auditItem(decision.item, sources);
  }
}

async function auditItem(item: MediaItem, sources: Parameters<typeof auditLibrary>[1]): Promise<AuditedItem> {
  const { phone, records, signal } = sources;
  const audited = (word: AuditWord, photosId: string | null = null) => ({ item, word, photosId });
  const original = item.files[0]!.file;
  const alike = records
    .idsWithSize(original.sizeBytes)
    .flatMap((id) => records.find(id) ?? [])
    .filter(({ isTrashed }) => isTrashed !== true);
  if (alike.length === 0) return audited("not-there");

  const sought: SoughtFile[] = [];
  for (const { role, file } of item.files) {
    const hashes = await hashesOf(phone, file, signal);
    if (hashes === null) return audited("unread");
    const { path, sizeBytes } = file;
    sought.push({ path, role, sizeBytes, ...hashes, copyPath: null });
  }
  const mustHave = ({ role }: SoughtFile) => !EDITS.has(role);
  const found = await findUnderOtherId(sought, sources, { mustHave, signal });
  if (found !== null) {
    const isWhole = sought.every(({ path }) => found.proofs.get(path)?.kind === "proved");
    return audited(isWhole ? "in-library" : "original-in-library", found.photosId);
  }
  const away = alike.filter(isAway);
  const duplicate = away.find(({ fingerprint }) => fingerprint === sought[0]!.fingerprint);
  if (duplicate !== undefined) return audited("same-fingerprint", duplicate.photosId);
  const perhaps = away.find(({ fingerprint }) => fingerprint === null);
  return perhaps === undefined ? audited("not-there") : audited("perhaps", perhaps.photosId);
}

/** Its original is kept outside the package, so its bytes cannot be compared. One that the library lost is nowhere. */
function isAway({ savedType, parts }: LibraryPackageRecord): boolean {
  return (
    savedType === "referenced" || parts.some(({ part, isInICloud }) => part === "original" && isInICloud)
  );
}

/** Null where the phone does not give the file whole. */
async function hashesOf(
  phone: Phone,
  { path, sizeBytes }: PhoneFile,
  signal: AbortSignal | undefined,
): Promise<{ sha256: string; fingerprint: string } | null> {
  const sha256 = createHash("sha256");
  const sha1 = createHash("sha1").update(FINGERPRINT_SALT);
  let readBytes = 0;
  try {
    for await (const chunk of phone.read(path, signal === undefined ? {} : { signal })) {
      if (signal?.aborted) throw stopped(signal);
      readBytes += chunk.byteLength;
      sha256.update(chunk);
      sha1.update(chunk);
    }
  } catch (error) {
    if (error instanceof PhoneFileError) return null;
    throw error;
  }
  if (readBytes !== sizeBytes) return null;
  const fingerprint = Buffer.concat([Buffer.of(1), sha1.digest()]).toString("base64");
  return { sha256: sha256.digest("hex"), fingerprint };
}
