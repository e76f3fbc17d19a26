import { describe, expect, test } from "vitest";
import { importFlags } from "../../src/cli/commands/import/command.js";
import { planFlags } from "../../src/cli/commands/plan/command.js";
import { planList } from "../../src/cli/commands/plan/list-lines.js";
import type { PlannedItem } from "../../src/cli/commands/plan/planned-items.js";
import { importAsTyped } from "../../src/cli/commands/plan/same-flags.js";
import { longNames } from "../../src/cli/flag.js";

function item(path: string, about: Partial<PlannedItem>): PlannedItem {
  const usual = {
    item: path,
    action: "leave",
    because: null,
    answer: null,
    reason: null,
    files: [path],
    bytes: 1000,
  };
  return { ...usual, ...about } as PlannedItem;
}

test("the list names what comes, with its parts, and then by reason what does not", () => {
  const hidden = { code: "HIDDEN", message: "hidden on the phone", remedy: "--include-hidden imports it." };
  const note = { code: "UNKNOWN_KIND", message: "It is not a photo or video.", remedy: "" };
  expect([
    ...planList([
      item("/DCIM/1.HEIC", {
        action: "import",
        because: "new",
        files: ["/DCIM/1.HEIC", "/DCIM/1.MOV"],
        bytes: 2_300_000,
      }),
      item("/DCIM/2.JPG", { reason: hidden, answer: "hidden" }),
      item("/DCIM/3.JPG", { action: "import", because: "changed" }),
      item("/DCIM/4.JPG", { action: "already", because: "imported" }),
      item("/DCIM/5.TXT", { reason: note, answer: "set-aside" }),
      item("/DCIM/6\u001b[31m.JPG", { reason: hidden, answer: "hidden" }),
    ]),
  ]).toEqual([
    "To be imported:",
    "    2.3 MB   /DCIM/1.HEIC + 1.MOV",
    "    1.0 kB   /DCIM/3.JPG   (changed on the phone since it was imported)",
    "",
    "Not to be imported:",
    "  2 photos, each: hidden on the phone. --include-hidden imports it.",
    "    /DCIM/2.JPG",
    expect.stringMatching(/^ {4}\/DCIM\/6[^\u001b]+\.JPG$/),
    "  1 photo: imported before.",
    "    /DCIM/4.JPG",
    "  1 file: It is not a photo or video.",
    "    /DCIM/5.TXT",
    "",
  ]);
});

test("a path that would fill the screen is shortened there, and whole where a program reads it", () => {
  const long = `/DCIM/${"n".repeat(9_990)}.JPG`;
  const listed = (isForScreen: boolean) =>
    [...planList([item(long, { action: "import", because: "new" })], isForScreen)][1];
  expect(listed(false)).toBe(`    1.0 kB   ${long}`);
  expect(listed(true)).toBe(`    1.0 kB   /DCIM/${"n".repeat(44)}\u2026${"n".repeat(46)}.JPG`);
});

describe("the import that does what was planned is", () => {
  test.each([
    [[], "rollcall import"],
    [["--since", "7d"], "rollcall import --since 7d"],
    [["--list", "--audit", "--no-input", "--kind=photo,live"], "rollcall import --kind=photo,live"],
    [["--phone", "Anna's iPhone", "--verbose"], "rollcall import --phone 'Anna'\\''s iPhone'"],
    [["--name", "$(x)*"], "rollcall import --name '$(x)*'"],
    [["--dry-run", "--keep-albums"], "rollcall import --keep-albums"],
    [["--no-pager", "--since", "7d"], "rollcall import --since 7d"],
  ])("after plan %j: %s", (typed, expected) => {
    expect(importAsTyped(typed)).toBe(expected);
  });

  test("one that import takes, whichever flag of plan was typed", () => {
    const taken = longNames(importFlags);
    for (const flag of longNames(planFlags))
      expect(["rollcall import", ...taken.map((one) => `rollcall import ${one}`)]).toContain(
        importAsTyped([flag]),
      );
  });
});
