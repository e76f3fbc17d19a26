import { quoted } from "../../../shell-word.js";

/** What only `plan` takes, or says how a command speaks. None has a value of its own. */
const NOT_FOR_IMPORT: readonly string[] = [
  "--list",
  "--audit",
  "--assume-imported",
  "--assume-imported",
  "--dry-run",
  "--json",
  "--brief",
  "--exit-zero",
  "--events",
  "--quiet",
  "--verbose",
  "--no-input",
];

/**
 * The import that does what was planned: without its flags it would import something else.
 * @param typed the words after the command's name
 */
export function importAsTyped(typed: readonly string[]): string {
  const words = typed.filter((word) => !NOT_FOR_IMPORT.includes(word));
  return ["rollcall import", ...words.map(forShell)].join(" ");
}

function forShell(word: string): string {
  return /^[\w./,:=@%+-]+$/.test(word) ? word : quoted(word);
}
