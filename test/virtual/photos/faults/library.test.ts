import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { all, faultyPhotos } from "./faulty-photos.js";

const filesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe("references instead of copies", () => {
  it("keeps nothing in originals, and says in its rows where each file lies", () => {
    const { importInto, media, libraryPath, photos, folder } = faultyPhotos({
      name: "imports-references",
    });
    const paths = [media.jpeg("IMG_0005.JPG", "A-5"), media.video("IMG_0005.MOV", "A-5")];
    expect(importInto(paths)).toEqual(["IMG_0005.JPG"]);
    expect(filesBelow(join(libraryPath, "originals"))).toEqual([]);
    expect(
      photos.library.database
        .prepare(
          `SELECT a.ZSAVEDASSETTYPE saved, a.ZDIRECTORY directory, a.ZFILENAME name, r.ZDATASTORESUBTYPE subtype,
             r.ZLOCALAVAILABILITY here, b.ZPATHRELATIVETOVOLUME place, v.ZNAME volume, b.ZRESOURCE = r.Z_PK isItsOwn
           FROM ZINTERNALRESOURCE r JOIN ZASSET a ON a.Z_PK = r.ZASSET
           JOIN ZFILESYSTEMBOOKMARK b ON b.Z_PK = r.ZFILESYSTEMBOOKMARK
           JOIN ZFILESYSTEMVOLUME v ON v.Z_PK = r.ZFILESYSTEMVOLUME ORDER BY r.Z_PK`,
        )
        .all(),
    ).toEqual(
      [1, 18].map((subtype, index) => ({
        saved: 10,
        directory: join(folder, "media"),
        name: "IMG_0005.JPG",
        subtype,
        here: -1,
        place: paths[index]!.slice(1),
        volume: "Macintosh HD",
        isItsOwn: 1,
      })),
    );
  });

  it("copies again once the fault is switched off", () => {
    const { importInto, paths, photos, libraryPath } = faultyPhotos({ name: "imports-references" });
    importInto(paths.slice(0, 1));
    photos.faults(null);
    importInto(paths.slice(1));
    expect(filesBelow(join(libraryPath, "originals"))).toHaveLength(2);
  });
});

describe("rows that come late", () => {
  it("are seen by scripts at once, in their album too, and by readers of the package when they are due", () => {
    const at = faultyPhotos({ name: "rows-come-late", lateByMs: 45_000 });
    const inPackage = () => at.photos.library.database.prepare("SELECT ZUUID id FROM ZASSET").all().length;
    expect(at.importInto(at.paths.slice(0, 2))).toHaveLength(2);
    expect(at.script("return P.mediaItems().length")).toBe(2);
    expect(at.script("return P.albums[0].mediaItems().length")).toBe(2);
    expect(inPackage()).toBe(0);
    expect(filesBelow(join(at.libraryPath, "originals"))).toHaveLength(2);
    at.time.pass(44_000);
    at.photos.catchUp();
    expect(inPackage()).toBe(0);
    at.time.pass(1_000);
    at.photos.catchUp();
    expect(inPackage()).toBe(2);
  });

  it("are all there after whatever happens to the items themselves", () => {
    const at = faultyPhotos({ name: "rows-come-late", lateByMs: 45_000 });
    at.importInto(at.paths.slice(0, 2));
    at.photos.faults({ name: "ids-change" });
    at.script("return P.mediaItems().length");
    const rows = at.photos.library.database.prepare("SELECT ZUUID id FROM ZASSET").all();
    expect(rows).toHaveLength(2);
  });
});

describe("the frames of a burst", () => {
  const burst = (at: ReturnType<typeof faultyPhotos>) =>
    at.importInto(
      ["IMG_0011.JPG", "IMG_0012.JPG", "IMG_0013.JPG"].map((name) => at.media.burstFrame(name, "B-1")),
    );

  it("stay apart, joined only by their identifier", () => {
    const at = faultyPhotos();
    expect(burst(at)).toEqual(["IMG_0011.JPG", "IMG_0012.JPG", "IMG_0013.JPG"]);
    expect(at.photos.library.database.prepare("SELECT DISTINCT ZAVALANCHEUUID id FROM ZASSET").all()).toEqual(
      [{ id: "B-1" }],
    );
    expect(at.ask("return P.albums[0].mediaItems.length")).toBe(3);
  });

  it("may be hidden from scripts but for the first, though all are in the database", () => {
    const at = faultyPhotos({ name: "hides-burst-frames" });
    burst(at);
    expect(at.ask("return P.mediaItems.filename()")).toEqual(["IMG_0011.JPG"]);
    expect(at.ask("return P.albums[0].mediaItems.length")).toBe(1);
    expect(at.holds().items).toHaveLength(3);
    expect(
      at.photos.library.database.prepare("SELECT ZVISIBILITYSTATE state FROM ZASSET ORDER BY Z_PK").all(),
    ).toEqual([{ state: 0 }, { state: 2 }, { state: 2 }]);
  });
});

