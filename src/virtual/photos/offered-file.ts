import { basename, dirname, extname } from "node:path";
import { hasErrno } from "../../errors.js";
import { MOST_ADJUSTMENTS_BYTES, readAdjustments } from "../../media/adjustments-plist.js";
import { noCameraMetadata, readCameraMetadata } from "../../media/camera-metadata.js";
import { heicExif, jpegExif } from "../../media/exif-block.js";
import { FileWindow } from "../../media/file-window.js";
import { videoContentIdentifier } from "../../media/quicktime-metadata.js";
import { EventFailure, fileNotFound, handlerFailed } from "./event-failure.js";
import { type MediaType, mediaTypeOf } from "./media-types.js";

/** One file of an import event, looked at. */
export interface OfferedFile {
  readonly path: string;
  readonly folder: string;
  /** The name with its extension: what Photos keeps as the original name. */
  readonly name: string;
  /** The name without extension, case folded and composed. */
  readonly stem: string;
  /** Lower case, without the dot. */
  readonly extension: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
  /** Null for what Photos cannot take; an adjustment sidecar counts as such only by its name and content. */
  readonly type: MediaType | "adjustments" | null;
  readonly contentIdentifier: string | null;
  readonly burstIdentifier: string | null;
  /** What the recipe of an edit names as its format; null where it is damaged or names none, and for other files. */
  readonly adjustmentFormat: string | null;
  readonly takenAt: Date | null;
}

/** @throws EventFailure -43 where there is no such file, -10000 where it is not a readable regular file */
export function lookAt(path: string): OfferedFile {
  try {
    using file = new FileWindow(path);
    if (!file.isRegularFile) throw new EventFailure(handlerFailed);
    return describe(path, file);
  } catch (error) {
    if (error instanceof EventFailure) throw error;
    throw new EventFailure(hasErrno(error, "ENOENT", "ENOTDIR") ? fileNotFound : handlerFailed);
  }
}

function describe(path: string, file: FileWindow): OfferedFile {
  const name = basename(path);
  const extension = extname(name).slice(1).toLowerCase();
  const type = isAdjustments(file, extension) ? "adjustments" : mediaTypeOf(file, extension);
  const metadata = type === null || type === "adjustments" ? noCameraMetadata : cameraMetadata(file, type);
  return {
    path,
    folder: dirname(path),
    name,
    stem: basename(name, extname(name)).normalize("NFC").toLowerCase(),
    extension,
    sizeBytes: file.sizeBytes,
    modifiedAt: file.modifiedAt,
    type,
    ...metadata,
    adjustmentFormat: type === "adjustments" ? formatOf(file) : null,
  };
}

function isAdjustments(file: FileWindow, extension: string): boolean {
  return (
    extension === "aae" &&
    /^(bplist|\s*<\?xml|\s*<plist|\s*<!DOCTYPE)/.test(file.read(0, 64).toString("latin1"))
  );
}

function formatOf(file: FileWindow): string | null {
  if (file.sizeBytes > MOST_ADJUSTMENTS_BYTES) return null;
  const recipe = readAdjustments(file.read(0, MOST_ADJUSTMENTS_BYTES));
  return "why" in recipe ? null : recipe.formatIdentifier;
}

function cameraMetadata(file: FileWindow, type: MediaType) {
  if (type.kind === "video") {
    return { ...noCameraMetadata, contentIdentifier: videoContentIdentifier(file) };
  }
  const tiff =
    type.uti === "public.heic" ? heicExif(file) : type.uti === "public.jpeg" ? jpegExif(file) : null;
  return tiff === null ? noCameraMetadata : readCameraMetadata(tiff);
}
