import { dirname } from "node:path";
import { isOwnFile, removeOwnFile, removePartials } from "../../owned-file.js";
import { adoptFolder, claimFolder, removeFrom, removeIfEmpty } from "../../owned-folder.js";
import { advise } from "../../remedy.js";
import { type ProgramEnd, type RunProgram, succeeded, whyNot } from "../run-program.js";
import {
  isThere,
  type PlannedFile,
  type SetUpFolders,
  setUpFailed,
  writeSetUpFile,
} from "../set-up-files.js";
import { AGENT_LABEL, agentLogFolder, agentPath, isLogEntry, isOwnAgent } from "./agent-plist.js";

interface InstallAgentDeps {
  readonly run: RunProgram;
  readonly folders: SetUpFolders;
  /** Whose session it belongs to. */
  readonly uid: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes the agent and starts it, in place of one that runs already.
 * @throws RollcallError SETUP_FAILED where launchd does not take it; the file is gone again then, or launchd would try
 * it at the next login
 */
export async function installAgent(file: PlannedFile, parts: InstallAgentDeps): Promise<void> {
  const { run, folders, uid, signal } = parts;
  requireOwnAgent(agentPath(folders));
  // launchd writes the log, and makes no folder for it.
  claimFolder(agentLogFolder(folders), isLogEntry);
  writeSetUpFile(file, 0o644, isOwnAgent);
  await bootout(parts);
  let loaded = await bootstrap(file, parts);
  if (!succeeded(loaded)) {
    // "5: Input/output error" mostly means that the old one has not ended yet: unload it once more, and try again.
    await bootout(parts);
    loaded = await bootstrap(file, parts);
  }
  // Its text is no stable format; that it answers at all says that the agent is known.
  const known = succeeded(loaded) ? await run("launchctl", ["print", target(uid)], { signal }) : loaded;
  if (succeeded(known)) return;
  await removeAgent(parts);
  throw setUpFailed(
    "launchd did not take the agent.",
    whyNot("launchctl", known),
    advise`Nothing runs by itself now. Log out and in, then run ${{ action: "setup", what: "agent" }} again.`,
  );
}

/**
 * Stops the agent, and removes it with its log.
 * @returns what was removed, and why it may run on until the person logs out, one sentence; null where it does not
 */
export async function removeAgent(
  parts: Omit<InstallAgentDeps, "signal">,
): Promise<{ readonly removed: string[]; readonly mayRun: string | null }> {
  const { folders } = parts;
  const stopped = await bootout(parts);
  const [plist, logs] = [agentPath(folders), agentLogFolder(folders)];
  const removed = isOwnAgent(plist) && removeOwnFile(plist) ? [plist] : [];
  removePartials(dirname(plist));
  adoptFolder(logs, isLogEntry);
  const ofLogs = removeFrom(logs, isLogEntry);
  removed.push(...(removeIfEmpty(logs) ? [logs] : ofLogs));
  removeIfEmpty(folders.data);
  return { removed, mayRun: removed.length === 0 ? null : await whyItMayRun(stopped, parts) };
}

/** @throws RollcallError SETUP_FAILED where the agent's name is taken by a file that no set-up made, or by a link */
function requireOwnAgent(path: string): void {
  if (!isThere(path) || (isOwnFile(path) && isOwnAgent(path))) return;
  throw setUpFailed(
    "There is a LaunchAgent of Rollcall's name that this set-up did not make.",
    `It lies at ${path}.`,
    "Nothing was changed. Move it away, then run this again.",
  );
}

/** launchd says in several ways that it has none, so it is asked whether it has one. */
async function whyItMayRun(
  stopped: ProgramEnd,
  { run, uid }: Pick<InstallAgentDeps, "run" | "uid">,
): Promise<string | null> {
  if (succeeded(stopped)) return null;
  if (stopped.kind !== "ended") return whyNot("launchctl", stopped);
  return succeeded(await run("launchctl", ["print", target(uid)])) ? whyNot("launchctl", stopped) : null;
}

/** It is no trouble that none was loaded. */
async function bootout({ run, uid }: Pick<InstallAgentDeps, "run" | "uid">): Promise<ProgramEnd> {
  return await run("launchctl", ["bootout", target(uid)]);
}

async function bootstrap({ path }: PlannedFile, { run, uid, signal }: InstallAgentDeps): Promise<ProgramEnd> {
  return await run("launchctl", ["bootstrap", domain(uid), path], { signal });
}

/** There only while this user is logged in on the screen, which driving Photos needs. */
function domain(uid: number): string {
  return `gui/${uid}`;
}

function target(uid: number): string {
  return `${domain(uid)}/${AGENT_LABEL}`;
}
