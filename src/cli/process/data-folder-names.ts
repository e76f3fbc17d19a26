import { type Dirent, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isMailboxEntry } from "../../integrations/app/mailbox.js";
import { isLogEntry } from "../../integrations/launchd/agent-plist.js";
import { isSignedEntry } from "../../integrations/shortcuts/install-shortcuts.js";
import { isRollcallsLedger } from "../../ledger/look-at-ledger.js";
import { isRunFolderName } from "../../ledger/run-folder.js";
import { isOwnFile } from "../../owned-file.js";
import { type IsOwnEntry, isFolderOf, isOwnFolder, isPassingName } from "../../owned-folder.js";
import { isLastRunEntry, LAST_RUNS_FOLDER } from "../last-run/last-run-file.js";
import { EARLIER_WORK_FOLDER, isEarlierWork } from "./earlier-work-folder.js";
import { WORK_FOLDER } from "./folders.js";

/** In these subfolders Rollcall gives these names. */
const SUBFOLDERS: Readonly<Record<string, IsOwnEntry>> = {
  [WORK_FOLDER]: isPassingName,
  [LAST_RUNS_FOLDER]: isLastRunEntry,
  logs: isLogEntry,
  shortcuts: isSignedEntry,
  app: isMailboxEntry,
  staging: (entry) => entry.isDirectory() && isRunFolderName(entry.name),
};

const LEDGER_FILES = /^ledger\.sqlite(-wal|-shm|-journal)?$/;

/** A lock is empty, and perhaps SQLite's journal lies beside it; a note says which process has it. */
function isLockFile(path: string, name: string): boolean {
  if (/^(at-work|watching)\.lock(-journal)?$/.test(name)) {
    const lock = path.replace(/-journal$/, "");
    return isOwnFile(lock) && lstatSync(lock).size === 0;
  }
  return /^(at-work|watching)\.json$/.test(name) && readFileSync(path, "utf8").startsWith('{"pid":');
}

/**
 * Says of each entry of a data folder whether Rollcall may have put it there. A name is not enough for a folder: people
 * have folders called `work` and `receipts`, so what lies in it is looked at, or a ledger has to be there, too.
 */
export function ownDataEntries(dataFolder: string): IsOwnEntry {
  const ledgerIs = whatLedgerIs(join(dataFolder, "ledger.sqlite"));
  return (entry: Dirent) => {
    const path = join(dataFolder, entry.name);
    if (entry.isFile()) {
      if (!isOwnFile(path)) return false;
      if (LEDGER_FILES.test(entry.name)) return ledgerIs !== null;
      return entry.name === "config.json" || isLockFile(path, entry.name);
    }
    if (!entry.isDirectory() || !isOwnFolder(path)) return false;
    const isEmpty = () => readdirSync(path).length === 0;
    if (entry.name === "receipts") return ledgerIs === "whole" || (ledgerIs === "empty" && isEmpty());
    if (entry.name === EARLIER_WORK_FOLDER) return ledgerIs !== null && (isEmpty() || isEarlierWork(entry));
    const isOwn = SUBFOLDERS[entry.name];
    if (isOwn === undefined) return false;
    // Nobody else gives that name, and there is nothing in it to lose.
    const isOurName = entry.name === WORK_FOLDER || ledgerIs !== null;
    return isFolderOf(entry, isOwn) || (isOurName && isEmpty());
  };
}

/** An empty one was made and never written to. Null for none of Rollcall's. */
function whatLedgerIs(path: string): "empty" | "whole" | null {
  if (!isOwnFile(path)) return null;
  if (lstatSync(path).size === 0) return "empty";
  return isRollcallsLedger(path) ? "whole" : null;
}
