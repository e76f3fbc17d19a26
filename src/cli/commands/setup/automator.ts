import { KNOWN_METADATA, readActionMetadata } from "../../../integrations/automator/action-metadata.js";
import {
  type InstallWorkflowDeps,
  installWorkflow,
  removeWorkflow,
} from "../../../integrations/automator/install-workflow.js";
import { QUICK_ACTION, workflowFiles } from "../../../integrations/automator/workflow-bundle.js";
import type { HowToStart } from "../../../integrations/how-to-start.js";
import type { PlannedFile } from "../../../integrations/set-up-files.js";
import { removeIfEmpty } from "../../../owned-folder.js";
import { escapeControls } from "../../../text/escape-controls.js";
import type { CommandBody } from "../../command-context.js";
import {
  howToStart,
  macPrograms,
  placeTroubles,
  requireMacPrograms,
  setUpFolders,
} from "../../compose/mac-programs.js";
import { forgetLastRuns } from "../../last-run/last-run-file.js";
import type { SetupFlags } from "./command.js";
import { carryOut, printFiles, removedEnd, requireOneRequest, type SetUp } from "./set-up.js";

/** A Quick Action for the Services menu. */
export const setupAutomator: CommandBody<SetupFlags> = async (context, flags) => {
  requireOneRequest(flags);
  const { settings, signal } = context;
  const how = howToStart(settings);
  const folders = setUpFolders(settings);
  const mac = macPrograms(settings);
  const metadata = mac === null ? KNOWN_METADATA : await readActionMetadata(mac, signal);
  const files = workflowFiles(how, metadata, folders);
  if (flags.print === true) return await printFiles(context, files);
  const run = requireMacPrograms(settings, "rollcall setup automator");
  return await carryOut(context, flags, automatorSetUp(files, { run, how, folders, signal }));
};

export function automatorSetUp(
  files: readonly PlannedFile[],
  { how, ...parts }: InstallWorkflowDeps & { readonly how: HowToStart },
): SetUp {
  return {
    name: "automator",
    isUnattended: true,
    files,
    besides: [
      "macOS asks, at the first run, whether the app you start it from may control Photos.",
      "Start it from the Finder: another app may be refused without a question.",
      ...placeTroubles(how, parts.folders.home),
    ],
    install: async () => {
      const notYet = await installWorkflow(files, parts);
      const lines = [
        `"${QUICK_ACTION}" is in the menu of every app: Services > General.`,
        "Use it from the Finder: another app may be refused Photos without a question.",
        "If it is not: System Settings > Keyboard > Keyboard Shortcuts > Services > General, switch it on.",
      ];
      if (notYet !== null)
        lines.push(`It may appear only after you logged out and in. ${escapeControls(notYet)}`);
      return { lines, document: { written: files.map(({ path }) => path), notYet } };
    },
    remove: async () => {
      const removed = await removeWorkflow(parts);
      forgetLastRuns(parts.folders.data, "automator");
      removeIfEmpty(parts.folders.data);
      return removedEnd(removed);
    },
  };
}
