import { hasErrno, RollcallError, stopped } from "../../errors.js";
import { DeadlineError } from "../wire/deadline.js";
import { StreamEndedError } from "../wire/exact-reader.js";
import { WireFormatError } from "../wire/wire-format-error.js";
import { describeAddress, SYSTEM_USBMUXD, type UsbmuxAddress } from "./usbmux-address.js";

/** Result numbers of usbmuxd. Pair-record requests answer with an errno instead: 2 is "no record". */
export const USBMUX_RESULT = {
  ok: 0,
  badCommand: 1,
  badDevice: 2,
  connectionRefused: 3,
  badVersion: 6,
} as const;

/** usbmuxd said no; the connection to it is done with, and it is well. */
export class UsbmuxRefusal extends Error {
  readonly result: number;

  constructor(request: string, result: number) {
    super(`usbmuxd answered ${request} with result ${result}`);
    this.name = "UsbmuxRefusal";
    this.result = result;
  }
}

/** What a person is told where usbmuxd could not be reached or asked. */
export function usbmuxTrouble(error: unknown, address: UsbmuxAddress, signal?: AbortSignal): RollcallError {
  if (error instanceof RollcallError) return error;
  if (signal?.aborted) return stopped(signal);
  const place = describeAddress(address);
  if (hasErrno(error, "ENOENT", "ECONNREFUSED", "ENOTFOUND", "ENOTSOCK", "EHOSTUNREACH", "ENETUNREACH")) {
    return new RollcallError("USBMUXD_ABSENT", {
      message: `No iPhone service is listening at ${place}.`,
      why: "usbmuxd, the system's service for iPhones on USB, did not take the connection.",
      remedy: absentRemedy(address),
      cause: error,
    });
  }
  if (hasErrno(error, "EPERM", "EACCES")) {
    return new RollcallError("USBMUXD_TROUBLE", {
      message: `This program may not use the iPhone service at ${place}.`,
      why: "The system refused the connection, as it does for sandboxed programs.",
      remedy: "Run Rollcall from Terminal, outside any sandbox or container.",
      cause: error,
    });
  }
  return new RollcallError("USBMUXD_TROUBLE", {
    message: `The iPhone service at ${place} did not answer as it should.`,
    why: whyOf(error),
    remedy: "Unplug the iPhone and plug it in again. If that does not help, restart this computer.",
    cause: error,
  });
}

function whyOf(error: unknown): string {
  if (error instanceof DeadlineError) return `It gave no answer within ${error.timeoutMs / 1000} seconds.`;
  if (error instanceof StreamEndedError) return "It closed the connection in the middle of an answer.";
  if (error instanceof WireFormatError) return `Its answer could not be read: ${error.message}.`;
  return error instanceof Error ? `${error.message}.` : "The reason is not known.";
}

function absentRemedy(address: UsbmuxAddress): string {
  if (address !== SYSTEM_USBMUXD) {
    return "Check USBMUXD_SOCKET_ADDRESS, or unset it to use the system's own service.";
  }
  return process.platform === "darwin"
    ? "macOS starts it by itself: plug the iPhone in, and restart the Mac if this stays."
    : "Install and start usbmuxd (Debian and Ubuntu: apt install usbmuxd), then plug the iPhone in.";
}
