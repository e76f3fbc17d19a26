import { systemClock } from "../../../clock.js";
import type { HowToStart } from "../../../integrations/how-to-start.js";
import {
  type InstalledShortcut,
  type InstallShortcutsDeps,
  installShortcuts,
  removeShortcuts,
  shortcutFiles,
} from "../../../integrations/shortcuts/install-shortcuts.js";
import {
  type ShortcutDefinition,
  shortcutDefinitions,
} from "../../../integrations/shortcuts/shortcut-definition.js";
import { stepsByHand } from "../../../integrations/shortcuts/steps-by-hand.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { inQuotes } from "../../../text/in-quotes.js";
import { tilde } from "../../../words/wording.js";
import type { CommandBody } from "../../command-context.js";
import { howToStart, placeTroubles, requireMacPrograms, setUpFolders } from "../../compose/mac-programs.js";
import { forgetLastRuns } from "../../last-run/last-run-file.js";
import { claimDataFolder } from "../../process/folders.js";
import type { SetupFlags } from "./command.js";
import { carryOut, printFiles, removedEnd, requireOneRequest, type SetUp, type SetUpEnd } from "./set-up.js";

/** Shortcuts, signed on this Mac and opened, so that the person can add them. */
export const setupShortcuts: CommandBody<SetupFlags> = async (context, flags) => {
  requireOneRequest(flags);
  const { settings, signal } = context;
  const how = howToStart(settings);
  const folders = setUpFolders(settings);
  const definitions = shortcutDefinitions(how);
  if (flags.print === true) return await printFiles(context, shortcutFiles(definitions, folders));
  const run = requireMacPrograms(settings, "rollcall setup shortcuts");
  return await carryOut(
    context,
    flags,
    shortcutsSetUp(definitions, { run, how, folders, signal, clock: systemClock }),
  );
};

export function shortcutsSetUp(
  definitions: readonly ShortcutDefinition[],
  { how, ...parts }: InstallShortcutsDeps & { readonly how: HowToStart },
): SetUp {
  const { folders } = parts;
  return {
    name: "shortcuts",
    isUnattended: true,
    files: shortcutFiles(definitions, folders),
    besides: [
      "Then it opens each in the Shortcuts app, where you press Add Shortcut.",
      "macOS asks, at the first run, whether Shortcuts may control Photos.",
      ...placeTroubles(how, folders.home),
    ],
    install: async () => {
      await claimDataFolder(folders.data);
      return installedEnd(definitions, await installShortcuts(definitions, parts));
    },
    remove: async () => {
      const names = definitions.map(({ name }) => name);
      forgetLastRuns(folders.data, "shortcuts");
      const { removed, stillInApp } = await removeShortcuts(names, parts);
      const end = removedEnd(removed, byHandLines(stillInApp ?? names, stillInApp === null));
      return { ...end, document: { ...end.document, stillInApp } };
    },
  };
}

function installedEnd(
  definitions: readonly ShortcutDefinition[],
  installed: readonly InstalledShortcut[],
): SetUpEnd {
  const lines = installed.flatMap(({ name, path, isOpen, trouble }) => {
    if (path === null) return [`"${name}" could not be signed. ${escapeControls(trouble ?? "")}`];
    if (isOpen) return [`"${name}" is open in Shortcuts: press Add Shortcut.`];
    return [
      `"${name}" could not be opened (${escapeControls(trouble ?? "")}): open ${escapeControls(tilde(path))} in the Finder.`,
    ];
  });
  const unsigned = new Set(installed.filter(({ path }) => path === null).map(({ name }) => name));
  const byHand = definitions.filter(({ name }) => unsigned.has(name)).map(stepsByHand);
  lines.push("Shortcuts > Settings > Advanced: Allow Running Scripts has to be on.");
  return {
    lines,
    toCopy: byHand.flatMap((steps) => ["", ...steps]),
    isWhole: installed.every(({ isOpen }) => isOpen),
    document: { shortcuts: installed, stepsByHand: byHand },
  };
}

/** There is no command that deletes a shortcut. */
function byHandLines(names: readonly string[], isGuess: boolean): string[] {
  if (names.length === 0) return [];
  const quoted = inQuotes(names);
  const inApp = isGuess ? `If ${quoted} ${names.length === 1 ? "is" : "are"} in` : `${quoted} still in`;
  return [`${inApp} the Shortcuts app: select, and press Delete there. macOS has no command for that.`];
}
