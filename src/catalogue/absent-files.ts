import type { Reason } from "../errors.js";
import type { PhoneFile } from "../phone/phone.js";
import { folderOf } from "./camera-file-names.js";
import type { KindEvidence } from "./kind-evidence.js";
import type { SeenFiles } from "./list-files.js";
import type { CloudOnlyItem, UnreadableFile } from "./media-item.js";
import type { PhoneLibrary } from "./phone-library.js";
import type { PhoneLibraryRow } from "./phone-library-rows.js";

/** Of the rows of the phone's library, those without bytes on the phone. They answer the roll too. */
interface AbsentFiles {
  readonly cloudOnly: readonly CloudOnlyItem[];
  readonly unreadable: readonly UnreadableFile[];
  /** The files of these that were listed, and are empty. */
  readonly empty: ReadonlySet<PhoneFile>;
}

/** The rows whose file was not seen, cannot be described, or has no bytes; and what else cannot be described. */
export function absentFiles(
  library: PhoneLibrary | null,
  seen: SeenFiles,
  rowOf: KindEvidence["rowOf"],
): AbsentFiles {
  const cloudOnly: CloudOnlyItem[] = [];
  const unreadable: UnreadableFile[] = seen.unreadable.map((each) => ({
    ...each,
    isInGrid: isInGrid(rowOf(each.path)),
  }));
  const empty = new Set<PhoneFile>();
  const shut = new Map(seen.unreadable.map(({ path, reason }) => [path, reason]));
  const add = (row: PhoneLibraryRow, path: string, reason: () => Reason) => {
    const { originalSizeBytes: sizeBytes, trashed, hidden, shown, kind, takenAtMs, durationMs } = row;
    const length = durationMs === undefined ? {} : { durationMs };
    if (trashed || isInICloudOnly(row))
      cloudOnly.push({ path, sizeBytes, trashed, hidden, shown, kind, takenAtMs, ...length });
    else {
      const burst = row.burst === null ? {} : { burst: row.burst.id };
      unreadable.push({ path, reason: reason(), isInGrid: isInGrid(row), ...burst });
    }
  };
  for (const file of seen.files) {
    const row = file.sizeBytes > 0 ? null : rowOf(file.path);
    if (row === null) continue;
    empty.add(file);
    add(row, file.path, () => emptyOnThePhone(row));
  }
  for (const row of library?.without(pathsOf(seen)) ?? []) {
    const reason = () =>
      row.unplaced === null ? (reasonAbove(row.path, shut) ?? NOT_ON_THE_PHONE) : withoutFile(row.unplaced);
    add(row, row.path, reason);
  }
  return { cloudOnly, unreadable, empty };
}

/** As the phone's Photos app counts: not trashed, not hidden, and no frame of a burst that nobody picked. */
function isInGrid(row: PhoneLibraryRow | null): boolean {
  return row !== null && !row.trashed && !row.hidden && row.shown;
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

const LOOK = "Look in Photos on the phone whether it opens in full size, then run the same command again.";

const NOT_ON_THE_PHONE: Reason = {
  code: "NOT_ON_THE_PHONE",
  message: "The phone's photo library says that this file is on the phone, and it is not there.",
  remedy: LOOK,
};

function emptyOnThePhone({ originalSizeBytes }: PhoneLibraryRow): Reason {
  const declaredSize = originalSizeBytes === null ? "" : ` gives it ${originalSizeBytes} bytes`;
  return {
    code: "EMPTY_ON_THE_PHONE",
    message: `The file is empty, and the phone's photo library ${declaredSize === "" ? "has a photo of it" : declaredSize.trim()}.`,
    remedy: LOOK,
  };
}

function withoutFile(unplaced: string): Reason {
  return {
    code: "ROW_WITHOUT_FILE",
    message: `The phone's photo library has a photo here, and ${unplaced}.`,
    remedy: LOOK,
  };
}
