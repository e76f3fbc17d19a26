import { join } from "node:path";
import { expect, test } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { parseFault } from "../../src/virtual/iphone/iphone-fault.js";
import { CommandHarness, eventOf } from "./command-harness.js";

test("unplugged in the middle of a file, not waited for: one clear error, exit 5, and the next run resumes", async () => {
  await using harness = new CommandHarness();
  const roll = await makeCameraRoll({ folder: harness.mediaFolder, photos: 12 });
  const half = Math.floor(roll.sizeBytes / 2);
  const phone = await harness.plugIn({ faults: [parseFault(`cable-pulled=${half}`)] });
  const cut = await harness.rollcall(["import", "--without-phone-library", "--wait", "0"]);
  expect(cut.exitCode).toBe(5);
  expect(cut.stderr).toMatch(/^error: .*unplugged/m);
  expect(cut.stderr).not.toMatch(/^\s+at /m);

  await phone[Symbol.asyncDispose]();
  await harness.plugIn();
  const receipt = await harness.receiptOf("import", "--without-phone-library");
  expect(receipt.exitCode).toBe(0);
  expect(receipt.totals.byAnswer.failed + receipt.totals.byAnswer.unknown).toBe(0);
  expect(harness.albumTitles()).toEqual(["Last Import"]);
  expect(harness.album("Last Import")).toHaveLength(harness.itemCount());
}, 180_000); // two whole imports, each with a dozen processes

test("Ctrl-C stops at the next safe point with exit 130; the next run ends with the same album, none twice", async () => {
  await using harness = new CommandHarness();
  await makeCameraRoll({ folder: harness.mediaFolder, photos: 60 });
  await harness.plugIn({ faults: [parseFault("latency=5")] });
  const running = harness.start(["import", "--events", "--batch-items", "5"]);
  await eventOf(running, ({ type }) => type === "imported");
  running.kill("SIGINT");
  const stopped = await running;
  expect(stopped.exitCode).toBe(130);
  expect(String(stopped.stderr)).toContain("resumes where it stopped");

  const receipt = await harness.receiptOf("import");
  expect(receipt.exitCode).toBe(0);
  expect(receipt.totals.thisRun.items).toBe(75);
  expect(harness.itemCount()).toBe(75);
  expect(harness.album("Last Import")).toHaveLength(75);
});

test("macOS refuses Apple events to Photos: exit 4 with the way to allow it, and nothing was imported", async () => {
  await using harness = new CommandHarness();
  await makeCameraRoll({ folder: harness.mediaFolder });
  await harness.plugIn();
  harness.photos.faults({ name: "refuses-events" });
  const refused = await harness.rollcall(["import"]);
  expect(refused.exitCode).toBe(4);
  expect(refused.stderr).toContain("Automation");
  expect(refused.stderr).not.toMatch(/^\s+at /m);
  harness.photos.faults(null);
  expect(harness.itemCount()).toBe(0);
});

test("unplugged while copying and plugged in again: the screen says what it waits for, and it finishes", async () => {
  await using harness = new CommandHarness();
  const roll = await makeCameraRoll({ folder: harness.mediaFolder, photos: 30 });
  const half = Math.floor(roll.sizeBytes / 2);
  const phone = await harness.plugIn({ faults: [parseFault(`cable-pulled=${half}`)] });
  const running = harness.start(["copy", join(harness.folder, "copy"), "--json"]);
  let seen = "";
  running.stderr.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
    if (seen.includes("plug it in again")) phone.attachAsPhonesDo();
  });
  const { exitCode, stderr, stdout } = await running;
  expect(String(stderr)).toMatch(
    /^waiting for Anna's iPhone: plug it in again \((2 min|1 min 5\d s) left\)\n(.*\n)*?going on\n/m,
  );
  expect(exitCode).toBe(0);
  expect(JSON.parse(String(stdout))).toMatchObject({ totals: { byAnswer: { failed: 0, unknown: 0 } } });
});
