import { type Command, Option } from "commander";

/**
 * One flag: how commander is told of it, and where its value is found. A value that may be missing includes undefined.
 * What a command does with its flags is checked against this, so no type of a flag is written by hand.
 */
export interface Flag<Value> {
  /** A new one each time: commander writes into what it is given. */
  readonly toOption: () => Option;
  /** What was typed, or set by the config file. */
  readonly valueIn: (command: Command) => Value;
}

/** Flags by the name under which the command finds them: `takenSince` for `--taken-since`, `input` for `--no-input`. */
export type FlagSet = Readonly<Record<string, Flag<unknown>>>;

/** What a command with these flags is given. */
export type FlagsOf<Flags extends FlagSet> = Flat<
  {
    readonly [Name in keyof Flags as MayBeMissing<Flags[Name]> extends true ? Name : never]?: Exclude<
      ValueOf<Flags[Name]>,
      undefined
    >;
  } & {
    readonly [Name in keyof Flags as MayBeMissing<Flags[Name]> extends true ? never : Name]: ValueOf<
      Flags[Name]
    >;
  }
>;

type ValueOf<One> = One extends Flag<infer Value> ? Value : never;
type MayBeMissing<One> = undefined extends ValueOf<One> ? true : false;
type Flat<Type> = { [Name in keyof Type]: Type[Name] };

/**
 * Makes a value of what was typed.
 * @param flag with its dashes, for the message
 * @throws RollcallError BAD_USAGE
 */
export type ParseFlag<Value> = (typed: string, flag: string) => Value;

/** `--no-x` is true until it is given; `--x` may be missing; `--x <y>` is a text. */
type Unparsed<Spelling extends string> = Spelling extends `--no-${string}`
  ? boolean
  : Spelling extends `${string}<${string}>`
    ? string | undefined
    : boolean | undefined;

/**
 * @param spelling as commander reads it: `--yes`, `--no-input`, `--since <date>`
 * @param description a line of the help
 */
export function flag<Spelling extends string>(
  spelling: Spelling,
  description?: string,
): Flag<Unparsed<Spelling>>;
export function flag<Value>(
  spelling: string,
  description: string,
  parse: ParseFlag<Value>,
): Flag<Value | undefined>;
export function flag(spelling: string, description?: string, parse?: ParseFlag<unknown>): Flag<unknown> {
  return flagOf(() => {
    const option = new Option(spelling, description);
    return parse === undefined ? option : option.argParser((typed) => parse(typed, option.long ?? spelling));
  });
}

/**
 * One of a few words.
 * @param now what was typed, in the word of now: words are renamed, too
 */
export function choice<const Choice extends string>(
  spelling: string,
  description: string,
  choices: readonly Choice[],
  now?: (typed: string) => string,
): Flag<Choice | undefined> {
  return flagOf(() => {
    const option = new Option(spelling, description).choices(choices);
    const { parseArg } = option;
    return now === undefined ? option : option.argParser((typed) => parseArg?.(now(typed), typed));
  });
}

/** What may be given again, all of it in a list. */
export function list(spelling: string, description: string): Flag<readonly string[]> {
  return flagOf(() =>
    new Option(spelling, description)
      .argParser((typed, before: readonly string[]) => [...before, typed])
      .default([]),
  );
}

/** Works, and is not in the help. */
export function hidden<Value>({ toOption }: Flag<Value>): Flag<Value> {
  return flagOf(() => toOption().hideHelp());
}

/** The command does not run without it. */
export function required<Value>({ toOption }: Flag<Value>): Flag<Exclude<Value, undefined>> {
  return flagOf(() => toOption().makeOptionMandatory());
}

/** What holds where it is not given; the help says so. */
export function withDefault<Value>(
  { toOption }: Flag<Value>,
  value: Exclude<Value, undefined>,
): Flag<Exclude<Value, undefined>> {
  return flagOf(() => toOption().default(value));
}

/** @param heading of the help */
export function inGroup<Flags extends FlagSet>(heading: string, flags: Flags): Flags {
  const entries = Object.entries(flags).map(([name, { toOption }]) => [
    name,
    flagOf(() => toOption().helpGroup(heading)),
  ]);
  return Object.fromEntries(entries);
}

/** Declares flags on a command, in their order. */
export function withFlags(command: Command, flags: FlagSet): Command {
  for (const { toOption } of Object.values(flags)) command.addOption(toOption());
  return command;
}

/** The values of flags that a command was declared with, each as its own flag reads it; what is missing has no property. */
export function valuesOf<Flags extends FlagSet>(command: Command, flags: Flags): FlagsOf<Flags> {
  const values = Object.entries(flags).map(([name, { valueIn }]) => [name, valueIn(command)]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** As they are typed: `--since`. */
export function longNames(flags: FlagSet): string[] {
  return Object.values(flags).flatMap(({ toOption }) => toOption().long ?? []);
}

/** The one place where a value gets its type: commander gives back what the option's parser made. */
function flagOf<Value>(toOption: () => Option): Flag<Value> {
  return { toOption, valueIn: (command) => command.getOptionValue(toOption().attributeName()) };
}
