import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readPropertyList } from "../property-list.js";
import { type ProgramEnd, type RunProgram, succeeded, whyNot } from "../run-program.js";
import type { SetUpFolders } from "../set-up-files.js";
import { appPath, BUNDLE_IDS } from "./app-identity.js";

/** What Rollcall.app may have been allowed, by the names of tccutil: to control Photos, and to read its library. */
const SERVICES = ["AppleEvents", "Photos"] as const;

/**
 * Has macOS forget what the Rollcall.app that is installed was allowed. An app that is built anew is another one to
 * macOS: System Settings goes on showing its name as allowed, and every event is refused without a question, until
 * this was done. tccutil takes a bundle id only while LaunchServices knows the bundle, so this comes before it is deleted
 * or replaced; and it is never called without one, which would forget the rights of every app.
 * @returns why it may not have been forgotten, one sentence; null where it was
 * @throws RollcallError STOPPED
 */
export async function forgetRights({
  run,
  folders,
  signal,
}: {
  readonly run: RunProgram;
  readonly folders: SetUpFolders;
  readonly signal?: AbortSignal | undefined;
}): Promise<string | null> {
  const app = appPath(folders);
  const id = ownBundleId(app);
  if (id === null) return `${app} does not say which app it is.`;
  const registered = await run("lsregister", ["-f", app], { signal });
  let failed: ProgramEnd | null = null;
  for (const service of SERVICES) {
    const end = await run("tccutil", ["reset", service, id], { signal });
    if (!succeeded(end)) failed ??= end;
  }
  if (failed === null) return null;
  const why = whyNot("tccutil", failed);
  return succeeded(registered) ? why : `${why} ${whyNot("lsregister", registered)}`;
}

/** Of one that Rollcall makes or made; null for any other, whose rights are none of ours. */
function ownBundleId(app: string): string | null {
  try {
    const id = readPropertyList(readFileSync(join(app, "Contents", "Info.plist")))?.CFBundleIdentifier;
    return BUNDLE_IDS.find((one) => one === id) ?? null;
  } catch {
    return null;
  }
}

/** How a person does the same. */
export function forgetByHand(id: string): string {
  return `tccutil reset AppleEvents ${id}`;
}
