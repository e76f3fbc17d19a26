import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { copyTables, copyWholeDatabase } from "../../src/sqlite-pages/copy-tables.js";
import { memoryDisk } from "../memory-disk.js";
import { type Asked, type BeforeRead, fileOnDisk, openToRead, rowsOf } from "./living-database.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(memoryDisk, "rollcall-pages-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const original = () => join(folder, "original.sqlite");
let copies = 0;
/** The newest copy. */
const copy = () => join(folder, `copy-${copies}.sqlite`);

/** Copies some tables of the original, or of another database. */
async function copyOf(tables: readonly string[], before?: BeforeRead, path = original()) {
  const asked: Asked = { pieces: 0, bytes: 0 };
  copies += 1;
  const cost = await copyTables({
    database: fileOnDisk(path, asked, before),
    log: fileOnDisk(`${path}-wal`, asked),
    copyPath: copy(),
    isWanted: (table) => tables.includes(table),
    openCopy: openToRead,
  });
  return { asked, cost };
}

function make(fill: (database: DatabaseSyncInstance) => void): DatabaseSyncInstance {
  const database = new DatabaseSync(original());
  fill(database);
  return database;
}

/** Small rows, rows of several pages, and another table's rows between them, with an index over each. */
function fillMixed(database: DatabaseSyncInstance, rows: number, largeBytes: number): void {
  database.exec(`
    CREATE TABLE WANTED (ID INTEGER PRIMARY KEY, NAME TEXT, LARGE BLOB);
    CREATE INDEX WANTED_NAME ON WANTED (NAME);
    CREATE TABLE OTHER (ID INTEGER PRIMARY KEY, STUFF BLOB);
    CREATE TABLE KEYED (KEY TEXT PRIMARY KEY, VALUE BLOB) WITHOUT ROWID;
  `);
  const wanted = database.prepare("INSERT INTO WANTED VALUES (?, ?, ?)");
  const other = database.prepare("INSERT INTO OTHER (STUFF) VALUES (zeroblob(?))");
  const keyed = database.prepare("INSERT INTO KEYED VALUES (?, ?)");
  database.exec("BEGIN");
  for (let row = 0; row < rows; row++) {
    const large = row % 7 === 0 ? new Uint8Array(largeBytes + row).fill(row) : null;
    wanted.run(row * 3 - 50, `name ${row} ${"é".repeat(row % 40)}`, large);
    other.run(largeBytes);
    keyed.run(`key ${row % 2 === 0 ? row : -row}`, new Uint8Array(row % 11 === 0 ? largeBytes : 3).fill(row));
  }
  database.exec("COMMIT");
}

describe("the copy of some tables", () => {
  it.each([512, 1024, 4096, 16_384, 65_536])("holds every row with pages of %i bytes", async (pageBytes) => {
    make((database) => {
      database.exec(`PRAGMA page_size = ${pageBytes}`);
      fillMixed(database, 250, 3 * pageBytes);
    }).close();
    await copyOf(["WANTED", "KEYED"]);
    for (const table of ["WANTED", "KEYED"]) {
      expect(rowsOf(copy(), table)).toHaveLength(250);
      expect(rowsOf(copy(), table)).toEqual(rowsOf(original(), table));
    }
  });

  it.each([
    ["text is UTF-16", "PRAGMA encoding = 'UTF-16le'"],
    ["the database compacts itself", "PRAGMA auto_vacuum = FULL"],
    ["it was analyzed", "PRAGMA page_size = 1024"],
  ])("holds every row where %s", async (what, pragma) => {
    make((database) => {
      database.exec(pragma);
      fillMixed(database, 200, 9_000);
      if (what === "it was analyzed") database.exec("ANALYZE");
      database.exec("DELETE FROM OTHER WHERE ID % 3 = 0");
    }).close();
    await copyOf(["WANTED"]);
    expect(rowsOf(copy(), "WANTED")).toEqual(rowsOf(original(), "WANTED"));
  });

  it("holds rows that are longer than a thousand pages", async () => {
    make((database) => {
      database.exec("PRAGMA page_size = 512; CREATE TABLE WANTED (ID INTEGER PRIMARY KEY, LARGE BLOB)");
      database.prepare("INSERT INTO WANTED VALUES (?, ?)").run(1, new Uint8Array(700_000).fill(7));
    }).close();
    const { cost } = await copyOf(["WANTED"]);
    expect(rowsOf(copy(), "WANTED")).toEqual(rowsOf(original(), "WANTED"));
    expect(cost.readBytes).toBeLessThan(720_000);
  });

  it("costs the pages of these tables and no others", async () => {
    make((database) => fillMixed(database, 120, 130_000)).close();
    const { asked, cost } = await copyOf(["KEYED"]);
    const { databaseBytes } = cost;
    expect(databaseBytes).toBe(readFileSync(original()).length);
    expect(asked.bytes).toBe(cost.readBytes);
    // Every eleventh row of KEYED is large: 11 of them, of 130,000 bytes.
    expect(cost.readBytes).toBeLessThan(11 * 134_000 + 40_000);
    expect(databaseBytes).toBeGreaterThan(18_000_000);
  });

  it("fails loudly where a query asks for what was not copied", async () => {
    make((database) => fillMixed(database, 300, 2_000)).close();
    await copyOf(["WANTED"]);
    const database = openToRead(copy());
    expect(() => database.prepare("SELECT * FROM OTHER").all()).toThrow(/malformed/);
    expect(() => database.prepare("SELECT ID FROM WANTED WHERE NAME = 'name 3'").all()).toThrow(/malformed/);
    database.close();
  });

  it("asks for neighbouring pages in one request", async () => {
    make((database) => {
      database.exec("CREATE TABLE WANTED (ID INTEGER PRIMARY KEY, LARGE BLOB); BEGIN");
      const insert = database.prepare("INSERT INTO WANTED VALUES (?, zeroblob(900))");
      for (let row = 1; row <= 4_000; row++) insert.run(row);
      database.exec("COMMIT");
    }).close();
    const { asked } = await copyOf(["WANTED"]);
    // 1,000 leaves, their parents, the schema, and the header.
    expect(asked.pieces).toBeLessThan(15);
    expect(rowsOf(copy(), "WANTED")).toHaveLength(4_000);
  });
});

