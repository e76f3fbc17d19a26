import type { PhoneFile } from "../phone/phone.js";
import { fileNameOf, isUuidName } from "./camera-file-names.js";
import { alone, type DraftPart, type ItemDraft, originalOf } from "./item-draft.js";
import type { ItemFile, ItemKind, LibraryFacts, MediaItem } from "./media-item.js";
import type { PhoneLibraryRow } from "./phone-library-rows.js";

/** The row of a file in the phone's own library, or null. */
export type RowOf = (path: string) => PhoneLibraryRow | null;

/**
 * Finishes what the rules of grouping joined, with what the phone's library says of it.
 *
 * Trashed, hidden, favourite and dates are those of the original's row (of a RAW pair, the row of either half):
 * an edit or a Live movie has no row of its own. Where it has one after all, and that says otherwise, the phone
 * counts two photos, and so do we: a photo that is kept must not share the answer of one that was trashed.
 * @returns usually one item
 */
export function mediaItems(draft: ItemDraft, rowOf: RowOf): MediaItem[] {
  return agreeing(draft, rowOf).map((whole) => mediaItem(whole.parts, rowOf));
}

function agreeing(draft: ItemDraft, rowOf: RowOf): ItemDraft[] {
  const isSidecar = (part: DraftPart) => part.role === "adjustments" || part.role === "original-adjustments";
  const [original, ...others] = draft.parts;
  if (original === undefined || others.every(isSidecar)) return [draft];
  const row = rowOfItem(draft.parts, rowOf);
  const differs = others.some((part) => {
    const own = rowOf(part.candidate.path);
    return own !== null && (own.trashed !== (row?.trashed ?? false) || own.hidden !== (row?.hidden ?? false));
  });
  if (!differs) return [draft];
  return [
    { parts: [original, ...others.filter(isSidecar)] },
    ...others.filter((part) => !isSidecar(part)).map((part) => alone(part.candidate)),
  ];
}

function rowOfItem(parts: readonly DraftPart[], rowOf: RowOf): PhoneLibraryRow | null {
  for (const { role, candidate } of parts) {
    const row = role === "original" || role === "raw" ? rowOf(candidate.path) : null;
    if (row !== null) return row;
  }
  return null;
}

function mediaItem(parts: readonly DraftPart[], rowOf: RowOf): MediaItem {
  const row = rowOfItem(parts, rowOf);
  const all = parts.length === 1 ? [row] : parts.map(({ candidate }) => rowOf(candidate.path));
  const files = parts.map(({ role, candidate }): ItemFile => ({ role, file: candidate.file as PhoneFile }));
  const original = files[0]!.file;
  return {
    key: original.path,
    kind: kindOf(parts, row),
    files,
    stem: stemOf(original.path, row),
    arrivedAtMs: original.bornAtMs ?? original.modifiedAtMs,
    takenAtMs: row?.takenAtMs ?? null,
    trashed: row?.trashed ?? false,
    hidden: row?.hidden ?? false,
    favorite: row?.favorite ?? false,
    // Its bytes are here, whatever the row says of them.
    cloud: row?.syncedWithICloud ? "synced" : "local",
    library: row === null ? null : libraryFacts({ ...row, ...mostCareful(row, all) }),
  };
}

/** Where a half has a row of its own: what one of them says of deleting holds for all. */
function mostCareful(
  row: PhoneLibraryRow,
  all: readonly (PhoneLibraryRow | null)[],
): Pick<LibraryFacts, "inICloud" | "inSharedLibrary"> {
  const states = all.flatMap((one) => one?.inICloud ?? []);
  const inICloud = (["yes", "unsaid"] as const).find((state) => states.includes(state)) ?? row.inICloud;
  return { inICloud, inSharedLibrary: all.some((one) => one?.inSharedLibrary === true) };
}

/** Nearly every photo of a library has no more to say than one of these. */
const NOTHING_SPECIAL = {
  yes: nothingBut("yes"),
  no: nothingBut("no"),
  unsaid: nothingBut("unsaid"),
} as const;

function nothingBut(inICloud: LibraryFacts["inICloud"]): LibraryFacts {
  return { shown: true, caption: null, albums: [], burst: null, inSharedLibrary: false, inICloud };
}

function libraryFacts(row: PhoneLibraryRow): LibraryFacts {
  const { shown, caption, albums, burst, inSharedLibrary, inICloud } = row;
  const isSpecial = !shown || caption !== null || albums.length > 0 || burst !== null || inSharedLibrary;
  return isSpecial ? { shown, caption, albums, burst, inSharedLibrary, inICloud } : NOTHING_SPECIAL[inICloud];
}

function kindOf(parts: readonly DraftPart[], row: PhoneLibraryRow | null): ItemKind {
  const { kind } = originalOf({ parts });
  if (kind === "video") return "video";
  if (parts.some((part) => part.role === "live-movie")) return "live";
  if (kind === "raw" || parts.some((part) => part.role === "raw")) return "raw";
  return row?.screenshot ? "screenshot" : "photo";
}

/** A name that says something is kept, even where the library remembers another one. */
function stemOf(path: string, row: PhoneLibraryRow | null): string {
  const { stem } = fileNameOf(path);
  if (row === null || row.originalFileName === null || !isUuidName(stem)) return stem;
  return fileNameOf(row.originalFileName).stem || stem;
}
