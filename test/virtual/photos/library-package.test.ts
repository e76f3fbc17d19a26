import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { parse } from "plist";
import { describe, expect, it } from "vitest";
import { RollcallError } from "../../../src/errors.js";
import type { ModelVersion } from "../../../src/virtual/photos/library-schema.js";
import { openVirtualPhotos } from "../../../src/virtual/photos/virtual-photos.js";
import { photosFixture, temporaryFolder } from "./photos-fixture.js";
import { sharedData, whyNoSharedData } from "./shared-data.js";

const importAll = `P.make({new: "album", named: "Trip"});
  var items = P.import(input.map(function (p) { return Path(p); }),
    {skipCheckDuplicates: true, into: P.albums.byName("Trip")});
  return items.map(function (item) { return item.id(); });`;

/** A read-only copy of a package's database, as a careful reader makes it. */
function copyOfDatabase(libraryPath: string): DatabaseSyncInstance {
  const target = temporaryFolder();
  for (const name of ["Photos.sqlite", "Photos.sqlite-wal"]) {
    const source = join(libraryPath, "database", name);
    if (existsSync(source)) writeFileSync(join(target, name), readFileSync(source));
  }
  return new DatabaseSync(join(target, "Photos.sqlite"));
}

function columnsByTable(database: DatabaseSyncInstance): Map<string, Map<string, string>> {
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as {
    name: string;
  }[];
  return new Map(
    tables.map(({ name }) => {
      const columns = database.prepare(`PRAGMA table_info(${name})`).all() as {
        name: string;
        type: string;
      }[];
      return [name, new Map(columns.map((column) => [column.name, column.type]))];
    }),
  );
}

describe("the package is one that a reader of real libraries understands", () => {
  it("keeps originals under the first character of their UUID and says so in its rows", () => {
    const { script, media, photos, libraryPath } = photosFixture();
    const paths = [
      media.jpeg("IMG_0001.JPG", "A-1"),
      media.video("IMG_0001.MOV", "A-1"),
      media.video("IMG_0002.MOV"),
    ];
    const [live, video] = script(importAll, paths) as [string, string];
    const uuid = live.slice(0, 36);
    const row = photos.library.database
      .prepare(
        `SELECT ZUUID, ZDIRECTORY, ZFILENAME, ZKIND, ZKINDSUBTYPE, ZSAVEDASSETTYPE, ZTRASHEDSTATE, ZCOMPLETE,
           ZMEDIAGROUPUUID FROM ZASSET WHERE ZUUID = ?`,
      )
      .get(uuid);
    expect(row).toEqual({
      ZUUID: uuid,
      ZDIRECTORY: uuid.charAt(0),
      ZFILENAME: `${uuid}.jpeg`,
      ZKIND: 0,
      ZKINDSUBTYPE: 2,
      ZSAVEDASSETTYPE: 3,
      ZTRASHEDSTATE: 0,
      ZCOMPLETE: 1,
      ZMEDIAGROUPUUID: "A-1",
    });
    const originals = (id: string) => join(libraryPath, "originals", id.charAt(0));
    expect(readFileSync(join(originals(uuid), `${uuid}.jpeg`))).toEqual(readFileSync(paths[0]!));
    expect(readFileSync(join(originals(uuid), `${uuid}_3.mov`))).toEqual(readFileSync(paths[1]!));
    expect(readFileSync(join(originals(video), `${video.slice(0, 36)}.mov`))).toEqual(
      readFileSync(paths[2]!),
    );
    const resources = photos.library.database
      .prepare(
        "SELECT ZRESOURCETYPE t, ZDATASTORESUBTYPE s, ZDATALENGTH n, ZCOMPACTUTI u FROM ZINTERNALRESOURCE",
      )
      .all();
    expect(resources).toEqual([
      { t: 0, s: 1, n: readFileSync(paths[0]!).length, u: "1" },
      { t: 3, s: 18, n: readFileSync(paths[1]!).length, u: "23" },
      { t: 1, s: 1, n: readFileSync(paths[2]!).length, u: "23" },
    ]);
  });

  it.each([18600, 19320] as const)(
    "model %i: says its version, and finds album members by entity numbers",
    (modelVersion) => {
      const { script, media, libraryPath, photos } = photosFixture({ modelVersion });
      const ids = script(importAll, [media.png("b.png"), media.png("a.png")]) as string[];
      photos.close();
      const database = copyOfDatabase(libraryPath);
      const { Z_PLIST } = database.prepare("SELECT Z_PLIST FROM Z_METADATA").get() as { Z_PLIST: Uint8Array };
      expect(parse(Buffer.from(Z_PLIST))).toMatchObject({ PLModelVersion: modelVersion });
      const entity = (name: string) =>
        (database.prepare("SELECT Z_ENT n FROM Z_PRIMARYKEY WHERE Z_NAME = ?").get(name) as { n: number }).n;
      const [albums, assets] = [entity("Album"), entity("Asset")];
      const members = database
        .prepare(
          `SELECT a.ZUUID uuid FROM Z_${albums}ASSETS m JOIN ZASSET a ON a.Z_PK = m.Z_${assets}ASSETS
         JOIN ZGENERICALBUM g ON g.Z_PK = m.Z_${albums}ALBUMS
         WHERE g.ZTITLE = 'Trip' AND g.ZKIND = 2 ORDER BY m.Z_FOK_${assets}ASSETS`,
        )
        .all() as { uuid: string }[];
      expect(members.map(({ uuid }) => `${uuid}/L0/001`)).toEqual(ids);
      const { count } = database
        .prepare("SELECT ZCACHEDCOUNT count FROM ZGENERICALBUM WHERE ZKIND = 1506")
        .get() as { count: number };
      expect(count).toBe(2);
      database.close();
    },
  );

  it("fills Apple's fingerprint only when told to", () => {
    const fingerprints = (hasFingerprints: boolean) => {
      const { script, media, photos } = photosFixture({ hasFingerprints });
      script(importAll, [media.write("x.gif", "GIF89a")]);
      const sql = "SELECT ZORIGINALSTABLEHASH h FROM ZADDITIONALASSETATTRIBUTES";
      return (photos.library.database.prepare(sql).get() as { h: string | null }).h;
    };
    expect(fingerprints(false)).toBeNull();
    expect(fingerprints(true)).toMatch(/^A[A-Za-z0-9+/]{27}$/);
  });

  it("remembers which version it was made as", () => {
    const { photos, libraryPath } = photosFixture({ modelVersion: 18600 });
    photos.close();
    const again = openVirtualPhotos(libraryPath, { modelVersion: 19320 });
    expect(again.library.schema.modelVersion).toBe(18600);
    again.close();
  });
});

