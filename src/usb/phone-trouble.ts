import { hasErrno, RollcallError, stopped } from "../errors.js";
import { AfcConnectionError } from "./afc/afc-errors.js";
import {
  LockdownRefusal,
  lockdownError,
  phoneGone,
  phoneProtocol,
  recordUnusable,
  trustTakenBack,
} from "./lockdown/lockdown-errors.js";
import { SecureSessionError } from "./lockdown/secure-session.js";
import { UsbmuxRefusal } from "./usbmux/usbmux-errors.js";
import { DeadlineError } from "./wire/deadline.js";
import { StreamEndedError } from "./wire/exact-reader.js";
import { WireFormatError } from "./wire/wire-format-error.js";

/**
 * Whatever went wrong between here and the phone, as a person is told it.
 * @param phone how to call it in a sentence: "Anna's iPhone"
 * @returns the error itself where it is none of ours
 */
export function phoneTrouble(error: unknown, phone: string, signal?: AbortSignal): unknown {
  if (error instanceof RollcallError) return error;
  if (signal?.aborted) return stopped(signal);
  if (error instanceof LockdownRefusal) return lockdownError(error, phone);
  if (error instanceof SecureSessionError) return secureSessionTrouble(error, phone);
  if (error instanceof AfcConnectionError && error.kind === "protocol") {
    return phoneProtocol(phone, `${capital(error.message)}.`, error);
  }
  if (error instanceof WireFormatError) return phoneProtocol(phone, `${capital(error.message)}.`, error);
  if (
    error instanceof AfcConnectionError ||
    error instanceof StreamEndedError ||
    error instanceof DeadlineError ||
    error instanceof UsbmuxRefusal ||
    hasErrno(error, "ECONNRESET", "EPIPE", "ERR_STREAM_DESTROYED", "ERR_STREAM_PREMATURE_CLOSE")
  ) {
    return phoneGone(phone, error);
  }
  return error;
}

function secureSessionTrouble(error: SecureSessionError, phone: string): RollcallError {
  if (error.kind === "closed") return phoneGone(phone, error);
  if (error.kind === "unusable-record") return recordUnusable(phone);
  const [, alert = ""] = error.code.split("ALERT", 2);
  return /CERT|_CA(?:_|$)|ACCESS_DENIED|HANDSHAKE/.test(alert)
    ? trustTakenBack(phone)
    : phoneProtocol(phone, `${capital(error.message)}.`, error);
}

function capital(sentence: string): string {
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}
