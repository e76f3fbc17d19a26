import { dirname } from "node:path";
import type { Clock } from "../../../clock.js";
import { buildApp } from "../../../integrations/app/app-bundle.js";
import { appPath } from "../../../integrations/app/app-identity.js";
import { readNoticeSeen, writeNoticeSeen } from "../../../integrations/app/notice-seen.js";
import {
  type LibraryRightOfApp,
  requestLibraryRight,
  requirePhotosRight,
} from "../../../integrations/app/photos-right.js";
import { showInApp } from "../../../integrations/app/run-in-app.js";
import { startFile } from "../../../integrations/app/start-file.js";
import { type HowToStart, lastingPath } from "../../../integrations/how-to-start.js";
import { agentFile, agentLogFolder } from "../../../integrations/launchd/agent-plist.js";
import { installAgent, removeAgent } from "../../../integrations/launchd/install-agent.js";
import type { RunProgram } from "../../../integrations/run-program.js";
import { type PlannedFile, type SetUpFolders, writeSetUpFile } from "../../../integrations/set-up-files.js";
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
import { forgetLastRuns } from "../../last-run/last-run-file.js";
import { clearWatchLock } from "../../process/data-folder-lock.js";
import { lookAtDataFolder } from "../../process/folders.js";
import { logFolderIn, removeWatchLogs } from "../watch/watch-log.js";
import { removeAppOfAgent } from "./app.js";
import type { SetupFlags } from "./command.js";
import { carryOut, printFiles, removedEnd, requireOneRequest, type SetUp } from "./set-up.js";

const FIRST_NOTICE = {
  title: "Rollcall",
  body: "From now on it imports when you plug in your iPhone, and tells you here how that went.",
};
const SEE_NOTICES =
  "System Settings > Notifications > Rollcall: allow them, then run rollcall setup agent again.";

const LIBRARY_RIGHT_WORDS: Readonly<Record<LibraryRightOfApp, string>> = {
  allowed: "Rollcall.app may read your Photos library: what it imports can be proved to the byte.",
  refused:
    'Rollcall.app may not read your Photos library: its imports work, and their proofs stop at "present". To change ' +
    "that: System Settings > Privacy & Security > Photos > Rollcall.",
  unknown:
    "It is not known whether Rollcall.app may read your Photos library: macOS may ask at an import, which does not wait " +
    "for the answer.",
};

/** Rollcall.app, its right to control Photos, and the LaunchAgent that starts `rollcall watch` at login. */
export const setupAgent: CommandBody<SetupFlags> = async (context, flags) => {
  requireOneRequest(flags);
  const { settings, output, signal } = context;
  const how = howToStart(settings);
  const folders = setUpFolders(settings);
  const takeJob = lastingPath(builtFile("integrations/app/take-job.js"));
  if (flags.print === true) return await printFiles(context, agentFiles({ how, takeJob, folders }));
  const run = requireMacPrograms(settings, "rollcall setup agent");
  const note = (line: string) => output.note(line);
  // Only a person at the screen can say it, and --yes is no eye.
  const seen = context.mayAsk && flags.yes !== true ? { askSeen: () => askWhetherSeen(signal) } : {};
  return await carryOut(context, flags, agentSetUp({ run, how, takeJob, folders, signal, note, ...seen }));
};

async function askWhetherSeen(signal: AbortSignal): Promise<boolean> {
  const { confirm } = await import("../../terminal/ask-person.js");
  return await confirm(`Did you see a notification of Rollcall just now: "${FIRST_NOTICE.body}"?`, {
    signal,
    ifStopped: "The agent is set up. It is not known whether you see its notifications.",
    // Return without looking must not say that one was seen.
    initialValue: false,
  });
}

interface AgentSetUpDeps {
  readonly run: RunProgram;
  readonly how: HowToStart;
  /** Absolute path of the compiled `take-job.js`. */
  readonly takeJob: string;
  readonly folders: SetUpFolders;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Told while it goes on. */
  note(line: string): void;
  /** Asks the person whether a notification was seen; absent where nobody can be asked. */
  readonly askSeen?: () => Promise<boolean>;
}

