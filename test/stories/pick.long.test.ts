import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { atTerminal, hasTerminal } from "./at-terminal.js";
import { Table } from "./built-command.js";

const SLOW_MS = 60_000;

let table: Table;
beforeEach(async () => {
  table = new Table();
  await makeCameraRoll({ folder: table.mediaFolder, photos: 3 });
  await table.plugIn();
});
afterEach(async () => await table[Symbol.asyncDispose]());

describe.skipIf(!hasTerminal)("--pick at a terminal (script of util-linux needed)", () => {
  test(
    "brings what was chosen by day and kind, with what is typed as a filter, and nothing else",
    async () => {
      const { screen, status } = await atTerminal(
        table,
        ["import", "--pick", "--yes"],
        [
          ["What is to come?", "video"],
          ["matches", "\t"],
          ["\u25fc", "\r"],
        ],
      );
      expect(status).toBe(0);
      expect(screen).toMatch(/ \d{4} {2,}\d+ videos? {2,}[\d.]+ (bytes|kB|MB)/);
      const brought = table.album("Last Import");
      expect(brought.length).toBeGreaterThan(0);
      expect(brought.every((name) => /\.(MOV|MP4)$/i.test(name))).toBe(true);
    },
    SLOW_MS,
  );

  test(
    "with nothing chosen does nothing, and says so",
    async () => {
      const { screen, status } = await atTerminal(table, ["import", "--pick"], [["What is to come?", "\r"]]);
      expect(screen).toContain("Nothing was chosen, so nothing was done.");
      expect(status).toBe(1);
      expect(table.itemCount()).toBe(0);
    },
    SLOW_MS,
  );
});

test.each([["plan"], ["import"], ["import", "--json"], ["copy", "out"]])(
  "without anybody to ask, %s --pick is a usage error",
  async (...command) => {
    const { exitCode, stderr, stdout } = await table.rollcall([...command, "--pick"]);
    expect(exitCode).toBe(2);
    expect(stderr + stdout).toMatch(/--pick asks what to bring, and there is nobody here to ask/);
  },
);
