import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import fc from "fast-check";
import { expect, it } from "vitest";
import { RollcallError } from "../../src/errors.js";
import { assertRandom, casesOr, seed } from "../random-cases.js";
import { imageOf } from "./facts.js";
import { type CheckedLibrary, libraryOf, readWhole, THINGS, temporaryFolder } from "./small-library.js";

const RUNS = casesOr(20);

/**
 * What may be lost of a row without anybody being able to tell that a file belongs to the item is not here: the
 * asset of a resource row together with the file, and both of its kinds at once.
 */
const COLUMNS = {
  ZASSET: [
    ...["ZUUID", "ZDIRECTORY", "ZFILENAME", "ZSAVEDASSETTYPE", "ZTRASHEDSTATE", "ZKIND", "ZKINDSUBTYPE"],
    ...["ZVISIBILITYSTATE", "ZMEDIAGROUPUUID", "ZADDEDDATE", "ZIMPORTSESSION", "ZCOMPLETE"],
  ],
  ZADDITIONALASSETATTRIBUTES: [
    "ZORIGINALFILENAME",
    "ZORIGINALFILESIZE",
    "ZORIGINALSTABLEHASH",
    "ZORIGINALHASH",
  ],
  ZINTERNALRESOURCE: [
    ...["ZDATASTORESUBTYPE", "ZDATALENGTH", "ZFINGERPRINT", "ZLOCALAVAILABILITY", "ZREMOTEAVAILABILITY"],
    ...["ZVERSION", "ZCOMPACTUTI"],
  ],
} as const;

type Table = keyof typeof COLUMNS;

const anyNumber = fc.nat({ max: 1_000_000 });
const fileDamage = fc.record({
  kind: fc.constantFrom("flip", "cut", "grow", "empty", "remove", "exchange", "noise", "overwrite"),
  file: anyNumber,
  other: anyNumber,
  at: anyNumber,
});
const rowDamage = fc
  .constantFrom<Table>("ZASSET", "ZADDITIONALASSETATTRIBUTES", "ZINTERNALRESOURCE")
  .chain((table) =>
    fc.record({
      kind: fc.constant("row" as const),
      table: fc.constant(table),
      column: fc.constantFrom<string>(...COLUMNS[table]),
      row: anyNumber,
      value: fc.constantFrom("NULL", "NULL", "0", "-1", "1", "'x'", "123456789012345678"),
    }),
  );
const deletion = fc.record({
  kind: fc.constant("delete" as const),
  table: fc.constant("ZINTERNALRESOURCE"),
  row: anyNumber,
});

it(`nothing is ok that is not, whatever is damaged (${RUNS} random libraries, seed ${seed})`, {
  timeout: RUNS * 400 + 20_000,
}, async () => {
  // Of so many random libraries, each half with and half without fingerprints; the first is one of everything.
  const compositions = fc.sample(fc.array(fc.constantFrom(...THINGS), { maxLength: 8 }), {
    numRuns: Math.ceil(RUNS / 25),
    seed,
  });
  const templates = [[...THINGS], ...compositions].flatMap((things) =>
    [true, false].map((hasFingerprints) => {
      const library = libraryOf(things, { hasFingerprints });
      library.photos.close();
      return library.libraryPath;
    }),
  );
  const whole: CheckedLibrary[] = [];
  for (const path of templates) whole.push(await readWhole(path));
  const seen = { ok: 0, notOk: 0, refused: 0 };

  const isAll = await assertRandom(
    fc.asyncProperty(
      fc.nat({ max: templates.length - 1 }),
      fc.array(fc.oneof(fileDamage, fileDamage, rowDamage, deletion), { minLength: 1, maxLength: 4 }),
      async (template, damages) => {
        const folder = temporaryFolder();
        const isRow = ({ kind }: { kind: string }) => kind === "row" || kind === "delete";
        const made = templates[template] as string;
        const worked = damages.some(isRow) ? join(folder, "A.photoslibrary") : made;
        if (worked !== made) cpSync(made, worked, { recursive: true });
        // Rows are damaged in one place and files in a copy of it that nobody has open.
        const path = join(folder, "B.photoslibrary");
        const before = whole[template] as CheckedLibrary;
        const files = [...before.found.values()].flatMap((one) =>
          one.files.map((file) => join(path, file.path ?? "")),
        );
        const gone = new Set<number>();
        for (const damage of damages) {
          if (damage.kind === "row" || damage.kind === "delete") damageRow(worked, damage);
          if (damage.kind === "delete") gone.add(damage.row);
        }
        cpSync(worked, path, { recursive: true });
        for (const damage of damages) {
          if (damage.kind !== "row" && damage.kind !== "delete") damageFile(files, damage);
        }
        const image = imageOf(path);
        try {
          judge(path, before, await readWhole(path), gone.size > 0, seen);
        } catch (error) {
          if (!(error instanceof RollcallError)) throw error;
          expect(error.code).toBe("LIBRARY_UNREADABLE");
          seen.refused++;
        }
        expect(imageOf(path)).toEqual(image);
        rmSync(folder, { recursive: true });
      },
    ),
    { numRuns: RUNS },
  );
  if (!isAll) return;
  // A property of libraries in which all is lost, or nothing, would say little.
  expect(seen.ok).toBeGreaterThan(RUNS);
  expect(seen.notOk).toBeGreaterThan(RUNS / 2);
});

