import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PhoneFile, PhoneIdentity } from "../phone/phone.js";

/** What a copy is called until it is whole. */
export const PARTIAL_SUFFIX = ".rollcall-partial";

/**
 * A copy that was cut off and synced as far as it came. All that is known of it stands in its name, which it got after
 * the sync: of which state of which file it is, how many bytes are on the disk, and a hash of those.
 */
export interface UnfinishedCopy {
  readonly path: string;
  readonly sizeBytes: number;
  /** The beginning of the SHA-256 of these bytes, in hex. */
  readonly hashStart: string;
}

/** The same only for the same file of the same phone in the same state. */
export function unfinishedStem({ udid }: PhoneIdentity, file: PhoneFile): string {
  const state = [udid, file.path, file.sizeBytes, file.modifiedAtMs, file.bornAtMs];
  return `.${createHash("sha256").update(JSON.stringify(state)).digest("hex").slice(0, 24)}`;
}

export function unfinishedName(stem: string, { sizeBytes, hashStart }: Omit<UnfinishedCopy, "path">): string {
  return `${stem}-${sizeBytes}-${hashStart}${PARTIAL_SUFFIX}`;
}

/** Null for any other name. */
export function readUnfinishedName(path: string): (UnfinishedCopy & { readonly stem: string }) | null {
  const [, stem, size, hashStart] =
    /^(\.[0-9a-f]{24})-([1-9][0-9]{0,14})-([0-9a-f]{16})\.rollcall-partial$/.exec(basename(path)) ?? [];
  if (stem === undefined || hashStart === undefined) return null;
  return { path, stem, sizeBytes: Number(size), hashStart };
}

/** The longest in the folder that begins this file; null where there is none. */
export async function findUnfinished(folder: string, stem: string): Promise<UnfinishedCopy | null> {
  const names = await readdir(folder).catch(() => []);
  const found = names.flatMap((name) => {
    const unfinished = name.startsWith(stem) ? readUnfinishedName(join(folder, name)) : null;
    return unfinished?.stem === stem ? [unfinished] : [];
  });
  return found.sort((a, b) => b.sizeBytes - a.sizeBytes)[0] ?? null;
}
