import { Command } from "commander";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  choice,
  type FlagsOf,
  flag,
  hidden,
  inGroup,
  list,
  required,
  valuesOf,
  withDefault,
  withFlags,
} from "../../src/cli/flag.js";
import { wholeNumber } from "../../src/cli/flags/parsers.js";
import { addCommands, makeProgram } from "../../src/cli/program.js";

describe("every command", () => {
  const declared = new Map<Command, readonly string[]>();
  const program = new Command("rollcall");
  addCommands(program, (command, { flags }) => {
    withFlags(command, flags);
    declared.set(command, Object.keys(flags));
  });
  const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
  const named = (command: Command): string =>
    command.parent === null ? command.name() : `${named(command.parent)} ${command.name()}`;

  test.each(all(program).map((command) => [named(command), command] as const))(
    "%s is given each of its flags by the name under which commander keeps it, and has no others",
    (_name, command) => {
      expect(declared.get(command) ?? []).toEqual(command.options.map((option) => option.attributeName()));
    },
  );

  test("of the program is among them", () => {
    const names = (command: Command) => all(command).map(named);
    expect(names(program)).toEqual(names(makeProgram(() => {})));
    expect(declared.size).toBeGreaterThan(30);
  });
});

describe("what a command is given", () => {
  const flags = {
    yes: flag("--yes", "a switch"),
    input: flag("--no-input", "a switch that is on until it is given"),
    keep: flag("--keep <dir>", "a text"),
    most: hidden(flag("--most <number>", "a number", wholeNumber())),
    photos: withDefault(flag("--photos <number>", "a number with a default", wholeNumber(0)), 0),
    media: required(flag("--media <dir>", "a text that has to be given")),
    icloud: choice("--icloud <what>", "one of two", ["skip", "import"], (typed) => typed.toLowerCase()),
    fault: list("--fault <how>", "may be given again"),
  };

  function given(...typed: string[]) {
    const command = withFlags(new Command("x").exitOverride().configureOutput({ writeErr: () => {} }), flags);
    command.parse(typed, { from: "user" });
    return valuesOf(command, flags);
  }

  test("has the types that the flags say", () => {
    expectTypeOf<FlagsOf<typeof flags>>().branded.toEqualTypeOf<{
      readonly yes?: boolean;
      readonly input: boolean;
      readonly keep?: string;
      readonly most?: number;
      readonly photos: number;
      readonly media: string;
      readonly icloud?: "skip" | "import";
      readonly fault: readonly string[];
    }>();
  });

  test("has no property for what was not typed, except what is always there", () => {
    expect(Object.keys(given("--media", "m"))).toEqual(["input", "photos", "media", "fault"]);
    expect(given("--media", "m")).toEqual({ input: true, photos: 0, media: "m", fault: [] });
  });

  test("is what was typed, each by its parser", () => {
    const typed = ["--yes", "--no-input", "--keep", "k", "--most", "3", "--photos", "7", "--media", "m"];
    expect(given(...typed, "--icloud", "Import", "--fault", "a", "--fault", "b")).toEqual({
      yes: true,
      input: false,
      keep: "k",
      most: 3,
      photos: 7,
      media: "m",
      icloud: "import",
      fault: ["a", "b"],
    });
  });

  test.each([
    [["--media", "m", "--most", "0"], /^--most: "0" is not a whole number of 1 or more/],
    [["--media", "m", "--icloud", "both"], /Allowed choices are skip, import/],
    [[], /required option '--media <dir>' not specified/],
  ])("%j is refused by the name of the flag", (typed, message) => {
    expect(() => given(...typed)).toThrow(message);
  });

  test("a flag is listed under the heading of its group", () => {
    const command = withFlags(new Command("x"), inGroup("Pace:", { most: flags.photos }));
    expect(command.helpInformation()).toMatch(/^Pace:\n {2}--photos <number> .*\(default: 0\)$/m);
  });
});
