import type { FileWindow } from "./file-window.js";

/** One box (ISO/IEC 14496-12) or atom (QuickTime File Format): where its content lies in the file. */
export interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** More than any camera writes side by side; a file that claims more is not read further. */
const mostBoxes = 4096;

/** The boxes between two offsets, in order. Stops at the first that makes no sense. */
export function* boxesIn(file: FileWindow, from: number, to: number): Generator<Box> {
  let at = from;
  for (let count = 0; at + 8 <= to && count < mostBoxes; count++) {
    const header = file.read(at, 16);
    if (header.length < 8) return;
    const type = header.toString("latin1", 4, 8);
    let size = header.readUInt32BE(0);
    let headerSize = 8;
    if (size === 1) {
      if (header.length < 16) return;
      size = Number(header.readBigUInt64BE(8));
      headerSize = 16;
    } else if (size === 0) {
      size = to - at;
    }
    if (size < headerSize || at + size > to) return;
    yield { type, start: at + headerSize, end: at + size };
    at += size;
  }
}

/** The first box of a path of types below a range, or null. */
export function findBox(file: FileWindow, path: readonly string[], within?: Box): Box | null {
  let range: { start: number; end: number } = within ?? { start: 0, end: file.sizeBytes };
  let found: Box | null = null;
  for (const type of path) {
    found = null;
    for (const box of boxesIn(file, range.start, range.end)) {
      if (box.type === type) {
        found = box;
        break;
      }
    }
    if (found === null) return null;
    range = found;
  }
  return found;
}
