// A library of many photos that the virtual Photos could have made: real tables, one small file for each photo.
// And the reader of it, measured in a process of its own.
import { createHash } from "node:crypto";
import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openVirtualLibrary } from "../dist/virtual/photos/virtual-library.js";

/** Bytes of each photo; each is its own, because its number is written at its beginning. */
export const PHOTO_BYTES = 4096;

/** Every fifth is a Live Photo, so there are six files for five photos. */
export function makeManyPhotos(path, count) {
  const library = openVirtualLibrary(path, { hasFingerprints: true });
  const { database, schema } = library;
  const bytes = Buffer.alloc(PHOTO_BYTES);
  const inserts = new Map();
  const insert = (table, entity, values) => {
    let one = inserts.get(table);
    if (one === undefined) {
      const columns = Object.keys(values);
      for (const column of columns)
        if (!schema.columnsOf(table).has(column)) throw new Error(`${table} has no ${column}`);
      const marks = columns.map(() => "?").join(", ");
      const text = `INSERT INTO ${table} (Z_ENT, ${columns.join(", ")}) VALUES (${schema.entities[entity]}, ${marks})`;
      inserts.set(table, (one = { statement: database.prepare(text), columns }));
    }
    return one.statement.run(...one.columns.map((column) => values[column])).lastInsertRowid;
  };
  library.inTransaction(() => {
    for (let number = 0; number < count; number += 1) {
      const uuid = uuidOf(number);
      const folder = uuid.slice(0, 1);
      const isLive = number % 5 === 0;
      const asset = insert("ZASSET", "Asset", {
        ZUUID: uuid,
        ZDIRECTORY: folder,
        ZFILENAME: `${uuid}.heic`,
        ZSAVEDASSETTYPE: 3,
        ZTRASHEDSTATE: number % 100 === 0 ? 1 : 0,
        ZHIDDEN: 0,
        ZFAVORITE: 0,
        ZVISIBILITYSTATE: 0,
        ZCOMPLETE: 1,
        ZKIND: 0,
        ZKINDSUBTYPE: isLive ? 2 : 0,
        ZADDEDDATE: 780_000_000 + number,
        ZDATECREATED: 700_000_000 + number,
      });
      bytes.writeUInt32LE(number, 0);
      const fingerprint = fingerprintOf(bytes);
      insert("ZADDITIONALASSETATTRIBUTES", "AdditionalAssetAttributes", {
        ZASSET: asset,
        ZORIGINALFILENAME: `IMG_${String(number % 10_000).padStart(4, "0")}.HEIC`,
        ZORIGINALFILESIZE: PHOTO_BYTES,
        ZORIGINALSTABLEHASH: fingerprint,
        ZIMPORTEDBYBUNDLEIDENTIFIER: "com.apple.Photos",
      });
      const resource = (ending, type, subtype) => {
        insert("ZINTERNALRESOURCE", "InternalResource", {
          ZASSET: asset,
          ZRESOURCETYPE: type,
          ZDATASTORESUBTYPE: subtype,
          ZVERSION: 0,
          ZDATALENGTH: PHOTO_BYTES,
          ZLOCALAVAILABILITY: 1,
          ZREMOTEAVAILABILITY: 0,
          ZFINGERPRINT: fingerprint,
        });
        mkdirSync(join(path, "originals", folder), { recursive: true });
        const file = openSync(join(path, "originals", folder, `${uuid}${ending}`), "w");
        writeSync(file, bytes, 0, 4);
        ftruncateSync(file, PHOTO_BYTES); // the rest is a hole
        closeSync(file);
      };
      resource(".heic", 0, 1);
      // Thumbnails have rows too, and are none of the reader's business.
      insert("ZINTERNALRESOURCE", "InternalResource", {
        ZASSET: asset,
        ZRESOURCETYPE: 0,
        ZDATASTORESUBTYPE: 4,
        ZVERSION: 0,
        ZDATALENGTH: 20_000,
        ZLOCALAVAILABILITY: 1,
        ZREMOTEAVAILABILITY: 0,
        ZFINGERPRINT: null,
      });
      if (isLive) resource("_3.mov", 3, 18);
    }
  });
  library.close();
}

function uuidOf(number) {
  const hex = createHash("sha256").update(String(number)).digest("hex").toUpperCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

function fingerprintOf(bytes) {
  const sha1 = createHash("sha1")
    .update("com.apple.XattrObjectSalt\0com.apple.DataObjectSalt\0")
    .update(bytes);
  return Buffer.concat([Buffer.of(1), sha1.digest()]).toString("base64");
}
