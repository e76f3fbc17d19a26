import type { Reason } from "../errors.js";
import { folderOf } from "./camera-file-names.js";
import type { SeenFiles } from "./list-files.js";
import type { CloudOnlyItem, UnreadableFile } from "./media-item.js";
import type { PhoneLibrary } from "./phone-library.js";
import type { PhoneLibraryRow } from "./phone-library-rows.js";

/** Files that the phone's library names and the phone did not list. */
export interface AbsentFiles {
  readonly cloudOnly: readonly CloudOnlyItem[];
  readonly unreadable: readonly UnreadableFile[];
}

export const NOTHING_ABSENT: AbsentFiles = { cloudOnly: [], unreadable: [] };

/** The rows of the library whose file was not seen. They answer the roll too. */
export function absentFiles(library: PhoneLibrary, seen: SeenFiles): AbsentFiles {
  const cloudOnly: CloudOnlyItem[] = [];
  const unreadable: UnreadableFile[] = [];
  const shut = new Map(seen.unreadable.map(({ path, reason }) => [path, reason]));
  for (const row of library.without(pathsOf(seen))) {
    if (isInICloudOnly(row)) {
      const { path, originalSizeBytes, trashed, hidden, shown } = row;
      cloudOnly.push({ path, sizeBytes: originalSizeBytes, trashed, hidden, shown });
    } else {
      const reason = reasonAbove(row.path, shut) ?? NOT_ON_THE_PHONE;
      unreadable.push({ path: row.path, reason, ...(row.burst !== null && { burst: row.burst.id }) });
    }
  }
  return { cloudOnly, unreadable };
}

/** Of a folder above it in which nothing could be listed. */
function reasonAbove(path: string, shut: ReadonlyMap<string, Reason>): Reason | null {
  if (shut.size === 0) return null;
  for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder)) {
    const reason = shut.get(folder);
    if (reason !== undefined) return reason;
  }
  return null;
}

function* pathsOf({ files, unreadable }: SeenFiles): Generator<string> {
  for (const { path } of files) yield path;
  for (const { path } of unreadable) yield path;
}

/** Before iOS 12 the library does not say where the bytes are: then what iCloud has and the phone has not is there. */
function isInICloudOnly(row: PhoneLibraryRow): boolean {
  return row.bytesHere === "no" || (row.bytesHere === "unsaid" && row.syncedWithICloud);
}

const NOT_ON_THE_PHONE = {
  code: "NOT_ON_THE_PHONE",
  message: "The phone's photo library says that this file is on the phone, and it is not there.",
  remedy: "Look in Photos on the phone whether it opens in full size, then run the same command again.",
};
