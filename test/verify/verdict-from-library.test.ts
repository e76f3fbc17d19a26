import { expect, test } from "vitest";
import type { LibraryPackageRecord } from "../../src/photos/library-package.js";
import type { Proof, WantedFile } from "../../src/verify/compare-bytes.js";
import { verdictFromLibrary } from "../../src/verify/verdict-from-library.js";

const file: WantedFile = {
  path: "/DCIM/100APPLE/IMG_0001.HEIC",
  role: "original",
  sizeBytes: 7,
  sha256: "a".repeat(64),
  photosId: "A/L0/001",
  copyPath: "/staging/IMG_0001.HEIC",
};
const row: LibraryPackageRecord = {
  photosId: file.photosId,
  savedType: "copied",
  name: "IMG_0001.HEIC",
  isTrashed: false,
  isComplete: true,
  isEdited: false,
  addedAt: null,
  sizeBytes: 7,
  fingerprint: null,
  isDamaged: false,
  parts: [{ part: "original", isHere: true, isInICloud: false }],
};
const away = { parts: [{ part: "original", isHere: false, isInICloud: true }] } as const;
const keptPath = "/A.photoslibrary/originals/A/A.heic";
const PROVED: Proof = { kind: "proved", pathInLibrary: keptPath };
const OTHER: Proof = { kind: "other", keptPath };
const UNREADABLE: Proof = { kind: "unreadable", keptPath };
const SHARED: Proof = { kind: "among-shared", keptPath };
const ABSENT: Proof = { kind: "absent" };

type Row = readonly [
  what: string,
  proof: Proof,
  row: Partial<LibraryPackageRecord> | null,
  verdict: string | null,
  role?: WantedFile["role"],
];

/** The answer, its evidence, and the code of its reason. */
const VERDICTS: readonly Row[] = [
  ["its bytes and its row are there", PROVED, {}, "proved database+sha256"],
  ["its bytes are there, and its row is not complete", PROVED, { isComplete: false }, "proved sha256"],
  [
    "its bytes are there, and the row does not say more",
    PROVED,
    { isComplete: null },
    "proved database+sha256",
  ],
  ["its bytes are there, in Recently Deleted", PROVED, { isTrashed: true }, "removed  TRASHED_IN_PHOTOS"],
  ["its bytes are there, and its row is damaged", PROVED, { isDamaged: true }, "differs  ROW_DAMAGED"],
  ["other bytes are in its place", OTHER, {}, "differs  OTHER_BYTES"],
  ["the file kept cannot be read to its end", UNREADABLE, {}, "unknown  KEPT_UNREADABLE"],
  ["that file cannot be read, and iCloud has it", UNREADABLE, away, "unknown  KEPT_UNREADABLE"],
  ["it lies among what others shared", SHARED, {}, "unknown  AMONG_SHARED"],
  ["the package has no file of it", ABSENT, {}, "missing  NOT_IN_PACKAGE"],
  ["it is in iCloud only", ABSENT, away, "present database ORIGINAL_IN_ICLOUD"],
  [
    "it is in iCloud only, and its row is not complete",
    ABSENT,
    { ...away, isComplete: false },
    "present  ORIGINAL_IN_ICLOUD",
  ],
  ["the library refers to a file outside", ABSENT, { savedType: "referenced" }, "present  REFERENCED"],
  ["its bytes are there, and nobody can read the database", PROVED, null, "proved sha256"],
  ["other bytes are there, and nobody can read the database", OTHER, null, "differs  OTHER_BYTES"],
  ["nobody can read it, nor the database", UNREADABLE, null, null],
  ["no file is there, and nobody can read the database", ABSENT, null, null],
  ["it is an edit that Photos did not take", ABSENT, {}, "missing  EDIT_NOT_KEPT", "adjustments"],
  [
    "it is an edit that Photos keeps in its own form",
    OTHER,
    {},
    "present database EDIT_KEPT_OTHERWISE",
    "edited",
  ],
  ["it is an edit with other bytes, and no database", OTHER, null, null, "edited"],
];

const rows = VERDICTS.map(([what, ...rest]) => [what, rest] as const);

test.each(rows)("what the library says of a file when %s", (_what, [proof, changes, verdict, role]) => {
  const record = changes === null ? null : { ...row, ...changes };
  const judged = verdictFromLibrary({ ...file, role: role ?? "original" }, proof, record);
  const said =
    judged && `${judged.answer} ${judged.evidence.join("+")} ${judged.reason?.code ?? ""}`.trimEnd();
  expect(said).toBe(verdict);
});
