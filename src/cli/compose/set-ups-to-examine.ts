import { accessSync, constants } from "node:fs";
import type { InstalledFile, SetUpsToExamine } from "../../doctor/examine-parts.js";
import { isAppInstalled } from "../../integrations/app/app-bundle.js";
import { appPath } from "../../integrations/app/app-identity.js";
import { appState } from "../../integrations/app/app-state.js";
import { readNoticeSeen } from "../../integrations/app/notice-seen.js";
import { workflowPath } from "../../integrations/automator/workflow-bundle.js";
import { type HowToStart, startOf } from "../../integrations/how-to-start.js";
import { idleSleepMinutes } from "../../integrations/idle-sleep.js";
import { agentLogFolder, agentPath } from "../../integrations/launchd/agent-plist.js";
import { agentState } from "../../integrations/launchd/agent-state.js";
import { isThere, textOf } from "../../integrations/set-up-files.js";
import { signedFolder } from "../../integrations/shortcuts/install-shortcuts.js";
import { listedShortcuts, thoseListed } from "../../integrations/shortcuts/listed-shortcuts.js";
import { SHORTCUT_NAMES } from "../../integrations/shortcuts/shortcut-definition.js";
import { STARTED_FROM_VARIABLE } from "../../integrations/started-from.js";
import {
  asDictionary,
  type PropertyDictionary,
  parseDictionary,
  textAt,
} from "../../usb/wire/property-list.js";
import type { Settings } from "../process/settings.js";
import { howToStart, macProgramPaths, macPrograms, placeTroubles, setUpFolders } from "./mac-programs.js";

/** `shortcuts` was seen to be killed at its start, and to wait for ever. */
const LISTING_MS = 2_000;

/** What was set up for this person; null where there is no macOS to ask. Everything is looked at, nothing is made. */
export function setUpsToExamine(settings: Settings): SetUpsToExamine | null {
  const run = macPrograms(settings);
  const programs = macProgramPaths(settings);
  if (run === null || programs === null) return null;
  const folders = setUpFolders(settings);
  return {
    agent: {
      file: () => installed(agentPath(folders), agentPath(folders), agentStart),
      state: (signal) => agentState(run, process.getuid?.() ?? 0, signal),
      logFolder: agentLogFolder(folders),
    },
    app: {
      state: () => appState(folders),
      path: appPath(folders),
      noticeSeen: () => readNoticeSeen(folders),
    },
    quickAction: {
      file: () => {
        const bundle = workflowPath(folders);
        return installed(bundle, `${bundle}/Contents/document.wflow`, workflowStart);
      },
    },
    shortcuts: {
      names: SHORTCUT_NAMES,
      isMade: () => isThere(signedFolder(folders)),
      listed: async (signal) => {
        const found = await listedShortcuts(run, { deadlineMs: LISTING_MS, signal });
        return "names" in found ? { names: thoseListed(SHORTCUT_NAMES, found.names) } : found;
      },
    },
    sleep: {
      idleMinutes: (signal) => idleSleepMinutes(run, signal),
      isCaffeinateThere: async () => mayBe(programs.caffeinate, constants.X_OK),
    },
    notifiesAs: isAppInstalled(folders) ? "Rollcall" : "Script Editor",
    goneOf: async ({ node, program }) => [
      ...(mayBe(node, constants.X_OK) ? [] : [node]),
      ...(mayBe(program, constants.R_OK) ? [] : [program]),
    ],
    placeTroubles: (start) => placeTroubles(start, folders.home),
    here: howToStart(settings),
  };
}

function mayBe(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param shownPath what a person knows of it
 * @param startIn what its property list starts; null where that is not to be seen
 */
function installed(
  shownPath: string,
  path: string,
  startIn: (list: PropertyDictionary) => HowToStart | null,
): InstalledFile | null {
  if (!isThere(shownPath)) return null;
  try {
    const text = textOf(path);
    return { path: shownPath, start: text === null ? null : startIn(parseDictionary(Buffer.from(text))) };
  } catch {
    return { path: shownPath, start: null };
  }
}

function agentStart(list: PropertyDictionary): HowToStart | null {
  const [node, program, word] = Array.isArray(list.ProgramArguments) ? list.ProgramArguments : [];
  if (typeof node !== "string" || typeof program !== "string" || word !== "watch") return null;
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(asDictionary(list.EnvironmentVariables) ?? {}))
    if (typeof value === "string" && name !== "LANG" && name !== STARTED_FROM_VARIABLE)
      environment[name] = value;
  return { node, program, environment };
}

function workflowStart(list: PropertyDictionary): HowToStart | null {
  const [only] = Array.isArray(list.actions) ? list.actions : [];
  const action = asDictionary(asDictionary(only)?.action);
  const script = textAt(asDictionary(action?.ActionParameters) ?? {}, "COMMAND_STRING");
  return script === null ? null : startOf(script);
}