function judge(
  path: string,
  before: CheckedLibrary,
  after: CheckedLibrary,
  isRowDeleted: boolean,
  seen: { ok: number; notOk: number },
): void {
  expect(after.totals.items).toBe(before.totals.items);
  for (const found of after.found.values()) {
    // What is said of a file is what is there, whatever the verdict.
    for (const { path: place, sha256, sizeBytes } of found.files) {
      if (sha256 === null) continue;
      const bytes = readFileSync(join(path, place ?? ""));
      expect({ sizeBytes, sha256 }).toEqual({ sizeBytes: bytes.length, sha256: hashOf(bytes) });
    }
    if (found.verdict !== "ok") {
      seen.notOk++;
      expect(found.reason).not.toBeNull();
      continue;
    }
    seen.ok++;
    const original = before.found.get(found.uuid);
    expect(original, `${found.uuid} is ok, and was never in the library`).toBeDefined();
    for (const file of original?.files ?? []) {
      if (file.role === "edit") continue;
      const now = found.files.find((one) => one.path === file.path);
      // A row that was deleted is not there to tell of its file; then the file must be gone too, or it is named.
      if (now === undefined && isRowDeleted && !existsSync(join(path, file.path ?? ""))) continue;
      expect(now?.sizeBytes, `${found.name} ${file.role}`).toBe(file.sizeBytes);
      if (found.evidence === "fingerprint") expect(now?.sha256).toBe(file.sha256);
    }
  }
}

function damageFile(
  files: readonly string[],
  damage: { kind: string; file: number; other: number; at: number },
): void {
  const path = files[damage.file % files.length] as string;
  const other = files[damage.other % files.length] as string;
  if (!existsSync(path)) return;
  const bytes = readFileSync(path);
  const at = damage.at % Math.max(1, bytes.length);
  if (damage.kind === "flip") bytes[at] = (bytes[at] ?? 0) ^ 1;
  if (damage.kind === "noise") bytes.fill(0xa5, at, Math.min(bytes.length, at + 512));
  if (damage.kind === "remove") rmSync(path);
  else if (damage.kind === "cut") writeFileSync(path, bytes.subarray(0, at));
  else if (damage.kind === "empty") writeFileSync(path, "");
  else if (damage.kind === "grow") writeFileSync(path, Buffer.concat([bytes, Buffer.of(0)]));
  else if (damage.kind === "overwrite" && existsSync(other)) writeFileSync(path, readFileSync(other));
  else if (damage.kind === "exchange" && existsSync(other) && other !== path) {
    renameSync(path, `${path}.aside`);
    renameSync(other, path);
    renameSync(`${path}.aside`, other);
  } else writeFileSync(path, bytes);
}

function damageRow(
  path: string,
  damage: { kind: string; table: string; row: number; column?: string; value?: string },
): void {
  const database = new DatabaseSync(join(path, "database", "Photos.sqlite"));
  const { table, row } = damage;
  const which = `Z_PK = (SELECT Z_PK FROM ${table} ORDER BY Z_PK LIMIT 1 OFFSET ${row} % (SELECT max(1, count(*)) FROM ${table}))`;
  if (damage.kind === "delete") database.exec(`DELETE FROM ${table} WHERE ${which}`);
  else database.exec(`UPDATE ${table} SET ${damage.column} = ${damage.value} WHERE ${which}`);
  database.close();
}

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
