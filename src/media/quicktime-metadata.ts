import type { FileWindow } from "./file-window.js";
import { type Box, boxesIn, findBox } from "./iso-boxes.js";

const contentIdentifierKey = "com.apple.quicktime.content.identifier";

/**
 * The content identifier of a Live Photo's video: `moov/meta`, its `keys` atom lists names and its `ilst`
 * atom the values by number (QuickTime File Format, "Metadata"). Null where there is none.
 */
export function videoContentIdentifier(file: FileWindow): string | null {
  const meta = findBox(file, ["moov", "meta"]);
  if (meta === null) return null;
  // In an MP4 the box begins with a version; in a QuickTime file with its first child.
  const startsWithVersion = file.read(meta.start, 4).equals(Buffer.alloc(4));
  const within: Box = { ...meta, start: meta.start + (startsWithVersion ? 4 : 0) };
  const keys = findBox(file, ["keys"], within);
  const values = findBox(file, ["ilst"], within);
  if (keys === null || values === null) return null;
  const wanted = keyNumber(file, keys);
  if (wanted === null) return null;
  for (const item of boxesIn(file, values.start, values.end)) {
    if (Buffer.from(item.type, "latin1").readUInt32BE(0) !== wanted) continue;
    const data = findBox(file, ["data"], item);
    // Eight bytes of type and locale, then the text.
    if (data === null) return null;
    const text = file.read(data.start + 8, Math.min(data.end - data.start - 8, 256)).toString("utf8");
    return text === "" ? null : text;
  }
  return null;
}

/** The position, from 1, of the content identifier among the names. */
function keyNumber(file: FileWindow, keys: Box): number | null {
  let number = 0;
  // Version and count come before the entries, which are shaped like boxes of type `mdta`.
  for (const entry of boxesIn(file, keys.start + 8, keys.end)) {
    number++;
    const length = entry.end - entry.start;
    if (length === contentIdentifierKey.length) {
      if (file.read(entry.start, length).toString("latin1") === contentIdentifierKey) return number;
    }
  }
  return null;
}
