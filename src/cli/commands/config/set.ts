import { RollcallError } from "../../../errors.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { tilde } from "../../../words/wording.js";
import type { CommandBody, CommandContext } from "../../command-context.js";
import { nameNow } from "../../former-words.js";
import { checkFlagValue } from "../../process/apply-config.js";
import {
  CONFIG_NAMES,
  type Config,
  type ConfigName,
  configPath,
  configTakes,
  configValue,
  readConfig,
  writeConfig,
} from "../../process/config-file.js";
import { EXIT, type ExitStatus } from "../../process/exit-status.js";
import { nearest } from "../../terminal/did-you-mean.js";
import type { TakersOf } from "./run.js";

/** Sets one flag in config.json, after its own command has judged the value. */
export function setConfig(takersOf: TakersOf): CommandBody {
  return async (context, _flags, [typedName = "", typedValue = "yes"]) => {
    const { dataFolder } = context.settings;
    const name = knownName(typedName);
    const value = configValue(name, typedValue);
    if (value === undefined) {
      throw new RollcallError("BAD_USAGE", {
        message: `${name} takes ${configTakes(name)}, not ${JSON.stringify(typedValue)}.`,
        remedy: "Nothing was changed.",
      });
    }
    checkFlagValue(takersOf(name), name, value);
    const config = { ...(await readConfig(dataFolder)), [name]: value };
    const flagText = `--${name}${value === true ? "" : ` ${escapeControls(String(value))}`}`;
    const commands = takersOf(name).map((command) => command.name());
    return await changed(context, config, {
      line: `Set ${flagText} for ${commands.join(", ")}`,
      document: { name, value, commands },
    });
  };
}

/** Takes one flag out of config.json. */
export const unsetConfig: CommandBody = async (context, _flags, [typedName = ""]) => {
  const name = knownName(typedName);
  const { [name]: before, ...config } = await readConfig(context.settings.dataFolder);
  if (before !== undefined)
    return await changed(context, config, {
      line: `--${name} is no longer set`,
      document: { name, value: null },
    });
  throw new RollcallError("BAD_USAGE", {
    message: `${name} is not set in ${tilde(configPath(context.settings.dataFolder))}.`,
    remedy: "rollcall config shows what is.",
  });
};

async function changed(
  { settings, output }: CommandContext,
  config: Config,
  result: { readonly line: string; readonly document: Readonly<Record<string, unknown>> },
): Promise<ExitStatus> {
  await writeConfig(settings.dataFolder, config);
  const configFile = configPath(settings.dataFolder);
  if (output.isJson) await output.document({ configFile, ...result.document }, EXIT.ok);
  else await output.result(`${result.line}, in ${escapeControls(tilde(configFile))}.`);
  return EXIT.ok;
}

/** @throws RollcallError BAD_USAGE */
function knownName(typed: string): ConfigName {
  const known = CONFIG_NAMES.find((one) => one === nameNow(typed));
  if (known !== undefined) return known;
  const meant = nearest(typed, CONFIG_NAMES);
  throw new RollcallError("BAD_USAGE", {
    message: `${JSON.stringify(typed)} is not a setting.`,
    remedy: meant === null ? `Use one of ${CONFIG_NAMES.join(", ")}.` : `Did you mean ${meant}?`,
  });
}
