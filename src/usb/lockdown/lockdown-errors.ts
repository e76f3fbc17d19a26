import { type ErrorCode, RollcallError } from "../../errors.js";

/** lockdownd said no, in one of its own words. The connection to it is well. */
export class LockdownRefusal extends Error {
  /** "StartSession", "Pair", ... */
  readonly request: string;
  /** "PasswordProtected", "InvalidHostID", ... or what else the phone wrote, cut to 64 characters. */
  readonly word: string;

  constructor(request: string, word: string) {
    const shown = word.slice(0, 64).replace(/[^\w .-]/g, "?");
    super(`the phone answered ${request} with ${shown}`);
    this.name = "LockdownRefusal";
    this.request = request;
    this.word = shown;
  }
}

/** It would go on without TLS: anybody who knows a UDID can say that. */
export class NoSecureSession extends Error {
  constructor() {
    super("the phone began a session without a secure connection");
    this.name = "NoSecureSession";
  }
}

/** A session that the phone has forgotten: connect anew, once. */
export function isLostSession(error: unknown): boolean {
  return error instanceof LockdownRefusal && LOST_SESSION.has(error.word);
}

const LOST_SESSION = new Set(["SessionInactive", "InvalidSessionID", "SessionActive", "InvalidConnection"]);

type Words = { code: ErrorCode; message: (phone: string) => string; why?: string; remedy: string };

/** A session is refused until the passcode was entered once. */
const NOT_UNLOCKED_SINCE_START: Words = {
  code: "PHONE_LOCKED",
  message: (phone) => `${phone} is locked.`,
  why: "Its passcode has not been entered since it was last started.",
  remedy: "Unlock it with its passcode once, leave it plugged in, and run the same command again.",
};
/** What is refused in a session, or before trust: whether it was unlocked since its start cannot be told. */
const LOCKED: Words = {
  code: "PHONE_LOCKED",
  message: (phone) => `${phone} is locked.`,
  why: "It does not let this computer in while it is locked.",
  remedy: "Unlock it, leave it plugged in, and run the same command again.",
};
const FORGOTTEN: Words = {
  code: "PHONE_TRUST_LOST",
  message: (phone) => `${phone} does not trust this computer any more.`,
  why: "Its list of trusted computers was reset, or it was set up anew.",
  remedy: "Unplug it, plug it in again, unlock it, tap Trust, and enter its passcode.",
};
const DENIED: Words = {
  code: "PHONE_TRUST_REFUSED",
  message: (phone) => `${phone} was told not to trust this computer.`,
  remedy:
    "Plug it in again and tap Trust. If it does not ask: Settings > General > Transfer or Reset iPhone > Reset > Reset Location & Privacy.",
};
const SUPERVISED: Words = {
  code: "PHONE_REFUSED",
  message: (phone) => `${phone} may not be used with this computer.`,
  why: "It is managed by an organisation, which does not allow this.",
  remedy: "Ask the person who manages it.",
};
const SERVICE: Words = {
  code: "PHONE_REFUSED",
  message: (phone) => `${phone} does not let its photos be read.`,
  why: "It refused to start its file service; other programs may be holding it, or a profile forbids it.",
  remedy: "Close other programs that use the iPhone, unplug it, plug it in again, and try once more.",
};

/** Its file service has no place left. */
const BUSY: Words = {
  code: "PHONE_BUSY",
  message: (phone) => `${phone} is busy.`,
  why: "Too many programs read from it at the same time, and it takes no more.",
  remedy:
    "Close other programs that use the iPhone (a sync in Finder, Image Capture, Photos). If it stays, unplug it and plug it in again.",
};

/** lockdownd's words, sorted by what a person can do (libimobiledevice src/lockdown.c). */
const BY_WORD: Readonly<Record<string, Words>> = {
  PasswordProtected: LOCKED,
  PairingDialogResponsePending: {
    code: "PHONE_TRUST_PENDING",
    message: (phone) => `${phone} is asking whether it may trust this computer.`,
    // A run that has ended takes the keys with it that the phone was asked to trust.
    remedy:
      "Tap Trust on it and enter its passcode. If Rollcall has ended, run the same command again, and tap Trust once more if it asks.",
  },
  UserDeniedPairing: DENIED,
  CanceledByUser: DENIED,
  InvalidHostID: FORGOTTEN,
  MissingHostID: FORGOTTEN,
  MissingPairRecord: FORGOTTEN,
  InvalidPairRecord: FORGOTTEN,
  PairingProhibitedOverThisConnection: {
    code: "PHONE_NOT_TRUSTED",
    message: (phone) => `${phone} can only be trusted over a cable.`,
    remedy: "Connect it with a cable.",
  },
  MCProtected: SUPERVISED,
  MCChallengeRequired: SUPERVISED,
  InvalidService: SERVICE,
  ServiceProhibited: SERVICE,
  ServiceLimit: BUSY,
};

