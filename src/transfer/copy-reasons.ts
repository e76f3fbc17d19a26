import { hasErrno, type Reason } from "../errors.js";
import type { PhoneFile } from "../phone/phone.js";

/** FAT takes none of 4 GiB. */
export function tooLarge(file: PhoneFile, folder: string): Reason {
  return {
    code: "FILE_TOO_LARGE",
    message: `the disk of ${folder} takes no file of ${file.sizeBytes} bytes`,
    remedy:
      "Use a folder on a disk that is formatted as APFS or ExFAT (for staging: ROLLCALL_STAGING), then run this again.",
  };
}

export function nameRefused(path: string, error: unknown): Reason {
  return {
    code: "NAME_REFUSED",
    message: `the disk takes no file of that name: ${path} (${error instanceof Error ? error.message : String(error)})`,
    // The whole path is too long: on every disk, and a name that is too long is shortened before.
    remedy: hasErrno(error, "ENAMETOOLONG")
      ? "Copy into a folder with a shorter path, then run this again."
      : "Copy into a folder on another disk, then run this again.",
  };
}

export function dateRefused(ownMs: number): Reason {
  return {
    code: "DATE_REFUSED",
    message: `the disk takes no file of that date: ${dateOf(ownMs)}`,
    remedy: "Use a folder on another disk for staging (ROLLCALL_STAGING), then run this again.",
  };
}

/** Of a copy that is there with all its bytes. */
export function keptUndated(ownMs: number): Reason {
  return {
    code: "DATE_REFUSED",
    message: `its copy has another modification date: the disk takes no file of ${dateOf(ownMs)}`,
    remedy: "Its bytes are all there. For the date too, copy into a folder on another disk.",
  };
}

function dateOf(ms: number): string {
  return Number.isNaN(new Date(ms).getTime()) ? "its date" : new Date(ms).toISOString();
}

export function changed(file: PhoneFile, how: string): Reason {
  return {
    code: "CHANGED_WHILE_COPYING",
    message: `${how} between being listed and being read (${file.sizeBytes} bytes were listed)`,
    remedy: "Let the phone finish what it is doing, then run this again.",
  };
}
