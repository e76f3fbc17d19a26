import { createHash } from "node:crypto";
import { renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../../make-folder.js";
import type { MacProgram } from "../mac-programs.js";
import { type RunProgram, succeeded, whyNot } from "../run-program.js";
import {
  isThere,
  removeSetUp,
  type SetUpFolders,
  setUpFailed,
  textOf,
  writeSetUpFile,
} from "../set-up-files.js";
import { APPLET } from "./applet.js";
import { mailboxFolder } from "./mailbox.js";

/** By it macOS remembers what the app was allowed. Nobody owns a domain for Rollcall, so it claims none. */
export const APP_BUNDLE_ID = "local.rollcall.app";

export interface BuildAppParts {
  readonly run: RunProgram;
  readonly folders: SetUpFolders;
  readonly signal?: AbortSignal | undefined;
}

/** In the person's own Applications: what lies elsewhere was seen to get no right to notify. */
export function appPath({ home }: SetUpFolders): string {
  return join(home, "Applications", "Rollcall.app");
}

/** Whether this set-up's own app is there. */
export function isAppInstalled(folders: SetUpFolders): boolean {
  return isThere(stampPath(folders)) && isThere(join(appPath(folders), "Contents", "Info.plist"));
}

/**
 * What is changed in the Info.plist that osacompile writes: a name by which macOS remembers it, no icon in the Dock
 * while it works, and the reason that the permission prompt shows.
 */
const INFO: readonly (readonly [key: string, type: string, value: string])[] = [
  ["CFBundleIdentifier", "-string", APP_BUNDLE_ID],
  ["CFBundleDisplayName", "-string", "Rollcall"],
  ["LSUIElement", "-bool", "YES"],
  ["NSAppleEventsUsageDescription", "-string", "Rollcall brings the new photos of your iPhone into Photos."],
];

/** Everything that decides what is built; not the version of Rollcall, whose upgrades leave the app alone. */
const RECIPE = createHash("sha256")
  .update(JSON.stringify([APPLET, INFO]))
  .digest("hex");

/**
 * Builds Rollcall.app with this Mac's own compiler, unless it is there as it should be. An app that is built again is
 * another app to macOS, which then asks for every permission anew: hence once.
 * @returns whether it was built now
 * @throws RollcallError SETUP_FAILED
 */
export async function buildApp(parts: BuildAppParts): Promise<boolean> {
  const { folders } = parts;
  const app = appPath(folders);
  const built = textOf(stampPath(folders));
  if (isThere(app) && built === null) {
    throw setUpFailed(
      "There is a Rollcall.app that this set-up did not make.",
      `It lies at ${app}.`,
      "Nothing was changed. Move it away, then run this again.",
    );
  }
  if (built?.trim() === RECIPE && isThere(join(app, "Contents", "Info.plist"))) return false;

  const workshop = join(mailboxFolder(folders), "building");
  removeSetUp(workshop);
  try {
    const source = join(workshop, "Rollcall.js");
    const fresh = join(workshop, "Rollcall.app");
    writeSetUpFile({ path: source, text: APPLET });
    await must("osacompile", ["-l", "JavaScript", "-o", fresh, source], parts);
    const info = join(fresh, "Contents", "Info.plist");
    if (!isThere(info)) throw notBuilt("osacompile said that it compiled it, and wrote nothing.");
    for (const [key, type, value] of INFO) await must("plutil", ["-replace", key, type, value, info], parts);
    // What was changed since osacompile signed it has to be signed again; "-" is no identity, just a seal.
    await must("codesign", ["--force", "--sign", "-", fresh], parts);
    // In this order a set-up that is cut off anywhere is made good by the next one.
    removeSetUp(app);
    makeFolder(dirname(app));
    writeSetUpFile({ path: stampPath(folders), text: `${RECIPE}\n` }, 0o600);
    renameSync(fresh, app);
  } finally {
    removeSetUp(workshop);
  }
  return true;
}

/**
 * Removes the app, and what macOS remembers of its permissions.
 * @returns what was removed
 */
export async function removeApp({ run, folders }: BuildAppParts): Promise<string[]> {
  // One that this set-up did not make is not its to remove.
  const isOurs = isThere(stampPath(folders));
  const removed = isOurs && removeSetUp(appPath(folders)) ? [appPath(folders)] : [];
  if (isOurs) await run("tccutil", ["reset", "AppleEvents", APP_BUNDLE_ID]);
  if (removeSetUp(mailboxFolder(folders))) removed.push(mailboxFolder(folders));
  return removed;
}

function stampPath(folders: SetUpFolders): string {
  return join(mailboxFolder(folders), "built");
}

async function must(
  program: MacProgram,
  args: readonly string[],
  { run, signal }: BuildAppParts,
): Promise<void> {
  const end = await run(program, args, { signal });
  if (!succeeded(end)) throw notBuilt(whyNot(program, end));
}

function notBuilt(why: string) {
  return setUpFailed(
    "Rollcall.app could not be built.",
    why,
    "Nothing was installed. Run it again; if it stays like this, use rollcall setup shortcuts, and please report it.",
  );
}
