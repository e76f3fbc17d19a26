import type { ErrorCode } from "../errors.js";
import { escapeControls } from "../text/escape-controls.js";

/** What to do about it, in a few words: the whole remedy comes with the error when the time is up. */
const ACTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  NO_PHONE: "plug it in and unlock it",
  PHONE_NOT_FOUND: "plug it in and unlock it",
  PHONE_GONE: "leave it plugged in",
  PHONE_CABLE_ONLY: "unlock it, and allow the accessory if it or the computer asks",
  PHONE_NETWORK_ONLY: "plug it in with a cable",
  PHONE_NOT_TRUSTED: "unlock it and tap Trust",
  PHONE_TRUST_PENDING: "tap Trust on it, and enter its passcode",
  PHONE_TRUST_REFUSED: "unplug it, plug it in again, and tap Trust",
  PHONE_TRUST_LOST: "unplug it, plug it in again, and tap Trust",
  PHONE_NOT_PROVED: "unplug it; if it is your iPhone, restart it and plug it in again",
  PHONE_LOCKED: "unlock it",
  PHONE_BUSY: "close other programs that use it",
  PHONE_SILENT: "unlock it",
  USBMUXD_ABSENT: "plug the iPhone in, and see that usbmuxd is installed",
};

/** No longer on the cable, in whatever way that is seen. */
const AWAY: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["NO_PHONE", "PHONE_NOT_FOUND", "PHONE_GONE"]);

/** "for Anna's iPhone: plug it in again", of a phone that was open before; else as {@link waitingWords} */
export function waitingAgainWords(phone: string, why: { code: ErrorCode; message: string }): string {
  return AWAY.has(why.code) ? `for ${escapeControls(phone)}: plug it in again` : waitingWords(why);
}

/** "Anna's iPhone is locked: unlock it" */
export function waitingWords({ code, message }: { code: ErrorCode; message: string }): string {
  const what = escapeControls(message).replace(/\.$/, "");
  const act = ACTS[code];
  return act === undefined ? what : `${what}: ${act}`;
}
