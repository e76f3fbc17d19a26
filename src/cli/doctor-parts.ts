import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { ExamineParts, FromToExamine, PhotosToExamine } from "../doctor/examine-parts.js";
import { PLACES } from "../doctor/places.js";
import { recordedPhotos } from "../doctor/recorded-photos.js";
import { hasErrno, RollcallError } from "../errors.js";
import type { StartedFrom } from "../integrations/started-from.js";
import { placeTroubles } from "./mac.js";
import { photosToExamine } from "./photos-to-examine.js";
import { isPhotosReachable, realCable } from "./real-parts.js";
import { setUpsToExamine } from "./set-ups-to-examine.js";
import type { Settings } from "./settings.js";
import { toolVersion } from "./tool-version.js";
import { versionIn } from "./version-in.js";

/** Where macOS keeps its own version, and Photos' (since macOS 10.15). */
const MACOS_VERSION_FILE = "/System/Library/CoreServices/SystemVersion.plist";
const PHOTOS_VERSION_FILE = "/System/Applications/Photos.app/Contents/Info.plist";

/**
 * What the checks ask of this computer: everything is looked at, nothing is made.
 * @param place the last runs from there are examined instead of this terminal
 * @throws RollcallError BAD_USAGE for settings that cannot be used
 */
export async function doctorParts(
  settings: Settings,
  {
    wantedPhone,
    place,
  }: { readonly wantedPhone?: string | undefined; readonly place?: StartedFrom | undefined },
): Promise<ExamineParts> {
  const { freeSpace } = await import("../plan/space-needed.js");
  const from = place === undefined ? null : await fromToExamine(settings, place);
  return {
    mac: {
      platform: process.platform,
      macosVersion: () => versionIn(MACOS_VERSION_FILE, "ProductVersion"),
      photosVersion: () => versionIn(PHOTOS_VERSION_FILE, "CFBundleShortVersionString"),
    },
    photos: isPhotosReachable(settings) ? await photosHereOr(from, settings) : null,
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
    setUps: setUpsToExamine(settings),
    from,
  };
}

async function photosHereOr(from: FromToExamine | null, settings: Settings): Promise<PhotosToExamine> {
  const here = await photosToExamine(settings);
  return from === null ? here : recordedPhotos(from.lastRuns, PLACES[from.from].app, here.usualLibrary);
}

async function fromToExamine({ dataFolder }: Settings, place: StartedFrom): Promise<FromToExamine> {
  const { readLastRuns } = await import("./last-run/read-last-runs.js");
  return {
    from: place,
    lastRuns: readLastRuns(dataFolder, place),
    now: new Date(),
    isAlive: (pid) => {
      try {
        process.kill(pid, 0); // asks only whether it is there
        return true;
      } catch {
        return false;
      }
    },
    placeTroubles: (start) => placeTroubles(start, homedir()),
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
