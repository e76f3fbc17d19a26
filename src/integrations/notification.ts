import { type RunProgram, succeeded } from "./run-program.js";

const NOTIFYING_MS = 10_000;

/** The words come as arguments: no text of ours or of a phone becomes part of a program. */
const SCRIPT = `function run(argv) {
  var app = Application.currentApplication();
  app.includeStandardAdditions = true;
  app.displayNotification(argv[1], { withTitle: argv[0] });
}`;

/**
 * Shows a notification, as far as macOS lets it: it appears as one of Script Editor's, and is dropped without a word
 * where that may not show any.
 * @returns whether osascript took it; not whether anybody saw it
 */
export async function notify(run: RunProgram, title: string, body: string): Promise<boolean> {
  const args = ["-l", "JavaScript", "-e", SCRIPT, title, body];
  return succeeded(await run("osascript", args, { deadlineMs: NOTIFYING_MS }));
}
