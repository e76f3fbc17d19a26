import { expect } from "vitest";
import { oneTestIn } from "../sampled.js";
import { CommandHarness } from "../stories/command-harness.js";

const test = oneTestIn(3);

test.each([
  [["copy", ""], "DIR: it is empty."],
  [["verify", ""], "RECEIPT or DIR: it is empty."],
  [["receipts", "show", ""], "NAME: it is empty."],
  [["plan", "--name", ""], "--name: it is empty."],
  [["demo", "--keep", ""], "--keep: it is empty."],
  [["demo", "photos", "--library", " "], "--library: it is empty."],
  [["verify", "--library", ""], "--library: it is empty."],
  [
    ["import", "--library", "/not/there.photoslibrary"],
    "--library: there is no library package at /not/there.photoslibrary.",
  ],
  [["plan", "--since", "2026-11-21", "--until", "2026-11-20"], "--since lies after --until"],
])("%j is refused in one line, with exit 2", async (args, line) => {
  await using harness = new CommandHarness();
  await harness.plugIn();
  const { stdout, stderr, exitCode } = await harness.rollcall(args);
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
  expect(stderr).toContain(`error: ${line}`);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("a library that is not there is never named in a receipt", async () => {
  await using harness = new CommandHarness();
  await harness.plugIn();
  const { stderr, exitCode } = await harness.rollcall(["import", "--without-phone-library"], {
    ROLLCALL_PHOTOS_LIBRARY: "/not/there",
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("ROLLCALL_PHOTOS_LIBRARY: there is no library package at /not/there.");
});
