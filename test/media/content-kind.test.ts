import { expect, it } from "vitest";
import { contentKind } from "../../src/media/content-kind.js";

const latin1 = (text: string) => Buffer.from(text, "latin1");

/** Packets of a transport stream: a time stamp or none, the letter G, whatever it carries, error correction or none. */
function packets(count: number, before: number, after: number): Buffer {
  const one = Buffer.alloc(before + 188 + after, 0xa5);
  one[before] = 0x47;
  return Buffer.concat(Array.from({ length: count }, () => one)).subarray(0, 1024);
}

it.each([
  ["JPEG with JFIF (.JPG, .JFIF)", "picture", latin1("\xff\xd8\xff\xe0\0\x10JFIF\0")],
  ["JPEG with Exif (.JPG, .MPO, .INSP)", "picture", latin1("\xff\xd8\xff\xe1\0\x10Exif\0")],
  ["PNG", "picture", latin1("\x89PNG\r\n\x1a\n\0\0\0\rIHDR")],
  ["GIF", "picture", latin1("GIF89a\x01\0\x01\0")],
  ["bitmap", "picture", latin1("BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0")],
  ["WebP", "picture", latin1("RIFF\x24\0\0\0WEBPVP8 ")],
  ["TIFF, and the RAWs that are one", "picture", latin1("II*\0\x08\0\0\0")],
  ["Olympus RAW", "picture", latin1("IIRO\x08\0\0\0")],
  ["Minolta RAW", "picture", latin1("\0MRM\0\x01\xe2\xe8")],
  ["Fuji RAW", "picture", latin1("FUJIFILMCCD-RAW ")],
  ["Photoshop", "picture", latin1("8BPS\0\x01\0\0\0\0\0\0")],
  ["JPEG XL", "picture", latin1("\0\0\0\x0cJXL \r\n\x87\n")],
  ["JPEG 2000", "picture", latin1("\0\0\0\x0cjP  \r\n\x87\n")],
  ["HEIC", "picture", latin1("\0\0\0\x18ftypheic\0\0\0\0")],
  ["AVC in HEIF (.AVCI)", "picture", latin1("\0\0\0\x18ftypavci\0\0\0\0")],
  ["Canon RAW of today", "picture", latin1("\0\0\0\x18ftypcrx \0\0\0\x01")],
  ["QuickTime", "video", latin1("\0\0\0\x14ftypqt  \0\0\0\0")],
  ["MPEG-4", "video", latin1("\0\0\0\x1cftypmp42\0\0\0\x01")],
  ["QuickTime without a brand, moov first (.QT)", "video", latin1("\0\0\x02\x6cmoov\0\0\0\x6cmvhd")],
  ["QuickTime without a brand, mdat first", "video", latin1("\0\x0a\0\0mdat\0\0\0\x6c\x01\x02")],
  ["AVI", "video", latin1("RIFF\x24\0\0\0AVI LIST")],
  ["program stream (.MPG, .VOB)", "video", latin1("\0\0\x01\xba\x44\0\x04\0\x04\x01")],
  ["elementary stream (.M2V, .MPE)", "video", latin1("\0\0\x01\xb3\x2d\x02\x40\x33")],
  ["DV", "video", latin1("\x1f\x07\0\xbf\xf8\x78\x78\x78")],
  ["transport stream of 188 bytes (.TS)", "video", packets(6, 0, 0)],
  ["transport stream of 192 bytes (.MTS, .M2TS)", "video", packets(6, 4, 0)],
  ["transport stream of 204 bytes", "video", packets(6, 0, 16)],
  ["transport stream of three packets", "video", packets(3, 4, 0)],
  ["one packet, which says nothing", "unknown", packets(1, 4, 0)],
  ["packets of which one begins otherwise", "unknown", Buffer.concat([packets(2, 0, 0), Buffer.alloc(400)])],
  ["recipe of an edit", "adjustments", latin1('<?xml version="1.0"?><plist>')],
  ["recipe of an edit, binary", "adjustments", latin1("bplist00\xd1\x01\x02")],
  ["words", "text", latin1("Good morning, this is no video.\n")],
  ["words that begin like a bitmap", "text", latin1("BMW drives by, and nobody looks")],
  ["sound in an MPEG-4 file", "unknown", latin1("\0\0\0\x1cftypM4A \0\0\0\0")],
  ["sound in a RIFF file", "unknown", latin1("RIFF\x24\0\0\0WAVEfmt ")],
  ["nothing", "unknown", Buffer.alloc(0)],
  ["zeroes", "unknown", Buffer.alloc(1024)],
])("by its first bytes, %s is: %s", (_name, kind, head) => {
  expect(contentKind(head)).toBe(kind);
});
