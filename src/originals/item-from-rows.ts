import { itemResources } from "./item-resources.js";
import type { LibraryItem, RowTrouble, SavedType } from "./library-item.js";
import type { LibraryRow } from "./library-tables.js";
import type { PackageFiles } from "./package-files.js";
import { isFingerprint } from "./read-file-once.js";
import { bytesOrNull, dateOf, isSet, numberOrNull, textOrNull } from "./row-values.js";

/** Everything the database says about one item. */
export interface ItemRows {
  readonly asset: LibraryRow;
  readonly attributes: readonly LibraryRow[];
  readonly resources: readonly LibraryRow[];
}

/** What the rows are read with. */
export interface ReadingContext {
  readonly files: PackageFiles;
  readonly modelVersion: number | null;
  readonly sessions: ReadonlyMap<number, string>;
}

const SAVED_TYPES: Readonly<Record<number, SavedType>> = {
  3: "copied",
  4: "shared-album",
  6: "icloud",
  10: "referenced",
};

export function itemFromRows(rows: ItemRows, context: ReadingContext): LibraryItem {
  const [pk, id, directory, filename, saved, trashed, hidden, favorite, visibility, ...more] = rows.asset;
  const [complete, adjusted, kind, subtype, added, created, mediaGroup, burst, pick, session] = more;
  const [, name, size, fingerprint, hash, choice, importedBy] = rows.attributes[0] ?? [];
  const uuid = textOrNull(id);
  const hasId = uuid !== null && /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/i.test(uuid);
  const savedType = SAVED_TYPES[saved as number] ?? "other";
  const contentIdentifier = textOrNull(mediaGroup);
  const described = itemResources(
    {
      uuid: hasId ? uuid : null,
      directory: textOrNull(directory),
      filename: textOrNull(filename),
      savedType,
      // 8 iCloud link, 12 Shared with You: other people's pictures, see `phone-library-query`'s sources.
      isOfOthers: saved === 4 || saved === 8 || saved === 12,
      isLive: kind !== 1 && subtype === 2,
      sizeBytes: bytesOrNull(size),
      fingerprints: [
        fingerprint,
        hash instanceof Uint8Array ? Buffer.from(hash).toString("base64") : null,
      ].filter(isFingerprint),
      resources: rows.resources,
    },
    context,
  );
  return {
    uuid: hasId ? uuid : `row-${pk}`,
    name: textOrNull(name),
    sizeBytes: described.sizeBytes,
    kind: kind === 0 ? "photo" : kind === 1 ? "video" : null,
    kindSubtype: numberOrNull(subtype),
    savedType,
    isTrashed: isSet(trashed),
    isHidden: isSet(hidden),
    isFavorite: isSet(favorite),
    isVisible: visibility === null ? null : visibility === 0,
    isComplete: isSet(complete),
    isEdited: isSet(adjusted),
    isRawTheOriginal: described.hasRaw && typeof choice === "number" ? choice === 1 : null,
    importSession: typeof session === "number" ? (context.sessions.get(session) ?? null) : null,
    importedBy: textOrNull(importedBy),
    addedAt: dateOf(added),
    createdAt: dateOf(created),
    fingerprint: described.fingerprint,
    contentIdentifier,
    burstIdentifier: textOrNull(burst),
    // Bits of ZAVALANCHEPICKTYPE: 2 not selected, 4 default pick, 8 selected, 16 key photo.
    isBurstPick: textOrNull(burst) === null || typeof pick !== "number" ? null : (pick & 2) === 0,
    resources: described.resources,
    referenced:
      savedType === "referenced"
        ? {
            folder: textOrNull(directory),
            name: textOrNull(filename),
            volumeName: described.volumeName,
            pathOnVolume: described.pathOnVolume,
          }
        : null,
    trouble: troubleOf(hasId, rows, described),
  };
}

function troubleOf(
  hasId: boolean,
  rows: ItemRows,
  described: ReturnType<typeof itemResources>,
): RowTrouble | null {
  if (!hasId) return "NO_ID";
  if (described.isContradictory || described.isMisnamed || rows.attributes.length > 1)
    return "CONTRADICTS_ITSELF";
  return described.hasOriginalRow ? null : "NO_ORIGINAL_ROW";
}
