import type { FileRole } from "./media-item.js";

/** What of an item is its edit: recipe and rendering are worth something together only, and may be new while the rest is known. */
export const EDIT_ROLES: ReadonlySet<FileRole> = new Set(["adjustments", "edited", "edited-live-movie"]);
/** Without these the photo is not in the library, whatever else of it is. */
export const ORIGINAL_ROLES: ReadonlySet<FileRole> = new Set(["original", "live-movie", "raw"]);
