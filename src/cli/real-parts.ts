import type { PhoneFinder } from "../phone/phone-watch.js";
import type { PhotosParts } from "../run/run-parts.js";
import { existingLibrary } from "./existing-library.js";
import type { Settings } from "./settings.js";

/** Phones on this computer's cable, or behind the usbmuxd that was named. */
export async function realPhones(settings: Settings): Promise<PhoneFinder> {
  const { usbmuxAddress, SYSTEM_USBMUXD } = await import("../usb/usbmux/usbmux-address.js");
  const { UsbmuxClient } = await import("../usb/usbmux/usbmux-client.js");
  const { usbPhoneFinder } = await import("../usb/detection/usb-phone-finder.js");
  const { nodeUsbBus } = await import("../usb/detection/node-usb-bus.js");
  const address = usbmuxAddress(settings.usbmuxdAddress);
  const isSystems = "path" in address && "path" in SYSTEM_USBMUXD && address.path === SYSTEM_USBMUXD.path;
  // What hangs on this computer's bus says nothing about another usbmuxd.
  const bus = isSystems ? nodeUsbBus() : { phones: async () => null };
  return usbPhoneFinder(new UsbmuxClient(address), bus);
}

/** Whether there is any way to Photos from here. */
export function isPhotosReachable(settings: Settings): boolean {
  return settings.osascript !== undefined || process.platform === "darwin";
}

/**
 * Photos, or what `ROLLCALL_OSASCRIPT` puts in its place.
 * @param use `run`: every event has a deadline that can kill it; `question`: a short one outside a run
 */
export async function realPhotos(settings: Settings, use: "run" | "question"): Promise<PhotosParts> {
  const { osascript, photosLibrary } = settings;
  const { JxaPhotosLibrary } = await import("../jxa/jxa-photos-library.js");
  const { JxaPhotosProcess } = await import("../jxa/jxa-photos-process.js");
  const isShort = use === "question" && osascript === undefined && process.platform === "darwin";
  const runScript = isShort
    ? (await import("../jxa/short-question.js")).shortQuestionWith()
    : (await import("../jxa/run-event.js")).runEventWith({ osascript });
  const photosProcess = new JxaPhotosProcess({
    runScript,
    configuredLibrary:
      photosLibrary === undefined ? undefined : existingLibrary("ROLLCALL_PHOTOS_LIBRARY", photosLibrary),
    // `open` and `lsof` know the real Photos only.
    ...(osascript === undefined ? {} : { macPrograms: null }),
  });
  return { photos: new JxaPhotosLibrary({ runScript, photosProcess }), process: photosProcess };
}
