import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { atTerminal, hasTerminal } from "./at-terminal.js";
import { CommandHarness } from "./command-harness.js";

async function tableWithPhone(): Promise<CommandHarness> {
  const harness = new CommandHarness();
  await makeCameraRoll({ folder: harness.mediaFolder });
  await harness.plugIn();
  return harness;
}

test.runIf(hasTerminal).each([
  ["y", true],
  ["n", false],
] as const)("asked whether to write the report, a person types %s", async (key, isWritten) => {
  await using harness = await tableWithPhone();
  const file = join(harness.folder, "report.json");
  const { screen, status } = await atTerminal(harness, ["report", "--file", file], [["Write it to", key]]);
  expect(screen.indexOf('"productType"')).toBeLessThan(screen.indexOf("Write it to"));
  expect([status, existsSync(file)]).toEqual([0, isWritten]);
});

test("with nobody to be asked the report is shown, and no file is written", async () => {
  await using harness = await tableWithPhone();
  const { stdout, stderr, exitCode } = await harness.rollcall([
    "report",
    "--file",
    join(harness.folder, "r.json"),
  ]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('"productType":"iPhone17,3"');
  expect(stderr).toContain("Nothing was written: nobody can be asked. --yes writes it to a file.");
  expect(existsSync(join(harness.folder, "r.json"))).toBe(false);
});

test("without an iPhone the report ends with status 5, and with a file that is there with 2", async () => {
  await using harness = new CommandHarness();
  const none = await harness.rollcall(["report", "--wait", "0"]);
  expect([none.exitCode, none.stdout]).toEqual([5, ""]);
  const both = await harness.rollcall(["report", "--json", "--file", "x"]);
  expect(both.exitCode).toBe(2);
  const there = await harness.rollcall(["report", "--file", join(harness.folder, "osascript")]);
  expect([there.exitCode, there.stdout]).toEqual([2, ""]);
});
