/** The package of "Shared with You": a full library that each user has since macOS 12, and never the person's own. */
export const SHARED_WITH_YOU = "syndication.photoslibrary";

/**
 * True for a library of the system's own: whatever lies below `Library/Photos/Libraries` of a home folder. Photos
 * imports nothing into it, also while it has it open (macrumors thread 2445597; unverified on macOS).
 */
export function isSystemsLibrary(path: string): boolean {
  return /\/Library\/Photos\/Libraries\//i.test(path);
}
