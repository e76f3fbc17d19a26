import { isAppInstalled } from "./app/app-bundle.js";
import { type RunInAppParts, showInApp } from "./app/run-in-app.js";
import { succeeded } from "./run-program.js";

const NOTIFYING_MS = 10_000;
const LONGEST_TITLE = 100;
const LONGEST_BODY = 500;

/** The words come as arguments: no text of ours or of a phone becomes part of a program. */
const SCRIPT = `function run(argv) {
  var app = Application.currentApplication();
  app.includeStandardAdditions = true;
  app.displayNotification(argv[1], { withTitle: argv[0] });
}`;

/**
 * Shows a notification, as far as macOS lets it. Where Rollcall.app is installed it is that app's. Else it appears as one
 * of Script Editor's, and is dropped without a word where that may not show any.
 * @returns whether the app or osascript took it; not whether anybody saw it
 * @throws RollcallError STOPPED
 */
export async function notify(parts: RunInAppParts, title: string, body: string): Promise<boolean> {
  const { run, folders, signal } = parts;
  const notice = { title: title.slice(0, LONGEST_TITLE), body: body.slice(0, LONGEST_BODY) };
  if (isAppInstalled(folders) && (await showInApp(notice, parts))) return true;
  const args = ["-l", "JavaScript", "-e", SCRIPT, notice.title, notice.body];
  return succeeded(await run("osascript", args, { deadlineMs: NOTIFYING_MS, signal }));
}
