import type { Command } from "commander";
import { RollcallError } from "../../errors.js";
import { inCommandWords } from "../terminal/command-words.js";
import { bad, type ConfigName, configPath, readConfig } from "./config-file.js";

/**
 * Gives a command's flags the values of the config file, where nothing was typed. A flag that the command does
 * not have is left alone, and so is `yes` except for import: it agrees to importing photos, never to removing files. A list of
 * receipts is of all phones, whichever the others are for.
 * @throws RollcallError BAD_CONFIG
 */
export async function applyConfig(command: Command, dataFolder: string): Promise<void> {
  const config = await readConfig(dataFolder);
  for (const option of command.options) {
    const name = option.long?.slice(2) as ConfigName | undefined;
    const value = name === undefined ? undefined : config[name];
    if (name !== undefined && !takesFromConfig(command, name)) continue;
    const attribute = option.attributeName();
    if (value === undefined || command.getOptionValueSource(attribute) === "cli") continue;
    const flag = explainedAsConfig(dataFolder, name!, () => parsed(option, value));
    command.setOptionValueWithSource(attribute, flag, "config");
  }
}

/** Whether the config file may set this flag of the command; `name` without dashes. */
export function takesFromConfig(command: Command, name: string): boolean {
  if (name === "yes" && command.name() !== "import") return false;
  if (name === "phone" && command.name() === "receipts") return false;
  return command.options.some(({ long }) => long === `--${name}`);
}

/**
 * Judges a value by the flag's own rules, as a command would that takes it.
 * @param takers the commands that take the flag
 * @throws the error of the flag, a RollcallError BAD_USAGE or commander's
 */
export function checkFlagValue(takers: readonly Command[], name: ConfigName, value: unknown): void {
  for (const { options } of takers) {
    const option = options.find(({ long }) => long === `--${name}`);
    if (option !== undefined) parsed(option, value);
  }
}

/** @throws RollcallError BAD_CONFIG, in the place of the flag's own error */
export function explainedAsConfig<Value>(dataFolder: string, name: ConfigName, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why =
      error instanceof RollcallError
        ? `${error.message} ${inCommandWords(error.remedy)}`
        : `${name}: ${error.message}`;
    throw bad(configPath(dataFolder), why, error);
  }
}

function parsed({ negate, parseArg }: Command["options"][number], value: unknown): unknown {
  if (typeof value === "boolean") return negate ? !value : value;
  if (parseArg === undefined) return value;
  const text = Array.isArray(value) ? value.join(",") : String(value);
  return parseArg(text, undefined as never);
}
