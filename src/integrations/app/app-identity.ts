import { join } from "node:path";
import type { SetUpFolders } from "../set-up-files.js";

/**
 * By it macOS remembers what the app was allowed. Nobody owns a domain for Rollcall, so it claims none. It does not end
 * in ".app": a folder that is named after it would look like a broken app.
 */
export const APP_BUNDLE_ID = "local.rollcall.importer";

/** That, and those of apps that earlier Rollcalls made. */
export const BUNDLE_IDS: readonly string[] = [APP_BUNDLE_ID, "local.rollcall.app"];

/** In the person's own Applications: what lies elsewhere was seen to get no right to notify. */
export function appPath({ home }: Pick<SetUpFolders, "home">): string {
  return join(home, "Applications", "Rollcall.app");
}
