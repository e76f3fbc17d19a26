import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Reason } from "../../src/errors.js";
import type { LedgerFile, LedgerItem } from "../../src/ledger/ledger-entry.js";
import { deleteProvedCopies, isUntouchedCopy } from "../../src/verify/delete-proved-copies.js";
import { REFERENCED } from "../../src/verify/verdict-from-library.js";
import { memoryDisk } from "../memory-disk.js";

const DATE = new Date("2026-11-01T10:00:00Z");
const BYTES = "as it came";
let copy: LedgerFile;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(memoryDisk, "rc-let-go-"));
  copy = {
    role: "original",
    path: "/DCIM/100APPLE/IMG_0001.JPG",
    sizeBytes: BYTES.length,
    modifiedAtMs: DATE.getTime(),
    sha256: createHash("sha256").update(BYTES).digest("hex"),
    fingerprint: "",
    copyPath: join(folder, "IMG_0001.JPG"),
    photosId: "A/L0/001",
    answer: "proved",
    evidence: ["sha256"],
    reason: null,
    checkedAt: DATE,
  };
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ["as it was made is ours", BYTES, DATE, true],
  ["dated otherwise, with its bytes, is ours", BYTES, new Date("2011-01-01T00:00:00Z"), true],
  ["of the same length and other bytes is somebody's", "as I chose", new Date("2026-11-29T10:00:00Z"), false],
  ["that is longer is somebody's, whatever its date", `${BYTES}!`, DATE, false],
])("a staged copy %s", async (_what, bytes, date, isOurs) => {
  writeFileSync(copy.copyPath, bytes);
  utimesSync(copy.copyPath, date, date);
  expect(await isUntouchedCopy(copy)).toBe(isOurs);
  expect(existsSync(copy.copyPath)).toBe(true);
});

const STILL = "/DCIM/100APPLE/IMG_0001.JPG";
const FILM = "/DCIM/100APPLE/IMG_0001.MOV";
const RECIPE = "/DCIM/100APPLE/IMG_0001.AAE";
const reference: Reason = { code: REFERENCED, message: "", remedy: "" };

/** Copies of a Live Photo and its recipe, each as it came, in the folder of their run. */
function stagedItem(changes: Readonly<Record<string, Partial<LedgerFile>>>): LedgerItem {
  const staged = join(folder, "0b1f2a3c-1111-4222-8333-444455556666");
  mkdirSync(staged);
  const files = (
    [
      [STILL, "original"],
      [FILM, "live-movie"],
      [RECIPE, "adjustments"],
    ] as const
  ).map(([path, role]) => {
    const copyPath = join(staged, path.slice(path.lastIndexOf("/") + 1));
    writeFileSync(copyPath, BYTES);
    utimesSync(copyPath, DATE, DATE);
    return { ...copy, path, role, copyPath, ...changes[path] };
  });
  const state = { state: "imported", attempts: 0, isOtherPhones: false } as const;
  return { id: 1, identity: "", key: STILL, runId: "", ...state, files };
}

test.each([
  ["are all proved and were read just now", {}, [STILL, FILM, RECIPE], []],
  ["are proved, and its recipe was not read", {}, [STILL, FILM], ["AAE"]],
  ["are proved, and its video was not read just now", {}, [STILL, RECIPE], ["AAE", "JPG", "MOV"]],
  [
    "are read, and its video is only present",
    { [FILM]: { answer: "present" } as const },
    [STILL, FILM, RECIPE],
    ["AAE", "JPG", "MOV"],
  ],
  [
    "are read, and its recipe is a reference",
    { [RECIPE]: { reason: reference } },
    [STILL, FILM, RECIPE],
    ["AAE", "JPG", "MOV"],
  ],
  ["were not read at all", {}, [], ["AAE", "JPG", "MOV"]],
])("of a staged Live Photo whose halves %s, these copies stay", async (_what, changes, read, stay) => {
  const item = stagedItem(changes);
  expect(await deleteProvedCopies(item, new Set(read))).toBe(3 - stay.length);
  const left = readdirSync(join(item.files[0]!.copyPath, "..")).sort();
  expect(left).toEqual(stay.map((extension) => `IMG_0001.${extension}`));
});
