import { join } from "node:path";
import { quoted } from "../../shell-word.js";
import { type HowToStart, startScript } from "../how-to-start.js";
import type { PlannedFile, SetUpFolders } from "../set-up-files.js";
import { mailboxFolder, START_FILE } from "./mailbox.js";

const MOVED = "Rollcall is no longer where it was";
const TOLD = { title: `${MOVED}.`, body: "Install it again, in the way in which it was installed before." };

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
    [
      // A person has just opened the app, and would see nothing otherwise.
      `case "\${1-}" in opened | reopened) printf '%s' ${quoted(`tell ${JSON.stringify(TOLD)}`)}; exit 0 ;; esac`,
      `echo "${MOVED}. Open Terminal and run: rollcall setup agent, or rollcall setup app" >&2`,
      "exit 1",
    ],
  );
  return {
    path: join(folder, START_FILE),
    text: `# Written by rollcall setup, for Rollcall.app.\n${script}`,
    what: "what Rollcall.app starts",
  };
}
