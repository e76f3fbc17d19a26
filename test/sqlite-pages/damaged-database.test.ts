import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { copyTables, copyWholeDatabase } from "../../src/sqlite-pages/copy-tables.js";
import type { FilePiece } from "../../src/sqlite-pages/database-file.js";
import { UnreadableDatabase } from "../../src/sqlite-pages/unreadable-database.js";
import { memoryDisk } from "../memory-disk.js";
import { casesOr, playCases, seed } from "../random-cases.js";
import { type Asked, fileOnDisk, openToRead, rowsOf } from "./living-database.js";

const cases = casesOr(100);

const PAGE = 1024;
let shelf: string;
let sound: Buffer;
let soundRows: string[];
/** Page numbers: the root of WANTED, which is an interior page, one of its leaves, and the first of an overflow chain. */
let root: number;
let leaf: number;
let chain: number;

beforeAll(() => {
  shelf = mkdtempSync(join(memoryDisk, "rollcall-damaged-"));
  const path = join(shelf, "sound.sqlite");
  const database = new DatabaseSync(path);
  database.exec(
    `PRAGMA page_size = ${PAGE}; CREATE TABLE WANTED (ID INTEGER PRIMARY KEY, VALUE BLOB); BEGIN`,
  );
  const insert = database.prepare("INSERT INTO WANTED VALUES (?, ?)");
  for (let id = 1; id <= 60; id++) insert.run(id, new Uint8Array(id % 20 === 0 ? 5_000 : 200).fill(id));
  database.exec("COMMIT");
  root = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'WANTED'").get().rootpage;
  const pageOf = (type: string, path: string) =>
    database
      .prepare("SELECT pageno FROM dbstat WHERE name = 'WANTED' AND pagetype = ? AND path GLOB ?")
      .get(type, path).pageno;
  leaf = pageOf("leaf", "/000/");
  chain = pageOf("overflow", "*+000000");
  database.close();
  sound = readFileSync(path);
  soundRows = rowsOf(path, "WANTED");
});
afterAll(() => rmSync(shelf, { recursive: true }));

