import { RollcallError } from "../errors.js";
import { choosePhone, nameOf } from "../phone/choose-phone.js";
import { reasonWords, type SeenPhone, stateWords } from "../phone/phone-watch.js";
import { advise } from "../remedy.js";
import { type Check, sentenceOf } from "./check.js";
import { type Finding, note, ok, trouble } from "./finding.js";

const BUS_MS = 5_000;
const USBMUXD_MS = 10_000;
/** A phone has ten seconds of its own to say who it is. */
const PHONES_MS = 20_000;

export const checkUsbBus: Check = {
  id: "usb",
  question: "USB bus",
  deadlineMs: BUS_MS,
  blocks: null,
  async look({ cable }) {
    if (!cable.isBusOfUsbmuxd)
      return [note(`not asked: ${cable.usbmuxdAddress} is another usbmuxd than this computer's`)];
    const phones = await cable.phonesOnBus();
    if (phones === null) return [note("cannot be looked at from here; only usbmuxd says what is there")];
    return [
      ok(phones === 0 ? "no iPhone on it" : phones === 1 ? "1 iPhone on it" : `${phones} iPhones on it`),
    ];
  },
};

export const checkUsbmuxd: Check = {
  id: "usbmuxd",
  question: "usbmuxd answers",
  deadlineMs: USBMUXD_MS,
  blocks: "phone",
  async look({ cable, mac }, signal) {
    try {
      const devices = await cable.devicesListed(signal);
      return [
        ok(`yes, at ${cable.usbmuxdAddress}: it lists ${devices === 1 ? "1 device" : `${devices} devices`}`),
      ];
    } catch (error) {
      // On Linux udev starts it with the first phone, and it ends with the last.
      const mayComeLater =
        mac.platform === "linux" &&
        cable.isBusOfUsbmuxd &&
        error instanceof RollcallError &&
        error.code === "USBMUXD_ABSENT" &&
        ((await cable.phonesOnBus()) ?? 0) === 0;
      if (!mayComeLater) throw error;
      return [note("no; many systems start it when a phone is plugged in", error.remedy)];
    }
  },
};

export const checkPhones: Check = {
  id: "phone",
  question: "iPhone on the cable",
  deadlineMs: PHONES_MS,
  blocks: "phone",
  async look({ cable }, signal) {
    let seen: readonly SeenPhone[];
    try {
      seen = await cable.finder.look(signal);
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      return [note("not known: usbmuxd does not answer as it should")]; // told by the check before
    }
    if (cable.wantedPhone !== undefined) return [chosen(seen, cable.wantedPhone)];
    if (seen.length === 0) return [noPhone()];
    const isOneReady = seen.some(({ state }) => state === "ready");
    return seen.map((phone) => examined(phone, isOneReady));
  },
};

/** Who named a phone wants that one, and no other will do. */
function chosen(seen: readonly SeenPhone[], wanted: string): Finding {
  try {
    return examined(choosePhone(seen, wanted), true);
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    return trouble("phone", sentenceOf(error), error.remedy);
  }
}

/** Nothing is wrong where none is plugged in; it just cannot be examined. */
function noPhone(): Finding {
  return note(
    "none",
    advise`Connect it with a cable, unlock it, and run ${{ action: "doctor" }} again to have it examined.`,
  );
}

function examined(phone: SeenPhone, isAnotherReady: boolean): Finding {
  const name = nameOf(phone);
  if (phone.hasOtherKey === true) {
    const found = `${name}, unlocked, with another key than this computer's record of trust`;
    return note(found, "If it is not yours, unplug it: it may be another device under the same number.");
  }
  if (phone.state === "ready") return ok(`${name}, trusted, unlocked`);
  const finding = `${name}, ${stateWords(phone)}: ${reasonWords(phone) || "it is not ready."}`;
  const remedy = phone.reason?.remedy ?? "Unlock it, unplug it, and plug it in again.";
  return isAnotherReady ? note(finding, remedy) : trouble("phone", finding, remedy);
}
