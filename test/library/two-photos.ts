import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writePhoneDatabase } from "../../src/virtual/iphone/phone-database.js";
import { jpeg } from "../run/small-phones.js";

/** Lays out `IMG_0001.JPG` and `IMG_0002.JPG` as a phone does. @param mediaFolder holds an empty DCIM */
export async function twoPhotos(mediaFolder: string): Promise<void> {
  const directory = "DCIM/100APPLE";
  const filenames = ["IMG_0001.JPG", "IMG_0002.JPG"];
  mkdirSync(join(mediaFolder, directory));
  for (const [at, filename] of filenames.entries())
    writeFileSync(join(mediaFolder, directory, filename), jpeg(at));
  const createdAt = new Date("2026-11-01T10:00:00Z");
  await writePhoneDatabase(
    mediaFolder,
    filenames.map((filename) => ({ directory, filename, kind: "photo", createdAt })),
  );
}