let folder: string;
let copies = 0;
beforeEach(() => {
  folder = mkdtempSync(join(memoryDisk, "rollcall-pages-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Copies WANTED out of these bytes. */
async function copyOf(bytes: Buffer, log?: Buffer) {
  const [original, copyPath] = [join(folder, "original.sqlite"), join(folder, `copy-${++copies}.sqlite`)];
  writeFileSync(original, bytes);
  if (log !== undefined) writeFileSync(`${original}-wal`, log);
  const asked: Asked = { pieces: 0, bytes: 0 };
  const cost = await copyTables({
    database: fileOnDisk(original, asked),
    log: fileOnDisk(`${original}-wal`, asked),
    copyPath,
    isWanted: (table) => table === "WANTED",
    openCopy: openToRead,
  });
  return { cost, copyPath };
}

const start = (page: number) => (page - 1) * PAGE;

describe("a crafted database ends in a clear error", () => {
  const cellsOf = (bytes: Buffer, page: number) => bytes.readUInt16BE(start(page) + 3);
  const firstCell = (bytes: Buffer, page: number) => {
    const isInterior = bytes[start(page)] === 5;
    return start(page) + bytes.readUInt16BE(start(page) + (isInterior ? 12 : 8));
  };

  it.each<[what: string, why: RegExp, craft: (bytes: Buffer) => void]>([
    [
      "a page that is its own child",
      /two places/,
      (bytes) => bytes.writeUInt32BE(root, firstCell(bytes, root)),
    ],
    ["two parents of one page", /two places/, (bytes) => bytes.writeUInt32BE(leaf, start(root) + 8)],
    ["a child far outside", /leads to page 4000000000/, (bytes) => bytes.writeUInt32BE(4e9, start(root) + 8)],
    ["a child with the number 0", /leads to page 0/, (bytes) => bytes.writeUInt32BE(0, start(root) + 8)],
    ["more rows than fit", /more rows than room/, (bytes) => bytes.writeUInt16BE(65_535, start(leaf) + 3)],
    ["a row outside its page", /outside the page/, (bytes) => bytes.writeUInt16BE(PAGE, start(leaf) + 8)],
    ["a row in the page's header", /outside the page/, (bytes) => bytes.writeUInt16BE(2, start(leaf) + 8)],
    [
      "a row of 2^63 bytes",
      /endless row/,
      (bytes) => bytes.fill(0xff, firstCell(bytes, leaf), firstCell(bytes, leaf) + 9),
    ],
    [
      "rows in the wrong order",
      /wrong order/,
      (bytes) => bytes.writeUInt16BE(bytes.readUInt16BE(start(leaf) + 10), start(leaf) + 8),
    ],
    [
      "an index page in a table",
      /not a page of rows|another kind/,
      (bytes) => bytes.writeUInt8(10, start(leaf)),
    ],
    ["a page of zeros", /not a page of rows/, (bytes) => bytes.fill(0, start(leaf), start(leaf) + PAGE)],
    [
      "an overflow chain that leads to itself",
      /two places/,
      (bytes) => bytes.writeUInt32BE(chain, start(chain)),
    ],
    ["an overflow chain that ends early", /leads to page 0/, (bytes) => bytes.writeUInt32BE(0, start(chain))],
    ["a page size of 0", /page size/, (bytes) => bytes.writeUInt16BE(0, 16)],
    ["a page size of 1,000", /page size/, (bytes) => bytes.writeUInt16BE(1000, 16)],
    ["more reserved than used", /impossible|outside|order|endless/, (bytes) => bytes.writeUInt8(255, 20)],
    ["a format of the future", /newer format/, (bytes) => bytes.writeUInt8(3, 19)],
    ["another beginning", /does not begin like/, (bytes) => bytes.write("SQLite format 4")],
  ])("%s", async (_what, why, craft) => {
    const bytes = Buffer.from(sound);
    expect(cellsOf(bytes, root)).toBeGreaterThan(5);
    craft(bytes);
    await expect(copyOf(bytes)).rejects.toMatchObject({
      kind: "damaged",
      message: expect.stringMatching(why),
    });
  });

  it("a tree of two hundred levels", async () => {
    // Each page has the next one as its only child.
    const levels = 200;
    const first = sound.length / PAGE + 1;
    const bytes = Buffer.concat([sound, Buffer.alloc(levels * PAGE)]);
    bytes.writeUInt32BE(first, start(root) + 8);
    for (let level = 0; level < levels; level++) {
      const at = start(first + level);
      bytes.writeUInt8(5, at);
      bytes.writeUInt32BE(first + level + 1, at + 8);
    }
    await expect(copyOf(bytes)).rejects.toMatchObject({ message: expect.stringMatching(/too deep/) });
  });

  it("a schema that names the root of another table twice", async () => {
    const path = join(folder, "twice.sqlite");
    copyFileSync(join(shelf, "sound.sqlite"), path);
    const database = new DatabaseSync(path);
    database.enableDefensive(false);
    database.exec("CREATE TABLE OTHER (X); PRAGMA writable_schema = ON");
    database.exec(`UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'WANTED'`);
    database.close();
    await expect(copyOf(readFileSync(path))).rejects.toThrow(/damaged/);
  });

  it("a length that no file has costs neither memory nor disk", async () => {
    const asked: Asked = { pieces: 0, bytes: 0 };
    const original = join(folder, "original.sqlite");
    writeFileSync(original, sound);
    const real = fileOnDisk(original, asked);
    const describe = async () => ({ sizeBytes: Number.MAX_SAFE_INTEGER, modifiedAtMs: 1 });
    const copying = copyTables({
      database: { describe, read: (pieces) => real.read(pieces) },
      log: fileOnDisk(`${original}-wal`, asked),
      copyPath: join(folder, "copy.sqlite"),
      isWanted: () => true,
      openCopy: openToRead,
    });
    await expect(copying).rejects.toMatchObject({ message: expect.stringMatching(/longer than any/) });
  });

  it.each(["the tables", "the whole"])(
    "a length that no log has costs a copy of %s nothing",
    async (what) => {
      const asked: Asked = { pieces: 0, bytes: 0 };
      const original = join(folder, "original.sqlite");
      writeFileSync(original, sound);
      const real = fileOnDisk(original, asked);
      const files = {
        database: real,
        log: {
          describe: async () => ({ sizeBytes: Number.MAX_SAFE_INTEGER, modifiedAtMs: 1 }),
          read: (pieces: readonly FilePiece[]) => real.read(pieces),
        },
        copyPath: join(folder, "copy.sqlite"),
      };
      const copying =
        what === "the whole"
          ? copyWholeDatabase(files, async () => true)
          : copyTables({ ...files, isWanted: () => true, openCopy: openToRead });
      await expect(copying).rejects.toMatchObject({
        message: expect.stringMatching(/log is longer than any/),
      });
      expect(asked.pieces).toBe(0);
    },
  );
});

it(`whatever byte is other than it was, the rows are read or an error is told (seed ${seed})`, async () => {
  let refused = 0;
  const isAll = await playCases(cases, async (numbers) => {
    const bytes = Buffer.from(sound);
    const changes = 1 + numbers.below(4);
    for (let change = 0; change < changes; change++) {
      // Most of the time where the structure is: in the first bytes of a page.
      const page = numbers.below(bytes.length / PAGE);
      const at = page * PAGE + numbers.below(numbers.below(4) === 0 ? PAGE : 40);
      bytes[at] = numbers.below(256);
    }
    try {
      const { cost, copyPath } = await copyOf(bytes);
      expect(cost.readBytes).toBeLessThanOrEqual(bytes.length + 200);
      rowsOf(copyPath, "WANTED");
    } catch (error) {
      // SQLite itself finds what is wrong inside of a row.
      const isTold =
        error instanceof UnreadableDatabase ||
        /malformed|not a database|no such table|syntax/.test(String(error));
      if (!isTold) throw error;
      refused += 1;
    }
  });
  if (isAll) expect(refused).toBeGreaterThan(cases / 10);
  expect(rowsOf((await copyOf(sound)).copyPath, "WANTED")).toEqual(soundRows);
});

it(`whatever bytes a log is made of, it counts as far as SQLite counts it (seed ${seed})`, async () => {
  const path = join(folder, "with-log.sqlite");
  copyFileSync(join(shelf, "sound.sqlite"), path);
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
  for (let id = 100; id < 108; id++) database.exec(`INSERT INTO WANTED VALUES (${id}, zeroblob(3000))`);
  const [main, log] = [readFileSync(path), readFileSync(`${path}-wal`)];
  database.close();

  const counts = new Set<number>();
  const isAll = await playCases(Math.ceil(cases / 4), async (numbers, index) => {
    const cut = numbers.below(3) === 0 ? numbers.below(log.length) : log.length;
    const changed = Buffer.from(log.subarray(0, cut));
    if (numbers.below(2) === 0 && cut > 0) changed[numbers.below(cut)] = numbers.below(256);
    const { copyPath } = await copyOf(main, changed);
    const asSQLite = join(folder, `as-sqlite-${index}.sqlite`);
    writeFileSync(asSQLite, main);
    writeFileSync(`${asSQLite}-wal`, changed);
    const rows = rowsOf(copyPath, "WANTED");
    expect(rows).toEqual(rowsOf(asSQLite, "WANTED"));
    counts.add(rows.length);
  });
  if (isAll) expect(counts.size).toBeGreaterThan(4);
});
