import { encodeTiffDirectory, exifDate, type TiffEntry, tiffHeader } from "./tiff-directory.js";

export interface CameraFacts {
  readonly takenAt: Date;
  readonly width: number;
  readonly height: number;
  /** Joins the halves of a Live Photo; null for a single photo. */
  readonly contentIdentifier: string | null;
  /** Joins the frames of a burst; absent for a single photo. */
  readonly burstIdentifier?: string | null;
}

/**
 * The body of a JPEG APP1 segment: what an iPhone writes about a photo, as far as importers look at it
 * (Exif 2.32; DateTimeOriginal 0x9003, MakerNote 0x927C). Times are in UTC and say so.
 */
export function encodeExif(facts: CameraFacts): Buffer {
  const taken = exifDate(facts.takenAt);
  const exifPointerTag = 0x8769;
  const main = (exifAt: number): TiffEntry[] => [
    { tag: 0x010f, type: "ascii", value: "Apple" },
    { tag: 0x0110, type: "ascii", value: "iPhone 16" },
    { tag: 0x0112, type: "short", value: [1] },
    { tag: 0x011a, type: "rational", value: [72] },
    { tag: 0x011b, type: "rational", value: [72] },
    { tag: 0x0128, type: "short", value: [2] },
    { tag: 0x0131, type: "ascii", value: "18.5" },
    { tag: 0x0132, type: "ascii", value: taken },
    { tag: 0x0213, type: "short", value: [1] },
    { tag: exifPointerTag, type: "long", value: [exifAt] },
  ];
  const exif: TiffEntry[] = [
    { tag: 0x9000, type: "opaque", value: Buffer.from("0232") },
    { tag: 0x9003, type: "ascii", value: taken },
    { tag: 0x9004, type: "ascii", value: taken },
    { tag: 0x9010, type: "ascii", value: "+00:00" },
    { tag: 0x9011, type: "ascii", value: "+00:00" },
    { tag: 0x9101, type: "opaque", value: Buffer.from([1, 2, 3, 0]) },
    { tag: 0x927c, type: "opaque", value: encodeAppleMakerNote(facts) },
    { tag: 0xa000, type: "opaque", value: Buffer.from("0100") },
    { tag: 0xa001, type: "short", value: [1] },
    { tag: 0xa002, type: "long", value: [facts.width] },
    { tag: 0xa003, type: "long", value: [facts.height] },
  ];
  // The first directory is as long whatever it points at, so measure it once and then write it.
  const exifAt = tiffHeader.length + encodeTiffDirectory(main(0), tiffHeader.length).length;
  return Buffer.concat([
    Buffer.from("Exif\0\0", "latin1"),
    tiffHeader,
    encodeTiffDirectory(main(exifAt), tiffHeader.length),
    encodeTiffDirectory(exif, exifAt),
  ]);
}

/**
 * Apple's maker note: "Apple iOS", version 1, byte order, and a directory whose offsets count from the
 * start of the note. Tag 0x0B is the burst, 0x11 the content identifier of a Live Photo (ExifTool's Apple.pm names
 * the tags).
 */
function encodeAppleMakerNote({ contentIdentifier, burstIdentifier = null }: CameraFacts): Buffer {
  const header = Buffer.from("Apple iOS\0\0\x01MM", "latin1");
  const entries: TiffEntry[] = [{ tag: 0x0001, type: "signed-long", value: [16] }];
  if (burstIdentifier !== null) entries.push({ tag: 0x000b, type: "ascii", value: burstIdentifier });
  if (contentIdentifier !== null) entries.push({ tag: 0x0011, type: "ascii", value: contentIdentifier });
  return Buffer.concat([header, encodeTiffDirectory(entries, header.length)]);
}
