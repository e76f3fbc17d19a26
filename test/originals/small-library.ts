import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { onTestFinished } from "vitest";
import type { ItemCheckUp } from "../../src/originals/check-item.js";
import { type CheckUp, checkUp } from "../../src/originals/check-up.js";
import { openLibraryDatabase } from "../../src/originals/library-database.js";
import type { LibraryItem, ResourceRole } from "../../src/originals/library-item.js";
import type { VirtualPhotosOptions } from "../../src/virtual/photos/virtual-photos.js";
import { type PhotosFixture, photosFixture } from "../virtual/photos/photos-fixture.js";

const importAll = `return P.import(input.map(function (p) { return Path(p); }), {skipCheckDuplicates: true})
  .map(function (item) { return item.id(); });`;

export interface SmallLibrary extends PhotosFixture {
  /** UUIDs by the name of the original. */
  readonly uuids: Readonly<Record<string, string>>;
}

const id = (digit: number) => `${digit}0000000-1111-4222-8333-444444444444`;

/** A library that the virtual Photos made from eleven generated files, as six items. */
export function smallLibrary(options: VirtualPhotosOptions = {}): SmallLibrary {
  const fixture = photosFixture(options);
  const { media } = fixture;
  const paths = [
    media.jpeg("IMG_0001.JPG"),
    media.jpeg("IMG_0002.JPG", id(2)),
    media.video("IMG_0002.MOV", id(2)),
    media.jpeg("IMG_0003.JPG", id(3)),
    media.video("IMG_0003.MOV", id(3)),
    media.jpeg("IMG_0004.JPG"),
    media.raw("IMG_0004.DNG"),
    media.jpeg("IMG_0005.JPG"),
    media.jpeg("IMG_E0005.JPG"),
    media.adjustments("IMG_0005.AAE"),
    media.adjustments("IMG_O0005.AAE"),
    media.video("IMG_0006.MOV"),
  ];
  const ids = fixture.script(importAll, paths) as string[];
  const uuids = Object.fromEntries(
    ids.map((one, index) => [["0001", "0002", "0003", "0004", "0005", "0006"][index], one.slice(0, 36)]),
  );
  return { ...fixture, uuids };
}

export const THINGS = ["photo", "live", "raw", "edit", "video", "duplicate", "namesake"] as const;

/**
 * A library of these things, one import each. A duplicate has the bytes of the thing before it that is a photo, a
 * namesake has its name.
 */
export function libraryOf(
  things: readonly (typeof THINGS)[number][],
  options: VirtualPhotosOptions = {},
): PhotosFixture {
  const fixture = photosFixture(options);
  const { media } = fixture;
  let photo = media.jpeg("IMG_0000.JPG");
  fixture.script(importAll, [photo]);
  things.forEach((what, at) => {
    const stem = `IMG_${String(at + 1).padStart(4, "0")}`;
    const content = `${String(at).padStart(8, "0")}-1111-4222-8333-444444444444`;
    const paths: string[] = [];
    if (what === "duplicate") paths.push(photo);
    else if (what === "namesake") paths.push(media.jpeg(`${at}/${basename(photo)}`));
    else if (what === "video") paths.push(media.video(`${stem}.MOV`));
    else paths.push(media.jpeg(`${stem}.JPG`, what === "live" ? content : null));
    if (what === "photo") photo = paths[0] as string;
    if (what === "live") paths.push(media.video(`${stem}.MOV`, content));
    if (what === "raw") paths.push(media.raw(`${stem}.DNG`));
    if (what === "edit")
      paths.push(
        media.jpeg(`IMG_E${stem.slice(4)}.JPG`),
        media.adjustments(`${stem}.AAE`),
        media.adjustments(`IMG_O${stem.slice(4)}.AAE`),
      );
    fixture.script(importAll, paths);
  });
  return fixture;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-reader-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface CheckedLibrary {
  readonly items: ReadonlyMap<string, LibraryItem>;
  readonly found: ReadonlyMap<string, ItemCheckUp>;
  readonly totals: CheckUp["totals"];
}

/** Opens, reads everything, checks everything, closes. */
export async function readWhole(
  libraryPath: string,
  workFolder = temporaryFolder(),
): Promise<CheckedLibrary> {
  await using database = await openLibraryDatabase(libraryPath, { workFolder });
  const items = new Map([...database.items()].map((item) => [item.uuid, item]));
  const found = new Map<string, ItemCheckUp>();
  const check = checkUp(database);
  for await (const one of check) found.set(one.uuid, one);
  return { items, found, totals: check.totals };
}

/** Where a file of an item lies, absolute. */
export function fileOf(libraryPath: string, item: LibraryItem, role: ResourceRole): string {
  const path = item.resources.find((resource) => resource.role === role)?.path;
  if (path == null) throw new Error(`${item.name} has no ${role}`);
  return join(libraryPath, path);
}

/** Changes one byte and keeps the length. */
export function flipByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  const place = at % bytes.length;
  bytes[place] = (bytes[place] ?? 0) ^ 0x5a;
  writeFileSync(path, bytes);
}

export function cutShort(path: string, byBytes: number): void {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, Math.max(0, bytes.length - byBytes)));
}

export function exchange(one: string, other: string): void {
  const aside = `${one}.aside`;
  renameSync(one, aside);
  renameSync(other, one);
  renameSync(aside, other);
}
