import { stopped } from "../errors.js";
import type { LibraryItem, LibraryResource, ResourceRole } from "./library-item.js";
import { openInPackage, sizeInPackage } from "./package-files.js";
import { type FileReading, readFileOnce } from "./read-file-once.js";
import { lookAtReferenced, type ReferencedLook } from "./referenced-file.js";

/**
 * - `ok`: the original, its Live video, its RAW and its sidecars are here, each with the bytes that the database
 *   says, by Apple's fingerprint or, where the database has none, by their number alone ({@link ItemCheckUp.evidence}).
 * - `missing`: one of them is not here, although no row says that it is in iCloud instead.
 * - `mismatch`: one of them has other bytes, or cannot be read, or the row cannot be believed.
 * - `icloud-only`: one is not here, its own row says so and that there is one in iCloud; nothing else is wrong.
 * - `referenced`: outside the library, where it says and in its size, or where nobody can look now. One that is gone
 *   from there is `missing`, one of another size `mismatch`. `shared-album`: somebody else's picture.
 */
export type ItemFinding = "ok" | "missing" | "mismatch" | "referenced" | "shared-album" | "icloud-only";

export const ITEM_FINDINGS: readonly ItemFinding[] = [
  "ok",
  "missing",
  "mismatch",
  "referenced",
  "shared-album",
  "icloud-only",
];

/** What became of one file. `fingerprint` and `size` are what it agreed in. */
type ResourceFinding =
  | "fingerprint"
  | "size"
  | "missing"
  | "icloud-only"
  | "other-size"
  | "other-bytes"
  | "other-movie"
  | "nothing-to-compare"
  | "not-in-database"
  | "unreadable";

/** How deep a check-up looks. */
export interface CheckOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * `bytes`, unless said: every file is read to its end. `size`: presence and length alone, and no hashes, but for
   * a file of which the database has only the fingerprint.
   */
  readonly depth?: "bytes" | "size" | undefined;
  /** Called for each piece that was read, with its length. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

export interface CheckedFile {
  readonly role: ResourceRole;
  /** Below the package; null where the database leads nowhere. */
  readonly path: string | null;
  /** Null where it could not be read. */
  readonly sizeBytes: number | null;
  /** Null, and the fingerprint too, where its bytes were not read. */
  readonly sha256: string | null;
  /** Apple's, of the bytes that were read. */
  readonly fingerprint: string | null;
  readonly expectedBytes: number | null;
  readonly expectedFingerprint: string | null;
  readonly finding: ResourceFinding;
}

export interface ItemCheckUp {
  readonly uuid: string;
  readonly name: string | null;
  readonly verdict: ItemFinding;
  /** What an `ok` rests on: `fingerprint` only where every file that counts agreed in it. Null without `ok`. */
  readonly evidence: "fingerprint" | "size-only" | null;
  /** One sentence for a person; null for `ok`. */
  readonly reason: string | null;
  readonly trashed: boolean | null;
  readonly hidden: boolean | null;
  readonly files: readonly CheckedFile[];
}

/**
 * Reads every file of an item, each once, and compares it with what the database says of it. Edits and shared
 * pictures are read and hashed too, and do not count in the verdict.
 * @throws RollcallError STOPPED
 */
export async function checkItem(
  libraryPath: string,
  item: LibraryItem,
  options: CheckOptions = {},
): Promise<ItemCheckUp> {
  const files: CheckedFile[] = [];
  for (const resource of item.resources) files.push(await checkFile(libraryPath, item, resource, options));
  const { verdict, reason } =
    item.savedType === "referenced"
      ? judgeReferenced(item, await lookAtReferenced(item))
      : judge(item, files);
  const counted = files.filter(isCounted);
  return {
    uuid: item.uuid,
    name: item.name,
    verdict,
    evidence:
      verdict !== "ok"
        ? null
        : counted.every(({ finding }) => finding === "fingerprint")
          ? "fingerprint"
          : "size-only",
    reason,
    trashed: item.isTrashed,
    hidden: item.isHidden,
    files,
  };
}

function judge(
  item: LibraryItem,
  files: readonly CheckedFile[],
): { verdict: ItemFinding; reason: string | null } {
  const counted = files.filter(isCounted);
  if (counted.length === 0)
    return {
      verdict: "shared-album",
      reason:
        "It is somebody else's, from a shared album, a link or Messages; no original of it lies in this library.",
    };
  const first = (...findings: ResourceFinding[]) => counted.find(({ finding }) => findings.includes(finding));

  const missing = first("missing");
  if (missing !== undefined) return { verdict: "missing", reason: WHY.missing(missing) };
  const wrong = counted.find(({ finding }) => !["fingerprint", "size", "icloud-only"].includes(finding));
  if (wrong !== undefined) return { verdict: "mismatch", reason: WHY[wrong.finding](wrong) };
  if (item.trouble !== null) return { verdict: "mismatch", reason: ROW_TROUBLE[item.trouble] };
  const away = first("icloud-only");
  if (away !== undefined) return { verdict: "icloud-only", reason: WHY["icloud-only"](away) };
  return { verdict: "ok", reason: null };
}

