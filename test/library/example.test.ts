import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CommandHarness } from "../stories/command-harness.js";
import { exampleSource, startExample } from "./example.js";
import { twoPhotos } from "./two-photos.js";

test("the example imports everything new, tells what happens meanwhile, and what became of every file", async () => {
  await using harness = new CommandHarness();
  await twoPhotos(harness.mediaFolder);
  await harness.plugIn();

  const { stdout, stderr, exitCode } = await (await startExample(harness)).ended;
  expect(stderr).toMatch(/^importing 2 items, \d+ bytes\nalbum "Last Import": 2 items$/);
  expect(stdout).toContain("/DCIM/100APPLE/IMG_0002.JPG proved");
  expect(stdout).toContain("2 of 2 files are proved, 0 present.");
  expect(exitCode).toBe(0);
  expect(harness.album("Last Import")).toEqual(["IMG_0001.JPG", "IMG_0002.JPG"]);
  const [, receiptPath = ""] = /^Receipt: (.*)$/m.exec(stdout) ?? [];
  expect(JSON.parse(readFileSync(receiptPath, "utf8"))).toMatchObject({ tool: { name: "rollcall" } });
}, 60_000);

test("the example in the guide is the one that is run here", () => {
  const guide = readFileSync(join(import.meta.dirname, "../../docs/guides/library.md"), "utf8");
  const [, shown = ""] = /^```ts\n([\s\S]*?)^```$/m.exec(guide) ?? [];
  expect(shown).not.toBe("");
  expect(exampleSource).toContain(shown);
});
