import { createHash, randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PhoneFile, PhoneIdentity } from "../phone/phone.js";

/** What a copy is called until it is whole. */
const PARTIAL_SUFFIX = ".rollcall-partial";

/** A smaller file is copied again sooner than what there is of it is found and read. */
export const WORTH_RESUMING_BYTES = 16 * 1024 * 1024;

/**
 * A copy that was cut off and synced as far as it came. All that is known of it stands in its name, which it got after
 * the sync: of which state of which file it is, how many bytes are on the disk, and a hash of those.
 */
export interface ResumableCopy {
  readonly path: string;
  readonly sizeBytes: number;
  /** The beginning of the SHA-256 of these bytes, in hex. */
  readonly hashStart: string;
}

/** The same only for the same file of the same phone in the same state. */
export function resumableStem({ udid }: PhoneIdentity, file: PhoneFile): string {
  const state = [udid, file.path, file.sizeBytes, file.modifiedAtMs, file.bornAtMs];
  return `.${createHash("sha256").update(JSON.stringify(state)).digest("hex").slice(0, 24)}`;
}

export function resumableName(stem: string, { sizeBytes, hashStart }: Omit<ResumableCopy, "path">): string {
  return `${stem}-${sizeBytes}-${hashStart}${PARTIAL_SUFFIX}`;
}

/** A name for a copy that is being written. */
export function partialCopyName(): string {
  return `.${randomUUID()}${PARTIAL_SUFFIX}`;
}

/** One of the two kinds of names that a copy has until it is whole: nobody else gives such a name. */
export function isPartialCopyName(name: string): boolean {
  return RANDOM_NAME.test(name) || readResumableName(name) !== null;
}

const RANDOM_NAME = /^\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.rollcall-partial$/;

/** Null for any other name. */
export function readResumableName(path: string): (ResumableCopy & { readonly stem: string }) | null {
  const [, stem, size, hashStart] =
    /^(\.[0-9a-f]{24})-([1-9][0-9]{0,14})-([0-9a-f]{16})\.rollcall-partial$/.exec(basename(path)) ?? [];
  if (stem === undefined || hashStart === undefined) return null;
  return { path, stem, sizeBytes: Number(size), hashStart };
}

/** The longest in the folder that begins this file; null where there is none. */
export async function findResumable(folder: string, stem: string): Promise<ResumableCopy | null> {
  const names = await readdir(folder).catch(() => []);
  const found = names.flatMap((name) => {
    const resumable = name.startsWith(stem) ? readResumableName(join(folder, name)) : null;
    return resumable?.stem === stem ? [resumable] : [];
  });
  return found.sort((a, b) => b.sizeBytes - a.sizeBytes)[0] ?? null;
}

/** How many bytes of these files lie below the folder already, in copies that are gone on with. */
export async function resumableBytes(
  folder: string,
  phone: PhoneIdentity,
  files: Iterable<PhoneFile>,
): Promise<number> {
  const mostBytes = new Map<string, number>();
  for (const file of files)
    if (file.sizeBytes >= WORTH_RESUMING_BYTES) mostBytes.set(resumableStem(phone, file), 0);
  if (mostBytes.size === 0) return 0;
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    const resumable = readResumableName(name);
    const before = resumable === null ? undefined : mostBytes.get(resumable.stem);
    if (resumable !== null && before !== undefined)
      mostBytes.set(resumable.stem, Math.max(before, resumable.sizeBytes));
  }
  return [...mostBytes.values()].reduce((sum, bytes) => sum + bytes, 0);
}
