import { open } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { PhotosToExamine } from "../../doctor/examine-parts.js";
import { askingApp, askingBundleId } from "../../doctor/host-app.js";
import { PLACES } from "../../doctor/launch-contexts.js";
import { RollcallError } from "../../errors.js";
import type { LibraryAccess } from "../../photos/library-access.js";
import type { PhotosProcess } from "../../photos/photos-process.js";
import type { Settings } from "../process/settings.js";
import { realPhotos, realRunner } from "./real-parts.js";

/** What is asked of Photos and of its library without opening Photos, and without making macOS ask anybody. */
export async function photosToExamine(settings: Settings): Promise<PhotosToExamine> {
  const { jxaPhotosRights } = await import("../../jxa/jxa-photos-rights.js");
  const { requireReadable } = await import("../../originals/readable-library.js");
  const { process: photosProcess, libraryAccess } = await photosOrWithoutNamed(settings);
  const isStandIn = settings.osascript !== undefined;
  return {
    standIn: settings.osascript ?? null,
    isRecorded: false,
    askingApp: settings.startedFrom === null ? askingApp(process.env) : PLACES[settings.startedFrom].app,
    askingBundleId: settings.startedFrom === null ? askingBundleId(process.env) : null,
    rights: jxaPhotosRights(await realRunner(settings, "question")),
    process: photosProcess,
    // A stand-in's library is the one that was named, and no other.
    usualLibrary: async (signal) => (isStandIn ? null : await usualLibrary(libraryAccess, signal)),
    hasFullDiskAccess: async () => !isStandIn && (await hasFullDiskAccess()),
    freeSpace: (path, signal) => libraryAccess.freeSpace(path, signal),
    requireReadable: async (path, signal) => {
      const touch = libraryAccess.touch(path);
      if (await touch.inTime(signal)) return await requireReadable(path);
      const { message, remedy } = touch.waiting;
      throw new RollcallError("LIBRARY_NOT_PERMITTED", { message, remedy });
    },
  };
}

/** A named library that is not there is one finding: the other checks go on. */
async function photosOrWithoutNamed(
  settings: Settings,
): Promise<{ process: Pick<PhotosProcess, "openLibrary">; libraryAccess: LibraryAccess }> {
  try {
    return await realPhotos(settings, "question");
  } catch (error) {
    if (!(error instanceof RollcallError) || error.code !== "BAD_USAGE") throw error;
    const { libraryAccess } = await realPhotos({ ...settings, photosLibrary: undefined }, "question");
    return { libraryAccess, process: { openLibrary: () => Promise.reject(error) } };
  }
}

/** `~/Pictures` is not kept from programs; the package in it is, so it is not touched. */
export async function usualLibrary(
  access: Pick<LibraryAccess, "locate">,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const usual = join(homedir(), "Pictures", "Photos Library.photoslibrary");
  const { kind, path } = await access.locate(usual, signal);
  return kind === "folder" ? path : null;
}

/**
 * The system's own list of rights can be opened by those who may read everything, and macOS asks nobody about it: a
 * probe that many public apps use. Nothing is read from it.
 */
async function hasFullDiskAccess(): Promise<boolean> {
  const path = join(homedir(), "Library", "Application Support", "com.apple.TCC", "TCC.db");
  try {
    await (await open(path, "r")).close();
    return true;
  } catch {
    return false;
  }
}
