import type { ErrorCode, Reason } from "../errors.js";
import type { Phone, PhoneIdentity } from "./phone.js";

/** Where a phone stands between the cable and being readable. */
export type PhoneState =
  /** Its files were asked for and given: `open` will work. */
  | "ready"
  | "locked"
  /** Never trusted, not answered yet, refused, or lost; the reason's code tells which. */
  | "not-trusted"
  /** Seen on the USB bus; usbmuxd does not list it. */
  | "cable-only"
  /** Listed over Wi-Fi only; Rollcall uses the cable. */
  | "network-only"
  /** Too many others read from it. */
  | "busy"
  /** Listed, and does not answer as a phone should. */
  | "trouble";

/** Each state as a person reads it. */
const STATE_WORDS: Readonly<Record<PhoneState, string>> = {
  ready: "ready",
  locked: "locked",
  "not-trusted": "not trusted",
  "cable-only": "on the cable, not answering",
  "network-only": "over Wi-Fi only",
  busy: "busy",
  trouble: "not answering as it should",
};

/** Why a phone is not ready. `message` can stand alone; `why` is a sentence more, where there is more to say. */
export interface NotReady extends Reason<ErrorCode> {
  readonly why?: string | undefined;
}

/** One phone, as the USB bus and usbmuxd see it. */
export interface SeenPhone {
  /** Null while only the bus has seen it and gave no serial number. */
  readonly udid: string | null;
  /** What it said of itself before any trust; parts may be empty. */
  readonly identity: PhoneIdentity | null;
  readonly state: PhoneState;
  /** What stands in the way, and what to do about it; null when ready. */
  readonly reason: NotReady | null;
  /** Negotiated speed of the cable in bits a second; null where neither bus nor usbmuxd says. */
  readonly cableBitsPerSecond: number | null;
  /** Which of the two witnesses saw it. Their difference is the diagnosis. */
  readonly seenBy: { readonly usb: boolean; readonly usbmuxd: boolean };
  /**
   * By what usbmuxd knows it since it appeared; another number each time. It may change by itself, too (a tap on Trust, a
   * restarted usbmuxd), so alone it says nothing.
   */
  readonly deviceId?: number;
  /** It proved another key than this computer's record of trust has for it; absent otherwise, and while it proved none. */
  readonly hasOtherKey?: true;
}

/** Where the reason is more exact than the state. */
const WORDS_BY_REASON: Readonly<Record<string, string>> = {
  PHONE_TRUST_PENDING: "asking whether to trust",
  PHONE_TRUST_REFUSED: "trust refused",
  PHONE_TRUST_LOST: "trust lost",
  PHONE_NOT_PROVED: "did not prove who it is",
};

/** "locked", "trust lost" */
export function stateWords({ state, reason }: SeenPhone): string {
  const code = reason?.code ?? "";
  return Object.hasOwn(WORDS_BY_REASON, code) ? WORDS_BY_REASON[code]! : STATE_WORDS[state];
}

/** "Anna's iPhone is locked. Its passcode has not been entered since it was last started."; "" when ready. */
export function reasonWords({ reason }: Pick<SeenPhone, "reason">): string {
  return [reason?.message, reason?.why].filter(Boolean).join(" ");
}

/** What is on the cable now, and the way to a phone. */
export interface PhoneFinder {
  /**
   * @throws RollcallError USBMUXD_ABSENT when there is no usbmuxd to ask and the bus shows no phone either
   */
  look(signal?: AbortSignal): Promise<SeenPhone[]>;
  /**
   * @throws RollcallError PHONE_LOCKED, PHONE_NOT_TRUSTED, PHONE_TRUST_LOST, PHONE_NOT_PROVED, PHONE_BUSY, PHONE_REFUSED,
   *   PHONE_GONE
   */
  open(udid: string, signal?: AbortSignal): Promise<Phone>;
  /**
   * Listens until the signal aborts, then resolves; never rejects. What it listens to may go away and come back.
   * @param onChange called each time that something came, went, or gave its trust, and once for what is there at
   * the start: look again, after a moment of quiet, since one plug-in is several comings and goings
   */
  watch(onChange: () => void, signal: AbortSignal): Promise<void>;
  /**
   * Asks a phone once to trust this computer; resolves when it does. Absent where the system does the pairing.
   * @throws RollcallError PHONE_TRUST_PENDING while its question is on its screen, PHONE_LOCKED, PHONE_TRUST_REFUSED, ...
   */
  askTrust?(udid: string, signal?: AbortSignal): Promise<void>;
}
