import { type Command, Option } from "commander";

/** Flags that were renamed, without their dashes, and what each is called now. They are accepted as before, and not shown. */
export const FORMER_FLAGS = {
  again: "retry",
  edits: "reimport-edited",
  relaunch: "restart-photos",
  "mark-known": "assume-imported",
  misbehave: "fault",
} as const;

/** The name that a flag or a setting has now. @param name without dashes */
export function nameNow(name: string): string {
  return Object.hasOwn(FORMER_FLAGS, name) ? FORMER_FLAGS[name as keyof typeof FORMER_FLAGS] : name;
}

/** What was typed or stored of `--icloud`, in the word of now: `import` was `bring`. */
export function icloudNow(value: string): string {
  return value === "bring" ? "import" : value;
}

/** Lets a command, and those below it, take their flags by their former names, too. */
export function withFormerFlags(command: Command): void {
  for (const [former, now] of Object.entries(FORMER_FLAGS)) {
    const option = command.options.find(({ long }) => long === `--${now}`);
    if (option === undefined) continue;
    command.addOption(new Option(option.flags.replace(`--${now}`, `--${former}`)).hideHelp());
    command.on(`option:${former}`, (typed: string | undefined) => {
      const name = option.attributeName();
      const before: unknown = command.getOptionValue(name);
      const value = typed === undefined ? true : (option.parseArg?.(typed, before as never) ?? typed);
      command.setOptionValueWithSource(name, value, "cli");
    });
  }
  for (const below of command.commands) withFormerFlags(below);
}