describe("nothing that is not ours is touched", () => {
  it("refuses a folder that has something in it and not our marker", () => {
    const folder = join(temporaryFolder(), "Real.photoslibrary");
    mkdirSync(join(folder, "database"), { recursive: true });
    writeFileSync(join(folder, "database", "Photos.sqlite"), "real");
    expect(() => openVirtualPhotos(folder)).toThrow(RollcallError);
    expect(() => openVirtualPhotos(folder)).toThrow(/not a virtual Photos library/);
    expect(readdirSync(folder)).toEqual(["database"]);
    expect(readFileSync(join(folder, "database", "Photos.sqlite"), "utf8")).toBe("real");
  });

  it("refuses a file", () => {
    const file = join(temporaryFolder(), "x.photoslibrary");
    writeFileSync(file, "");
    expect(() => openVirtualPhotos(file)).toThrow(RollcallError);
  });

  it("makes a library in an empty folder, and opens it again", () => {
    const folder = temporaryFolder();
    openVirtualPhotos(folder).close();
    openVirtualPhotos(folder).close();
    expect(existsSync(join(folder, "database", "Photos.sqlite"))).toBe(true);
  });
});

describe.skipIf(sharedData === null)(`beside real libraries${whyNoSharedData}`, () => {
  const realLibraries: Record<ModelVersion, string> = {
    18600: "media-types-macos15.7.2.photoslibrary",
    19320: "current-macos26.1.photoslibrary",
  };

  it.each([18600, 19320] as const)(
    "model %i: every table and column exists there with the same type and entity",
    (modelVersion) => {
      const { photos } = photosFixture({ modelVersion });
      const real = copyOfDatabase(join(sharedData!, "photoslibrary", realLibraries[modelVersion]));
      const theirs = columnsByTable(real);
      for (const [table, columns] of columnsByTable(photos.library.database)) {
        for (const [column, type] of columns) {
          expect(`${table}.${column} ${theirs.get(table)?.get(column)}`).toBe(`${table}.${column} ${type}`);
        }
      }
      const entities = "SELECT Z_ENT, Z_NAME, Z_SUPER FROM Z_PRIMARYKEY";
      expect(real.prepare(entities).all()).toEqual(
        expect.arrayContaining(photos.library.database.prepare(entities).all()),
      );
      real.close();
    },
  );

  it("joins a real Live Photo by the identifier in its HEIC and its MOV", () => {
    const { script, photos, folder } = photosFixture();
    const originals = join(sharedData!, "photoslibrary", realLibraries[18600], "originals", "E");
    const uuid = "EC19EA1A-FC91-449C-8925-B13D863E2EDB";
    const files = [
      [`${uuid}.heic`, "IMG_3259.HEIC"],
      [`${uuid}_3.mov`, "IMG_3259.MOV"],
      [`${uuid}_5.aae`, "IMG_O3259.AAE"],
    ] as const;
    for (const [from, to] of files) copyFileSync(join(originals, from), join(folder, to));
    expect(
      script(
        importAll,
        files.map(([, name]) => join(folder, name)),
      ),
    ).toHaveLength(1);
    expect(
      photos.library.database
        .prepare("SELECT ZMEDIAGROUPUUID id, ZADJUSTMENTSSTATE edited FROM ZASSET")
        .all(),
    ).toEqual([{ id: "602FEBB7-6B59-4799-96E6-9C8484D873C7", edited: 0 }]);
    const lengths = photos.library.database
      .prepare("SELECT ZDATASTORESUBTYPE s FROM ZINTERNALRESOURCE ORDER BY s")
      .all();
    expect(lengths).toEqual([{ s: 1 }, { s: 18 }, { s: 22 }]);
  });
});
