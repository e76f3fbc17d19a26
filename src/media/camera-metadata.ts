/** What a camera wrote into a picture and Photos groups by. */
interface CameraMetadata {
  /** Joins the halves of a Live Photo: Apple maker note, tag 0x11. */
  readonly contentIdentifier: string | null;
  /** Joins the frames of a burst: Apple maker note, tag 0x0B. */
  readonly burstIdentifier: string | null;
  /** `DateTimeOriginal`; it has no zone and is taken as UTC. */
  readonly takenAt: Date | null;
}

export const noCameraMetadata: CameraMetadata = {
  contentIdentifier: null,
  burstIdentifier: null,
  takenAt: null,
};

const exifDirectoryTag = 0x8769;
const dateTimeOriginalTag = 0x9003;
const makerNoteTag = 0x927c;
const dngVersionTag = 0xc612;
const burstTag = 0x0b;
const contentIdentifierTag = 0x11;
/** An identifier is a UUID, of 36 letters. */
const MOST_TEXT_BYTES = 256;
/** Its directory follows, big-endian, with offsets counted from the start of the note. */
const appleNoteStart = Buffer.from("Apple iOS\0\0\x01MM", "latin1");

/**
 * Reads a TIFF block as EXIF uses it (TIFF 6.0, EXIF 2.3).
 * @param tiff starts at the byte order mark
 */
export function readCameraMetadata(tiff: Buffer): CameraMetadata {
  const exif = exifDirectory(tiff);
  if (exif === null) return noCameraMetadata;
  const note = exif.get(makerNoteTag)?.bytes;
  const isApple = note?.subarray(0, appleNoteStart.length).equals(appleNoteStart) ?? false;
  const noteEntries =
    note !== undefined && isApple ? readDirectory(note, appleNoteStart.length, false) : null;
  return {
    contentIdentifier: textOf(noteEntries?.get(contentIdentifierTag)),
    burstIdentifier: textOf(noteEntries?.get(burstTag)),
    takenAt: dateOf(textOf(exif.get(dateTimeOriginalTag))),
  };
}

/** True where the first directory of a TIFF block names a DNG version (DNG 1.4, tag 50706). */
export function isDng(tiff: Buffer): boolean {
  return firstDirectory(tiff)?.has(dngVersionTag) ?? false;
}

interface TiffEntry {
  readonly bytes: Buffer;
  readonly isLittleEndian: boolean;
}

function firstDirectory(tiff: Buffer): Map<number, TiffEntry> | null {
  const isLittleEndian = isLittle(tiff);
  return isLittleEndian === null
    ? null
    : readDirectory(tiff, readUint(tiff, 4, 4, isLittleEndian), isLittleEndian);
}

function exifDirectory(tiff: Buffer): Map<number, TiffEntry> | null {
  const pointer = firstDirectory(tiff)?.get(exifDirectoryTag);
  if (pointer === undefined) return null;
  return readDirectory(tiff, readUint(pointer.bytes, 0, 4, pointer.isLittleEndian), pointer.isLittleEndian);
}

function isLittle(tiff: Buffer): boolean | null {
  const mark = tiff.toString("latin1", 0, 4);
  return mark === "II*\0" ? true : mark === "MM\0*" ? false : null;
}

function readDirectory(block: Buffer, at: number, isLittleEndian: boolean): Map<number, TiffEntry> {
  const entries = new Map<number, TiffEntry>();
  const count = readUint(block, at, 2, isLittleEndian);
  for (let index = 0; index < count && index < 512; index++) {
    const start = at + 2 + index * 12;
    if (start + 12 > block.length) break;
    const tag = readUint(block, start, 2, isLittleEndian);
    const size = unitSize(readUint(block, start + 2, 2, isLittleEndian));
    const length = size * readUint(block, start + 4, 4, isLittleEndian);
    const from = length <= 4 ? start + 8 : readUint(block, start + 8, 4, isLittleEndian);
    if (from + length <= block.length) {
      entries.set(tag, { bytes: block.subarray(from, from + length), isLittleEndian });
    }
  }
  return entries;
}

/** Bytes of one value of a TIFF field type. */
function unitSize(type: number): number {
  return [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8][type] ?? 1;
}

/** 0 beyond the end: an offset that leads nowhere finds an empty directory. */
function readUint(block: Buffer, at: number, size: 2 | 4, isLittleEndian: boolean): number {
  if (at + size > block.length) return 0;
  return isLittleEndian ? block.readUIntLE(at, size) : block.readUIntBE(at, size);
}

/** Up to the first NUL; null also for a text longer than any identifier or date. */
function textOf(entry: TiffEntry | undefined): string | null {
  if (entry === undefined) return null;
  const end = entry.bytes.indexOf(0);
  const text = entry.bytes.subarray(0, end < 0 ? entry.bytes.length : end);
  return text.length === 0 || text.length > MOST_TEXT_BYTES ? null : text.toString("latin1");
}

function dateOf(text: string | null): Date | null {
  const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text ?? "");
  if (parts === null) return null;
  const date = new Date(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}
