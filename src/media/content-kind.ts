/** What the first bytes of a file say. `unknown` may still be something that Photos knows. */
export type ContentKind = "picture" | "video" | "adjustments" | "text" | "unknown";

/** So many of the first bytes are enough for {@link contentKind}: five packets of a transport stream. */
export const CONTENT_HEAD_BYTES = 1_024;

/**
 * Goes by what formats begin with: JFIF and Exif, PNG, GIF87a and 89a, RIFF, TIFF 6.0 and what cameras made of it, JPEG
 * 2000 and XL, PSD, ISO 14496-12 `ftyp`, QuickTime atoms, MPEG program, elementary (ISO 13818-1, 13818-2) and transport
 * streams, raw DV. Nothing is decoded.
 * @param head the first {@link CONTENT_HEAD_BYTES} bytes, or all where there are fewer
 */
export function contentKind(head: Buffer): ContentKind {
  if (head.length < 4) return "unknown";
  const ascii = head.toString("latin1", 0, 64);
  if (isPicture(head, ascii)) return "picture";
  if (ascii.slice(4, 8) === "ftyp") return kindOfBrand(ascii.slice(8, 12));
  if (isVideo(head, ascii)) return "video";
  if (/^(\uFEFF|\xef\xbb\xbf)?\s*(<\?xml|<plist|<!DOCTYPE)/.test(ascii) || ascii.startsWith("bplist"))
    return "adjustments";
  // No picture or video is written in letters alone.
  return /^[\t\n\f\r\x20-\x7e]+$/.test(head.toString("latin1")) ? "text" : "unknown";
}

/** Also of the formats that cameras made of TIFF: Olympus, Panasonic, Phase One; and Fuji, Sigma, Minolta, Canon's first. */
const PICTURE_BEGINNINGS =
  /^(\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF.{4}WEBP|8BPS\0\x01|II[*+]\0|MM\0[*+]|IIR[OS]|MMOR|IIU\0|FUJIFILM|FOVb|\0MRM|II\x1a\0\0\0HEAPCCDR|\0\0\0\x0c(JXL |jP {2})\r\n\x87\n|\xff\x0a|\xff\x4f\xff\x51)/s;

function isPicture(head: Buffer, ascii: string): boolean {
  if (PICTURE_BEGINNINGS.test(ascii)) return true;
  // Two letters alone begin many a text: a bitmap also has two reserved fields, which are 0.
  return ascii.startsWith("BM") && head.length >= 14 && head.readUInt32LE(6) === 0;
}

function kindOfBrand(brand: string): ContentKind {
  if (/^(hei[cxms]|hev[cxms]|mif[12]|msf1|miaf|avif|avis|avci|avcs|crx )$/.test(brand)) return "picture";
  return /^M4[ABP] $/.test(brand) ? "unknown" : "video"; // sound alone is no video
}

function isVideo(head: Buffer, ascii: string): boolean {
  if (/^RIFF.{4}(AVI |AVIX)/s.test(ascii)) return true;
  // A QuickTime video may begin with any of its atoms.
  if (/^(moov|mdat|wide|free|skip|pnot|udta)$/.test(ascii.slice(4, 8))) return true;
  // Pack header, sequence header, visual object sequence and visual object; a block of DV (NTSC, PAL).
  if (/^(\0\0\x01[\xba\xb3\xb0\xb5]|\x1f\x07\0[\x3f\xbf])/s.test(ascii)) return true;
  return TRANSPORT_STREAMS.some((packets) => isTransportStream(head, packets));
}

/** Of broadcasts; of AVCHD and Blu-ray, where a time stamp comes first; and with error correction behind each. */
const TRANSPORT_STREAMS = [
  { bytes: 188, syncAt: 0 },
  { bytes: 192, syncAt: 4 },
  { bytes: 204, syncAt: 0 },
] as const;

/** Each packet begins with the letter G: one alone says nothing, three in their places do. */
function isTransportStream(head: Buffer, packets: (typeof TRANSPORT_STREAMS)[number]): boolean {
  let seen = 0;
  for (let at: number = packets.syncAt; at < head.length; at += packets.bytes) {
    if (head[at] !== 0x47) return false;
    seen += 1;
  }
  return seen >= 3;
}
