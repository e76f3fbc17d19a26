import type { IPhoneMisbehaviour } from "./iphone-misbehaviour.js";
import type { CableFault } from "./virtual-cable.js";

/** How a phone behaves, all misbehaviours taken together. */
export interface IPhoneManners {
  readonly replyDelayMs: number;
  /** Infinity where the cable has no limit. */
  readonly bytesPerSecond: number;
  readonly cableFaults: readonly CableFault[];
  readonly maxOpenHandles: number;
  /** 1 is in order. */
  readonly answersReversedBy: number;
  readonly refusesHardLinks: boolean;
  readonly impostor: "no-tls" | "own-key" | null;
  statusFor(operation: "read-dir" | "get-file-info" | "file-open", path: string): number | null;
  statusWhenRead(path: string, positionBytes: number): number | null;
  namesBeside(folder: string): string[];
  readLimit(wantedBytes: number): number;
  isAbsent(path: string): boolean;
  isRewritten(path: string): boolean;
  sizeWhenRead(path: string, realBytes: number): number;
}

/** Reported by several clients of real phones: then FILE_OPEN answers "no resources". */
export const MAX_OPEN_HANDLES = 240;

export function mannersOf(misbehaviours: readonly IPhoneMisbehaviour[]): IPhoneManners {
  const smallest = (values: (number | undefined)[]) => Math.min(...values.map((value) => value ?? Infinity));
  return {
    replyDelayMs: misbehaviours.reduce((sum, { replyDelayMs }) => sum + (replyDelayMs ?? 0), 0),
    bytesPerSecond: smallest(misbehaviours.map((one) => one.bytesPerSecond)),
    cableFaults: misbehaviours.flatMap((one) => one.cableFaults ?? []),
    maxOpenHandles: smallest([MAX_OPEN_HANDLES, ...misbehaviours.map((one) => one.maxOpenHandles)]),
    answersReversedBy: Math.max(1, ...misbehaviours.map((one) => one.answersReversedBy ?? 1)),
    refusesHardLinks: misbehaviours.some((one) => one.refusesHardLinks === true),
    impostor: misbehaviours.find((one) => one.impostor !== undefined)?.impostor ?? null,
    statusFor(operation, path) {
      for (const one of misbehaviours) {
        const status = one.statusFor?.(operation, path) ?? null;
        if (status !== null) return status;
      }
      return null;
    },
    statusWhenRead(path, positionBytes) {
      for (const one of misbehaviours) {
        const status = one.statusWhenRead?.(path, positionBytes) ?? null;
        if (status !== null) return status;
      }
      return null;
    },
    namesBeside: (folder) => misbehaviours.flatMap((one) => one.namesBeside?.(folder) ?? []),
    readLimit: (wantedBytes) =>
      misbehaviours.reduce((limit, one) => Math.max(1, one.readLimit?.(limit) ?? limit), wantedBytes),
    isAbsent: (path) => misbehaviours.some((one) => one.isAbsent?.(path) === true),
    isRewritten: (path) => misbehaviours.some((one) => one.isRewritten?.(path) === true),
    sizeWhenRead: (path, realBytes) =>
      misbehaviours.reduce((size, one) => one.sizeWhenRead?.(path, size) ?? size, realBytes),
  };
}
