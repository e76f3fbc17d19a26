import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { writePhoneDatabase } from "../../src/virtual/iphone/phone-database.js";
import type { PhoneDatabaseRow } from "../../src/virtual/iphone/phone-database-rows.js";
import { memoryDisk } from "../memory-disk.js";
import { aae, jpeg, mov } from "../run/small-phones.js";

/** What belongs to a person, each word found nowhere else: a report must hold nothing of any. */
export const MARKS = {
  phoneName: "Zquirxevvo",
  udid: "00008199-7B6A5D4C3E2F1B0A",
  fileStem: "KWJYXQ_7391",
  folder: "847QWXZV",
  extension: "jqzxv",
  album: "Vyxqbrunk",
  caption: "Glomfzwick",
  keyword: "Hjuvvrsten",
  person: "Pfyrquadde",
  originalName: "Drazzqkelp",
  burst: "F00DBA5E-7A7A-4B4B-8C8C-9D9D0E0E1F1F",
  mediaGroup: "ABADCAFE-1A2B-4C3D-9E8F-76543210FEDC",
  assetUuid: "C001D00D-5A5A-4A4A-9B9B-8E8E7F7F6D6D",
  latitude: "52.516274",
  longitude: "13.377703",
  home: "yvqtmwhome",
  library: "Bnwqxyzzkel",
  macUser: "wrbzkuser",
} as const;

/** A media folder whose every name, text, id and place is one of {@link MARKS}. The caller removes it. */
export async function makeMarkedPhone(): Promise<{ readonly mediaFolder: string } & Disposable> {
  const mediaFolder = mkdtempSync(join(memoryDisk, "rollcall-marked-"));
  const { folder, fileStem, extension } = MARKS;
  const directory = `DCIM/${folder}`;
  const takenAt = new Date("2026-03-04T05:06:07Z");
  const put = (path: string, bytes: Buffer) => {
    mkdirSync(dirname(join(mediaFolder, path)), { recursive: true });
    writeFileSync(join(mediaFolder, path), bytes);
    utimesSync(join(mediaFolder, path), takenAt, takenAt);
  };
  const large = Buffer.concat([jpeg(1, MARKS.mediaGroup), Buffer.from(Object.values(MARKS).join("\n"))]);
  put(`${directory}/${fileStem}.JPG`, large);
  put(`${directory}/${fileStem}.MOV`, mov(2, MARKS.mediaGroup));
  put(`${directory}/${fileStem}.AAE`, aae(3));
  put(`${directory}/${fileStem}.${extension}`, Buffer.from("unknown"));
  put(`PhotoData/Mutations/${directory}/${fileStem}/Adjustments/Adjustments.plist`, aae(4));
  put(`PhotoData/Mutations/${directory}/${fileStem}/Adjustments/FullSizeRender.jpg`, jpeg(5));
  put(`PhotoData/Thumbnails/V2/${directory}/${fileStem}.JPG/5005.JPG`, jpeg(6));
  put(`PhotoData/Thumbnails/V2/${directory}/${fileStem}.JPG/${fileStem}.JPG`, jpeg(7));
  const row: PhoneDatabaseRow = {
    directory,
    filename: `${fileStem}.JPG`,
    kind: "photo",
    subtype: "live",
    createdAt: takenAt,
    originalFilename: `${MARKS.originalName}.JPG`,
    isEdited: true,
    isFavorite: true,
    caption: MARKS.caption,
    albums: [MARKS.album],
    burst: { id: MARKS.burst, isPicked: true },
    mediaGroupUuid: MARKS.mediaGroup,
    sizeBytes: large.length,
  };
  const away: PhoneDatabaseRow = {
    ...row,
    filename: `${fileStem}8.JPG`,
    isOnPhone: false,
    isSyncedWithICloud: true,
  };
  await writePhoneDatabase(mediaFolder, [row, away], {});
  addWhatIsNotRead(join(mediaFolder, "PhotoData/Photos.sqlite"));
  return { mediaFolder, [Symbol.dispose]: () => rmSync(mediaFolder, { recursive: true, force: true }) };
}

/** Columns and tables of a phone that the virtual one lacks: where it was, who is on it, its keywords, its own id. */
function addWhatIsNotRead(path: string): void {
  const database = new DatabaseSync(path);
  try {
    const { latitude, longitude, assetUuid, keyword, person } = MARKS;
    const columns = database.prepare("PRAGMA table_info(ZASSET)").all();
    const has = new Set(columns.map(({ name }) => String(name)));
    for (const name of ["ZLATITUDE", "ZLONGITUDE", "ZUUID"])
      if (!has.has(name)) database.exec(`ALTER TABLE ZASSET ADD COLUMN ${name}`);
    database.exec(
      `UPDATE ZASSET SET ZLATITUDE = ${latitude}, ZLONGITUDE = ${longitude}, ZUUID = '${assetUuid}'`,
    );
    database.exec("CREATE TABLE IF NOT EXISTS ZKEYWORD (ZTITLE VARCHAR)");
    database.exec("CREATE TABLE IF NOT EXISTS ZPERSON (ZFULLNAME VARCHAR)");
    database.exec(`INSERT INTO ZKEYWORD (ZTITLE) VALUES ('${keyword}')`);
    database.exec(`INSERT INTO ZPERSON (ZFULLNAME) VALUES ('${person}')`);
  } finally {
    database.close();
  }
}

/**
 * What of the marks a text holds: any five characters in a row of one, whatever its case and dashes, or the beginning of a
 * hash of it in hex or base64. Empty where nothing leaks.
 */
export function leaksIn(text: string, marks: readonly string[] = Object.values(MARKS)): string[] {
  const plain = (one: string) => one.toLowerCase().replaceAll(/[-_.]/g, "");
  const [given, bare] = [text.toLowerCase(), plain(text)];
  return marks.flatMap((mark) => {
    const word = plain(mark);
    const pieces = Array.from({ length: Math.max(0, word.length - 4) }, (_, at) => word.slice(at, at + 5));
    const hashes = ["md5", "sha1", "sha256", "sha512"].flatMap((name) =>
      [mark, mark.toLowerCase()].flatMap((one) => {
        const hash = createHash(name).update(one);
        const bytes = hash.digest();
        return [bytes.toString("hex").slice(0, 8), bytes.toString("base64").slice(0, 8).toLowerCase()];
      }),
    );
    return [
      ...pieces.filter((piece) => bare.includes(piece)),
      ...hashes.filter((one) => given.includes(one)),
    ];
  });
}
