import { isAppInstalled } from "./app/app-bundle.js";
import { readNoticeSeen } from "./app/notice-seen.js";
import { type RunInAppDeps, showInApp } from "./app/run-in-app.js";
import { succeeded } from "./run-program.js";

const NOTIFYING_MS = 10_000;
const LONGEST_TITLE = 100;
const LONGEST_BODY = 500;
/** A window that stood longer would be in the way of a logout. */
const WINDOW_SECONDS = 600;

/** The words come as arguments: no text of ours or of a phone becomes part of a program. */
const NOTICE_SCRIPT = `function run(argv) {
  var app = Application.currentApplication();
  app.includeStandardAdditions = true;
  app.displayNotification(argv[1], { withTitle: argv[0] });
}`;

const WINDOW_SCRIPT = `function run(argv) {
  var app = Application.currentApplication();
  app.includeStandardAdditions = true;
  app.displayAlert(argv[0], { message: argv[1], as: "warning", buttons: ["OK"], defaultButton: "OK", givingUpAfter: ${WINDOW_SECONDS} });
}`;

/**
 * Shows a notification, as far as macOS lets it. Where Rollcall.app is installed it is that app's, unless a person said
 * that none of it was seen. Else it appears as one of Script Editor's. Either is dropped without a word where that app
 * may not show any.
 * @returns whether the app or osascript took it; not whether anybody saw it
 * @throws RollcallError STOPPED
 */
export async function notify(parts: RunInAppDeps, title: string, body: string): Promise<boolean> {
  const { run, folders, signal } = parts;
  const notice = cut(title, body);
  const isUnseen = readNoticeSeen(folders)?.isSeen === false;
  if (!isUnseen && isAppInstalled(folders) && (await showInApp(notice, parts))) return true;
  const args = ["-l", "JavaScript", "-e", NOTICE_SCRIPT, notice.title, notice.body];
  return succeeded(await run("osascript", args, { deadlineMs: NOTIFYING_MS, signal }));
}

/**
 * Tells a failure of what nobody watches: by a notification, and in a window too unless a person has said that
 * notifications of Rollcall.app are seen and the app took this one. The window closes by itself after ten minutes.
 * @throws RollcallError STOPPED
 */
export async function notifyFailure(parts: RunInAppDeps, title: string, body: string): Promise<void> {
  const { run, folders, signal } = parts;
  if (readNoticeSeen(folders)?.isSeen === true && (await showInApp(cut(title, body), parts))) return;
  const notice = cut(title, body);
  const args = ["-l", "JavaScript", "-e", WINDOW_SCRIPT, notice.title, notice.body];
  const deadlineMs = WINDOW_SECONDS * 1000 + NOTIFYING_MS;
  await Promise.all([notify(parts, title, body), run("osascript", args, { deadlineMs, signal })]);
}

function cut(title: string, body: string): { readonly title: string; readonly body: string } {
  return { title: title.slice(0, LONGEST_TITLE), body: body.slice(0, LONGEST_BODY) };
}
