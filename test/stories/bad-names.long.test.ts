import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { badNames, phoneWithBadNames } from "../run/bad-names.js";
import { CommandHarness } from "./command-harness.js";

test("file names with quotes, newlines, emoji, accents and dashes go over the cable into Photos intact", async () => {
  await using harness = new CommandHarness();
  mkdirSync(join(harness.mediaFolder, "DCIM/100APPLE"));
  for (const [path, { bytes }] of phoneWithBadNames().files)
    writeFileSync(join(harness.mediaFolder, path), bytes);
  await harness.plugIn();
  const receipt = await harness.receiptOf("import", "--without-phone-library");

  expect(receipt.exitCode).toBe(0);
  const answered = receipt.answers.map(({ path, answer }) => [path, answer]);
  expect(answered).toEqual(
    expect.arrayContaining(badNames.map((name) => [`/DCIM/100APPLE/${name}`, "proved"])),
  );
  expect(receipt.answers).toHaveLength(badNames.length);
  expect(harness.album("Last Import")).toEqual([...badNames].sort());
});
