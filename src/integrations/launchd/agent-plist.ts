import type { Dirent } from "node:fs";
import { join } from "node:path";
import { APP_BUNDLE_ID } from "../app/app-identity.js";
import type { HowToStart } from "../how-to-start.js";
import { propertyListText } from "../property-list.js";
import { type PlannedFile, type SetUpFolders, textOf } from "../set-up-files.js";
import { STARTED_FROM_VARIABLE } from "../started-from.js";

/** Equals the file's name. Nobody owns a domain for Rollcall, so it claims none. */
export const AGENT_LABEL = "local.rollcall.watch";

export function agentPath({ home }: SetUpFolders): string {
  return join(home, "Library", "LaunchAgents", `${AGENT_LABEL}.plist`);
}

/** What a watch writes, and what was before it. */
export const WATCH_LOG_NAMES = ["watch.log", "watch.1.log"] as const;

/** Console.app lists what lies here. */
export function agentLogFolder({ home }: SetUpFolders): string {
  return join(home, "Library", "Logs", "Rollcall");
}

/** Whether Rollcall gives this name in that folder. */
export function isLogEntry(entry: Dirent): boolean {
  return entry.isFile() && LOG_NAMES.includes(entry.name);
}

const AGENT_LOG = "agent.log";
const LOG_NAMES: readonly string[] = [AGENT_LOG, ...WATCH_LOG_NAMES];

/** Whether a file is an agent of Rollcall's: it starts this one, whatever else a person changed in it. */
export function isOwnAgent(path: string): boolean {
  return textOf(path)?.includes(`<string>${AGENT_LABEL}</string>`) === true;
}

/** What the agent prints, which is nothing while all is well. launchd puts no bound to it. */
export function agentOutputPath(folders: SetUpFolders): string {
  return join(agentLogFolder(folders), AGENT_LOG);
}

/**
 * The LaunchAgent that keeps `rollcall watch` running while its user is logged in on the screen. Keys: launchd.plist(5).
 * It is not started by USB events: launchd gives them only to a program that takes them by an API that Node does not
 * have, and starts any other again and again.
 */
export function agentFile({ node, program, environment }: HowToStart, folders: SetUpFolders): PlannedFile {
  const log = agentOutputPath(folders);
  const text = propertyListText({
    Label: AGENT_LABEL,
    // Would name the row in Login Items after the app. With a node of another signer than the app's, which is any, macOS
    // passes over it: the row is "node" or "Node.js Foundation".
    AssociatedBundleIdentifiers: [APP_BUNDLE_ID],
    EnvironmentVariables: { LANG: "en_US.UTF-8", ...environment, [STARTED_FROM_VARIABLE]: "agent" },
    // From SIGTERM to SIGKILL; the system's own default has changed over time.
    ExitTimeOut: 30,
    // Only after a failure: a program that ends well, or says that it is not set up, is left alone.
    KeepAlive: { SuccessfulExit: false },
    LimitLoadToSessionType: "Aqua",
    // Its own log is bounded; what launchd keeps of its output is not, and gets almost nothing.
    ProgramArguments: [node, program, "watch", "--agent"],
    RunAtLoad: true,
    StandardErrorPath: log,
    StandardOutPath: log,
    ThrottleInterval: 30,
  });
  return { path: agentPath(folders), text, what: "starts rollcall watch when you log in" };
}
