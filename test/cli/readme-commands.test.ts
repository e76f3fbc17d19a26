import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, CommanderError } from "commander";
import { describe, expect, test } from "vitest";
import { makeProgram } from "../../src/cli/program.js";
import { photosFaults } from "../../src/virtual/photos/photos-fault.js";
import { pagesForPeople } from "../pages-for-people.js";

const top = join(import.meta.dirname, "../..");
const readme = [...pagesForPeople.values()].join("\n");

/** Lines of its blocks, and what stands in backquotes in its sentences. */
const blocks = [...readme.matchAll(/^ *```(?:sh|text)\n([\s\S]*?)^ *```$/gm)].flatMap(([, block = ""]) =>
  block.split("\n"),
);
const spans = [...readme.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "").matchAll(/`([^`]+)`/g)].map(
  ([, span = ""]) => span,
);

describe("every command that README and guides show", () => {
  const lines = [...blocks.map((line) => line.replace(/^ *(?:\$ )?/, "")), ...spans].map((line) =>
    line.replace(/^(?:npx |~\/\.rollcall\/bin\/)/, ""),
  );
  const shown = lines.filter((line) => /^rollcall( |$)/.test(line));

  test("is one that the command takes, with its flags", () => {
    expect(shown.length).toBeGreaterThan(40);
    const refused = [...new Set(shown)].flatMap((line) => {
      const why = refusalOf(line);
      return why === null ? [] : [`${line}: ${why}`];
    });
    expect(refused).toEqual([]);
  });

  test("names the package by its version", () => {
    const { version } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
    const named = [...readme.matchAll(/rollcall-([\d.]+)\.tgz/g)].map(([, said]) => said);
    expect(new Set(named)).toEqual(new Set([version]));
  });

  test("of npm is in package.json", () => {
    const { scripts } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
    const asked = readme.matchAll(/\bnpm (?:run )?(?:--silent )?(test(?::[a-z]+)?|(?<=run )[a-z:]+)/g);
    const names = [...asked].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !(name in scripts))).toEqual([]);
  });
});

test("what is proved says how many faults the virtual Photos has", () => {
  expect(readme).toContain(`Each of the ${photosFaults.length} faults that Photos is known`);
});

describe("the help", () => {
  const commands = allCommands(makeProgram(() => {}));

  test("of every command has examples, and the command takes each of them", () => {
    const faults = commands.flatMap((command) => {
      let help = "";
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      const [, examples = ""] = /^Examples:\n((?: {2}.+\n?)+)/m.exec(help) ?? [];
      const lines = examples.split("\n").map((line) => line.trim());
      const own = lines.flatMap((line) => /rollcall [^|)>]*[^|)> ]/.exec(line)?.[0] ?? []);
      if (own.length === 0) return [`${command.name()} has none`];
      return own.flatMap((line) => {
        const why = refusalOf(line);
        return why === null ? [] : [`${line}: ${why}`];
      });
    });
    expect(commands.length).toBeGreaterThan(20);
    expect(faults).toEqual([]);
  });
});

/** Its help or version was shown; or a command was only called by its name, as in a sentence. */
const TAKEN = [
  ...["commander.help", "commander.helpDisplayed", "commander.version"],
  ...["commander.missingArgument", "commander.missingMandatoryOptionValue"],
];

/** Every command that help shows, the program itself first. */
function allCommands(command: Command): Command[] {
  const below = command.createHelp().visibleCommands(command);
  return [command, ...below.filter((one) => one.name() !== "help").flatMap(allCommands)];
}

/** Without an action of their own: they show their help when they are called. */
const ONLY_GROUPS = ["rollcall", "setup"];

/** Why the command line is not taken; null where it is. Nothing is run. */
function refusalOf(line: string): string | null {
  const program = makeProgram(() => {});
  for (const command of allCommands(program)) {
    command.exitOverride().configureOutput({ writeOut: () => {}, outputError: () => {}, writeErr: () => {} });
    if (!ONLY_GROUPS.includes(command.name())) command.action(() => {});
  }
  try {
    program.parse(wordsOf(line), { from: "user" });
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return TAKEN.includes(error.code) ? null : error.message;
  }
}

/** As a shell would take it apart: quotes, and a comment at its end. What may be left out is in brackets. */
function wordsOf(line: string): string[] {
  const bare = line.replaceAll(/\[[^\]]*\]/g, "").replace(/\s#.*$/, "");
  const words = bare.match(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? [];
  return words.slice(1).map((word) => word.replaceAll(/["'\\]/g, ""));
}
