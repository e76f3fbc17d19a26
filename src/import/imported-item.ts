import { EDIT_ROLES } from "../catalogue/file-roles.js";
import type { FileRole } from "../catalogue/media-item.js";
import type { Reason } from "../errors.js";
import type { LedgerItem } from "../ledger/ledger-entry.js";
import { advise } from "../remedy.js";
import { lastName } from "../text/last-name.js";
import { editFormat } from "./edit-format.js";

/** One item as it was sent to Photos: what is needed to recognise it among what came out. */
export interface SentItem {
  readonly ledgerId: number;
  readonly files: readonly SentFile[];
  /** Parts of it that are not what they say, or that Photos refuses, and were not sent along; by path on the phone. */
  readonly excludedFiles: ReadonlyMap<string, WhyExcluded>;
}

/** Why a part was not sent with its photo. */
export interface WhyExcluded extends Reason {
  /** It was to be expected, and nothing is wrong with its photo: the part is named, and no run says error. */
  readonly isExpected?: true;
}

interface SentFile {
  readonly role: FileRole;
  /** On the phone. */
  readonly path: string;
  /** The name Photos was given. */
  readonly name: string;
  readonly copyPath: string;
  readonly sizeBytes: number;
}

/** Of all files together. */
export function bytesOf(items: readonly SentItem[]): number {
  return items.flatMap(({ files }) => files).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** What became of one item that was sent. Already written in the ledger when it is yielded. */
export interface ImportOutcome {
  readonly ledgerId: number;
  readonly state: "imported" | "failed" | "unknown";
}

/** The code of items that an event carried and Photos did not take: such a one may still be seen later. */
export const LEFT_OUT = "PHOTOS_LEFT_OUT";

/** The code of edits of which Photos made an item of their own. They were sent, and are not sent again. */
export const EDIT_CAME_APART = "EDIT_CAME_APART";

/** The item as it was sent, from what the ledger kept of it: what failed before it was sent was left behind. */
export function sentItemOf(entry: LedgerItem): SentItem {
  const excludedFiles = new Map<string, WhyExcluded>();
  for (const { path, answer, reason, photosId } of entry.files) {
    if (reason === null) continue;
    if (answer === "failed" && reason.code !== LEFT_OUT) excludedFiles.set(path, reason);
    if (answer === "set-aside" && photosId === null) excludedFiles.set(path, { ...reason, isExpected: true });
  }
  const sent = entry.files.filter(({ path }) => !excludedFiles.has(path));
  return {
    ledgerId: entry.id,
    excludedFiles,
    files: sent.map(({ role, path, copyPath, sizeBytes }) => ({
      role,
      path,
      copyPath,
      sizeBytes,
      name: lastName(copyPath),
    })),
  };
}

export function hasEdits(files: readonly { readonly role: FileRole }[]): boolean {
  return files.some(({ role }) => EDIT_ROLES.has(role));
}

/**
 * An item that Photos would not take, as its original alone; nothing where it has no edit to leave out. That an edit of
 * a format that Photos is not known to take was refused is no error.
 * @param message why Photos would not take it whole
 */
export async function withoutEdit(item: SentItem, message: string): Promise<SentItem[]> {
  const edits = item.files.filter(({ role }) => EDIT_ROLES.has(role));
  if (edits.length === 0) return [];
  const isOther =
    edits.some(({ role }) => role === "adjustments") && (await editFormat(item.files)) === "other";
  const reason: WhyExcluded = isOther
    ? { ...FORMAT_NOT_CARRIED, isExpected: true }
    : {
        code: "EDIT_NOT_CARRIED",
        message: `Photos took the photo and not its edit: ${message}`,
        remedy: EDIT_STAYS,
      };
  return [
    {
      ...item,
      files: item.files.filter(({ role }) => !EDIT_ROLES.has(role)),
      excludedFiles: new Map([...item.excludedFiles, ...edits.map(({ path }) => [path, reason] as const)]),
    },
  ];
}

const EDIT_STAYS = advise`The edit is on the phone, and its copy in staging: ${{ action: "show-staging" }} shows where.`;

/** Of an edit that Photos dropped, or refused, because of what it is. */
export const FORMAT_NOT_CARRIED: Reason = {
  code: "EDIT_NOT_CARRIED",
  message:
    "Photos took the photo and not this edit: its recipe is not in a format that Photos is known to take",
  remedy: EDIT_STAYS,
};
