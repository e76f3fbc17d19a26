import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { atTerminal, hasTerminal } from "./at-terminal.js";
import { CommandHarness } from "./command-harness.js";

const SLOW_MS = 180_000;

let harness: CommandHarness;
beforeEach(async () => {
  harness = new CommandHarness();
  await makeCameraRoll({ folder: harness.mediaFolder, photos: 3 });
  await harness.plugIn();
});
afterEach(async () => await harness[Symbol.asyncDispose]());

describe.skipIf(!hasTerminal)("--pick at a terminal (script of util-linux needed)", () => {
  test(
    "imports all that match what was typed, and nothing else, after saying what is chosen",
    async () => {
      const { screen, status } = await atTerminal(
        harness,
        ["import", "--pick", "--yes"],
        [
          ["What should be imported?", "\r"],
          ["Nothing is chosen yet: Tab chooses a row, Ctrl-A all that match.", "video"],
          [": video", "\u0001"],
          ["[x]", "\r"],
        ],
      );
      expect(status).toBe(0);
      expect(screen).toMatch(/ \d{4} {2,}\d+ videos? {2,}[\d.]+ (bytes|kB|MB)/);
      const imported = harness.album("Last Import");
      expect(imported.length).toBeGreaterThan(0);
      expect(imported.every((name) => /\.(MOV|MP4)$/i.test(name))).toBe(true);
      expect(screen).toMatch(new RegExp(`Chosen: ${imported.length} photos?, [\\d.]+ (bytes|kB|MB)`));
      expect(screen).toMatch(new RegExp(`What should be imported\\? ${imported.length} photos?, `));
    },
    SLOW_MS,
  );

  test(
    "on a screen of 40 columns, without colour and with hundreds of days, imports what was chosen",
    async () => {
      await makeCameraRoll({ folder: harness.mediaFolder, photos: 700 });
      const { screen, status } = await atTerminal(
        harness,
        ["import", "--pick", "--yes", "--quiet"],
        [
          // The end, a page up, and then down to the end again: the oldest two days.
          ["What should be imported?", "\u001b[F\u001b[5~\u001b[F\t\u001b[A\t"],
          ["[x]", "\r"],
        ],
        { columns: 40, environment: { NO_COLOR: "1" } },
      );
      expect(status).toBe(0);
      // As it is drawn first; what is drawn over it moves the cursor.
      const first = screen.slice(0, screen.indexOf("Chosen:"));
      const shown = first.split(/\r?\n/).map((line) => line.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, ""));
      const rows = shown.filter((line) => line.includes("[ ]"));
      expect(rows.length).toBeGreaterThan(5);
      expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(40);
      expect(screen).not.toMatch(/\u001b\[(1|3[0-7]|9[0-7])m/);
      expect(harness.itemCount()).toBeGreaterThanOrEqual(2);
      expect(harness.itemCount()).toBeLessThan(20);
    },
    SLOW_MS,
  );

  test(
    "Ctrl-C at the list ends with 130, and nothing was imported",
    async () => {
      const { screen, status } = await atTerminal(
        harness,
        ["import", "--pick"],
        [["What should be imported?", "\u0003"]],
      );
      expect(status).toBe(130);
      expect(screen).toContain("Nothing was imported.");
      expect(harness.itemCount()).toBe(0);
    },
    SLOW_MS,
  );

  test(
    "Esc at the list, also after a choice, ends with 130, and nothing was imported",
    async () => {
      const { status } = await atTerminal(
        harness,
        ["import", "--pick"],
        [
          ["What should be imported?", "\t"],
          ["[x]", "\u001b"],
        ],
      );
      expect(status).toBe(130);
      expect(harness.itemCount()).toBe(0);
    },
    SLOW_MS,
  );
});

test.each([["plan"], ["import"], ["import", "--json"], ["copy", "out"]])(
  "without anybody to ask, %s --pick is a usage error",
  async (...command) => {
    const { exitCode, stderr, stdout } = await harness.rollcall([...command, "--pick"]);
    expect(exitCode).toBe(2);
    expect(stderr + stdout).toMatch(/--pick asks what to import, and nobody can be asked here/);
  },
);
