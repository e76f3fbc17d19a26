import type { Command } from "commander";
import { RollcallError } from "../errors.js";
import { bad, type Config, configPath, readConfig } from "./config-file.js";

/**
 * Gives a command's flags the values of the config file, where nothing was typed. A flag that the command does
 * not have is left alone, and so is `yes` except for import: it agrees to bringing photos, never to removing files.
 * @throws RollcallError BAD_CONFIG
 */
export async function applyConfig(command: Command, dataFolder: string): Promise<void> {
  const config = await readConfig(dataFolder);
  for (const option of command.options) {
    const name = option.long?.slice(2) as keyof Config | undefined;
    const value = name === undefined ? undefined : config[name];
    if (name !== undefined && !takesFromConfig(command, name)) continue;
    const attribute = option.attributeName();
    if (value === undefined || command.getOptionValueSource(attribute) === "cli") continue;
    command.setOptionValueWithSource(attribute, parsed(option, name!, value, dataFolder), "config");
  }
}

/** Whether the config file may set this flag of the command; `name` without dashes. */
export function takesFromConfig(command: Command, name: string): boolean {
  if (name === "yes" && command.name() !== "import") return false;
  return command.options.some(({ long }) => long === `--${name}`);
}

function parsed(
  option: Command["options"][number],
  name: string,
  value: unknown,
  dataFolder: string,
): unknown {
  if (typeof value === "boolean") return option.negate ? !value : value;
  if (option.parseArg === undefined) return value;
  try {
    const text = Array.isArray(value) ? value.join(",") : String(value);
    return option.parseArg(text, undefined as never);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const remedy = error instanceof RollcallError ? ` ${error.remedy}` : "";
    const why = error instanceof RollcallError ? error.message : `${name}: ${error.message}`;
    throw bad(configPath(dataFolder), `${why}${remedy}`.replace(/\.$/, ""), error);
  }
}
