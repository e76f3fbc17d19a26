import { EDIT_ROLES } from "../catalogue/file-roles.js";
import type { Reason } from "../errors.js";
import type { StoredAnswer } from "../ledger/ledger-entry.js";
import type { LibraryPackagePart, LibraryPackageRecord } from "../photos/library-package.js";
import { advise, IMPORT_RETRY, VERIFY } from "../remedy.js";
import type { Proof, WantedFile } from "./compare-bytes.js";
import type { Evidence } from "./verdict.js";

/** What the library itself says of one file. */
export interface LibraryVerdict {
  readonly answer: StoredAnswer;
  readonly evidence: readonly Evidence[];
  readonly reason: Reason | null;
}

/** The codes of files that are in Photos and whose bytes are not, or not as such, in the package. */
export const REFERENCED = "REFERENCED";
export const EDIT_NOT_KEPT = "EDIT_NOT_KEPT";
export const EDIT_KEPT_OTHERWISE = "EDIT_KEPT_OTHERWISE";

/**
 * What the bytes and the row of its item say of one file. Only bytes give `proved`, and only bytes or the database
 * `differs`, `missing` and `removed`.
 * @param record null where the database could not be read
 * @returns null where neither says anything: then what Photos says by script stands
 */
export function verdictFromLibrary(
  file: WantedFile,
  proof: Proof,
  record: LibraryPackageRecord | null,
): LibraryVerdict | null {
  const isEdit = EDIT_ROLES.has(file.role);
  if (record === null) {
    if (proof.kind === "proved") return { answer: "proved", evidence: ["sha256"], reason: null };
    return proof.kind === "other" && !isEdit ? wrong("differs", REASONS.otherBytes(proof.keptPath)) : null;
  }
  if (record.isTrashed === true) return wrong("removed", REASONS.trashed);
  if (record.isDamaged) return wrong("differs", REASONS.rowDamaged);
  const database: Evidence[] = record.isComplete === false ? [] : ["database"];
  if (proof.kind === "proved") return { answer: "proved", evidence: [...database, "sha256"], reason: null };
  if (record.savedType === "referenced")
    return { answer: "present", evidence: [], reason: REASONS.referenced(file.copyPath) };
  if (isEdit) {
    if (record.isEdited === false && proof.kind === "absent") return wrong("missing", REASONS.editNotStored);
    return { answer: "present", evidence: database, reason: REASONS.editStoredDifferently };
  }
  if (proof.kind === "unreadable") return wrong("unknown", REASONS.unreadable(proof.keptPath));
  if (proof.kind === "other") return wrong("differs", REASONS.otherBytes(proof.keptPath));
  if (proof.kind === "among-shared") return wrong("unknown", REASONS.amongShared(proof.keptPath));
  if (isInICloud(file, record)) return { answer: "present", evidence: database, reason: REASONS.inICloud };
  return wrong("missing", REASONS.notInPackage);
}

function wrong(answer: StoredAnswer, reason: Reason): LibraryVerdict {
  return { answer, evidence: [], reason };
}

function isInICloud({ role }: WantedFile, { parts }: LibraryPackageRecord): boolean {
  const part: LibraryPackagePart =
    role === "live-movie"
      ? "live-movie"
      : role === "raw"
        ? "raw"
        : role === "original"
          ? "original"
          : "sidecar";
  const row = parts.find((one) => one.part === part) ?? parts.find((one) => one.part === "original");
  return row?.isInICloud === true;
}

/** Of a photo imported before: its id is gone, and its bytes are under no other. */
export const GONE: Reason = {
  code: "GONE_FROM_LIBRARY",
  message: "the library does not know its id any more, and has its bytes under no other",
  remedy: advise`If you did not delete it: ${IMPORT_RETRY} imports it again while the phone has it.`,
};

/** Of a new photo: neither its id nor its bytes are there. */
export const NOT_IN_LIBRARY: Reason = {
  code: "NOT_IN_LIBRARY",
  message: "Photos gave it an id, and the library knows neither that nor its bytes",
  remedy: advise`Keep the phone's photo. ${IMPORT_RETRY} imports it again while the phone has it.`,
};