/** @param phone how to call it in a sentence: "Anna's iPhone" */
export function lockdownError(refusal: LockdownRefusal, phone: string): RollcallError {
  const isBeforeSession = refusal.request === "StartSession" && refusal.word === "PasswordProtected";
  const known = Object.hasOwn(BY_WORD, refusal.word) ? BY_WORD[refusal.word] : undefined;
  // In an answer to Pair it is about the record that was offered, not about one that was forgotten.
  const isOurs = refusal.request === "Pair" && refusal.word === "InvalidPairRecord";
  const words = isBeforeSession ? NOT_UNLOCKED_SINCE_START : isOurs ? undefined : known;
  if (words === undefined) {
    return new RollcallError("PHONE_REFUSED", {
      message: `${phone} refused the connection (${refusal.word}).`,
      remedy: "Unlock it, unplug it, plug it in again, and try once more.",
      cause: refusal,
    });
  }
  return new RollcallError(words.code, {
    message: words.message(phone),
    why: words.why,
    remedy: words.remedy,
    cause: refusal,
  });
}

/** usbmuxd has no pair record for it. */
export function neverTrusted(phone: string): RollcallError {
  return new RollcallError("PHONE_NOT_TRUSTED", {
    message: `${phone} does not trust this computer yet.`,
    why: "This computer has no record of having been trusted by it.",
    remedy:
      "Unlock it, tap Trust when it asks, and enter its passcode. If it does not ask, plug it in again.",
  });
}

/** The handshake ended right after StartSession: how a phone shows that its trust was taken back. */
export function trustTakenBack(phone: string): RollcallError {
  return new RollcallError(FORGOTTEN.code, {
    message: FORGOTTEN.message(phone),
    why: "It ended the secure connection at its start. Trust was reset, or its clock is wrong.",
    remedy: FORGOTTEN.remedy,
  });
}

/** This computer has a record of trust, and what is on the cable began a session without proving anything. */
export function notProved(phone: string): RollcallError {
  return new RollcallError("PHONE_NOT_PROVED", {
    message: `What calls itself ${phone} did not prove that it is the iPhone that this computer was trusted by.`,
    why: "It began a session without a secure connection, so it may be another device under the same number.",
    remedy: "Unplug it. If it is your iPhone: restart it, plug it in again, and unlock it.",
  });
}

/** Under the number of a phone that was spoken with a moment ago. */
export function anotherPhone(phone: string): RollcallError {
  return new RollcallError("PHONE_NOT_PROVED", {
    message: `What is on the cable now is not ${phone}: it has another key.`,
    remedy: "Plug in the iPhone that this was begun with, and run the same command again.",
  });
}

/** usbmuxd has a pair record, and it is no use. No cause is carried: it would be about a private key. */
export function recordUnusable(phone: string): RollcallError {
  return new RollcallError("PHONE_NOT_TRUSTED", {
    message: `This computer's record of being trusted by ${phone} cannot be used.`,
    why: "A part of it is missing or damaged.",
    remedy:
      "Let the iPhone forget this computer (Settings > General > Transfer or Reset iPhone > Reset > Reset Location & Privacy), plug it in again and tap Trust.",
  });
}

export function phoneGone(phone: string, cause?: unknown): RollcallError {
  return new RollcallError("PHONE_GONE", {
    message: `${phone} was unplugged or stopped answering.`,
    remedy: "Plug it in again and run the same command: it resumes where it stopped.",
    cause,
  });
}

export function phoneProtocol(phone: string, why: string, cause?: unknown): RollcallError {
  return new RollcallError("PHONE_PROTOCOL", {
    message: `${phone} sent something that cannot be understood.`,
    why,
    remedy: "Unplug it, plug it in again, and run the same command. If it stays, please report it.",
    cause,
  });
}
