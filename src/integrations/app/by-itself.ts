import { join } from "node:path";
import { removeOwnFile } from "../../owned-file.js";
import { isThere, type SetUpFolders, writeSetUpFile } from "../set-up-files.js";
import { BY_ITSELF_FILE, mailboxFolder } from "./mailbox.js";

/** Whether Rollcall.app was set up without the agent, to open the page: it stays then when the agent is removed. */
export function isAppByItself(folders: SetUpFolders): boolean {
  return isThere(pathOf(folders));
}

/** @throws the system's error */
export function writeAppByItself(folders: SetUpFolders, isByItself: boolean): void {
  if (isByItself) writeSetUpFile({ path: pathOf(folders), text: "" }, 0o600);
  else removeOwnFile(pathOf(folders));
}

function pathOf(folders: SetUpFolders): string {
  return join(mailboxFolder(folders), BY_ITSELF_FILE);
}
