import { quoted } from "../../../shell-word.js";
import { type FlagSet, longNames } from "../../flag.js";
import { runOutputFlags } from "../../flags/output.js";
import { importFlags } from "../import/command.js";
import { planFlags } from "./command.js";

/** What only `plan` takes, or says how a command speaks. None has a value of its own. */
const NOT_FOR_IMPORT = new Set(
  longNames({
    ...without(planFlags, importFlags),
    ...runOutputFlags,
    input: importFlags.input,
    dryRun: importFlags.dryRun,
  }),
);

/**
 * The import that does what was planned: without its flags it would import something else.
 * @param typed the words after the command's name
 */
export function importAsTyped(typed: readonly string[]): string {
  const words = typed.filter((word) => !NOT_FOR_IMPORT.has(word));
  return ["rollcall import", ...words.map(forShell)].join(" ");
}

function without(flags: FlagSet, others: FlagSet): FlagSet {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => !(name in others)));
}

function forShell(word: string): string {
  return /^[\w./,:=@%+-]+$/.test(word) ? word : quoted(word);
}
