import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { type JudgeOptions, judgeDatabase } from "../../src/sqlite-pages/judge-database.js";
import { memoryDisk } from "../memory-disk.js";

/** Would take hours: each of its steps is one call of SQLite's own. */
const ENDLESS = `length(hex(zeroblob(100000000))) + length(hex(zeroblob(100000000) || ${"'x' || ".repeat(20)}a))`;

async function judge(sql: string, options: Partial<JudgeOptions> = {}): Promise<string | null> {
  const folder = mkdtempSync(join(memoryDisk, "rollcall-judge-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "Photos.sqlite");
  const made = new DatabaseSync(path);
  made.exec(sql);
  made.close();
  const database = new DatabaseSync(path, { readOnly: true, defensive: true });
  onTestFinished(() => database.close());
  return await judgeDatabase(database, { path, ...options });
}

const rows =
  "INSERT INTO ZASSET (a) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) SELECT i FROM n";

test.each([
  ["a plain table", `CREATE TABLE ZASSET (a); ${rows}`, null],
  [
    "a condition that never ends",
    `CREATE TABLE ZASSET (a, CHECK (${ENDLESS} > a)); PRAGMA ignore_check_constraints = ON; ${rows}`,
    null,
  ],
  [
    "a computed column",
    `CREATE TABLE ZASSET (a, b AS (${ENDLESS}) NOT NULL, CHECK (b > a)); PRAGMA ignore_check_constraints = ON;`,
    /^Its table ZASSET computes columns/,
  ],
  [
    "a stored computed column",
    "CREATE TABLE ZASSET (a, b AS (a + 1) STORED)",
    /^Its table ZASSET computes columns/,
  ],
  [
    "a computed column of a table that nobody asks",
    "CREATE TABLE other (a, b AS (a)); CREATE TABLE ZASSET (a)",
    /^Its table other computes columns/,
  ],
  ["a table of an index in space", "CREATE VIRTUAL TABLE place USING rtree (id, x, y)", null],
])("of a database with %s nothing is computed", async (_what, sql, expected) => {
  const found = await judge(sql);
  if (expected === null) expect(found).toBeNull();
  else expect(found).toMatch(expected);
});

test("a large database is checked in a process of its own, with the same answer", async () => {
  expect(await judge(`CREATE TABLE ZASSET (a); ${rows}`, { smallBytes: 0 })).toBeNull();
});

test("the check of a large database ends where it is asked to, with its process", async () => {
  const ending = new AbortController();
  const judged = judge(`CREATE TABLE ZASSET (a); ${rows}`, { smallBytes: 0, signal: ending.signal });
  ending.abort();
  await expect(judged).rejects.toMatchObject({ code: "STOPPED" });
});
