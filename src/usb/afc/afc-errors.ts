import type { Reason } from "../../errors.js";
import type { AfcFileInfo } from "./afc-file-info.js";
import { AFC_STATUS } from "./afc-packet.js";

/** The phone refused one request; the connection is well. */
export class AfcStatusError extends Error {
  readonly request: string;
  readonly status: number;

  constructor(request: string, status: number) {
    super(`the phone answered ${request} with AFC status ${status} (${statusName(status)})`);
    this.name = "AfcStatusError";
    this.request = request;
    this.status = status;
  }
}

/** The connection is over: every request on it fails with this, and none can be sent any more. */
export class AfcConnectionError extends Error {
  /**
   * `closed`: by the other side or the cable. `silent`: not a byte came for too long while requests
   * waited. `protocol`: bytes came that are no AFC, so what follows them cannot be trusted.
   */
  readonly kind: "closed" | "silent" | "protocol";
  /**
   * True where it broke while nothing was under way, or at the first request after that, before any
   * answer. Phones do that; a fresh connection is all that is needed.
   */
  readonly wasIdle: boolean;

  constructor(kind: AfcConnectionError["kind"], message: string, wasIdle: boolean) {
    super(message);
    this.name = "AfcConnectionError";
    this.kind = kind;
    this.wasIdle = wasIdle;
  }
}

/** Absent: 8, and 4 on a description (pymobiledevice3 services/afc.py). */
export function isAbsent(error: unknown): boolean {
  return (
    error instanceof AfcStatusError &&
    (error.status === AFC_STATUS.notFound || error.status === AFC_STATUS.readError)
  );
}

/** Why one file could not be described or read, for a `failed` answer. */
export function reasonOf(error: AfcStatusError, info: AfcFileInfo | null): Reason {
  const unlikelyLinks = info?.fileType === "S_IFREG" && (info.linkCount ?? 1) > 1;
  if (unlikelyLinks && error.status !== AFC_STATUS.noResources) {
    return {
      code: "FILE_HARD_LINKED",
      message: "The iPhone refuses to open this file, which is stored under more than one name.",
      remedy: "Send it to this computer another way (AirDrop, Messages), or duplicate it on the iPhone.",
    };
  }
  switch (error.status) {
    case AFC_STATUS.notFound:
      return FILE_VANISHED;
    case AFC_STATUS.permissionDenied:
      return {
        code: "FILE_NOT_PERMITTED",
        message: "The iPhone does not permit this file to be read.",
        remedy: "Unlock the iPhone and run the same command again.",
      };
    case AFC_STATUS.noResources:
    case AFC_STATUS.busy:
    case AFC_STATUS.wouldBlock:
      return {
        code: "FILE_BUSY",
        message: "The iPhone has no room to open this file just now.",
        remedy: "Close other programs that read from the iPhone, plug it in again, and run the same command.",
      };
    case AFC_STATUS.readError:
    case AFC_STATUS.inputOutput:
      return {
        code: "FILE_READ_ERROR",
        message: "The iPhone could not read this file from its storage.",
        remedy:
          "Open it in Photos on the iPhone; if it is in iCloud only, wait until it is downloaded, then run the same command.",
      };
    default:
      return {
        code: "FILE_REFUSED",
        message: `The iPhone refused to hand over this file (AFC status ${error.status}, ${statusName(error.status)}).`,
        remedy: "Unlock the iPhone and run the same command again.",
      };
  }
}

export const FILE_VANISHED: Reason = {
  code: "FILE_VANISHED",
  message: "The file was listed, and was gone when it was to be read.",
  remedy: "Run the same command again: if the file is still on the iPhone, it will be imported.",
};

export const FILE_CHANGED: Reason = {
  code: "FILE_CHANGED",
  message: "The file changed on the iPhone while it was being read.",
  remedy: "Wait until the iPhone is done with it, then run the same command again.",
};

export const NOT_A_FILE: Reason = {
  code: "NOT_A_FILE",
  message: "What is there now is not a regular file.",
  remedy: "Run the same command again; if this stays, look at it on the iPhone.",
};

/** A description that the phone gave and that makes no sense. */
export const DESCRIPTION_UNREADABLE: Reason = {
  code: "FILE_DESCRIPTION_UNREADABLE",
  message: "The iPhone's description of this file cannot be understood.",
  remedy: "Restart the iPhone and run the same command again.",
};

export const FOLDER_SHUT: Reason = {
  code: "FOLDER_NOT_LISTED",
  message: "The iPhone does not say what is in this folder, so nothing of it came.",
  remedy: "Unlock the iPhone and run the same command again; if this stays, restart the iPhone.",
};

/** A name that no path on this computer or the phone can carry. */
export const NAME_UNUSABLE: Reason = {
  code: "FILE_NAME_UNUSABLE",
  message: "The iPhone lists a name here that cannot be the name of a file.",
  remedy: "Rename the file on the iPhone, or send it to this computer another way.",
};

function statusName(status: number): string {
  return Object.entries(AFC_STATUS).find(([, number]) => number === status)?.[0] ?? "not known";
}
