import { execFileSync } from "node:child_process";
import { readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { jpeg } from "../run/small-phones.js";
import { oneTestIn } from "../sampled.js";
import { CommandHarness } from "./command-harness.js";

const test = oneTestIn(3);

test("a first import takes everything new into a private data folder; a second sends no Apple event", async () => {
  await using harness = new CommandHarness();
  await makeCameraRoll({ folder: harness.mediaFolder, photos: 60 });
  await harness.plugIn();

  const first = await harness.rollcall(["import"]);
  expect(first.stderr).not.toContain("error");
  expect(first.exitCode).toBe(0);
  expect(first.stdout).toMatch(/^75 new photos, all proved/);
  expect(first.stdout).toContain('They are in the album "Last Import".');
  expect(harness.album("Last Import")).toHaveLength(75);
  const data = join(harness.folder, "data");
  expect(statSync(data).mode & 0o777, "the data folder is private to the user").toBe(0o700);
  for (const entry of readdirSync(data, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) expect(statSync(join(entry.parentPath, entry.name)).mode & 0o007, entry.name).toBe(0);
  }

  const album = harness.album("Last Import");
  harness.photos.resetCounters();
  const second = await harness.rollcall(["import"]);
  expect(second.exitCode).toBe(0);
  expect(second.stdout).toMatch(/^Nothing new on Anna's iPhone\./);
  expect(harness.photos.counters().total).toBe(0);
  expect(harness.album("Last Import")).toEqual(album);
  expect(harness.photos.running()).toBeNull();
});

test("plan says of an iPhone with iOS 26 which edits come with their photos, and which stay", async () => {
  await using harness = new CommandHarness();
  await makeCameraRoll({ folder: harness.mediaFolder, hasEditsOfIOS26: true });
  await harness.plugIn({ iosVersion: "26.6.1" });
  const { stdout } = await harness.rollcall(["plan", "--json"]);
  const { totals, items } = JSON.parse(stdout) as {
    totals: { toImport: { items: number }; bring: { items: number }; editsNotCarried: number };
    items: { item: string; action: string; reason: { code: string } | null; files: string[] }[];
  };
  expect([totals.toImport.items, totals.editsNotCarried]).toEqual([22, 2]);
  expect(totals.bring, "the name of before").toEqual(totals.toImport);
  const of = (item: string) => items.filter((one) => one.item === `/DCIM/101APPLE/${item}`);
  expect(of("IMG_0022.JPG").map(({ action, files }) => [action, files.length])).toEqual([["import", 5]]);
  expect(of("IMG_0025.PNG").map(({ action, reason }) => [action, reason?.code])).toEqual([
    ["import", undefined],
    ["leave", "EDIT_NOT_CARRIED"],
    ["leave", "EDIT_NOT_CARRIED"],
  ]);
});

test("a file whose content changed in place is imported as a new item, and plan says so before", async () => {
  await using harness = new CommandHarness();
  const path = join(harness.mediaFolder, "DCIM/100APPLE/IMG_0001.JPG");
  execFileSync("mkdir", ["-p", join(path, "..")]);
  writeFileSync(path, jpeg(1));
  await harness.plugIn();
  await harness.receiptOf("import", "--without-phone-library");
  writeFileSync(path, jpeg(2));
  utimesSync(path, new Date(), new Date());

  const plan = await harness.rollcall(["plan", "--without-phone-library"]);
  expect(plan.stdout).toMatch(/import +1 /);
  const receipt = await harness.receiptOf("import", "--without-phone-library");
  expect(receipt.totals.thisRun.items).toBe(1);
  expect(harness.itemCount()).toBe(2);
});

test("copy without a selection makes a DCIM equal to the phone's (by diff), and verify compares with it", async () => {
  await using harness = new CommandHarness();
  await makeCameraRoll({ folder: harness.mediaFolder, photos: 20 });
  await harness.plugIn();
  const target = join(harness.folder, "copy of it");
  const copied = await harness.rollcall(["copy", target]);
  expect(copied.exitCode).toBe(0);
  const difference = execFileSync("diff", ["-r", join(harness.mediaFolder, "DCIM"), join(target, "DCIM")]);
  expect(difference.toString()).toBe("");

  expect((await harness.rollcall(["verify", target])).exitCode).toBe(0);
  writeFileSync(join(target, "DCIM/100APPLE/IMG_0001.JPG"), "rotten");
  writeFileSync(join(target, "DCIM/mine.txt"), "mine");
  const verified = await harness.receiptOf("verify", target);
  expect(verified.exitCode).toBe(3);
  expect(verified.totals.byAnswer.differs).toBe(1);
  expect(verified).toMatchObject({ extraFiles: ["DCIM/mine.txt"] });
});