function judgeReferenced(
  { sizeBytes }: LibraryItem,
  look: ReferencedLook,
): { verdict: ItemFinding; reason: string } {
  const outside = "Its file lies outside the library, which only refers to it";
  switch (look.is) {
    case "there":
      return { verdict: "referenced", reason: `${outside}; it is there: ${look.path}` };
    case "gone":
      return { verdict: "missing", reason: `${outside}; it is not there any more: ${look.path}` };
    case "other-size":
      return {
        verdict: "mismatch",
        reason: `${outside}; it has ${look.sizeBytes} bytes where the library says ${sizeBytes}: ${look.path}`,
      };
    case "away":
      return {
        verdict: "referenced",
        reason: `${outside}; its folder is not there now, perhaps its disk is away: ${look.path}`,
      };
    case "not-looked-at":
      return { verdict: "referenced", reason: `${outside}; it was not looked at.` };
  }
}

function isCounted({ role }: CheckedFile): boolean {
  return role !== "edit" && role !== "shared-derivative";
}

const ROW_TROUBLE = {
  NO_ID: "Its row in the database has no id.",
  NO_ORIGINAL_ROW: "The database has lost the row of its original, and perhaps those of other files.",
  CONTRADICTS_ITSELF: "The database contradicts itself about its original.",
};

const NAMES: Readonly<Record<ResourceRole, string>> = {
  primary: "The original",
  "live-video": "The video of the Live Photo",
  "raw-alternate": "The RAW",
  sidecar: "The sidecar",
  edit: "The edited version",
  "shared-derivative": "The shared picture",
  unlisted: "A file beside it",
};

const WHY: Readonly<Record<ResourceFinding, (file: CheckedFile) => string>> = {
  fingerprint: ({ role }) => `${NAMES[role]} is whole.`,
  size: ({ role }) => `${NAMES[role]} has the right size.`,
  missing: ({ role }) => `${NAMES[role]} is not in the library package.`,
  "icloud-only": ({ role }) => `${NAMES[role]} is not on this Mac; the library says that it is in iCloud.`,
  "other-size": ({ role, sizeBytes, expectedBytes }) =>
    `${NAMES[role]} has ${sizeBytes} bytes where the library says ${expectedBytes}.`,
  "other-bytes": ({ role }) => `${NAMES[role]} has other bytes than those that the library took in.`,
  "other-movie": ({ role }) => `${NAMES[role]} belongs to another Live Photo.`,
  "nothing-to-compare": ({ role }) =>
    `${NAMES[role]} is there, but the library has neither its size nor its hash.`,
  "not-in-database": ({ path }) => `${path} lies beside it, and the database does not know it.`,
  unreadable: ({ role }) => `${NAMES[role]} could not be read to its end.`,
};

/** In every video of a Live Photo, before its identifier (QuickTime metadata key). */
const IDENTIFIER_KEY = "com.apple.quicktime.content.identifier";

async function checkFile(
  libraryPath: string,
  item: LibraryItem,
  resource: LibraryResource,
  { signal, depth, onBytes }: CheckOptions,
): Promise<CheckedFile> {
  if (signal?.aborted) throw stopped(signal);
  const { role, path, expectedBytes, expectedFingerprint } = resource;
  const described = { role, path, expectedBytes, expectedFingerprint };
  const unread = { ...described, sizeBytes: null, sha256: null, fingerprint: null };
  const identifier =
    role === "live-video" && (item.contentIdentifier?.length ?? 0) >= 8 ? item.contentIdentifier : null;
  const absent = (): CheckedFile => ({
    ...unread,
    finding: resource.declaredState === "icloud" ? "icloud-only" : "missing",
  });
  let reading: FileReading;
  try {
    if (path === null) return absent();
    if (depth === "size" && (expectedBytes !== null || expectedFingerprint === null)) {
      const sizeBytes = sizeInPackage(libraryPath, path);
      return sizeBytes === null
        ? absent()
        : { ...unread, sizeBytes, finding: compareSize(resource, sizeBytes) };
    }
    await using file = await openInPackage(libraryPath, path);
    if (file === null) return absent();
    reading = await readFileOnce(file, {
      signal,
      onBytes,
      lookFor: identifier === null ? [] : [IDENTIFIER_KEY, identifier],
    });
    // Rewritten while it was read: what was read is neither the old file nor the new one.
    if ((await file.stat()).size !== reading.sizeBytes) return { ...unread, finding: "unreadable" };
  } catch (error) {
    if (signal?.aborted) throw stopped(signal);
    if (!(error instanceof Error && "syscall" in error)) throw error;
    return { ...unread, finding: "unreadable" };
  }
  const { sizeBytes, sha256, fingerprint, found } = reading;
  const isOtherVideo = identifier !== null && found.has(IDENTIFIER_KEY) && !found.has(identifier);
  return { ...described, sizeBytes, sha256, fingerprint, finding: compare(resource, reading, isOtherVideo) };
}

function compare(resource: LibraryResource, reading: FileReading, isOtherVideo: boolean): ResourceFinding {
  const bySize = compareSize(resource, reading.sizeBytes);
  if (bySize === "not-in-database" || bySize === "other-size") return bySize;
  if (resource.expectedFingerprint !== null)
    return resource.expectedFingerprint === reading.fingerprint ? "fingerprint" : "other-bytes";
  return isOtherVideo ? "other-movie" : bySize;
}

function compareSize({ role, expectedBytes }: LibraryResource, sizeBytes: number): ResourceFinding {
  if (role === "unlisted") return "not-in-database";
  if (expectedBytes === null) return "nothing-to-compare";
  return expectedBytes === sizeBytes ? "size" : "other-size";
}
