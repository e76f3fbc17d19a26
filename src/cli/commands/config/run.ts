import type { Command } from "commander";
import { escapeControls } from "../../../text/escape-controls.js";
import { tilde } from "../../../words/wording.js";
import type { CommandBody } from "../../command-context.js";
import { checkFlagValue, explainedAsConfig } from "../../process/apply-config.js";
import { type ConfigName, configPath, readConfig } from "../../process/config-file.js";
import { EXIT } from "../../process/exit-status.js";
import type { Settings } from "../../process/settings.js";
import { editedBatchesInForce, editedBatchLines } from "./edited-batches-in-force.js";
import { iCloudAnswersInForce, iCloudLines } from "./icloud-in-force.js";

const IF_NOT_NAMED = {
  "data folder": "",
  "staging folder": "",
  "Photos library": "the one that Photos has open",
  usbmuxd: "the system's own",
  osascript: "the system's own",
  "macOS's programs": "the system's own",
} as const;

/** One thing that is in force. */
interface InForce {
  readonly name: keyof typeof IF_NOT_NAMED;
  /** Null: nothing is named, and the system's own is used. */
  readonly value: string | null;
  /** The variable that says so; null: nobody did. */
  readonly variable: string | null;
}

/** The commands that take a flag, by its name without dashes. */
export type TakersOf = (flag: string) => readonly Command[];

/** Shows what is in force, and from where. Changes nothing. */
export function showConfig(takersOf: TakersOf): CommandBody {
  return async ({ settings, output }) => {
    const path = configPath(settings.dataFolder);
    const config = await readConfig(settings.dataFolder);
    const flags = Object.entries(config).map(([name, value]) => {
      const takers = takersOf(name);
      explainedAsConfig(settings.dataFolder, name as ConfigName, () =>
        checkFlagValue(takers, name as ConfigName, value),
      );
      return { name, value, commands: takers.map((command) => command.name()) };
    });
    const inForce = settingsInForce(settings);
    const editedBatches = await editedBatchesInForce(settings.dataFolder);
    const iCloudAnswers = await iCloudAnswersInForce(settings.dataFolder);
    if (output.isJson) {
      await output.document(
        { settings: inForce, configFile: path, flags, iCloudAnswers, editedBatches },
        EXIT.ok,
      );
      return EXIT.ok;
    }
    const rows = inForce.map(({ name, value, variable }) => ({
      name,
      what: value === null ? IF_NOT_NAMED[name] : escapeControls(tilde(value)),
      from: variable === null ? "(usual)" : `(${variable})`,
    }));
    const widest = (texts: readonly string[]) => Math.max(...texts.map((text) => text.length));
    const [nameWidth, whatWidth] = [widest(rows.map((row) => row.name)), widest(rows.map((row) => row.what))];
    const edited = editedBatchLines(editedBatches);
    await output.result(
      ...rows.map((row) => `${row.name.padEnd(nameWidth)}   ${row.what.padEnd(whatWidth)}   ${row.from}`),
      "",
      ...(flags.length === 0
        ? [`No flags are set in ${escapeControls(tilde(path))}.`]
        : [
            `Set in ${escapeControls(tilde(path))}; a flag on the command line wins:`,
            ...flags.map(
              ({ name, value, commands }) =>
                `  --${name}${value === true ? "" : ` ${escapeControls(String(value))}`}   for ${commands.join(", ")}`,
            ),
          ]),
      "",
    );
    await output.longResult(iCloudLines(config.icloud, iCloudAnswers));
    if (edited.length > 0) await output.longResult(["", ...edited]);
    return EXIT.ok;
  };
}

function settingsInForce(settings: Settings): InForce[] {
  const { carried, macPrograms } = settings;
  const of = (name: InForce["name"], value: string | undefined, variable: string) => ({
    name,
    value: value ?? null,
    variable: variable in carried ? variable : null,
  });
  // Staging moves with the data folder, where only that is named.
  const staging = "ROLLCALL_STAGING" in carried ? "ROLLCALL_STAGING" : "ROLLCALL_HOME";
  return [
    of("data folder", settings.dataFolder, "ROLLCALL_HOME"),
    of("staging folder", settings.stagingFolder, staging),
    of("Photos library", settings.photosLibrary, "ROLLCALL_PHOTOS_LIBRARY"),
    of("usbmuxd", settings.usbmuxdAddress, "USBMUXD_SOCKET_ADDRESS"),
    of("osascript", settings.osascript, "ROLLCALL_OSASCRIPT"),
    {
      name: "macOS's programs",
      value: macPrograms ?? null,
      variable: macPrograms === undefined ? null : "ROLLCALL_MAC_PROGRAMS",
    },
  ];
}
