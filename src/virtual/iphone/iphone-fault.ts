import { RollcallError } from "../../errors.js";
import { AFC_STATUS } from "../../usb/afc/afc-packet.js";
import type { CableFault } from "./virtual-cable.js";

/**
 * One thing that a virtual iPhone does other than it should. Everything left out stays ordinary. Where
 * several are on at once, limits take the smallest and delays add up.
 */
export interface IPhoneFault {
  readonly name: string;
  /** Every AFC answer comes this much later; the delays of answers overlap. */
  readonly replyDelayMs?: number;
  /** What the whole cable carries from the phone, all connections together. */
  readonly bytesPerSecond?: number;
  /** One after the other, by the bytes of file content that have passed since the one before. */
  readonly cableFaults?: readonly CableFault[];
  /** So few files can be open at a time; more is refused with "no resources". */
  readonly maxOpenHandles?: number;
  /** Answers to requests that came together are given last first, so many at a time. */
  readonly answersReversedBy?: number;
  /** A regular file with more than one name cannot be opened (ifuse issue 54). */
  readonly refusesHardLinks?: boolean;
  /**
   * Asked before each AFC request that names a path, as `/DCIM/...`. An AFC status in place of the answer,
   * or null to answer as usual.
   */
  statusFor?(operation: "read-dir" | "get-file-info" | "file-open", path: string): number | null;
  /** Asked before each read. An AFC status in place of bytes, or null to answer as usual. */
  statusWhenRead?(path: string, positionBytes: number): number | null;
  /** Names that are listed in a folder besides what lies there, whatever they look like. */
  namesBeside?(folder: string): readonly string[];
  /** The most bytes that one read gives back; at least 1. */
  readLimit?(wantedBytes: number): number;
  /**
   * Another device under this phone's number: it begins sessions without TLS and asks for no proof, or it speaks TLS
   * with a key of its own. It knows the pair record of nobody and takes every computer.
   */
  readonly impostor?: "no-tls" | "own-key";
  /** Asked before a file or folder is listed, described or opened: true where the phone has none of that name. */
  isAbsent?(path: string): boolean;
  /**
   * True where a file was rewritten in place by now: it is as long as before, each of its bytes is another, and it was
   * changed a second later.
   */
  isRewritten?(path: string): boolean;
  /** How long an open file is; bytes beyond its real end read as zero. */
  sizeWhenRead?(path: string, realBytes: number): number;
}

export function slowAnswers(delayMs: number): IPhoneFault {
  return { name: "latency", replyDelayMs: delayMs };
}

export function slowCable(bytesPerSecond: number): IPhoneFault {
  return { name: "rate", bytesPerSecond };
}

/** A phone with a USB 2 port as it was measured: 1 ms an answer, 40 MB/s in all. */
export function usb2(): IPhoneFault {
  return { name: "usb2", replyDelayMs: 1, bytesPerSecond: 40_000_000 };
}

export function cablePulled(afterBytes: number): IPhoneFault {
  return { name: "cable-pulled", cableFaults: [{ afterBytes, what: "pulled" }] };
}

/** Out, and in again at once, as often as there is more to read: a loose plug. */
export function looseCable(everyBytes: number, times = 10): IPhoneFault {
  const fault: CableFault = { afterBytes: everyBytes, what: "replugged" };
  return { name: "loose-cable", cableFaults: Array<CableFault>(times).fill(fault) };
}

/** Falls silent in the middle of a file, once, and does not say so. */
export function stalls(afterBytes: number): IPhoneFault {
  return { name: "stalls", cableFaults: [{ afterBytes, what: "stalled" }] };
}

/** Other programs have taken most of its handles. */
export function fewHandles(count: number): IPhoneFault {
  return { name: "few-handles", maxOpenHandles: count };
}

/** Every read gives back about a third of what was asked for. */
export function shortReads(): IPhoneFault {
  return { name: "short-reads", readLimit: (wantedBytes) => Math.ceil(wantedBytes / 3) };
}

export function answersOutOfOrder(): IPhoneFault {
  return { name: "out-of-order", answersReversedBy: 4 };
}

export function hardLinksRefused(): IPhoneFault {
  return { name: "hard-links-refused", refusesHardLinks: true };
}

export function openRefused(path: string, status: number = AFC_STATUS.permissionDenied): IPhoneFault {
  const statusFor = (operation: string, asked: string) =>
    operation === "file-open" && asked === path ? status : null;
  return { name: "open-refused", statusFor };
}

export function statRefused(path: string, status: number = AFC_STATUS.inputOutput): IPhoneFault {
  const statusFor = (operation: string, asked: string) =>
    operation === "get-file-info" && asked === path ? status : null;
  return { name: "stat-refused", statusFor };
}

/** A folder that is listed, and in which nothing is. */
export function listRefused(folder: string, status: number = AFC_STATUS.permissionDenied): IPhoneFault {
  const statusFor = (operation: string, asked: string) =>
    operation === "read-dir" && asked === folder ? status : null;
  return { name: "list-refused", statusFor };
}

/** Opened, and from some byte on its storage gives nothing. */
export function readRefused(
  path: string,
  afterBytes = 1,
  status: number = AFC_STATUS.inputOutput,
): IPhoneFault {
  const statusWhenRead = (asked: string, positionBytes: number) =>
    asked === path && positionBytes >= afterBytes ? status : null;
  return { name: "read-refused", statusWhenRead };
}

/** Names that no folder can hold, as a damaged or crafted one lists them. */
export function listsAlso(folder: string, names: readonly string[] = HOSTILE_NAMES): IPhoneFault {
  return { name: "lists-also", namesBeside: (asked) => (asked === folder ? names : []) };
}

