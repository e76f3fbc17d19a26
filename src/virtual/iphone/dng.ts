import { heightOf, type Picture, tileSide, widthOf } from "./picture.js";
import { encodeTiffDirectory, exifDate, type TiffEntry, tiffHeader } from "./tiff-directory.js";

/**
 * A raw photo: a minimal DNG (Adobe DNG 1.4 specification, chapter 4) with one 16-bit colour filter array,
 * red and green in even rows, green and blue in odd ones.
 */
export function encodeDng(picture: Picture, takenAt: Date): Buffer {
  const [width, height] = [widthOf(picture), heightOf(picture)];
  const mosaic = encodeMosaic(picture);
  const directory = (exifAt: number, mosaicAt: number): TiffEntry[] => [
    { tag: 0x00fe, type: "long", value: [0] },
    { tag: 0x0100, type: "long", value: [width] },
    { tag: 0x0101, type: "long", value: [height] },
    { tag: 0x0102, type: "short", value: [16] },
    { tag: 0x0103, type: "short", value: [1] },
    { tag: 0x0106, type: "short", value: [32803] },
    { tag: 0x010f, type: "ascii", value: "Apple" },
    { tag: 0x0110, type: "ascii", value: "iPhone 16 Pro" },
    { tag: 0x0111, type: "long", value: [mosaicAt] },
    { tag: 0x0112, type: "short", value: [1] },
    { tag: 0x0115, type: "short", value: [1] },
    { tag: 0x0116, type: "long", value: [height] },
    { tag: 0x0117, type: "long", value: [mosaic.length] },
    { tag: 0x011c, type: "short", value: [1] },
    { tag: 0x0132, type: "ascii", value: exifDate(takenAt) },
    { tag: 0x828d, type: "short", value: [2, 2] },
    { tag: 0x828e, type: "bytes", value: Buffer.from([0, 1, 1, 2]) },
    { tag: 0x8769, type: "long", value: [exifAt] },
    { tag: 0xc612, type: "bytes", value: Buffer.from([1, 4, 0, 0]) },
    { tag: 0xc613, type: "bytes", value: Buffer.from([1, 1, 0, 0]) },
    { tag: 0xc614, type: "ascii", value: "iPhone 16 Pro" },
    // sRGB from XYZ under D65: the colours come out as they were drawn.
    {
      tag: 0xc621,
      type: "signed-rational",
      value: [3.2405, -1.5371, -0.4985, -0.9693, 1.876, 0.0416, 0.0556, -0.204, 1.0572],
    },
    { tag: 0xc628, type: "rational", value: [1, 1, 1] },
    { tag: 0xc65a, type: "short", value: [21] },
  ];
  const exif: TiffEntry[] = [
    { tag: 0x9003, type: "ascii", value: exifDate(takenAt) },
    { tag: 0x9011, type: "ascii", value: "+00:00" },
  ];
  const exifAt = tiffHeader.length + encodeTiffDirectory(directory(0, 0), tiffHeader.length).length;
  const exifDirectory = encodeTiffDirectory(exif, exifAt);
  const mosaicAt = exifAt + exifDirectory.length;
  return Buffer.concat([
    tiffHeader,
    encodeTiffDirectory(directory(exifAt, mosaicAt), tiffHeader.length),
    exifDirectory,
    mosaic,
  ]);
}

function encodeMosaic(picture: Picture): Buffer {
  const [width, height] = [widthOf(picture), heightOf(picture)];
  const mosaic = Buffer.alloc(width * height * 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const tile = Math.floor(y / tileSide) * picture.tilesAcross + Math.floor(x / tileSide);
      const channel = (y % 2) + (x % 2);
      mosaic.writeUInt16BE(picture.tiles[tile * 3 + channel]! * 257, (y * width + x) * 2);
    }
  }
  return mosaic;
}
