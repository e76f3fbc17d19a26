import type { FileKind } from "../media/file-kinds.js";
import type { PhoneFile } from "../phone/phone.js";
import type { FileRole } from "./media-item.js";
import type { PhoneLibraryRow } from "./phone-library-rows.js";

/** One file as the rules of grouping see it. */
export interface CandidateFile {
  readonly path: string;
  readonly extension: string;
  /** What the phone's library calls it, where it has a row; else by content, else by name. */
  readonly kind: FileKind;
  /**
   * Of the phone's library. A file with a row is an item of its own: its name makes it nobody's half and nobody's edit.
   */
  readonly row: PhoneLibraryRow | null;
  /**
   * Null where its bytes cannot be had (empty, unreadable, in iCloud only). Such a file joins nothing. It still
   * takes its place, so that nothing else is joined as though it did not exist: beside an empty still, a video
   * with an AAE is not an edited video.
   */
  readonly file: PhoneFile | null;
}

/** An item in the making; the original first. */
export interface ItemDraft {
  readonly parts: readonly DraftPart[];
}

export interface DraftPart {
  readonly role: FileRole;
  readonly candidate: CandidateFile;
}

export function alone(candidate: CandidateFile): ItemDraft {
  return { parts: [{ role: "original", candidate }] };
}

/** The first part. A draft always has one. */
export function originalOf(draft: ItemDraft): CandidateFile {
  return draft.parts[0]!.candidate;
}

export function joined(draft: ItemDraft, role: FileRole, candidate: CandidateFile): ItemDraft {
  return { parts: [...draft.parts, { role, candidate }] };
}

/**
 * The one candidate there is, if its bytes can be had. Where two files could play a part, neither does: a wrong
 * guess would show one picture with another one's edit.
 */
export function onlyOne(candidates: readonly CandidateFile[]): CandidateFile | null {
  const [candidate] = candidates;
  return candidates.length === 1 && candidate !== undefined && candidate.file !== null ? candidate : null;
}
