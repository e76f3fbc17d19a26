import { encodeJpeg } from "./jpeg.js";
import { heightOf, type Picture, widthOf } from "./picture.js";

interface VideoFacts {
  readonly takenAt: Date;
  /** The same text as in the still half of a Live Photo; null for a plain video. */
  readonly contentIdentifier: string | null;
  readonly framesPerSecond?: number;
}

/**
 * A QuickTime file whose frames are JPEG pictures (codec `jpeg`), laid out as Apple's QuickTime File
 * Format describes. Its metadata are `mdta` keys in `moov/meta`, where an iPhone writes the content
 * identifier of a Live Photo.
 */
export function encodeMov(frames: readonly Picture[], facts: VideoFacts): Buffer {
  const first = frames[0];
  if (first === undefined) throw new RangeError("a video needs at least one frame");
  const samples = frames.map((frame) => encodeJpeg(frame, null));
  const fileType = atom("ftyp", Buffer.from("qt  "), uint32(0), Buffer.from("qt  "));
  const data = atom("mdat", ...samples);
  const samplesAt = fileType.length + 8;
  return Buffer.concat([fileType, data, video(first, samples, samplesAt, facts)]);
}

function video(first: Picture, samples: Buffer[], samplesAt: number, facts: VideoFacts): Buffer {
  const timeScale = 600;
  const frameTicks = Math.round(timeScale / (facts.framesPerSecond ?? 10));
  const duration = frameTicks * samples.length;
  const created = uint32(secondsSince1904(facts.takenAt));
  const [width, height] = [widthOf(first), heightOf(first)];
  const times = [created, created];
  const header = atom(
    "mvhd",
    uint32(0),
    ...times,
    uint32(timeScale, duration, 0x0001_0000),
    uint16(0x0100),
    Buffer.alloc(10),
    identityMatrix,
    Buffer.alloc(24),
    uint32(2),
  );
  const trackHeader = atom(
    "tkhd",
    uint32(0x0000_000f),
    ...times,
    uint32(1, 0, duration, 0, 0),
    uint16(0, 0, 0, 0),
    identityMatrix,
    uint32(width << 16, height << 16),
  );
  const mediaHeader = atom("mdhd", uint32(0), ...times, uint32(timeScale, duration), uint16(0, 0));
  const sampleTable = atom(
    "stbl",
    atom("stsd", uint32(0, 1), jpegSampleDescription(width, height)),
    atom("stts", uint32(0, 1, samples.length, frameTicks)),
    atom("stsc", uint32(0, 1, 1, samples.length, 1)),
    atom("stsz", uint32(0, 0, samples.length, ...samples.map((sample) => sample.length))),
    atom("stco", uint32(0, 1, samplesAt)),
  );
  const media = atom(
    "mdia",
    mediaHeader,
    handler("mhlr", "vide"),
    atom(
      "minf",
      atom("vmhd", uint32(1), uint16(0x40, 0x8000, 0x8000, 0x8000)),
      handler("dhlr", "alis"),
      atom("dinf", atom("dref", uint32(0, 1), atom("alis", uint32(1)))),
      sampleTable,
    ),
  );
  return atom("moov", header, atom("trak", trackHeader, media), metadata(facts));
}

function jpegSampleDescription(width: number, height: number): Buffer {
  const compressor = Buffer.alloc(32);
  compressor.write("\x0cPhoto - JPEG", "latin1");
  return atom(
    "jpeg",
    Buffer.alloc(6),
    uint16(1, 1, 1),
    Buffer.from("appl"),
    uint32(0, 512),
    uint16(width, height),
    uint32(72 << 16, 72 << 16, 0),
    uint16(1),
    compressor,
    uint16(24, 0xffff),
  );
}

/** `keys` names them and `ilst` holds their values by index, from 1. All values are UTF-8 text (type 1). */
function metadata(facts: VideoFacts): Buffer {
  const values: [string, string][] = [
    ["com.apple.quicktime.make", "Apple"],
    ["com.apple.quicktime.model", "iPhone 16"],
    ["com.apple.quicktime.software", "18.5"],
    ["com.apple.quicktime.creationdate", facts.takenAt.toISOString().replace(/\.\d+Z$/, "+0000")],
  ];
  if (facts.contentIdentifier !== null) {
    values.push(["com.apple.quicktime.content.identifier", facts.contentIdentifier]);
  }
  const keys = values.map(([key]) => Buffer.concat([uint32(8 + key.length), Buffer.from(`mdta${key}`)]));
  const items = values.map(([, value], index) => {
    const data = atom("data", uint32(1, 0), Buffer.from(value));
    return Buffer.concat([uint32(8 + data.length, index + 1), data]);
  });
  return atom(
    "meta",
    handler("\0\0\0\0", "mdta"),
    atom("keys", uint32(0, keys.length), ...keys),
    atom("ilst", ...items),
  );
}

function handler(component: string, type: string): Buffer {
  return atom("hdlr", uint32(0), Buffer.from(component, "latin1"), Buffer.from(type), Buffer.alloc(13));
}

function atom(name: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint32(8 + body.length), Buffer.from(name, "latin1"), body]);
}

function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return bytes;
}

function uint16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
}

const identityMatrix = uint32(0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000);

function secondsSince1904(moment: Date): number {
  return Math.floor(moment.getTime() / 1000) + 2_082_844_800;
}
