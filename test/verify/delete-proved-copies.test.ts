import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LedgerFile } from "../../src/ledger/ledger-entry.js";
import { isUntouchedCopy } from "../../src/verify/delete-proved-copies.js";
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
