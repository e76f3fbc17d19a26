import { fileKind } from "../media/file-kinds.js";
import { fileNameOf } from "./camera-file-names.js";
import { familyOf } from "./family.js";
import { alone, type CandidateFile, type ItemDraft, joined, onlyOne, originalOf } from "./item-draft.js";
import type { ItemFile, MediaItem } from "./media-item.js";
import type { PhoneLibraryRow } from "./phone-library-rows.js";

/**
 * Stills that can be half of a Live Photo: those in which a phone writes a content identifier (in Apple's maker
 * note). DNG is among them, because a phone may take a Live Photo in ProRAW; if that is wrong nothing is lost,
 * since halves without a common identifier become two items in Photos, while halves that are imported apart
 * never become one. A RAW of any other camera never has a moving half.
 */
const STILLS = new Set(["heic", "heif", "hif", "jpg", "jpeg", "dng"]);

/**
 * Only MOV: the identifier of the moving half is a QuickTime metadata key, which phones write into .MOV and no
 * other file. An MP4 of the same stem was saved by another app and is a video of its own.
 */
const VIDEO = "mov";

/**
 * Joins a still to its moving half: one MOV, and of the same folder and stem the one picture (or RAW pair) that the
 * phone's library calls a Live Photo, or the only picture there is. With two pictures of which it calls none or both
 * so, or two videos, nobody can tell which belong together, and each stands alone; so does a video with a row of its own.
 * Whether both carry the same identifier is not asked here, because nothing is opened yet: it is once both are
 * copied, and {@link halvesApart} takes them apart where they do not.
 */
export function joinLivePhotos(
  pictures: readonly ItemDraft[],
  videos: readonly CandidateFile[],
): { pictures: readonly ItemDraft[]; videos: readonly ItemDraft[] } {
  const video = onlyOne(videos.filter(({ extension, row }) => extension === VIDEO && row === null));
  const picture = video === null ? null : stillOf(pictures);
  if (video === null || picture === null) return { pictures, videos: videos.map(alone) };
  return {
    pictures: pictures.map((each) => (each === picture ? joined(each, "live-movie", video) : each)),
    videos: videos.filter((candidate) => candidate !== video).map(alone),
  };
}

function stillOf(pictures: readonly ItemDraft[]): ItemDraft | null {
  const declared = pictures.filter((each) => isDeclaredLive(originalOf(each).row));
  const [picture, another] = declared.length === 1 ? declared : pictures;
  if (picture === undefined || another !== undefined) return null;
  const { file, extension } = originalOf(picture);
  return file !== null && STILLS.has(extension) ? picture : null;
}

function isDeclaredLive(row: PhoneLibraryRow | null): boolean {
  return row !== null && (row.live || row.partsHere.includes("live-movie"));
}

/**
 * The items that remain when an item turns out to be no Live Photo: the still with its edit, and each video alone.
 * The phone still has one photo, and deletes both with it: each video says to which photo it belongs.
 * @returns the still first; only it keeps the key
 */
export function halvesApart(item: MediaItem): MediaItem[] {
  const isVideo = ({ role }: ItemFile) => role === "live-movie" || role === "edited-live-movie";
  const still = item.files.filter((each) => !isVideo(each));
  const isRaw = still.some(
    ({ role, file }) => role === "raw" || fileKind(fileNameOf(file.path).extension) === "raw",
  );
  return [
    { ...item, kind: isRaw ? "raw" : "photo", files: still },
    ...item.files.filter(isVideo).map(
      ({ file }): MediaItem => ({
        ...item,
        key: file.path,
        belongsTo: familyOf(item.key),
        kind: "video",
        files: [{ role: "original", file }],
        arrivedAtMs: file.bornAtMs ?? file.modifiedAtMs,
      }),
    ),
  ];
}
