import { readCameraMetadata } from "./camera-metadata.js";
import { heicExif, jpegExif } from "./exif-block.js";
import { FileWindow } from "./file-window.js";
import { findBox } from "./iso-boxes.js";
import { videoContentIdentifier } from "./quicktime-metadata.js";

/** A content identifier, null where the file has none, or `unsaid` where it cannot be known from here. */
type Identifier = string | null | "unsaid";

/**
 * Whether a still and a video are the two halves of one Live Photo: both carry the same content identifier, the
 * still in Apple's maker note (0x11), the video under `com.apple.quicktime.content.identifier`. Photos goes by
 * that and not by the name.
 * @returns `unsaid` where neither can be shown: a file that cannot be read here, or a kind (DNG) whose absence of an
 *   identifier proves nothing. Such halves stay together, because halves that are imported apart never join.
 */
export function areLivePhotoHalves(stillPath: string, videoPath: string): "yes" | "no" | "unsaid" {
  const video = read(videoPath, videoIdentifier);
  if (video === null) return "no";
  const still = read(stillPath, stillIdentifier);
  if (still === null) return "no";
  if (video === "unsaid" || still === "unsaid") return "unsaid";
  return video.toLowerCase() === still.toLowerCase() ? "yes" : "no";
}

function read(path: string, identifierOf: (file: FileWindow) => Identifier): Identifier {
  try {
    using file = new FileWindow(path);
    return identifierOf(file);
  } catch {
    return "unsaid";
  }
}

function videoIdentifier(file: FileWindow): Identifier {
  return findBox(file, ["moov"]) === null ? "unsaid" : videoContentIdentifier(file);
}

/** More than any camera puts before its maker note. */
const TIFF_HEAD_BYTES = 1024 * 1024;

function stillIdentifier(file: FileWindow): Identifier {
  const head = file.read(0, 12);
  if (head.length >= 3 && head.readUIntBE(0, 3) === 0xffd8ff) {
    const exif = jpegExif(file);
    return exif === null ? null : readCameraMetadata(exif).contentIdentifier;
  }
  if (head.toString("latin1", 4, 8) === "ftyp") {
    const exif = heicExif(file);
    return exif === null ? "unsaid" : readCameraMetadata(exif).contentIdentifier;
  }
  // A DNG may keep its maker note anywhere.
  return readCameraMetadata(file.read(0, TIFF_HEAD_BYTES)).contentIdentifier ?? "unsaid";
}
