import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect, it } from "vitest";
import { copyTables } from "../../src/sqlite-pages/copy-tables.js";
import { UnreadableDatabase } from "../../src/sqlite-pages/unreadable-database.js";
import { memoryDisk } from "../memory-disk.js";
import { casesOr, playCases, seed } from "../random-cases.js";
import { fileOnDisk, openToRead } from "./living-database.js";

const cases = casesOr(80);

/**
 * Two tables that every transaction changes together: each row of A has one of B, and STATE has the number of the
 * transaction. A copy is one state if all three agree.
 */
const TABLES = `
  CREATE TABLE A (ID INTEGER PRIMARY KEY, STEP INTEGER, FILL BLOB);
  CREATE TABLE B (ID INTEGER PRIMARY KEY, STEP INTEGER, FILL BLOB);
  CREATE TABLE STATE (STEP INTEGER);
  INSERT INTO STATE VALUES (0);
`;

it(`a database that is written to at any moment is copied as one state, or not (seed ${seed})`, async () => {
  const folder = mkdtempSync(join(memoryDisk, "rollcall-living-"));
  let copied = 0;
  let changing = 0;
  let isAll = false;
  try {
    isAll = await playCases(cases, async (numbers, index) => {
      const path = join(folder, `${index}.sqlite`);
      const database = new DatabaseSync(path);
      const pageBytes = [512, 1024, 4096][numbers.below(3)];
      database.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF`);
      database.exec(`PRAGMA wal_autocheckpoint = ${numbers.below(3) * 20}; ${TABLES}`);
      let step = 0;
      const write = () => {
        step += 1;
        const fill = numbers.below(3_000);
        database.exec(`BEGIN;
          INSERT INTO A VALUES (${step}, ${step}, zeroblob(${fill}));
          INSERT INTO B VALUES (${step}, ${step}, zeroblob(${numbers.below(50)}));
          ${numbers.below(5) === 0 ? `DELETE FROM A WHERE ID = ${1 + numbers.below(step)}; DELETE FROM B WHERE ID NOT IN (SELECT ID FROM A);` : ""}
          UPDATE STATE SET STEP = ${step};
          COMMIT`);
      };
      const CHECKPOINTS = ["PASSIVE", "FULL", "RESTART", "TRUNCATE"];
      const live = (oneIn: number) => {
        if (numbers.below(oneIn) !== 0) return;
        if (numbers.below(4) === 0) database.exec(`PRAGMA wal_checkpoint(${CHECKPOINTS[numbers.below(4)]})`);
        else write();
      };
      for (let before = numbers.below(60); before >= 0; before--) live(1);
      const oneIn = 1 + numbers.below(40);
      const asked = { pieces: 0, bytes: 0 };
      const copyPath = join(folder, `${index}.copy.sqlite`);
      try {
        await copyTables({
          database: fileOnDisk(path, asked, () => live(oneIn)),
          log: fileOnDisk(`${path}-wal`, asked, () => live(oneIn)),
          copyPath,
          isWanted: (table) => ["A", "B", "STATE"].includes(table),
          openCopy: openToRead,
        });
        const copy = openToRead(copyPath);
        const rows = (sql: string) =>
          copy
            .prepare(sql)
            .all()
            .map((row: object) => Object.values(row)[0]);
        const [state] = rows("SELECT STEP FROM STATE");
        expect(state).toBeLessThanOrEqual(step);
        expect(rows("SELECT max(STEP) FROM A NOT INDEXED")[0] ?? state).toBeLessThanOrEqual(Number(state));
        expect(rows("SELECT ID FROM A ORDER BY ID")).toEqual(rows("SELECT ID FROM B ORDER BY ID"));
        expect(
          rows("PRAGMA integrity_check(3)").filter((line) => !/never used|ok/.test(String(line))),
        ).toEqual([]);
        copy.close();
        copied += 1;
      } catch (error) {
        if (!(error instanceof UnreadableDatabase) || error.kind !== "changing") throw error;
        changing += 1;
      }
      database.close();
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (!isAll) return;
  expect(copied).toBeGreaterThan(cases / 4);
  expect(changing).toBeGreaterThan(cases / 20);
});
