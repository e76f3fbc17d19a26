import { isDng } from "../../media/camera-metadata.js";
import type { FileWindow } from "../../media/file-window.js";

type MediaKind = "picture" | "video" | "raw";

/** A type of file that Photos takes, told by its first bytes; nothing is decoded. */
export interface MediaType {
  readonly kind: MediaKind;
  readonly uti: string;
  /** `ZINTERNALRESOURCE.ZCOMPACTUTI` (stored as text), where real libraries show one. */
  readonly compactUti: string | null;
  /** Extension in the library where the file's own is of no use. */
  readonly extension: string;
}

const type = (kind: MediaKind, uti: string, compactUti: string | null, extension: string): MediaType => ({
  kind,
  uti,
  compactUti,
  extension,
});

const jpeg = type("picture", "public.jpeg", "1", "jpeg");
const heic = type("picture", "public.heic", "3", "heic");
const png = type("picture", "public.png", "6", "png");
const tiff = type("picture", "public.tiff", "8", "tiff");
const gif = type("picture", "com.compuserve.gif", null, "gif");
const webp = type("picture", "org.webmproject.webp", null, "webp");
const dng = type("raw", "com.adobe.raw-image", "9", "dng");
const cr2 = type("raw", "com.canon.cr2-raw-image", "11", "cr2");
const otherRaw = type("raw", "public.camera-raw-image", null, "raw");
const quickTime = type("video", "com.apple.quicktime-movie", "23", "mov");
const mpeg4 = type("video", "public.mpeg-4", "24", "mp4");
const mpeg = type("video", "public.mpeg", null, "mpg");
const transportStream = type("video", "public.mpeg-2-transport-stream", null, "mts");

/** Adjustment sidecars have no magic bytes of their own: a property list named `.aae`. */
export const adjustmentsUti = {
  uti: "com.apple.photos.apple-adjustment-envelope",
  compactUti: "37",
} as const;

/** Formats of edits that Photos was seen to take with an import (osxphotos pull requests 1113 and 1653). */
export const adjustmentFormatsTaken: ReadonlySet<string> = new Set(["com.apple.photo", "com.apple.video"]);

const heifBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif"];
const mpeg4Brands = [
  "isom",
  "iso2",
  "iso4",
  "iso5",
  "iso6",
  "mp41",
  "mp42",
  "M4V ",
  "M4VH",
  "avc1",
  "MSNV",
  "3gp4",
  "3gp5",
];
/** A QuickTime file may begin without `ftyp`. */
const quickTimeAtoms = ["moov", "mdat", "wide", "free", "skip", "pnot"];
/** Camera formats that are TIFF files with nothing in their first bytes to tell them. */
const rawExtensions = ["dng", "nef", "arw", "srw", "pef", "nrw", "3fr"];

/** Null for what is neither picture nor video. */
export function mediaTypeOf(file: FileWindow, extension: string): MediaType | null {
  const head = file.read(0, 409);
  const text = head.toString("latin1", 0, 16);
  if (text.startsWith("\xff\xd8\xff")) return jpeg;
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return png;
  if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) return gif;
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return webp;
  if (text.startsWith("FUJIFILMCCD-RAW") || text.startsWith("IIU\0") || text.startsWith("IIRO"))
    return otherRaw;
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) {
    if (text.slice(8, 10) === "CR") return cr2;
    if (extension === "dng" || isDng(file.read(0, 64 * 1024))) return dng;
    return rawExtensions.includes(extension) ? otherRaw : tiff;
  }
  const box = text.slice(4, 8);
  if (box === "ftyp") return brandType(text.slice(8, 12));
  if (quickTimeAtoms.includes(box)) return quickTime;
  if (text.startsWith("\0\0\x01\xba") || text.startsWith("\0\0\x01\xb3")) return mpeg;
  return isPackets(head) ? transportStream : null;
}

/** Three packets of a transport stream, by the letter G that each begins with: of 188, 192 (behind 4 bytes) or 204 bytes. */
function isPackets(head: Buffer): boolean {
  const isAt = (first: number, each: number) => [0, 1, 2].every((at) => head[first + at * each] === 0x47);
  return isAt(0, 188) || isAt(4, 192) || isAt(0, 204);
}

function brandType(brand: string): MediaType | null {
  if (brand === "qt  ") return quickTime;
  if (brand === "crx ") return otherRaw;
  if (heifBrands.includes(brand)) return heic;
  return mpeg4Brands.includes(brand) ? mpeg4 : null;
}
