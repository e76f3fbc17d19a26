import type { PhoneFile } from "../phone/phone.js";
import { fileNameOf, isUuidName, stemOfTitle } from "./camera-file-names.js";
import { type DraftPart, type ItemDraft, originalOf } from "./item-draft.js";
import type { ItemFile, ItemKind, LibraryFacts, MediaItem } from "./media-item.js";
import type { PhoneLibraryRow } from "./phone-library-rows.js";

/**
 * Finishes what the rules of grouping joined, with what the phone's library says of it: trashed, hidden, favourite and
 * dates are those of the original's row (of a RAW pair, the row of either half). An edit or a Live video has no row.
 */
export function mediaItem({ parts }: ItemDraft): MediaItem {
  const row = rowOfItem(parts);
  const files = parts.map(({ role, candidate }): ItemFile => ({ role, file: candidate.file as PhoneFile }));
  const original = files[0]!.file;
  const sizeSaidBytes = row === null ? null : otherSize(row, files);
  return {
    key: original.path,
    kind: kindOf(parts, row),
    files,
    stem: stemOf(original.path, row),
    arrivedAtMs: original.bornAtMs ?? original.modifiedAtMs,
    takenAtMs: row?.takenAtMs ?? null,
    ...(row?.durationMs !== undefined && { durationMs: row.durationMs }),
    trashed: row?.trashed ?? false,
    hidden: row?.hidden ?? false,
    favorite: row?.favorite ?? false,
    // Its bytes are here, whatever the row says of them.
    cloud: row?.syncedWithICloud ? "synced" : "local",
    library: row === null ? null : libraryFacts(row),
    ...(sizeSaidBytes !== null && { sizeSaidBytes }),
  };
}

function rowOfItem(parts: readonly DraftPart[]): PhoneLibraryRow | null {
  for (const { role, candidate } of parts)
    if ((role === "original" || role === "raw") && candidate.row !== null) return candidate.row;
  return null;
}

/**
 * The size that the library gives, where neither a file of the photo nor all together are near it (a tenth). What it
 * counts of a Live Photo or a RAW pair is not known. A wrong size costs nothing: the photo comes, and it is said.
 */
function otherSize(row: PhoneLibraryRow, files: readonly ItemFile[]): number | null {
  const declaredBytes = row.originalSizeBytes;
  if (declaredBytes === null) return null;
  const sizes = files.map(({ file }) => file.sizeBytes);
  sizes.push(sizes.reduce((sum, bytes) => sum + bytes, 0));
  return sizes.some((bytes) => Math.abs(bytes - declaredBytes) * 10 <= declaredBytes) ? null : declaredBytes;
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
  return stemOfTitle(row.originalFileName) ?? stem;
}
