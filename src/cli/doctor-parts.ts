import { constants } from "node:fs";
import { access, open, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { askingApp } from "../doctor/asking-app.js";
import type { ExamineParts, PhotosToExamine } from "../doctor/examine-parts.js";
import { hasErrno, RollcallError } from "../errors.js";
import { isPhotosReachable, realCable, realPhotos, realRunner } from "./real-parts.js";
import type { Settings } from "./settings.js";
import { toolVersion } from "./tool-version.js";
import { versionIn } from "./version-in.js";

/** Where macOS keeps its own version, and Photos' (since macOS 10.15). */
const MACOS_VERSION_FILE = "/System/Library/CoreServices/SystemVersion.plist";
const PHOTOS_VERSION_FILE = "/System/Applications/Photos.app/Contents/Info.plist";

/**
 * What the checks ask of this computer: everything is looked at, nothing is made.
 * @throws RollcallError BAD_USAGE for settings that cannot be used
 */
export async function doctorParts(
  settings: Settings,
  wantedPhone: string | undefined,
): Promise<ExamineParts> {
  const { freeSpace } = await import("../plan/space-needed.js");
  return {
    mac: {
      platform: process.platform,
      macosVersion: () => versionIn(MACOS_VERSION_FILE, "ProductVersion"),
      photosVersion: () => versionIn(PHOTOS_VERSION_FILE, "CFBundleShortVersionString"),
    },
    photos: isPhotosReachable(settings) ? await photosToExamine(settings) : null,
    data: {
      folder: settings.dataFolder,
      stagingFolder: settings.stagingFolder,
      requireWritable,
      processAtWork: async () => (await import("./one-at-a-time.js")).processAtWork(settings.dataFolder),
      lookAtLedger: async () =>
        (await import("../ledger/look-at-ledger.js")).lookAtLedger(
          join(settings.dataFolder, "ledger.sqlite"),
        ),
      freeSpace,
    },
    cable: await cableToExamine(settings, wantedPhone),
    program: {
      version: toolVersion(),
      path: process.argv[1] ?? "",
      nodeVersion: process.versions.node,
      nodePath: process.execPath,
    },
  };
}

async function cableToExamine(
  settings: Settings,
  wantedPhone: string | undefined,
): Promise<ExamineParts["cable"]> {
  const { describeAddress } = await import("../usb/usbmux/usbmux-address.js");
  const { usbPhoneFinder } = await import("../usb/detection/usb-phone-finder.js");
  const { usbmux, bus, isBusOfUsbmuxd } = await realCable(settings);
  return {
    phonesOnBus: async () => (await bus.phones())?.length ?? null,
    isBusOfUsbmuxd,
    usbmuxdAddress: describeAddress(usbmux.address),
    devicesListed: async (signal) => (await usbmux.listDevices(signal)).length,
    finder: usbPhoneFinder(usbmux, bus),
    wantedPhone,
  };
}

async function photosToExamine(settings: Settings): Promise<PhotosToExamine> {
  const { jxaPhotosRights } = await import("../jxa/jxa-photos-rights.js");
  const { requireReadable } = await import("../originals/readable-library.js");
  const { process: photosProcess } = await realPhotos(settings, "question");
  const isStandIn = settings.osascript !== undefined;
  return {
    standIn: settings.osascript ?? null,
    askingApp: askingApp(process.env),
    rights: jxaPhotosRights(await realRunner(settings, "question")),
    process: photosProcess,
    // A stand-in's library is the one that was named, and no other.
    usualLibrary: async () => (isStandIn ? null : await usualLibrary()),
    hasFullDiskAccess: async () => !isStandIn && (await hasFullDiskAccess()),
    requireReadable,
  };
}

/** `~/Pictures` is not kept from programs; the package in it is, so it is not looked into. */
async function usualLibrary(): Promise<string | null> {
  const path = join(homedir(), "Pictures", "Photos Library.photoslibrary");
  return stat(path).then(
    (stats) => (stats.isDirectory() ? path : null),
    () => null,
  );
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

/** The folder, or the nearest one above it that is there, can be written in by this user. */
async function requireWritable(folder: string): Promise<{ isThere: boolean }> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      if (!(await stat(at)).isDirectory()) throw notWritable(folder, `${at} is no folder`);
      await access(at, constants.W_OK | constants.X_OK);
      return { isThere: at === folder };
    } catch (error) {
      if (error instanceof RollcallError) throw error;
      const isAbove = hasErrno(error, "ENOENT", "ENOTDIR") && dirname(at) !== at;
      if (!isAbove) throw notWritable(folder, `the system refuses it (${(error as Error).message})`, error);
    }
  }
}

function notWritable(folder: string, why: string, cause?: unknown): RollcallError {
  return new RollcallError("FOLDER_NOT_WRITABLE", {
    message: `Rollcall cannot write to ${folder}: ${why}.`,
    remedy: "Make the folder writable for you, or name others with ROLLCALL_HOME and ROLLCALL_STAGING.",
    cause,
  });
}
