import type { ICDevice, JxaError, JxaFoundation, JxaObjC } from "../photos-dictionary.js";
import type { ScriptEnvelope } from "./envelope.js";

declare const ObjC: JxaObjC;
declare const $: JxaFoundation;

/**
 * Asks ImageCaptureCore to eject a phone, and looks whether it goes away. Sends no Apple event. Unverified on macOS: the
 * capability is documented for volumes and remote devices, so a phone on a cable may not have it; it is asked all the same.
 * @param input.udid null: the only camera there is
 * @param input.waitMs for finding it, and as long again for its going
 * @returns whether ImageCaptureCore showed it, says that it can be ejected (null: it would not say), and shows it no more
 */
export function ejectPhone(input: { readonly udid: string | null; readonly waitMs: number }): ScriptEnvelope<{
  cameras: number;
  isSeen: boolean;
  canEject: boolean | null;
  isGone: boolean;
}> {
  let step = "load ImageCaptureCore";
  try {
    ObjC.import("Foundation");
    ObjC.import("ImageCaptureCore");
    step = "start the browser";
    const browser = $.ICDeviceBrowser.alloc.init;
    try {
      // The browser may want somebody to tell.
      const ignore = () => undefined;
      ObjC.registerSubclass({
        name: "RollcallDeviceListener",
        methods: {
          "deviceBrowser:didAddDevice:moreComing:": {
            types: ["void", ["id", "id", "bool"]],
            implementation: ignore,
          },
          "deviceBrowser:didRemoveDevice:moreGoing:": {
            types: ["void", ["id", "id", "bool"]],
            implementation: ignore,
          },
        },
      });
      const listener = $.RollcallDeviceListener.alloc.init;
      // The browser's own reference is weak (ICDeviceBrowser.h), and a local variable may be given up after its last use.
      (globalThis as { rollcallListener?: unknown }).rollcallListener = listener;
      browser.delegate = listener;
    } catch {
      // It is asked without.
    }
    // ICDeviceTypeMaskCamera (1) and ICDeviceLocationTypeMaskLocal (0x100): ICDevice.h.
    browser.browsedDeviceTypeMask = 0x101;
    void browser.start;

    const plain = (udid: string) => udid.split("-").join("").toLowerCase();
    const cameras = (): ICDevice[] => {
      const list = browser.devices;
      const found: ICDevice[] = [];
      if (list.isNil()) return found;
      for (let place = 0; place < Number(list.count); place += 1) found.push(list.objectAtIndex(place));
      return found;
    };
    const find = (): ICDevice | null => {
      const all = cameras();
      if (input.udid === null) return all.length === 1 ? (all[0] as ICDevice) : null;
      for (const device of all) {
        const serial = device.serialNumberString;
        if (!serial.isNil() && plain(String(serial.js)) === plain(input.udid)) return device;
      }
      return null;
    };
    const waitUntil = (isDone: () => boolean): boolean => {
      const endMs = Date.now() + input.waitMs;
      for (;;) {
        if (isDone()) return true;
        if (Date.now() >= endMs) return false;
        $.NSRunLoop.currentRunLoop.runUntilDate($.NSDate.dateWithTimeIntervalSinceNow(0.2));
      }
    };

    step = "find the phone";
    waitUntil(() => find() !== null);
    const phone = find();
    if (phone === null) {
      return {
        ok: true,
        value: { cameras: cameras().length, isSeen: false, canEject: null, isGone: false },
      };
    }
    let canEject: boolean | null = null;
    try {
      canEject = Boolean(phone.capabilities.containsObject("ICDeviceCanEjectOrDisconnect"));
    } catch {
      // It would not say.
    }
    step = "eject";
    void phone.requestEject;
    const isGone = waitUntil(() => find() === null);
    void browser.stop;
    return { ok: true, value: { cameras: cameras().length, isSeen: true, canEject, isGone } };
  } catch (e) {
    const error = e as JxaError;
    const number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    return { ok: false, number, message: String(error.message ?? e), step };
  }
}
