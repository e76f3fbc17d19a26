import { join } from "node:path";
import { expect, test } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { parseMisbehaviour } from "../../src/virtual/iphone/iphone-misbehaviour.js";
import { eventOf, Table } from "./built-command.js";

test("unplugged in the middle of a file, and not waited for: one clear error, exit 5, and the next run goes on", async () => {
  await using table = new Table();
  const roll = await makeCameraRoll({ folder: table.mediaFolder, photos: 12 });
  const half = Math.floor(roll.sizeBytes / 2);
  const phone = await table.plugIn({ misbehave: [parseMisbehaviour(`cable-pulled=${half}`)] });
  const cut = await table.rollcall(["import", "--without-phone-library", "--wait", "0"]);
  expect(cut.exitCode).toBe(5);
  expect(cut.stderr).toMatch(/^error: .*unplugged/m);
  expect(cut.stderr).not.toMatch(/^\s+at /m);

  await phone[Symbol.asyncDispose]();
  await table.plugIn();
  const receipt = await table.receiptOf("import", "--without-phone-library");
  expect(receipt.exitCode).toBe(0);
  expect(receipt.totals.byAnswer.failed + receipt.totals.byAnswer.unknown).toBe(0);
  expect(table.albumTitles()).toEqual(["Last Import"]);
  expect(table.album("Last Import")).toHaveLength(table.itemCount());
}, 60_000); // two whole imports, each with a dozen processes

test("Ctrl-C stops at the next safe point with exit 130, and the next run ends with the same album and no photo twice", async () => {
  await using table = new Table();
  await makeCameraRoll({ folder: table.mediaFolder, photos: 60 });
  await table.plugIn({ misbehave: [parseMisbehaviour("latency=5")] });
  const running = table.start(["import", "--events", "--batch-items", "5"]);
  await eventOf(running, ({ type }) => type === "imported");
  running.kill("SIGINT");
  const stopped = await running;
  expect(stopped.exitCode).toBe(130);
  expect(String(stopped.stderr)).toContain("goes on where it stopped");

  const receipt = await table.receiptOf("import");
  expect(receipt.exitCode).toBe(0);
  expect(receipt.totals.thisRun.items).toBe(75);
  expect(table.itemCount()).toBe(75);
  expect(table.album("Last Import")).toHaveLength(75);
});

test("macOS refuses Apple events to Photos: exit 4 with the way to allow it, and nothing was imported", async () => {
  await using table = new Table();
  await makeCameraRoll({ folder: table.mediaFolder });
  await table.plugIn();
  table.photos.misbehave({ name: "refuses-events" });
  const refused = await table.rollcall(["import"]);
  expect(refused.exitCode).toBe(4);
  expect(refused.stderr).toContain("Automation");
  expect(refused.stderr).not.toMatch(/^\s+at /m);
  table.photos.misbehave(null);
  expect(table.itemCount()).toBe(0);
});

test("unplugged while copying, and plugged in again: the screen says what it waits for, and the same command ends well", async () => {
  await using table = new Table();
  const roll = await makeCameraRoll({ folder: table.mediaFolder, photos: 30 });
  const half = Math.floor(roll.sizeBytes / 2);
  const phone = await table.plugIn({ misbehave: [parseMisbehaviour(`cable-pulled=${half}`)] });
  const running = table.start(["copy", join(table.folder, "copy"), "--json"]);
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
