import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { explainTrouble } from "../../src/cli/process/explain-trouble.js";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import { explainAnything } from "../../src/cli/terminal/report-trouble.js";
import { hasErrno } from "../../src/errors.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { readIntoMemory } from "../../src/ledger/ledger-in-memory.js";
import { explainLedgerTrouble, isDiskFull } from "../../src/ledger/ledger-trouble.js";
import { memoryDisk } from "../memory-disk.js";

const sqlite = (errcode: number, systemErrno?: number) =>
  Object.assign(new Error("what SQLite says"), { errcode, ...(systemErrno && { systemErrno }) });
const system = (code: string) => Object.assign(new Error(`${code}: what Node says`), { code });
const quota = process.platform === "darwin" ? 69 : 122;
const stale = process.platform === "darwin" ? 70 : 116;

/** Codes: sqlite.org/rescode.html. */
test.each([
  ["SQLITE_FULL", sqlite(13), "DISK_FULL"],
  ["SQLITE_IOERR_SHMSIZE with ENOSPC", sqlite(4874, 28), "DISK_FULL"],
  ["SQLITE_IOERR_WRITE with EDQUOT", sqlite(778, quota), "DISK_FULL"],
  ["SQLITE_CANTOPEN with ENOSPC", sqlite(14, 28), "DISK_FULL"],
  ["ENOSPC", system("ENOSPC"), "DISK_FULL"],
  ["a quota, for which Node has no name", system(`Unknown system error -${quota}`), "DISK_FULL"],
  ["SQLITE_IOERR_READ with EIO", sqlite(266, 5), "FOLDER_NOT_WRITABLE"],
  ["a server that forgot the file", system(`Unknown system error -${stale}`), "FOLDER_NOT_WRITABLE"],
  ["EMFILE", system("EMFILE"), "FOLDER_NOT_WRITABLE"],
  ["SQLITE_CANTOPEN with EMFILE", sqlite(14, 24), "FOLDER_NOT_WRITABLE"],
  ["EROFS", system("EROFS"), "FOLDER_NOT_WRITABLE"],
  ["SQLITE_READONLY", sqlite(8), "FOLDER_NOT_WRITABLE"],
  ["SQLITE_BUSY", sqlite(5), "ANOTHER_ROLLCALL"],
  ["SQLITE_CORRUPT_INDEX", sqlite(779), "LEDGER_DAMAGED"],
  ["SQLITE_NOTADB", sqlite(26), "LEDGER_DAMAGED"],
])("the ledger's trouble is told by its code: %s", (_what, error, code) => {
  const explained = explainLedgerTrouble("/not there/ledger.sqlite", error);
  expect(explained.code).toBe(code);
  expect(inCommandWords(explained.remedy).includes("move it away")).toBe(code === "LEDGER_DAMAGED");
});

test("a full quota has a name, wherever it is met", () => {
  expect(hasErrno(system(`Unknown system error -${quota}`), "EDQUOT")).toBe(true);
  expect(hasErrno(system("Unknown system error -9999"), "EDQUOT")).toBe(false);
  expect(explainTrouble(system(`Unknown system error -${quota}`), false)?.code).toBe("DISK_FULL");
});

test("where closing fails after the work has failed, the work's trouble is told", () => {
  const both = Object.assign(new Error("suppressed"), {
    name: "SuppressedError",
    error: new Error("closing"),
    suppressed: system("ENOSPC"),
  });
  expect(explainTrouble(both, false)?.code).toBe("DISK_FULL");
  const unknown = Object.assign(both, { error: "closing", suppressed: new Error("the work itself") });
  expect(explainAnything(unknown, null).message).toBe("the work itself");
});

test("SQL that is wrong is a fault of Rollcall's, and no trouble of the disk's", () => {
  expect(explainTrouble(sqlite(1), false)).toBeNull();
});

test.each([true, false])("a ledger is read into memory whole, with its log there: %s", async (hasLog) => {
  const folder = mkdtempSync(join(memoryDisk, "rc-ledger-"));
  const path = join(folder, "ledger.sqlite");
  const phone = { udid: "A".repeat(40), name: "Anna's", productType: "iPhone16,1", iosVersion: "18.5" };
  const ledgerDatabase = await LedgerDatabase.open(path);
  ledgerDatabase.ledgerFor(phone, { kind: "photos", key: "/library" }).runs.continueOrBegin(new Date());
  if (!hasLog) ledgerDatabase[Symbol.dispose]();
  const before = readdirSync(folder);
  if (!hasLog) {
    const memory = await readIntoMemory(path);
    expect(memory.prepare("SELECT key FROM destination").all()).toEqual([{ key: "/library" }]);
    expect(memory.prepare("SELECT udid FROM phone").all()).toEqual([{ udid: phone.udid }]);
    memory.close();
  } else {
    // Somebody has it open: it is not read past them.
    await expect(readIntoMemory(path)).rejects.toMatchObject({ errcode: 5 });
  }
  expect(readdirSync(folder)).toEqual(before);
  expect(isDiskFull(folder)).toBe(false);
  expect(readdirSync(folder)).toEqual(before);
  if (hasLog) ledgerDatabase[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});
