import { dirname } from "node:path";
import { buildApp, removeApp } from "../../../integrations/app/app-bundle.js";
import { appPath } from "../../../integrations/app/app-identity.js";
import { writeAllowedSeal } from "../../../integrations/app/app-state.js";
import { isAppByItself, writeAppByItself } from "../../../integrations/app/by-itself.js";
import { startFile } from "../../../integrations/app/start-file.js";
import { type HowToStart, lastingPath } from "../../../integrations/how-to-start.js";
import { agentPath, isOwnAgent } from "../../../integrations/launchd/agent-plist.js";
import { type RunProgram, succeeded } from "../../../integrations/run-program.js";
import { type SetUpFolders, writeSetUpFile } from "../../../integrations/set-up-files.js";
import { removeIfEmpty } from "../../../owned-folder.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { tilde } from "../../../words/wording.js";
import type { CommandBody } from "../../command-context.js";
import {
  builtFile,
  howToStart,
  placeTroubles,
  requireMacPrograms,
  setUpFolders,
} from "../../compose/mac-programs.js";
import { lookAtDataFolder } from "../../process/folders.js";
import type { SetupFlags } from "./command.js";
import { carryOut, printFiles, removedEnd, requireOneRequest, type SetUp, type SetUpEnd } from "./set-up.js";

/** Rollcall.app alone: a double click on it opens the page. */
export const setupApp: CommandBody<SetupFlags> = async (context, flags) => {
  requireOneRequest(flags);
  const { settings, signal } = context;
  const how = howToStart(settings);
  const folders = setUpFolders(settings);
  const takeJob = lastingPath(builtFile("integrations/app/take-job.js"));
  if (flags.print === true) return await printFiles(context, [startFile(how, takeJob, folders)]);
  const run = requireMacPrograms(settings, "rollcall setup app");
  return await carryOut(context, flags, appSetUp({ run, how, takeJob, folders, signal }));
};

interface AppSetUpDeps {
  readonly run: RunProgram;
  readonly how: HowToStart;
  /** Absolute path of the compiled `take-job.js`. */
  readonly takeJob: string;
  readonly folders: SetUpFolders;
  readonly signal?: AbortSignal;
}

export function appSetUp({ how, takeJob, ...parts }: AppSetUpDeps): SetUp {
  const { run, folders, signal } = parts;
  const start = startFile(how, takeJob, folders);
  const path = appPath(folders);
  const app = tilde(path);
  const hasAgent = () => isOwnAgent(agentPath(folders));
  return {
    name: "app",
    isUnattended: false,
    files: [start],
    besides: [
      `and ${app}, which this Mac's osacompile makes, once: what macOS allows, it allows to that app.`,
      "A double click on it opens Rollcall's page in your browser. Nothing runs by itself.",
      'At its first import macOS asks whether "Rollcall" may control "Photos": press OK.',
      'Then it asks whether "Rollcall" may access your photos: allow it, and every photo can be proved to the byte.',
      ...placeTroubles(how, folders.home),
    ],
    install: async () => {
      await lookAtDataFolder(folders.data); // a page that cannot use it would fail at each double click
      const { isNew, notForgotten } = await buildApp(parts);
      // What was allowed before was allowed to another build.
      if (isNew && notForgotten === null) writeAllowedSeal(folders, null);
      writeSetUpFile(start, 0o600);
      writeAppByItself(folders, true);
      const isShown = succeeded(await run("open", ["-R", path], { signal }));
      const lines = [
        isNew ? `${app} is built.` : `${app} is there already, and as it should be.`,
        isShown
          ? "The Finder shows it: double-click it, and drag it to the Dock to keep it there."
          : "The Finder could not show it: open your own folder, then Applications, and double-click Rollcall there.",
      ];
      if (notForgotten !== null)
        lines.push(
          `macOS may still hold the permissions of the earlier ${app}. ${escapeControls(notForgotten)}`,
        );
      const isAgentToAllow = isNew && hasAgent();
      if (isAgentToAllow)
        lines.push(
          "The agent imports through it, and macOS has to allow the new one: rollcall setup agent asks it to.",
        );
      return {
        lines,
        document: { written: [start.path], app: path, isAppNew: isNew, isShown, isAgentToAllow },
      };
    },
    remove: async () => (hasAgent() ? stays(folders, app) : await removal(parts, start.path)),
  };
}

function stays(folders: SetUpFolders, app: string): SetUpEnd {
  writeAppByItself(folders, false);
  return {
    lines: [
      `${app} stays, since the agent imports through it: rollcall setup agent --remove takes both away.`,
    ],
    document: { removed: [] },
  };
}

async function removal(parts: Omit<AppSetUpDeps, "how" | "takeJob">, start: string): Promise<SetUpEnd> {
  const { removed, notForgotten } = await removeApp(parts);
  removeIfEmpty(parts.folders.data);
  // The app's own folder lies at the usual place, also where the data folder is another.
  removeIfEmpty(dirname(dirname(start)));
  const more =
    notForgotten === null
      ? []
      : [`macOS may still list Rollcall below Privacy & Security. ${escapeControls(notForgotten)}`];
  const end = removedEnd(removed, more);
  return { ...end, document: { ...end.document, notForgotten } };
}

/** What `setup agent --remove` does with the app: one that was set up by itself stays. */
export async function removeAppOfAgent(parts: Omit<AppSetUpDeps, "how" | "takeJob">): Promise<{
  readonly removed: string[];
  readonly notForgotten: string | null;
  readonly stays: string | null;
}> {
  if (!isAppByItself(parts.folders)) return { ...(await removeApp(parts)), stays: null };
  const stays = `${tilde(appPath(parts.folders))} stays, as it was set up by itself: rollcall setup app --remove takes it away.`;
  return { removed: [], notForgotten: null, stays };
}
