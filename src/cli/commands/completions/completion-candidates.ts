import type { Command, Option } from "commander";

/** Something that could be typed next. */
export interface CompletionCandidate {
  readonly value: string;
  readonly description: string;
  /** What else a person may begin to type for it; case does not count. */
  readonly alsoCalled?: string;
}

/**
 * Values that only this computer or its cable knows, by the flag that takes them, or by the command whose first operand they
 * are: `phone`, `receipts show`.
 */
export type AskFor = (flagOrCommand: string) => Promise<readonly CompletionCandidate[]>;

/**
 * What could stand in the place of the last word. Empty where nothing is known, or where a file or folder is wanted:
 * the shell knows those.
 * @param words what was typed after the program's name; the last is the one to be completed, perhaps empty
 */
export async function candidatesFor(
  program: Command,
  words: readonly string[],
  askFor: AskFor,
): Promise<CompletionCandidate[]> {
  const typed = words.at(-1) ?? "";
  const { command, operands, awaiting } = readBefore(program, words.slice(0, -1));
  const all = await (async (): Promise<readonly CompletionCandidate[]> => {
    if (awaiting !== null) return await valuesOf(awaiting, askFor);
    if (typed.startsWith("-")) return flagsOf(command);
    if (operands > 0) return [];
    const below = command.createHelp().visibleCommands(command);
    return [
      ...below.map((one) => ({ value: one.name(), description: one.description() })),
      ...(await firstOperandsOf(command, askFor)),
    ];
  })();
  return all
    .filter(({ value, alsoCalled }) => value.startsWith(typed) || begins(alsoCalled, typed))
    .map(({ value, description }) => ({ value, description: firstLine(description) }));
}

/** "receipts show": without the program's own name. */
function namedInFull(command: Command): string {
  const above = command.parent;
  return above === null || above.parent === null ? command.name() : `${namedInFull(above)} ${command.name()}`;
}

function begins(name: string | undefined, typed: string): boolean {
  return name?.toLowerCase().startsWith(typed.toLowerCase()) === true;
}

/** Which command the words lead to, how many operands it has, and the flag whose value comes next, if one does. */
function readBefore(program: Command, words: readonly string[]) {
  let command = program;
  let operands = 0;
  let awaiting: Option | null = null;
  for (const word of words) {
    if (awaiting !== null) {
      awaiting = null;
    } else if (word.startsWith("-")) {
      const option = command.options.find(({ long, short }) => word === long || word === short);
      if (option !== undefined && (option.required || option.optional)) awaiting = option;
    } else {
      const below = operands === 0 ? command.commands.find((one) => one.name() === word) : undefined;
      if (below === undefined) operands += 1;
      else command = below;
    }
  }
  return { command, operands, awaiting };
}

async function valuesOf(option: Option, askFor: AskFor): Promise<readonly CompletionCandidate[]> {
  return choicesOf(option) ?? (await askFor(option.long?.slice(2) ?? ""));
}

async function firstOperandsOf(command: Command, askFor: AskFor): Promise<readonly CompletionCandidate[]> {
  const operand = command.registeredArguments[0];
  if (operand === undefined) return [];
  return choicesOf(operand) ?? (await askFor(namedInFull(command)));
}

/** Null where any word may stand. */
function choicesOf({
  argChoices = [],
}: {
  readonly argChoices?: readonly string[];
}): CompletionCandidate[] | null {
  return argChoices.length === 0 ? null : argChoices.map((value) => ({ value, description: "" }));
}

function flagsOf(command: Command): CompletionCandidate[] {
  const visible = command.createHelp().visibleOptions(command);
  return visible.flatMap(({ long, description }) => (long ? [{ value: long, description }] : []));
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!.replaceAll(/\s+/g, " ");
}
