import type { FoundAboutPhotos } from "../../doctor/last-run.js";
import { photosToExamine } from "../compose/photos-to-examine.js";
import { isPhotosReachable } from "../compose/real-parts.js";
import type { Settings } from "../process/settings.js";

/** Somebody waits for the run to end. */
const LONGEST_MS = 5_000;

/** Asks macOS what this very run may do: nothing is started, no event is sent, and nobody is asked. */
export async function askRights(settings: Settings): Promise<FoundAboutPhotos> {
  const nothing: FoundAboutPhotos = { control: null, library: null, libraryPath: null };
  if (!isPhotosReachable(settings)) return nothing;
  try {
    const signal = AbortSignal.timeout(LONGEST_MS);
    const { rights, process, usualLibrary, hasFullDiskAccess } = await photosToExamine(settings);
    const [control, library, isAll, open, usual] = await Promise.all([
      rights.mayControl(signal).catch(() => null),
      rights.mayReadLibrary(signal).catch(() => null),
      hasFullDiskAccess().catch(() => false),
      process.openLibrary(signal).catch(() => null),
      usualLibrary(signal).catch(() => null),
    ]);
    return { control, library: isAll ? "allowed" : library, libraryPath: open ?? usual };
  } catch {
    return nothing;
  }
}
