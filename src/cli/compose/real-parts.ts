import { askingApp } from "../../doctor/host-app.js";
import { PLACES } from "../../doctor/launch-contexts.js";
import type { RunScript } from "../../jxa/run-script.js";
import type { PhoneFinder } from "../../phone/phone-watch.js";
import type { LibraryAccess } from "../../photos/library-access.js";
import type { PhotosParts } from "../../run/run-parts.js";
import type { UsbBus } from "../../usb/detection/usb-bus.js";
import type { UsbmuxClient } from "../../usb/usbmux/usbmux-client.js";
import { workFolderIn } from "../process/folders.js";
import type { Settings } from "../process/settings.js";
import { existingLibrary } from "./existing-library.js";

/** The two witnesses of what is on the cable. */
interface Cable {
  readonly usbmux: UsbmuxClient;
  readonly bus: UsbBus;
  /** What hangs on this computer's bus says nothing about another usbmuxd: then there is no bus to ask. */
  readonly isBusOfUsbmuxd: boolean;
}

/** @throws RollcallError BAD_USAGE */
export async function realCable(settings: Settings): Promise<Cable> {
  const { usbmuxAddress, SYSTEM_USBMUXD } = await import("../../usb/usbmux/usbmux-address.js");
  const { UsbmuxClient } = await import("../../usb/usbmux/usbmux-client.js");
  const { nodeUsbBus } = await import("../../usb/detection/node-usb-bus.js");
  const address = usbmuxAddress(settings.usbmuxdAddress);
  const isSystems = "path" in address && "path" in SYSTEM_USBMUXD && address.path === SYSTEM_USBMUXD.path;
  const bus = isSystems ? nodeUsbBus() : { phones: async () => null };
  return { usbmux: new UsbmuxClient(address), bus, isBusOfUsbmuxd: isSystems };
}

/**
 * Phones on this computer's cable, or behind the usbmuxd that was named.
 * @param mayPair false where nobody is there who could answer a phone's question
 */
export async function realPhones(settings: Settings, { mayPair = true } = {}): Promise<PhoneFinder> {
  const { usbPhoneFinder } = await import("../../usb/detection/usb-phone-finder.js");
  const { usbmux, bus } = await realCable(settings);
  // On a Mac the system pairs, and only the system; elsewhere nobody else asks the phone for its trust.
  return usbPhoneFinder(usbmux, bus, { pairs: mayPair && process.platform !== "darwin" });
}

/** Whether there is any way to Photos from here. */
export function isPhotosReachable(settings: Settings): boolean {
  return settings.osascript !== undefined || process.platform === "darwin";
}

/** How a script reaches Photos, or what stands in its place. */
export async function realRunner({ osascript }: Settings, use: "run" | "question"): Promise<RunScript> {
  const isShort = use === "question" && osascript === undefined && process.platform === "darwin";
  return isShort
    ? (await import("../../jxa/short-question.js")).shortQuestionWith()
    : (await import("../../jxa/run-event.js")).runEventWith({ osascript });
}

/** The way to library packages, by children that a question of macOS may keep. */
export async function realLibraryAccess({ startedFrom }: Settings): Promise<LibraryAccess> {
  const { libraryAccess } = await import("../../originals/library-access.js");
  return libraryAccess({
    app: startedFrom ? PLACES[startedFrom].app : askingApp(process.env),
  });
}

/**
 * Photos, or what `ROLLCALL_OSASCRIPT` puts in its place.
 * @param use `run`: every event has a deadline that can kill it; `question`: a short one outside a run
 */
export async function realPhotos(settings: Settings, use: "run" | "question"): Promise<PhotosParts> {
  const { osascript, photosLibrary } = settings;
  const { JxaPhotosLibrary } = await import("../../jxa/jxa-photos-library.js");
  const { JxaPhotosProcess } = await import("../../jxa/jxa-photos-process.js");
  const runScript = await realRunner(settings, use);
  const access = await realLibraryAccess(settings);
  const photosProcess = new JxaPhotosProcess({
    runScript,
    access,
    configuredLibrary:
      photosLibrary === undefined
        ? undefined
        : await existingLibrary("ROLLCALL_PHOTOS_LIBRARY", photosLibrary, access),
    // `open` and `lsof` know the real Photos only.
    ...(osascript === undefined ? {} : { macPrograms: null }),
  });
  const { libraryOriginals } = await import("../../originals/library-originals.js");
  return {
    photos: new JxaPhotosLibrary({ runScript, photosProcess }),
    process: photosProcess,
    originals: libraryOriginals({ workFolder: workFolderIn(settings.dataFolder), access }),
    libraryAccess: access,
  };
}
