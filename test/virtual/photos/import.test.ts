import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { GeneratedMedia } from "./generated-media.js";
import { type PhotosFixture, photosFixture } from "./photos-fixture.js";

const importAll = `var items = P.import(input.map(function (p) { return Path(p); }), {skipCheckDuplicates: true});
  return items === null ? null : items.map(function (item) { return item.filename(); });`;

function filesIn(fixture: PhotosFixture, ...below: string[]): string[] {
  const folder = join(fixture.libraryPath, ...below);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function bytesOf(paths: readonly string[]): string[] {
  return paths.map((path) => readFileSync(path).toString("base64")).sort();
}

describe("what one import call joins", () => {
  it("makes one item of a still and a video with the same content identifier", () => {
    const { script, media } = photosFixture();
    const paths = [media.video("IMG_0001.MOV", "A-1"), media.jpeg("IMG_0001.JPG", "A-1")];
    expect(script(importAll, paths)).toEqual(["IMG_0001.JPG"]);
  });

  it("keeps a still and a video of one stem apart when they share no identifier", () => {
    const { script, media } = photosFixture();
    const paths = [media.jpeg("IMG_0002.JPG"), media.video("IMG_0002.MOV")];
    expect(script(importAll, paths)).toEqual(["IMG_0002.JPG", "IMG_0002.MOV"]);
  });

  it("joins nothing across two calls", () => {
    const { script, media } = photosFixture();
    expect(script(importAll, [media.jpeg("IMG_0003.JPG", "A-3")])).toEqual(["IMG_0003.JPG"]);
    expect(script(importAll, [media.video("IMG_0003.MOV", "A-3")])).toEqual(["IMG_0003.MOV"]);
  });

  it("pairs two copies of a Live Photo each with the half beside it", () => {
    const { script, media, photos } = photosFixture();
    const paths = ["100APPLE", "101APPLE"].flatMap((folder) => [
      media.jpeg(`${folder}/IMG_0001.JPG`, "A-1"),
      media.video(`${folder}/IMG_0001.MOV`, "A-1"),
    ]);
    expect(script(importAll, paths)).toEqual(["IMG_0001.JPG", "IMG_0001.JPG"]);
    const lengths = photos.library.database
      .prepare("SELECT ZDATALENGTH FROM ZINTERNALRESOURCE WHERE ZDATASTORESUBTYPE = 18")
      .all();
    expect(lengths).toHaveLength(2);
  });

  it("keeps two files of one name side by side", () => {
    const { script, media } = photosFixture();
    const paths = [media.jpeg("100APPLE/IMG_0001.JPG"), media.jpeg("101APPLE/IMG_0001.JPG")];
    expect(script(importAll, paths)).toEqual(["IMG_0001.JPG", "IMG_0001.JPG"]);
    expect(script("return P.mediaItems.length")).toBe(2);
  });

  it("makes one item of a RAW and the JPEG of its stem, named after the JPEG", () => {
    const { script, media } = photosFixture();
    const paths = [media.raw("IMG_0004.DNG"), media.jpeg("IMG_0004.JPG"), media.raw("IMG_0005.DNG")];
    expect(script(importAll, paths)).toEqual(["IMG_0004.JPG", "IMG_0005.DNG"]);
  });

  it("makes one adjusted item of a whole edited Live Photo", () => {
    const fixture = photosFixture();
    const { script, media, photos } = fixture;
    const paths = [
      media.jpeg("IMG_0006.JPG", "A-6"),
      media.video("IMG_0006.MOV", "A-6"),
      media.jpeg("IMG_E0006.JPG", "E-6"),
      media.video("IMG_E0006.MOV", "E-6"),
      media.adjustments("IMG_0006.AAE"),
      media.adjustments("IMG_O0006.AAE"),
    ];
    expect(script(importAll, paths)).toEqual(["IMG_0006.JPG"]);
    expect(photos.library.database.prepare("SELECT ZADJUSTMENTSSTATE state FROM ZASSET").all()).toEqual([
      { state: 2 },
    ]);
    const kept = filesIn(fixture, "originals")
      .map((path) => path.slice(path.lastIndexOf("/") + 37))
      .sort();
    expect(kept).toEqual([".jpeg", "_3.mov", "_5.aae"]);
    const renders = filesIn(fixture, "resources")
      .map((path) => path.slice(path.lastIndexOf("/") + 37))
      .sort();
    expect(renders).toEqual([".plist", "_1_201_a.jpeg", "_2_100_a.mov"]);
    expect(bytesOf([...filesIn(fixture, "originals"), ...filesIn(fixture, "resources")])).toEqual(
      bytesOf(paths),
    );
  });

  it("takes a rendering without its AAE for an item of its own", () => {
    const { script, media } = photosFixture();
    const paths = [media.jpeg("IMG_0007.JPG"), media.jpeg("IMG_E0007.JPG")];
    expect(script(importAll, paths)).toEqual(["IMG_0007.JPG", "IMG_E0007.JPG"]);
  });

  it.each([
    [
      "of the format of slow motion",
      (name: string, media: GeneratedMedia) => media.adjustments(name, "com.apple.video.slomo"),
    ],
    [
      "of the screenshot editor",
      (name: string, media: GeneratedMedia) => media.adjustments(name, "ScreenshotServices"),
    ],
    [
      "that is cut off",
      (name: string, media: GeneratedMedia) =>
        media.write(name, readFileSync(media.adjustments(name)).subarray(0, 600)),
    ],
    [
      "without a format",
      (name: string, media: GeneratedMedia) => media.write(name, "<plist><dict></dict></plist>"),
    ],
  ])("takes no edit by an AAE %s: the photo comes unedited, its rendering beside it", (_title, write) => {
    const fixture = photosFixture();
    const { script, media, photos } = fixture;
    const paths = [media.jpeg("IMG_0007.JPG"), media.jpeg("IMG_E0007.JPG"), write("IMG_0007.AAE", media)];
    expect(script(importAll, paths)).toEqual(["IMG_0007.JPG", "IMG_E0007.JPG"]);
    const states = photos.library.database.prepare("SELECT ZADJUSTMENTSSTATE state FROM ZASSET").all();
    expect(states).toEqual([{ state: 0 }, { state: 0 }]);
    expect(filesIn(fixture, "resources")).toEqual([]);
  });

  it("files an edit under the format that its AAE names", () => {
    const { script, media, photos } = photosFixture();
    script(importAll, [media.video("IMG_0008.MOV"), media.adjustments("IMG_0008.AAE", "com.apple.video")]);
    const formats = photos.library.database
      .prepare("SELECT ZADJUSTMENTFORMATIDENTIFIER format FROM ZUNMANAGEDADJUSTMENT")
      .all();
    expect(formats).toEqual([{ format: "com.apple.video" }]);
  });

  it("refuses a call with an AAE whose photo is not in it, and imports nothing", () => {
    const { script, media } = photosFixture();
    const paths = [media.jpeg("IMG_0008.JPG"), media.adjustments("IMG_0009.AAE")];
    expect(script(importAll, paths)).toMatchObject({ number: -10000 });
    expect(script("return P.mediaItems.length")).toBe(0);
  });
});

describe("what an import takes", () => {
  it("goes by the first bytes, not by the name, and leaves the rest out without a word", () => {
    const { script, media } = photosFixture();
    const paths = [
      media.png("IMG_0001.PNG"),
      media.write("IMG_0002.JPG", "this is no picture"),
      media.write("IMG_0003.JPG", ""),
      media.write("IMG_0004.GIF", "GIF89a rest"),
      media.write("IMG_0005.MP4", Buffer.from("\0\0\0\x18ftypisom\0\0\0\0isom", "latin1")),
    ];
    expect(script(importAll, paths)).toEqual(["IMG_0001.PNG", "IMG_0004.GIF", "IMG_0005.MP4"]);
  });

  it("answers missing value when nothing came in", () => {
    const { script, media } = photosFixture();
    expect(script(importAll, [media.write("note.txt", "hello")])).toBeNull();
    expect(script(importAll, [])).toBeNull();
  });

  it("imports nothing when one of the files has vanished", () => {
    const { script, media } = photosFixture();
    expect(script(importAll, [media.png("IMG_0001.PNG"), "/nowhere/IMG_0002.PNG"])).toMatchObject({
      number: -43,
    });
    expect(script("return P.mediaItems.length")).toBe(0);
  });

  it("imports a second copy when duplicates are not checked for", () => {
    const { script, media } = photosFixture();
    const path = media.png("IMG_0001.PNG");
    script(importAll, [path]);
    script(importAll, [path]);
    expect(script("return P.mediaItems.filename()")).toEqual(["IMG_0001.PNG", "IMG_0001.PNG"]);
  });

  it("opens a sheet over a duplicate when they are checked for, and every event waits until Photos is quit", () => {
    const { script, media, photos, time } = photosFixture();
    const path = media.png("IMG_0001.PNG");
    script(importAll, [path]);
    const before = time.now().getTime();
    expect(script("return P.import([Path(input)])", path)).toMatchObject({ number: -1712 });
    expect(time.now().getTime() - before).toBe(60_000);
    expect(script("return P.version()")).toMatchObject({ number: -1712 });
    photos.end();
    expect(script("return [P.version(), P.mediaItems.length]")).toEqual(["11.0", 1]);
  });

  it("keeps names as they were spelled and bytes as they were", () => {
    const fixture = photosFixture();
    const { script, media } = fixture;
    const names = ["IMG_0001.jpg", "Gru\u0308ße 1.JPG", "Grüße 2.JPG", "it's.JPG"];
    const paths = names.map((name) => media.jpeg(name));
    expect(script(importAll, paths)).toEqual(names);
    expect(bytesOf(filesIn(fixture, "originals"))).toEqual(bytesOf(paths));
    expect(existsSync(paths[0]!)).toBe(true);
  });
});
