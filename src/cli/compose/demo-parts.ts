import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeTemporaryFolder } from "../../owned-folder.js";
import type { CameraRollSummary } from "../../virtual/iphone/camera-roll.js";
import type { VirtualIPhone } from "../../virtual/iphone/virtual-iphone.js";
import type { Settings } from "../process/settings.js";
import type { ImportDeps } from "./import-with.js";

/** A whole world without a phone and without Photos, in one folder. */
export interface DemoParts extends AsyncDisposable {
  readonly settings: Settings;
  readonly deps: ImportDeps;
  readonly cameraRoll: CameraRollSummary;
  readonly phone: VirtualIPhone;
  readonly libraryPath: string;
  /** How many Apple events the virtual Photos was sent so far. */
  appleEvents(): number;
}

/**
 * Makes a camera roll, plugs a virtual iPhone that serves it into a usbmuxd of its own, and makes an empty
 * virtual library with an executable in osascript's place. From there on everything is as in a real run.
 * @param folder exists
 */
export async function makeDemoParts(folder: string, photos: number): Promise<DemoParts> {
  const { makeCameraRoll } = await import("../../virtual/iphone/camera-roll.js");
  const { startVirtualIPhone } = await import("../../virtual/iphone/virtual-iphone.js");
  const { virtualUsbBus } = await import("../../virtual/iphone/virtual-usb-bus.js");
  const { openVirtualPhotos } = await import("../../virtual/photos/virtual-photos.js");
  const { writeOsascriptExecutable } = await import("../../virtual/photos/write-osascript.js");
  const { usbmuxAddress } = await import("../../usb/usbmux/usbmux-address.js");
  const { UsbmuxClient } = await import("../../usb/usbmux/usbmux-client.js");
  const { usbPhoneFinder } = await import("../../usb/detection/usb-phone-finder.js");
  const { realPhotos } = await import("./real-parts.js");

  const mediaFolder = join(folder, "iphone");
  const cameraRoll = await makeCameraRoll({
    folder: mediaFolder,
    photos,
    hasLibraryOnly: true,
    hasEditsOfIOS26: true,
    // On a phone that uses iCloud Photos, nothing may be deleted: the demo could not show what may.
    usesICloud: false,
  });
  const libraryPath = join(folder, "Demo.photoslibrary");
  const virtualPhotos = openVirtualPhotos(libraryPath);
  const osascript = writeOsascriptExecutable({ file: join(folder, "osascript"), libraryPath });
  // A socket's path may have about a hundred bytes: the folder the person chose may be too deep.
  const socketFolder = makeTemporaryFolder("rollcall", shortTemporaryFolder());
  const phone = await startVirtualIPhone({
    mediaFolder,
    socketPath: join(socketFolder.path, "usbmuxd"),
    name: "Demo iPhone",
    iosVersion: "26.6.1",
  });
  const settings: Settings = {
    dataFolder: join(folder, "data"),
    stagingFolder: join(folder, "data", "staging"),
    usbmuxdAddress: phone.address,
    osascript,
    photosLibrary: libraryPath,
    macPrograms: undefined,
    startedFrom: null,
    carried: {},
  };
  const finder = usbPhoneFinder(new UsbmuxClient(usbmuxAddress(phone.address)), virtualUsbBus([phone]));
  return {
    settings,
    deps: { finder, ...(await realPhotos(settings, "run")), questions: null },
    cameraRoll,
    phone,
    libraryPath,
    appleEvents: () => virtualPhotos.counters().total,
    async [Symbol.asyncDispose]() {
      virtualPhotos.close();
      await phone[Symbol.asyncDispose]();
      socketFolder.remove();
    },
  };
}

export function shortTemporaryFolder(): string {
  const usual = tmpdir();
  return usual.length <= 60 ? usual : "/tmp";
}
