import { crc32, deflateSync } from "node:zlib";
import { heightOf, type Picture, tileSide, widthOf } from "./picture.js";
import { exifDate } from "./tiff-directory.js";

/** A PNG (ISO/IEC 15948) of a tiled picture: 8-bit RGB, as a screenshot is. */
export function encodePng(picture: Picture, takenAt: Date): Buffer {
  const width = widthOf(picture);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(heightOf(picture), 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("tEXt", Buffer.from(`Comment\0Screenshot ${exifDate(takenAt)}`, "latin1")),
    chunk("IDAT", deflateSync(rows(picture), { level: 1 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), body]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(body.length, 0);
  around.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)]);
}

/** Each row begins with its filter; 0 is none. */
function rows(picture: Picture): Buffer {
  const rowBytes = 1 + widthOf(picture) * 3;
  const all = Buffer.alloc(rowBytes * heightOf(picture));
  for (let tileY = 0; tileY < picture.tilesDown; tileY++) {
    const row = all.subarray(tileY * tileSide * rowBytes, (tileY * tileSide + 1) * rowBytes);
    for (let x = 0; x < widthOf(picture); x++) {
      const tile = (tileY * picture.tilesAcross + Math.floor(x / tileSide)) * 3;
      row.set(picture.tiles.subarray(tile, tile + 3), 1 + x * 3);
    }
    for (let line = 1; line < tileSide; line++) row.copy(all, (tileY * tileSide + line) * rowBytes);
  }
  return all;
}
