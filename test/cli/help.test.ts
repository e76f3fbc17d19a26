import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { STATUS_MEANINGS } from "../../src/cli/process/exit-status.js";
import { makeProgram } from "../../src/cli/program.js";
import { pagesForPeople } from "../pages-for-people.js";
import { listedStatuses } from "../transcripts/command.js";

describe("the exit statuses in the help of", () => {
  test.each([
    ["phones", [0, 1, 2, 5, 130, 143]],
    ["status", [0, 1, 2, 130, 143]],
    ["plan", [0, 1, 2, 3, 5, 6, 7, 8, 130, 143]],
    ["import", [0, 1, 2, 3, 4, 5, 6, 7, 8, 130, 143]],
    ["copy", [0, 1, 2, 3, 5, 6, 8, 130, 143]],
    ["verify", [0, 1, 2, 3, 4, 6, 7, 8, 130, 143]],
    ["doctor", [0, 1, 2, 4, 5, 6, 7, 130, 143]],
    ["library", [0, 1, 2, 3, 4, 6, 7, 130, 143]],
    ["report", [0, 1, 2, 5, 6, 130, 143]],
    ["eject", [0, 1, 2, 5, 6, 8, 130, 143]],
    ["watch", [0, 1, 2, 5, 6, 7, 8, 130, 143]],
    ["receipts", [0, 1, 2, 130, 143]],
    ["receipts show", [0, 1, 2, 130, 143]],
    ["receipts path", [0, 1, 2, 130, 143]],
    ["receipts open", [0, 1, 2, 130, 143]],
    ["receipts prune", [0, 1, 2, 6, 8, 130, 143]],
    ["receipts safe-to-remove", [0, 1, 2, 4, 6, 7, 8, 130, 143]],
    ["staging", [0, 1, 2, 6, 8, 130, 143]],
    ["staging clear", [0, 1, 2, 6, 7, 8, 130, 143]],
    ["completions", [0, 1, 2, 130, 143]],
    ["config", [0, 1, 2, 6, 130, 143]],
    ["config set", [0, 1, 2, 6, 130, 143]],
    ["config unset", [0, 1, 2, 6, 130, 143]],
    ["setup shortcuts", [0, 1, 2, 6, 7, 130, 143]],
    ["setup automator", [0, 1, 2, 6, 7, 130, 143]],
    ["setup agent", [0, 1, 2, 4, 6, 7, 130, 143]],
    ["demo", [0, 1, 2, 3, 6, 8, 130, 143]],
    ["demo phone", [0, 1, 2]],
    ["demo report", [0, 1, 2, 5, 6, 130, 143]],
    ["demo photos", [0, 1, 2, 6, 130, 143]],
  ])("%s are all it may end with", (command, expected) => {
    expect(listedStatuses(command.split(" "))).toEqual(expected);
  });

  const commands = join(import.meta.dirname, "../../src/cli/commands");
  const sourceOf = (name: string) => readFileSync(join(commands, name), "utf8");
  const bodies = readdirSync(commands, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && /: CommandBody\b/.test(sourceOf(name)),
  );
  test.each(bodies)(
    "a command of %s have 8 exactly if it opens the data folder, which another Rollcall may hold",
    (name) => {
      const source = sourceOf(name);
      const opensDataFolder =
        /\b(withDataFolder|lookIntoDataFolder|openDataFolder|importWith|changeApproval|lockDataFolder)\b\s*(\(|;)/.test(
          source,
        );
      const command = name.replace(/(\/run)?\.ts$/, "").split("/");
      expect(listedStatuses(command).includes(8)).toBe(opensDataFolder);
    },
  );
});

test("the help of import has its flags under five headings", () => {
  const command = makeProgram(() => {}).commands.find((one) => one.name() === "import");
  const headings = command!.helpInformation().match(/^[A-Z].*:$/gm);
  expect(headings).toEqual(["Which photos:", "Phone:", "Library:", "Output:", "Unattended:", "Options:"]);
});

describe("the pages for people", () => {
  const readme = [...pagesForPeople.values()].join("\n");

  test("the table of exit statuses says what --help says", () => {
    const [, table = ""] = /^\| exit status \| means \|\n\|[-| ]+\|\n((?:\|.*\|\n)+)/m.exec(readme) ?? [];
    const rows = table
      .trimEnd()
      .split("\n")
      .map((row) => row.split("|").map((cell) => cell.trim()));
    const expected = Object.entries(STATUS_MEANINGS);
    expect(rows.flatMap(([, statuses]) => statuses!.split(", "))).toEqual(expected.map(([status]) => status));
    for (const [, statuses, meaning] of rows) {
      const meanings = statuses!.split(", ").map((status) => STATUS_MEANINGS[status as "0"]);
      expect(meaning).toBe(meanings.reduce(together));
    }
  });

  test("have no line that is only a placeholder in capital letters", () => {
    const placeholders = readme.split("\n").filter((line) => /^\W*[A-Z][A-Z0-9_ -]{2,}[^\w,]*$/.test(line)); // with a comma it is a name in a list of code
    expect(placeholders).toEqual([]);
  });
});

/** "stopped by A; so" and "stopped by B; so" share a row as "stopped by A or B; so". */
function together(one: string, other: string): string {
  const [words, others] = [one.split(" "), other.split(" ")];
  const begin = words.findIndex((word, at) => word !== others[at]);
  const [head, tail] = [words.slice(0, begin).join(" "), one.slice(one.indexOf(";"))];
  const middle = (text: string) => text.slice(head.length + 1, text.indexOf(";"));
  expect(other.endsWith(tail)).toBe(true);
  return `${head} ${middle(one)} or ${middle(other)}${tail}`;
}
