import { join } from "node:path";
import { quoted } from "../../shell-word.js";
import { type HowToStart, startScript } from "../how-to-start.js";
import type { PlannedFile, SetUpFolders } from "../set-up-files.js";
import { mailboxFolder, START_FILE } from "./mailbox.js";

/**
 * What Rollcall.app runs. Made again by each set-up, and free to change: the app itself stays the same.
 * @param takeJobProgram absolute path of the compiled `take-job.js`
 */
export function startFile(how: HowToStart, takeJobProgram: string, folders: SetUpFolders): PlannedFile {
  const folder = mailboxFolder(folders);
  const script = startScript(
    { ...how, program: takeJobProgram },
    "agent",
    [quoted(folder), quoted(how.program), '"$@"'],
    ['echo "Rollcall is no longer where it was. Open Terminal and run: rollcall setup agent" >&2', "exit 1"],
  );
  return {
    path: join(folder, START_FILE),
    text: `# Written by rollcall setup agent, for Rollcall.app.\n${script}`,
    what: "what Rollcall.app starts",
  };
}
