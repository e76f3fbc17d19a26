import { open } from "node:fs/promises";
import type { FileRole } from "../catalogue/media-item.js";
import type { Reason } from "../errors.js";
import type { StagedFile, StagedItem } from "../transfer/staged-item.js";
import { EDIT_ROLES } from "./imported-item.js";

/** What the first bytes say. `unknown` may still be a RAW that Photos knows. */
type Content = "picture" | "film" | "adjustments" | "unknown";

/** What of an item may be sent to Photos. */
export interface Readable {
  /** Empty when its original, or a half of it, is not what its name says: then nothing is sent. */
  readonly send: readonly StagedFile[];
  /** Why the other files stay behind, by path on the phone. */
  readonly leave: ReadonlyMap<string, Reason>;
}

/**
 * Looks at the first bytes of an item's files. A file that is not what its name says can fail the whole
 * event, or stop Photos at an alert that nobody sees. A broken edit does not keep a sound original out:
 * the photo goes without its edit, and says so.
 */
export async function readableByPhotos(item: StagedItem): Promise<Readable> {
  const leave = new Map<string, Reason>();
  for (const { role, file, copyPath } of item.files) {
    const head = await firstBytes(copyPath);
    if (isAcceptable(role, contentOf(head), file.path)) continue;
    leave.set(file.path, {
      code: "NOT_WHAT_IT_SAYS",
      message: `it is not a readable ${wantedFor(role, file.path)} (it begins with ${JSON.stringify(printable(head))})`,
      remedy: "Open it on the phone; if it is broken there too, nothing is lost. Its copy stays in staging.",
    });
  }
  const broken = item.files.filter(({ file }) => leave.has(file.path));
  if (broken.length === 0) return { send: item.files, leave };

  const isOnlyAnEdit = broken.every(({ role }) => EDIT_ROLES.has(role) || role === "original-adjustments");
  const isEditBroken = broken.some(({ role }) => EDIT_ROLES.has(role));
  const [named] = leave.keys();
  const send: StagedFile[] = [];
  for (const staged of item.files) {
    if (leave.has(staged.file.path)) continue;
    if (isOnlyAnEdit && !(isEditBroken && EDIT_ROLES.has(staged.role))) send.push(staged);
    else leave.set(staged.file.path, incomplete(named!));
  }
  return { send, leave };
}

function incomplete(named: string): Reason {
  return {
    code: "ITEM_INCOMPLETE",
    message: `${named} belongs to the same photo and is not readable`,
    remedy:
      "Its copy stays in staging: rollcall staging shows where. Import it by hand if you want it alone.",
  };
}

function isAcceptable(role: FileRole, content: Content, path: string): boolean {
  if (role === "adjustments" || role === "original-adjustments") return content === "adjustments";
  if (role === "raw") return content === "picture" || content === "unknown";
  if (role === "live-movie" || role === "edited-live-movie") return content === "film";
  return isFilmName(path)
    ? content === "film"
    : content === "picture" || (content === "unknown" && !isPlainName(path));
}

function wantedFor(role: FileRole, path: string): string {
  if (role === "adjustments" || role === "original-adjustments") return "edit (AAE)";
  return role === "live-movie" || role === "edited-live-movie" || isFilmName(path) ? "film" : "picture";
}

const isFilmName = (path: string) => /\.(mov|mp4|m4v|3gp|3g2|avi|mpg|mpeg|mts|m2ts)$/i.test(path);
/** Formats whose magic bytes are fixed; a RAW may begin with anything. */
const isPlainName = (path: string) => /\.(jpe?g|heic|heif|png|gif|webp|tiff?|dng|bmp|avif|jxl)$/i.test(path);

/** Magic bytes: JFIF/Exif, PNG, GIF87a/89a, RIFF, TIFF 6.0, ISO 14496-12 `ftyp`, QuickTime atoms, BMP, JPEG XL. */
function contentOf(head: Buffer): Content {
  const ascii = head.toString("latin1");
  if (head.length < 4) return "unknown";
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "picture";
  if (ascii.startsWith("\x89PNG\r\n\x1a\n") || ascii.startsWith("GIF8") || ascii.startsWith("BM"))
    return "picture";
  if (ascii.startsWith("RIFF")) return ascii.slice(8, 12) === "WEBP" ? "picture" : "film";
  if (/^(II[*+]\0|MM\0[*+]|IIRO|IIU\0|FUJIFILM|FOVb)/s.test(ascii)) return "picture";
  if (ascii.startsWith("\0\0\0\x0cJXL ") || (head[0] === 0xff && head[1] === 0x0a)) return "picture";
  const atom = ascii.slice(4, 8);
  if (atom === "ftyp") {
    const brand = ascii.slice(8, 12);
    return /^(heic|heix|hevc|hevx|heim|heis|mif1|msf1|avif|avis|crx )$/.test(brand) ? "picture" : "film";
  }
  if (/^(moov|mdat|wide|free|skip|pnot)$/.test(atom)) return "film";
  if (head[0] === 0 && head[1] === 0 && head[2] === 1 && (head[3] === 0xba || head[3] === 0xb3))
    return "film";
  if (head[0] === 0x47) return "film"; // MPEG transport stream
  if (/^(\uFEFF|\xef\xbb\xbf)?\s*(<\?xml|<plist|<!DOCTYPE)/.test(ascii) || ascii.startsWith("bplist"))
    return "adjustments";
  return "unknown";
}

async function firstBytes(path: string): Promise<Buffer> {
  const handle = await open(path, "r");
  try {
    const head = Buffer.alloc(64);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function printable(head: Buffer): string {
  return head
    .subarray(0, 8)
    .toString("latin1")
    .replaceAll(/[^\x20-\x7e]/g, ".");
}
