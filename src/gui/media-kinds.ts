import type { ItemFile, MediaItem } from "../catalogue/media-item.js";

/** How a browser may show one file. */
interface MediaKind {
  readonly show: "image" | "video";
  readonly type: string;
}

/** What browsers show, by the ending of the name. The type is told with `nosniff`: a file that is another shows nothing. */
const KINDS: Readonly<Record<string, MediaKind>> = {
  jpg: { show: "image", type: "image/jpeg" },
  jpeg: { show: "image", type: "image/jpeg" },
  png: { show: "image", type: "image/png" },
  gif: { show: "image", type: "image/gif" },
  webp: { show: "image", type: "image/webp" },
  avif: { show: "image", type: "image/avif" },
  heic: { show: "image", type: "image/heic" },
  heif: { show: "image", type: "image/heif" },
  mov: { show: "video", type: "video/mp4" }, // Chromium plays QuickTime under this name alone
  mp4: { show: "video", type: "video/mp4" },
  m4v: { show: "video", type: "video/mp4" },
};

export function mediaKind(path: string): MediaKind | null {
  const ending = /\.(\w{2,4})$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(KINDS, ending) ? KINDS[ending]! : null;
}

/** Only Safari shows it. */
export function isSafariOnly(path: string): boolean {
  return /\.hei[cf]$/i.test(path);
}

/** The file that shows a photo as it looks on the phone: the edited one, else one that a browser can show. */
export function fileToShow({ files }: MediaItem): ItemFile | null {
  const edited = files.find(({ role, file }) => role === "edited" && mediaKind(file.path) !== null);
  return (
    edited ?? files.find(({ role, file }) => role === "original" && mediaKind(file.path) !== null) ?? null
  );
}

/** The moving half that belongs to it; null of what does not move. */
export function movingFile({ files }: MediaItem): ItemFile | null {
  const edited = files.find(({ role }) => role === "edited-live-movie");
  const isEdited = files.some(({ role }) => role === "edited");
  return (isEdited ? edited : undefined) ?? files.find(({ role }) => role === "live-movie") ?? null;
}