/** A database in WAL mode, with some rows in its log only. */
function makeWithLog(late: (database: DatabaseSyncInstance) => void): DatabaseSyncInstance {
  return make((database) => {
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0");
    fillMixed(database, 100, 5_000);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    late(database);
  });
}

const insertInto = (database: DatabaseSyncInstance, id: number) =>
  database.exec(`INSERT INTO WANTED VALUES (${id}, 'late', NULL)`);
const hasRow = (path: string, id: number) => rowsOf(path, "WANTED").some((row) => row.startsWith(`${id} | `));

describe("what the owner writes meanwhile", () => {
  it("counts as far as it was committed to the log before", async () => {
    using database = makeWithLog((each) => insertInto(each, 9_001));
    let asked = 0;
    await copyOf(["WANTED"], (what) => {
      if (what === "piece" && ++asked === 2) insertInto(database, 9_002);
    });
    expect(hasRow(copy(), 9_001)).toBe(true);
    expect(hasRow(copy(), 9_002)).toBe(false);
  });

  it("counts without a main file of its own: all pages may be in the log", async () => {
    using database = make((each) => {
      each.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
      fillMixed(each, 20, 5_000);
    });
    await copyOf(["WANTED"]);
    expect(rowsOf(copy(), "WANTED")).toHaveLength(20);
    expect(rowsOf(copy(), "WANTED")).toEqual(rowsOf(original(), "WANTED"));
    database.exec("SELECT 1");
  });

  it("does not count where it is half written", async () => {
    const asKilled = join(folder, "as-killed.sqlite");
    makeWithLog((database) => {
      insertInto(database, 9_001);
      insertInto(database, 9_002);
      for (const suffix of ["", "-wal"]) copyFileSync(original() + suffix, asKilled + suffix);
    }).close();
    const log = readFileSync(`${asKilled}-wal`);
    const spoiltAt = (at: number) => {
      const spoilt = Buffer.from(log);
      spoilt[at]! ^= 1;
      return spoilt;
    };
    for (const fromEnd of [1, 100, 4_096 + 24 - 1, 4_096 + 24 + 5]) {
      for (const halfWritten of [log.subarray(0, -fromEnd), spoiltAt(log.length - fromEnd)]) {
        writeFileSync(`${asKilled}-wal`, halfWritten);
        await copyOf(["WANTED"], undefined, asKilled);
        expect(hasRow(copy(), 9_001), `${fromEnd} from the end`).toBe(true);
        expect(hasRow(copy(), 9_002), `${fromEnd} from the end`).toBe(false);
      }
    }
  });

  it.each([
    ["checkpoints", "PRAGMA wal_checkpoint(PASSIVE)"],
    ["checkpoints and begins the log anew", "PRAGMA wal_checkpoint(RESTART)"],
    ["checkpoints and empties the log", "PRAGMA wal_checkpoint(TRUNCATE)"],
  ])("is noticed where it %s", async (_what, checkpoint) => {
    using database = makeWithLog((each) => insertInto(each, 9_001));
    let asked = 0;
    const copying = copyOf(["WANTED"], (what) => {
      if (what !== "piece" || ++asked !== 2) return;
      insertInto(database, 9_002);
      database.exec(checkpoint);
      insertInto(database, 9_003);
    });
    await expect(copying).rejects.toMatchObject({ kind: "changing" });
  });

  it("is noticed where the log alone was begun anew", async () => {
    using database = makeWithLog((each) => insertInto(each, 9_001));
    database.exec("PRAGMA wal_checkpoint(PASSIVE)");
    let asked = 0;
    const copying = copyOf(["WANTED"], (what) => {
      // The first write after a complete checkpoint begins the log anew and leaves the main file alone.
      if (what === "piece" && ++asked === 2) insertInto(database, 9_002);
    });
    await expect(copying).rejects.toMatchObject({ kind: "changing" });
  });

  it("is noticed in a copy of the whole, too", async () => {
    using database = makeWithLog((each) => insertInto(each, 9_001));
    const request = (before?: BeforeRead) => {
      const asked: Asked = { pieces: 0, bytes: 0 };
      copies += 1;
      return {
        database: fileOnDisk(original(), asked, before),
        log: fileOnDisk(`${original()}-wal`, asked),
        copyPath: copy(),
      };
    };
    await copyWholeDatabase(request(), async () => true);
    expect(hasRow(copy(), 9_001)).toBe(true);
    const rewritten = request((what) => {
      if (what !== "piece") return;
      insertInto(database, 9_002);
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    });
    await expect(copyWholeDatabase(rewritten, async () => true)).rejects.toMatchObject({ kind: "changing" });
  });

  it("a copy of the whole is not begun where there is no room", async () => {
    makeWithLog(() => {}).close();
    const asked: Asked = { pieces: 0, bytes: 0 };
    const files = {
      database: fileOnDisk(original(), asked),
      log: fileOnDisk(`${original()}-wal`, asked),
      copyPath: copy(),
    };
    const copying = copyWholeDatabase(files, async (sizeBytes) => sizeBytes < 1000);
    await expect(copying).rejects.toMatchObject({ kind: "no-room" });
    expect(asked.bytes).toBe(0);
  });
});
