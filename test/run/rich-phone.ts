import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { writePhoneDatabase } from "../../src/virtual/iphone/phone-database.js";
import type { PhoneDatabaseRow } from "../../src/virtual/iphone/phone-database-rows.js";
import { memoryDisk } from "../memory-disk.js";
import { jpeg, phoneWith, richRoll } from "./small-phones.js";

const FOLDER = "DCIM/100APPLE";
const HIDDEN = "IMG_0008.JPG";
const IN_ICLOUD = "IMG_0009.JPG";

/** What answers otherwise than the photos of {@link richRoll}, whatever Photos does. */
export const STAYS_ON_PHONE: Readonly<Record<string, string>> = {
  [HIDDEN]: "hidden: HIDDEN",
  [IN_ICLOUD]: "in-icloud-only: IN_ICLOUD_ONLY",
};

/** All that {@link richPhone} has: files, and the row without one. */
export const RICH_PHONE_PATHS: readonly string[] = [
  ...Object.keys(richRoll),
  ...Object.keys(STAYS_ON_PHONE).map((name) => `/${FOLDER}/${name}`),
];

/** {@link richRoll} on a phone with its own library, which has a hidden photo besides, and one in iCloud only. */
export async function richPhone(): Promise<MemoryPhone> {
  database ??= writeDatabase();
  return phoneWith({ ...richRoll, [`/${FOLDER}/${HIDDEN}`]: jpeg(9), ...(await database) });
}

let database: Promise<Record<string, Buffer>> | undefined;

async function writeDatabase(): Promise<Record<string, Buffer>> {
  const folder = mkdtempSync(join(memoryDisk, "rollcall-rich-"));
  try {
    mkdirSync(join(folder, "PhotoData"));
    await writePhoneDatabase(folder, rows());
    const names = ["/PhotoData/Photos.sqlite", "/PhotoData/Photos.sqlite-wal"];
    const files = names.map(async (name) => [name, await readFile(join(folder, name))] as const);
    return Object.fromEntries(await Promise.all(files));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rows(): PhoneDatabaseRow[] {
  const originals = Object.keys(richRoll).filter((path) => !/\/IMG_E|\.(AAE|MOV|DNG)$/.test(path));
  const names = [...originals.map((path) => path.slice(path.lastIndexOf("/") + 1)), HIDDEN, IN_ICLOUD];
  const sizeOf = (name: string) => richRoll[`/${FOLDER}/${name}`]!.length;
  const part = (part: "live-movie" | "raw", filename: string) => ({
    parts: [{ part, filename, sizeBytes: sizeOf(filename) }],
  });
  const more: Readonly<Record<string, Partial<PhoneDatabaseRow>>> = {
    "IMG_0002.JPG": { subtype: "live", ...part("live-movie", "IMG_0002.MOV") },
    "IMG_0004.JPG": { isEdited: true },
    "IMG_0005.JPG": part("raw", "IMG_0005.DNG"),
    "IMG_0006.JPG": { burst: { id: "BURST", isPicked: true } },
    "IMG_0007.JPG": { burst: { id: "BURST", isPicked: true } },
    [HIDDEN]: { isHidden: true },
    [IN_ICLOUD]: { isOnPhone: false, isSyncedWithICloud: true },
  };
  return names.map((filename) => ({
    directory: FOLDER,
    filename,
    kind: "photo",
    createdAt: new Date("2026-11-01T10:00:00Z"),
    ...more[filename],
  }));
}
