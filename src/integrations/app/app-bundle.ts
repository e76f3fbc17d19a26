import { createHash } from "node:crypto";
import { renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../../make-folder.js";
import { isOwnFolder, removeOwnTree } from "../../owned-folder.js";
import type { RunProgram } from "../run-program.js";
import { isThere, type SetUpFolders, setUpFailed, textOf, writeSetUpFile } from "../set-up-files.js";
import { APP_BUNDLE_ID, appPath, BUNDLE_IDS } from "./app-identity.js";
import { APPLET } from "./applet.js";
import { buildBundle, type InfoEntry } from "./build-bundle.js";
import { forgetRights } from "./forget-rights.js";
import {
  BUILT_FILE,
  claimWorkshop,
  clearWorkshop,
  isAppAtWork,
  mailboxFolder,
  removeMailbox,
} from "./mailbox.js";

interface BuildAppDeps {
  readonly run: RunProgram;
  readonly folders: SetUpFolders;
  readonly signal?: AbortSignal | undefined;
}

/** Whether this set-up's own app is there. */
export function isAppInstalled(folders: SetUpFolders): boolean {
  return isThere(stampPath(folders)) && isThere(join(appPath(folders), "Contents", "Info.plist"));
}

/**
 * What is changed in the Info.plist that osacompile writes: a name by which macOS remembers it, no icon in the Dock
 * while it works, no rest while it waits for an import, that it stays open, and the reasons that the prompts of macOS
 * show (osacompile's own are of Apple's wording).
 */
export const INFO: readonly InfoEntry[] = [
  ["CFBundleIdentifier", "-string", APP_BUNDLE_ID],
  ["CFBundleDisplayName", "-string", "Rollcall"],
  ["LSUIElement", "-bool", "YES"],
  ["LSAppNapIsDisabled", "-bool", "YES"],
  ["OSAAppletStayOpen", "-bool", "YES"],
  ["NSAppleEventsUsageDescription", "-string", "Rollcall imports the new photos of your iPhone into Photos."],
  [
    "NSPhotoLibraryUsageDescription",
    "-string",
    "Rollcall compares what Photos keeps with what was on your iPhone. It changes nothing in the library.",
  ],
];

/** Everything that decides what is built; not the version of Rollcall, whose upgrades leave the app alone. */
const RECIPE = createHash("sha256")
  .update(JSON.stringify([APPLET, INFO]))
  .digest("hex");

/** Whether the app is the one that this version makes. */
export function isOfThisRecipe(folders: SetUpFolders): boolean {
  return textOf(stampPath(folders))?.trim() === RECIPE && isAppInstalled(folders);
}

/**
 * Builds Rollcall.app with this Mac's own compiler, unless it is there as it should be. An app that is built again is
 * another app to macOS, which then asks for every permission anew: hence once. What macOS remembers of one that is
 * replaced is forgotten first.
 * @returns whether it was built now, and why what macOS remembers of the replaced one may not be forgotten (one
 * sentence; null where it is, or there was none)
 * @throws RollcallError SETUP_FAILED
 */
export async function buildApp(
  parts: BuildAppDeps,
): Promise<{ readonly isNew: boolean; readonly notForgotten: string | null }> {
  const { folders } = parts;
  const app = appPath(folders);
  const isOurs = isThere(stampPath(folders)) && isOwnBundle(app);
  if (isThere(app) && !isOurs) {
    throw setUpFailed(
      "There is a Rollcall.app that this set-up did not make.",
      `It lies at ${app}.`,
      "Nothing was changed. Move it away, then run this again.",
    );
  }
  if (isOfThisRecipe(folders)) return { isNew: false, notForgotten: null };
  if (isAppAtWork(mailboxFolder(folders))) {
    throw setUpFailed(
      "Rollcall.app is at work just now.",
      "It is to be built anew, and macOS would stop the import, or the page.",
      "Nothing was changed. Wait until the import has ended, press Quit in the page, then run this again.",
    );
  }

  const workshop = claimWorkshop(folders);
  let notForgotten: string | null = null;
  try {
    const fresh = await buildBundle({ script: APPLET, info: INFO, workshop, name: "Rollcall" }, parts);
    if (isThere(app)) notForgotten = await forgetRights(parts);
    // In this order a set-up that is cut off anywhere is made good by the next one.
    removeOwnBundle(app);
    makeFolder(dirname(app));
    writeSetUpFile({ path: stampPath(folders), text: `${RECIPE}\n` }, 0o600);
    renameSync(fresh, app);
  } finally {
    clearWorkshop(folders);
  }
  return { isNew: true, notForgotten };
}

/** A Rollcall.app by the id that stands in it, as XML or binary; no link to one, and no other user's. */
function isOwnBundle(app: string): boolean {
  const info = isOwnFolder(app) ? textOf(join(app, "Contents", "Info.plist")) : null;
  return info !== null && BUNDLE_IDS.some((id) => info.includes(id));
}

/** @returns whether it was there, and Rollcall's */
function removeOwnBundle(app: string): boolean {
  return isOwnBundle(app) && removeOwnTree(app);
}

/**
 * Removes the app, after macOS was made to forget what it was allowed.
 * @returns what was removed, and why macOS may still remember it (one sentence; null where it does not)
 */
export async function removeApp(
  parts: BuildAppDeps,
): Promise<{ readonly removed: string[]; readonly notForgotten: string | null }> {
  const { folders } = parts;
  // One that this set-up did not make is not its to remove.
  const isOurs = isThere(stampPath(folders)) && isThere(appPath(folders));
  const notForgotten = isOurs ? await forgetRights(parts) : null;
  const removed = isOurs && removeOwnBundle(appPath(folders)) ? [appPath(folders)] : [];
  return { removed: [...removed, ...removeMailbox(folders)], notForgotten };
}

function stampPath(folders: SetUpFolders): string {
  return join(mailboxFolder(folders), BUILT_FILE);
}