describe("another library", () => {
  it.each([false, true])(
    "is open from the event on at which it is switched (same process: %s)",
    (keepsProcess) => {
      const { importInto, ask, holds, photos, albumId, libraryPath } = faultyPhotos({
        name: "library-switched",
        atEvent: 2,
        keepsProcess,
      });
      const pid = photos.running()?.pid;
      expect(importInto()).toEqual(all);
      expect(ask(`return P.albums.byId(${JSON.stringify(albumId)}).name()`)).toBe(-1728);
      expect(photos.running()?.pid === pid).toBe(keepsProcess);
      expect(ask("return [P.albums.name(), P.mediaItems.length]")).toEqual([[], 0]);
      expect(importInto()).toBe(-1728);
      expect(holds()).toMatchObject({ items: all, trip: all });
      expect(photos.openLibraryPath()).toBe(libraryPath.replace(".photoslibrary", " (other).photoslibrary"));
      expect(existsSync(join(photos.openLibraryPath(), "database", "Photos.sqlite"))).toBe(true);
      photos.faults(null);
      expect(ask("return P.albums.name()")).toEqual([]);
      photos.openLibrary(libraryPath);
      expect(ask("return P.albums.name()")).toEqual(["Trip"]);
    },
  );
});

describe("hidden items", () => {
  it("cannot be counted, fetched or found in their album any more", () => {
    const { importInto, ask, photos, holds } = faultyPhotos();
    importInto();
    const ids = ask("return P.mediaItems.id()") as string[];
    photos.faults({ name: "hides-items", names: "^IMG_0002\\." });
    expect(ask("return P.mediaItems.length")).toBe(2);
    expect(ask("return P.albums[0].mediaItems.filename()")).toEqual(["IMG_0001.PNG", "IMG_0003.PNG"]);
    expect(ask("return P.mediaItems.byId(input).filename()", ids[1])).toBe(-1728);
    expect(holds()).toMatchObject({ items: all, trip: all });
  });

  it("are the newest when no name is given, and wait until there is one", () => {
    const { importInto, ask } = faultyPhotos({ name: "hides-items" });
    ask("return P.version()");
    importInto();
    expect(ask("return P.mediaItems.filename()")).toEqual(["IMG_0001.PNG", "IMG_0002.PNG"]);
    expect(ask("return P.mediaItems.length")).toBe(2);
  });
});

describe("a repair that changes ids", () => {
  it("keeps bytes, names and albums under other ids, with every file where the new id says", () => {
    const { importInto, ask, photos, media, libraryPath, paths } = faultyPhotos();
    importInto([...paths, media.jpeg("IMG_0005.JPG", "A-5"), media.video("IMG_0005.MOV", "A-5")]);
    const bytes = () =>
      filesBelow(join(libraryPath, "originals"))
        .map((path) => readFileSync(path).toString("base64"))
        .sort();
    const [before, ids] = [bytes(), ask("return P.mediaItems.id()") as string[]];
    photos.faults({ name: "ids-change" });
    const after = ask("return P.albums[0].mediaItems.id()") as string[];
    expect(ask("return P.albums[0].mediaItems.filename()")).toEqual([...all, "IMG_0005.JPG"]);
    expect(after.filter((id) => ids.includes(id))).toEqual([]);
    expect(ask("return P.mediaItems.byId(input).filename()", ids[0])).toBe(-1728);
    expect(bytes()).toEqual(before);
    for (const id of after) {
      const files = filesBelow(join(libraryPath, "originals", id.charAt(0)));
      expect(files.some((path) => path.includes(`/${id.slice(0, 36)}.`))).toBe(true);
    }
    expect(filesBelow(join(libraryPath, "originals")).filter((path) => path.endsWith("_3.mov"))).toEqual([
      expect.stringContaining(after[3]!.slice(0, 36)),
    ]);
    // Once only.
    expect(ask("return P.mediaItems.id()")).toEqual(after);
  });
});
