import type { IPhoneFault } from "./iphone-fault.js";
import type { CableFault } from "./virtual-cable.js";

/** How a phone behaves, all faults taken together. */
export interface IPhoneBehavior {
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
const MAX_OPEN_HANDLES = 240;

export function behaviorOf(faults: readonly IPhoneFault[]): IPhoneBehavior {
  const smallest = (values: (number | undefined)[]) => Math.min(...values.map((value) => value ?? Infinity));
  return {
    replyDelayMs: faults.reduce((sum, { replyDelayMs }) => sum + (replyDelayMs ?? 0), 0),
    bytesPerSecond: smallest(faults.map((one) => one.bytesPerSecond)),
    cableFaults: faults.flatMap((one) => one.cableFaults ?? []),
    maxOpenHandles: smallest([MAX_OPEN_HANDLES, ...faults.map((one) => one.maxOpenHandles)]),
    answersReversedBy: Math.max(1, ...faults.map((one) => one.answersReversedBy ?? 1)),
    refusesHardLinks: faults.some((one) => one.refusesHardLinks === true),
    impostor: faults.find((one) => one.impostor !== undefined)?.impostor ?? null,
    statusFor(operation, path) {
      for (const one of faults) {
        const status = one.statusFor?.(operation, path) ?? null;
        if (status !== null) return status;
      }
      return null;
    },
    statusWhenRead(path, positionBytes) {
      for (const one of faults) {
        const status = one.statusWhenRead?.(path, positionBytes) ?? null;
        if (status !== null) return status;
      }
      return null;
    },
    namesBeside: (folder) => faults.flatMap((one) => one.namesBeside?.(folder) ?? []),
    readLimit: (wantedBytes) =>
      faults.reduce((limit, one) => Math.max(1, one.readLimit?.(limit) ?? limit), wantedBytes),
    isAbsent: (path) => faults.some((one) => one.isAbsent?.(path) === true),
    isRewritten: (path) => faults.some((one) => one.isRewritten?.(path) === true),
    sizeWhenRead: (path, realBytes) =>
      faults.reduce((size, one) => one.sizeWhenRead?.(path, size) ?? size, realBytes),
  };
}