/** The same, of one that Photos listed in this run and has open still: the library on the disk may be behind it. */
export const NOT_IN_LIBRARY_YET: Reason = {
  code: "NOT_IN_LIBRARY_YET",
  message: "Photos listed it in this run, and the library on the disk knows neither it nor its bytes yet",
  remedy: advise`Keep the phone's photo. Wait until Photos is still, then run ${VERIFY}: it looks again. Do not send it again before.`,
};

/** Of a photo that was proved: its bytes are not where they were, and the library's database could not be read. */
export const NO_LONGER_PROVED: Reason = {
  code: "NO_LONGER_PROVED",
  message:
    "its bytes were read in the library before, and are not there any more as they were; why, only its database could say",
  remedy: advise`Keep the phone's photo. Open the library in Photos, wait until it is still, then run ${VERIFY}.`,
};

/** Its bytes lie in the package under its id, and the database has no row for it. */
export const NO_ROW: Reason = {
  code: "NOT_IN_DATABASE",
  message: "the library keeps its bytes, and its database does not list it",
  remedy: advise`Photos may still be busy: ${VERIFY} looks again. If it stays so, look for it in Photos.`,
};

/** Of a photo whose own item is not there any more as it was: another item of the library has its bytes. */
export const HELD_BY_OTHER: Reason = {
  code: "HELD_BY_OTHER",
  message: "not by the item that Rollcall imported: another item of the library holds the same bytes",
  remedy: "Nothing to do.",
};

const AGAIN = advise`While the phone has it, ${IMPORT_RETRY} imports it again.`;

const REASONS = {
  trashed: {
    code: "TRASHED_IN_PHOTOS",
    message: "it lies in Recently Deleted of this library",
    remedy: "Recover it in Photos within 30 days if you want it.",
  },
  rowDamaged: {
    code: "ROW_DAMAGED",
    message: "the library's database has lost what belongs to this photo; Photos may not show it",
    remedy: advise`Hold Option and Command while Photos starts: it offers to repair the library. Then run ${VERIFY}.`,
  },
  otherBytes: (keptPath: string): Reason => ({
    code: "OTHER_BYTES",
    message: `in its place the library keeps other bytes than those from the phone: ${keptPath}`,
    remedy: advise`Keep the phone's photo. ${AGAIN}`,
  }),
  amongShared: (keptPath: string): Reason => ({
    code: "AMONG_SHARED",
    message: `the library keeps its file among what others shared, which macOS may remove by itself: ${keptPath}`,
    remedy: advise`Keep the phone's photo. ${AGAIN}`,
  }),
  notInPackage: {
    code: "NOT_IN_PACKAGE",
    message: "the library lists its photo, and the package has no file with its bytes",
    remedy: advise`Keep the phone's photo. ${AGAIN}`,
  },
  editNotStored: {
    code: EDIT_NOT_KEPT,
    message: "Photos took the photo and did not take this edit",
    remedy: advise`The edit is on the phone, and its copy in staging: ${{ action: "show-staging" }} shows where.`,
  },
  editStoredDifferently: {
    code: EDIT_KEPT_OTHERWISE,
    message:
      "Photos keeps the edit in a form of its own, so its bytes cannot be compared; the original is not touched by it",
    remedy: "Look at the photo in Photos. The file as it came off the phone stays in staging.",
  },
  inICloud: {
    code: "ORIGINAL_IN_ICLOUD",
    message: "the library says that it is in iCloud and not on this Mac, so its bytes cannot be compared",
    remedy: advise`Photos > Settings > iCloud > Download Originals to this Mac, wait, then ${VERIFY}.`,
  },
  unreadable: (keptPath: string): Reason => ({
    code: "KEPT_UNREADABLE",
    message: `the library's file could not be read to its end: ${keptPath}`,
    remedy: advise`Check the disk (Disk Utility, First Aid), then run ${VERIFY}.`,
  }),
  referenced: (copyPath: string | null): Reason => ({
    code: REFERENCED,
    message:
      copyPath === null
        ? "Photos keeps no copy of it: it refers to a file outside the library"
        : `Photos keeps no copy of it: it refers to the staged file, which is the photo: ${copyPath}`,
    remedy:
      'Do not delete that file. In Photos: Settings > General > Importing, switch on "Copy items to the Photos library", ' +
      "and File > Consolidate takes in what came before.",
  }),
} as const;