function agentFiles({
  how,
  takeJob,
  folders,
}: Pick<AgentSetUpDeps, "how" | "takeJob" | "folders">): [agent: PlannedFile, start: PlannedFile] {
  return [agentFile(how, folders), startFile(how, takeJob, folders)];
}

export function agentSetUp({ how, takeJob, note, askSeen, ...rest }: AgentSetUpDeps): SetUp {
  const { folders } = rest;
  const [agent, start] = agentFiles({ how, takeJob, folders });
  const parts = { ...rest, uid: process.getuid?.() ?? 0 };
  const app = tilde(appPath(folders));
  const isDataNamed = how.environment.ROLLCALL_HOME !== undefined;
  const logs = isDataNamed ? logFolderIn(folders.data) : agentLogFolder(folders);
  return {
    name: "agent",
    isUnattended: true,
    files: [agent, start],
    besides: [
      `and ${app}, which this Mac's osacompile makes, once: what macOS allows, it allows to that app.`,
      'macOS asks whether "Rollcall" may control "Photos": press OK. Photos is opened for that.',
      'Then it asks whether "Rollcall" may access your photos: allow it, and every photo can be proved to the byte.',
      'It may ask, too, whether "Rollcall" may send notifications: they tell how an import went.',
      'It also says "Background Items Added": that is the agent, and Login Items can switch it off.',
      'Its row there is "node" or "Node.js Foundation".',
      ...placeTroubles(how, folders.home),
    ],
    install: async () => {
      await lookAtDataFolder(folders.data); // a watch that cannot use it would fail at each login
      const { isNew, notForgotten } = await buildApp(parts);
      writeSetUpFile(start, 0o600);
      note(isNew ? `${app} is built.` : `${app} is there already, and as it should be.`);
      if (notForgotten !== null)
        note(`macOS may still hold the permissions of the earlier ${app}. ${escapeControls(notForgotten)}`);
      await requirePhotosRight(parts);
      const libraryRight = await requestLibraryRight(parts);
      note(LIBRARY_RIGHT_WORDS[libraryRight]);
      await installAgent(agent, parts);
      // macOS asks about notifications at the first one: now, while the person is there.
      const isNoticeSeen = (await showInApp(FIRST_NOTICE, parts)) ? ((await askSeen?.()) ?? null) : null;
      if (isNoticeSeen !== null) writeNoticeSeen(folders, { isSeen: isNoticeSeen, askedAt: new Date() });
      const isSeen = readNoticeSeen(folders)?.isSeen ?? null;
      return {
        lines: [
          "rollcall watch runs now, and from now on when you log in.",
          "It imports from iPhones that you approved: by a first rollcall import, or rollcall watch --approve NAME.",
          isSeen === true
            ? "When an import fails, a notification says so."
            : `When an import fails, a window says so, too. ${isSeen === null ? "" : SEE_NOTICES}`.trimEnd(),
          `Its log: ${escapeControls(tilde(logs))}`,
        ],
        document: {
          written: [agent.path, start.path],
          app: appPath(folders),
          isAppNew: isNew,
          isNoticeSeen: isSeen,
          libraryRight,
        },
      };
    },
    remove: async () => {
      const { removed: ofAgent, mayRun } = await removeAgent(parts);
      const { removed: ofApp, notForgotten, stays } = await removeAppOfAgent(parts);
      const removed = [...ofAgent, ...ofApp, ...removeWatchLogs(logs)];
      forgetLastRuns(folders.data, "agent");
      await clearWatchLock(folders.data);
      removeIfEmpty(folders.data);
      // The app's own folder lies at the usual place, also where the data folder is another.
      removeIfEmpty(dirname(dirname(start.path)));
      const more =
        mayRun === null
          ? []
          : [`The watch may run until you log out, and not after that. ${escapeControls(mayRun)}`];
      if (notForgotten !== null)
        more.push(`macOS may still list Rollcall below Privacy & Security. ${escapeControls(notForgotten)}`);
      if (stays !== null) more.push(stays);
      const end = removedEnd(removed, more);
      return { ...end, document: { ...end.document, mayRun, notForgotten } };
    },
  };
}
