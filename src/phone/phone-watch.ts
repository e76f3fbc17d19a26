import type { Reason } from "../errors.js";
import type { Phone, PhoneIdentity } from "./phone.js";

/** Where a phone stands between the cable and being readable. */
export type PhoneState =
  /** Trusted and unlocked: `open` will work. */
  | "ready"
  | "locked"
  | "not-trusted"
  /** Seen on the USB bus; usbmuxd does not list it. */
  | "cable-only"
  /** Listed over Wi-Fi only; Rollcall uses the cable. */
  | "network-only"
  /** Listed, and does not answer as a phone should. */
  | "trouble";

/** Each state as a person reads it. */
export const STATE_WORDS: Readonly<Record<PhoneState, string>> = {
  ready: "ready",
  locked: "locked",
  "not-trusted": "not trusted",
  "cable-only": "on the cable, not answering",
  "network-only": "over Wi-Fi only",
  trouble: "not answering as it should",
};

export interface SeenPhone {
  /** Null while only the bus has seen it and gave no serial number. */
  readonly udid: string | null;
  /** What it said of itself before any trust; parts may be empty. */
  readonly identity: PhoneIdentity | null;
  readonly state: PhoneState;
  /** What to do about it; null when ready. */
  readonly reason: Reason | null;
  /** Negotiated speed of the cable in bits a second; null where neither bus nor usbmuxd says. */
  readonly cableBitsPerSecond: number | null;
  /** Which of the two witnesses saw it. Their difference is the diagnosis. */
  readonly seenBy: { readonly usb: boolean; readonly usbmuxd: boolean };
}

/** What is on the cable now, and the way to a phone. */
export interface PhoneFinder {
  /**
   * @throws RollcallError USBMUXD_ABSENT when there is no usbmuxd to ask and the bus shows no phone either
   */
  look(signal?: AbortSignal): Promise<SeenPhone[]>;
  /**
   * @throws RollcallError PHONE_LOCKED, PHONE_NOT_TRUSTED, PHONE_REFUSED, PHONE_GONE
   */
  open(udid: string, signal?: AbortSignal): Promise<Phone>;
}
