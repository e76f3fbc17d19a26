import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import type { Receipt } from "../../src/receipt/receipt.js";
import { markerName } from "../../src/virtual/photos/virtual-library.js";

/** Where a run left things: the library package, the ledger's file, the folder of receipts. */
export interface Places {
  readonly libraryPath: string;
  readonly ledgerPath: string;
  readonly receiptFolder: string;
}

/**
 * All that a run leaves behind, in a form in which two runs that did the same are equal: random ids are
 * replaced by what they stand for, times and places in staging are left out.
 */
export function endState({ libraryPath, ledgerPath, receiptFolder }: Places) {
  const kept = keptFiles(libraryPath);
  const contentOf = (photosId: string | null) =>
    photosId === null ? null : (kept.get(photosId.slice(0, 36)) ?? "not in the library");
  using library = readOnly(join(libraryPath, "database/Photos.sqlite"));
  using program = readOnly(join(libraryPath, markerName));
  using ledger = readOnly(ledgerPath);
  const runs = ledger.rows("SELECT * FROM run");
  return {
    items: sorted(
      library
        .rows(
          `SELECT ZUUID AS id, ZORIGINALFILENAME AS name, ZORIGINALFILESIZE AS size, ZTRASHEDSTATE AS trashed
           FROM ZASSET JOIN ZADDITIONALASSETATTRIBUTES x ON x.ZASSET = ZASSET.Z_PK`,
        )
        .map(({ id, name, size, trashed }) => ({
          name: String(name),
          size,
          trashed,
          content: contentOf(String(id)),
        })),
    ),
    isPhotosOpen: program.rows("SELECT 1 FROM state WHERE name = 'running'").length > 0,
    albums: albumsIn(library),
    ledger: {
      items: sorted(ledger.rows("SELECT identity, state, key FROM item")),
      files: sorted(
        ledger
          .rows(
            "SELECT path, role, size, modified_ms, sha256, photos_id, answer, evidence, reason FROM item_file",
          )
          .map(({ photos_id, ...row }) => ({ ...row, inPhotos: contentOf(photos_id as string | null) })),
      ),
      openBatches: ledger.rows("SELECT * FROM batch WHERE ended_ms IS NULL").length,
      albums: ledger.rows("SELECT name FROM our_album").map(({ name }) => name),
      runs: runs.map((row) => ({
        isFinished: row.finished_ms !== null,
        album: row.album_name,
        leftOpen: [row.journal_id, row.album_pending, row.journal_pending, row.journal_closing],
      })),
    },
    receipts: runs.map(({ id }) => answersOf(receiptFolder, String(id), contentOf)),
  };
}

/** Digests of every file that a package keeps, by the id of its item, in one line. */
function keptFiles(libraryPath: string): Map<string, string> {
  const kept = new Map<string, string[]>();
  for (const below of ["originals", "resources"]) {
    for (const entry of readdirSync(join(libraryPath, below), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const id = entry.name.slice(0, 36);
      const digest = createHash("sha1").update(readFileSync(join(entry.parentPath, entry.name)));
      kept.set(id, [...(kept.get(id) ?? []), `${entry.name.slice(36)} ${digest.digest("hex")}`]);
    }
  }
  return new Map([...kept].map(([id, files]) => [id, files.sort().join(", ")]));
}

/** Titles of the albums that are not deleted, with the file names in each; two of one name are two. */
function albumsIn(library: ReturnType<typeof readOnly>) {
  const { a, b } = library.rows(
    `SELECT max(iif(Z_NAME = 'Album', Z_ENT, 0)) AS a, max(iif(Z_NAME = 'Asset', Z_ENT, 0)) AS b
     FROM Z_PRIMARYKEY`,
  )[0]!;
  const albums = library.rows(
    "SELECT Z_PK AS pk, ZTITLE AS title FROM ZGENERICALBUM WHERE ZKIND = 2 AND ZTRASHEDSTATE = 0",
  );
  return sorted(
    albums.map(({ pk, title }) => ({
      title,
      members: library
        .rows(
          `SELECT ZORIGINALFILENAME AS name FROM Z_${a}ASSETS m
           JOIN ZADDITIONALASSETATTRIBUTES x ON x.ZASSET = m.Z_${b}ASSETS WHERE m.Z_${a}ALBUMS = ${pk}`,
        )
        .map(({ name }) => String(name))
        .sort(),
    })),
  );
}

function answersOf(folder: string, runId: string, contentOf: (id: string | null) => string | null) {
  const receipts = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Receipt)
    .filter(({ id }) => id === runId);
  return receipts.map(({ totals, destination, answers }) => ({
    totals,
    album: destination.kind === "photos" ? destination.album?.name : undefined,
    notAsSent: destination.kind === "photos" ? destination.notAsSent : undefined,
    answers: answers.map(({ photosId, checkedAt, ...rest }) => ({
      ...rest,
      isChecked: checkedAt !== null,
      inPhotos: contentOf(photosId),
    })),
  }));
}

function sorted<Value>(values: Value[]): Value[] {
  return [...values].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

function readOnly(path: string) {
  const database = new DatabaseSync(path, { readOnly: true });
  return {
    rows: (sql: string) => database.prepare(sql).all() as Record<string, string | number | null>[],
    [Symbol.dispose]: () => database.close(),
  };
}