const HOSTILE_NAMES = ["..", "../../outside.JPG", "/etc/passwd", "a/../b.JPG", `${"x".repeat(2_000)}.JPG`];

/** Described once, then gone. */
export function vanishesAfterStat(path: string): IPhoneFault {
  let wasDescribed = false;
  return {
    name: "vanishes",
    statusFor(operation, asked) {
      if (asked !== path || operation === "read-dir") return null;
      if (wasDescribed) return AFC_STATUS.notFound;
      wasDescribed = operation === "get-file-info";
      return null;
    },
  };
}

/** Half as long when read as it was described. */
export function shrinksAfterStat(path: string): IPhoneFault {
  return {
    name: "shrinks",
    sizeWhenRead: (asked, realBytes) => (asked === path ? Math.floor(realBytes / 2) : realBytes),
  };
}

/** Longer when read than it was described, as a video that is still being saved. */
export function growsAfterStat(path: string, byBytes = 4096): IPhoneFault {
  return {
    name: "grows",
    sizeWhenRead: (asked, realBytes) => (asked === path ? realBytes + byBytes : realBytes),
  };
}

/** Rewritten in place, as long as before, once it is read beyond this byte: what was read until then is old. */
export function rewrittenWhileRead(path: string, afterBytes = 1): IPhoneFault {
  let isRewritten = false;
  return {
    name: "rewritten",
    statusWhenRead(asked, positionBytes) {
      if (asked === path && positionBytes >= afterBytes) isRewritten = true;
      return null;
    },
    isRewritten: (asked) => isRewritten && asked === path,
  };
}

/** Not there, though the phone's library may name it: a photo, or one part of it. */
export function absentOnPhone(path: string): IPhoneFault {
  return { name: "absent", isAbsent: (asked) => asked === path };
}

export function impostor(how: "no-tls" | "own-key"): IPhoneFault {
  return { name: `impostor-${how}`, impostor: how };
}

/** How each is spelled on a command line, and what its value means. */
const spellings: Record<string, { value: string | null; make: (value: string) => IPhoneFault | null }> = {
  latency: { value: "MILLISECONDS", make: (value) => withNumber(value, slowAnswers) },
  rate: { value: "BYTES_PER_SECOND", make: (value) => withNumber(value, slowCable) },
  usb2: { value: null, make: usb2 },
  "cable-pulled": { value: "AFTER_BYTES", make: (value) => withNumber(value, cablePulled) },
  "loose-cable": { value: "EVERY_BYTES", make: (value) => withNumber(value, looseCable) },
  stalls: { value: "AFTER_BYTES", make: (value) => withNumber(value, stalls) },
  "few-handles": { value: "COUNT", make: (value) => withNumber(value, fewHandles) },
  "short-reads": { value: null, make: shortReads },
  "out-of-order": { value: null, make: answersOutOfOrder },
  "hard-links-refused": { value: null, make: hardLinksRefused },
  "open-refused": { value: "PATH", make: (value) => withPath(value, openRefused) },
  "stat-refused": { value: "PATH", make: (value) => withPath(value, statRefused) },
  "read-refused": { value: "PATH", make: (value) => withPath(value, (path) => readRefused(path)) },
  "list-refused": { value: "PATH", make: (value) => withPath(value, listRefused) },
  "lists-also": { value: "PATH", make: (value) => withPath(value, (path) => listsAlso(path)) },
  vanishes: { value: "PATH", make: (value) => withPath(value, vanishesAfterStat) },
  shrinks: { value: "PATH", make: (value) => withPath(value, shrinksAfterStat) },
  "impostor-no-tls": { value: null, make: () => impostor("no-tls") },
  "impostor-own-key": { value: null, make: () => impostor("own-key") },
  rewritten: { value: "PATH", make: (value) => withPath(value, (path) => rewrittenWhileRead(path)) },
  absent: { value: "PATH", make: (value) => withPath(value, absentOnPhone) },
  grows: { value: "PATH", make: (value) => withPath(value, growsAfterStat) },
};

/** Every spelling that {@link parseFault} takes: `latency=MILLISECONDS`, `short-reads`. */
export const faultSpellings: readonly string[] = Object.entries(spellings).map(([name, { value }]) =>
  value === null ? name : `${name}=${value}`,
);

/**
 * @param text a name, with `=VALUE` where it takes one: `cable-pulled=5000000`, `vanishes=/DCIM/100APPLE/IMG_0001.JPG`
 * @throws RollcallError BAD_USAGE, which lists the known spellings
 */
export function parseFault(text: string): IPhoneFault {
  const [, name = text, value = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const spelling = Object.hasOwn(spellings, name) ? spellings[name] : undefined;
  if (spelling !== undefined && (spelling.value === null) === (value === "")) {
    const made = spelling.make(value);
    if (made !== null) return made;
  }
  throw new RollcallError("BAD_USAGE", {
    message: `"${text}" is not a fault of the virtual iPhone.`,
    why: spelling?.value ? `"${name}" needs a value: ${name}=${spelling.value}.` : undefined,
    remedy: `Use one of: ${faultSpellings.join(", ")}.`,
  });
}

function withNumber(value: string, make: (value: number) => IPhoneFault): IPhoneFault | null {
  return /^[1-9][0-9]{0,14}$/.test(value) ? make(Number(value)) : null;
}

function withPath(value: string, make: (value: string) => IPhoneFault): IPhoneFault | null {
  return value.startsWith("/") ? make(value) : null;
}
