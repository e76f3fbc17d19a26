import { dirname } from "node:path";
import { appPath, buildApp, removeApp } from "../../integrations/app/app-bundle.js";
import { requirePhotosRight } from "../../integrations/app/photos-right.js";
import { showInApp } from "../../integrations/app/run-in-app.js";
import { startFile } from "../../integrations/app/start-file.js";
import { lastingPath } from "../../integrations/how-to-start.js";
import { agentFile, agentLogFolder } from "../../integrations/launchd/agent-plist.js";
import { installAgent, removeAgent } from "../../integrations/launchd/install-agent.js";
import { removeIfEmpty, writeSetUpFile } from "../../integrations/set-up-files.js";
import type { CommandBody } from "../command-context.js";
import { forgetLastRuns } from "../last-run/last-run-file.js";
import { builtFile, howToStart, placeTroubles, requireMacPrograms, setUpFolders } from "../mac.js";
import { tilde } from "../output/wording.js";
import { carryOut, printFiles, removedEnd, requireOneWish, type SetUpFlags } from "../set-up.js";

const FIRST_NOTICE = {
  title: "Rollcall",
  body: "From now on it imports when you plug in your iPhone, and tells you here how that went.",
};

/** Rollcall.app, its right to control Photos, and the LaunchAgent that starts `rollcall watch` at login. */
export const setupAgent: CommandBody<SetUpFlags> = async (context, flags) => {
  requireOneWish(flags);
  const { settings, output, signal } = context;
  const how = howToStart(settings);
  const folders = setUpFolders(settings);
  const agent = agentFile(how, folders);
  const start = startFile(how, lastingPath(builtFile("integrations/app/take-job.js")), folders);
  if (flags.print === true) return await printFiles(context, [agent, start]);
  const run = requireMacPrograms(settings, "rollcall setup agent");
  const parts = { run, folders, signal, uid: process.getuid?.() ?? 0 };
  const app = tilde(appPath(folders));
  return await carryOut(context, flags, {
    name: "agent",
    files: [agent, start],
    besides: [
      `and ${app}, which this Mac's osacompile makes, once: what macOS allows, it allows to that app.`,
      'macOS asks whether "Rollcall" may control "Photos": press OK. Photos is opened for that.',
      'It may ask, too, whether "Rollcall" may send notifications: they tell how an import went.',
      'It also says "Background Items Added": that is the agent, and Login Items can switch it off.',
      ...placeTroubles(how, folders.home),
    ],
    install: async () => {
      const isNew = await buildApp(parts);
      writeSetUpFile(start, 0o600);
      output.note(isNew ? `${app} is built.` : `${app} is there already, and as it should be.`);
      await requirePhotosRight(parts);
      await installAgent(agent, parts);
      // macOS asks about notifications at the first one: now, while the person is there.
      await showInApp(FIRST_NOTICE, parts);
      return {
        lines: [
          "rollcall watch runs now, and from now on when you log in.",
          "It imports from iPhones that you approved: by a first rollcall import, or rollcall watch --approve NAME.",
          `Its log: ${tilde(agentLogFolder(folders))}`,
        ],
        document: { written: [agent.path, start.path], app: appPath(folders), isAppNew: isNew },
      };
    },
    remove: async () => {
      const removed = [...(await removeAgent(parts)), ...(await removeApp(parts))];
      forgetLastRuns(settings.dataFolder, "agent");
      removeIfEmpty(folders.data);
      // The app's own folder lies at the usual place, also where the data folder is another.
      removeIfEmpty(dirname(dirname(start.path)));
      return removedEnd(removed);
    },
  });
};
