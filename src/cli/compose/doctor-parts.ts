import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { release, uptime } from "node:os";
import { dirname, join } from "node:path";
import type { ExamineParts, PhotosToExamine, RunsElsewhere } from "../../doctor/examine-parts.js";
import { PLACES } from "../../doctor/launch-contexts.js";
import { recordedPhotos } from "../../doctor/recorded-photos.js";
import { hasErrno, RollcallError } from "../../errors.js";
import type { StartedFrom } from "../../integrations/started-from.js";
import type { Settings } from "../process/settings.js";
import { toolVersion } from "../process/tool-version.js";
import { macPrograms } from "./mac-programs.js";
import { photosToExamine } from "./photos-to-examine.js";
import { versionIn } from "./plist-version.js";
import { isPhotosReachable, realCable } from "./real-parts.js";
import { setUpsToExamine } from "./set-ups-to-examine.js";

/** Where macOS keeps its own version, and Photos' (since macOS 10.15). */
const MACOS_VERSION_FILE = "/System/Library/CoreServices/SystemVersion.plist";
const PHOTOS_VERSION_FILE = "/System/Applications/Photos.app/Contents/Info.plist";

/**
 * What the checks ask of this computer: everything is looked at, nothing is made.
 * @param what.from the last runs from there are examined instead of this terminal
 * @throws RollcallError BAD_USAGE for settings that cannot be used
 */
export async function doctorParts(
  settings: Settings,
  {
    wantedPhone,
    from = null,
  }: { readonly wantedPhone?: string | undefined; readonly from?: StartedFrom | null },
): Promise<ExamineParts> {
  const { freeSpace } = await import("../../plan/space-needed.js");
  const runs = await runsElsewhere(settings);
  const ledger = join(settings.dataFolder, "ledger.sqlite");
  return {
    mac: {
      platform: process.platform,
      macosVersion: async () =>
        await (await import("./macos-version.js")).macosVersion({
          run: macPrograms(settings),
          versionFile: () => versionIn(MACOS_VERSION_FILE, "ProductVersion"),
          darwin: release(),
        }),
      photosVersion: () => versionIn(PHOTOS_VERSION_FILE, "CFBundleShortVersionString"),
    },
    photos: isPhotosReachable(settings) ? await photosFrom(from, settings, runs) : null,
    data: {
      folder: settings.dataFolder,
      stagingFolder: settings.stagingFolder,
      requireWritable: async (folder) => {
        if (folder === settings.dataFolder) await requireUsable(folder);
        return await requireWritable(folder);
      },
      processAtWork: async () =>
        (await import("../process/data-folder-lock.js")).processAtWork(settings.dataFolder),
      lookAtLedger: async () => (await import("../../ledger/look-at-ledger.js")).lookAtLedger(ledger),
      approvedPhones: async () => (await import("../../ledger/look-at-ledger.js")).lookAtApproved(ledger),
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
    runs,
  };
}

async function runsElsewhere({ dataFolder }: Settings): Promise<RunsElsewhere> {
  const { readLastRuns } = await import("../last-run/read-last-runs.js");
  return {
    last: (from) => readLastRuns(dataFolder, from),
    now: new Date(),
    isAlive: (pid, startedAt) => {
      // The system gives numbers again.
      if (startedAt.getTime() < Date.now() - uptime() * 1000) return false;
      try {
        process.kill(pid, 0); // asks only whether it is there
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** What Photos answers here, or what it answered to the last run from another place. */
async function photosFrom(
  from: StartedFrom | null,
  settings: Settings,
  runs: RunsElsewhere,
): Promise<PhotosToExamine> {
  const here = await photosToExamine(settings);
  return from === null ? here : recordedPhotos(runs.last(from), PLACES[from].app, here);
}

async function cableToExamine(
  settings: Settings,
  wantedPhone: string | undefined,
): Promise<ExamineParts["cable"]> {
  const { describeAddress } = await import("../../usb/usbmux/usbmux-address.js");
  const { usbPhoneFinder } = await import("../../usb/detection/usb-phone-finder.js");
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

/** Whose it is. The ledger in it has a look of its own. */
async function requireUsable(dataFolder: string): Promise<void> {
  const { lookAtDataFolder } = await import("../process/folders.js");
  await lookAtDataFolder(dataFolder).catch((error: unknown) => {
    if (error instanceof RollcallError && error.code === "FOLDER_NOT_OURS") throw error;
  });
}

/** The folder, or the nearest one above it that is there, can be written in by this user. */
async function requireWritable(folder: string): Promise<{ isThere: boolean }> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      if (!(await stat(at)).isDirectory()) throw notWritable(folder, `${at} is not a folder`);
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
