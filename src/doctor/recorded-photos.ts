import { RollcallError } from "../errors.js";
import type { PhotosToExamine } from "./examine-parts.js";
import type { LastRun } from "./last-run.js";

/**
 * Answers the checks of Photos with what the last import from a place found, so that they say there what they would
 * have said there.
 * @param app whose name macOS shows for that place
 */
export function recordedPhotos(
  lastRuns: readonly LastRun[],
  app: string,
  here: Pick<PhotosToExamine, "usualLibrary" | "freeSpace">,
): PhotosToExamine {
  const found = lastRuns.find(({ photos }) => photos !== null)?.photos ?? null;
  const recorded = async <Value>(value: Value | null | undefined): Promise<Value> => {
    if (value !== null && value !== undefined) return value;
    throw new RollcallError("PHOTOS_UNAVAILABLE", {
      message:
        found === null
          ? "No import from there has finished."
          : "The last import from there could not find it out.",
      remedy: "Run an import from there.",
    });
  };
  return {
    standIn: null,
    isRecorded: true,
    askingApp: app,
    askingBundleId: null,
    rights: {
      isRunning: () => recorded<boolean>(null),
      mayControl: () => recorded(found?.control),
      mayReadLibrary: () => recorded(found?.library),
    },
    process: { openLibrary: async () => (found === null ? recorded<string>(null) : found.libraryPath) },
    usualLibrary: here.usualLibrary,
    freeSpace: here.freeSpace,
    hasFullDiskAccess: async () => false,
    requireReadable: async () => {},
  };
}
