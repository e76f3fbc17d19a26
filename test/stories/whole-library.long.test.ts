import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Answer } from "../../src/receipt/answer.js";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { CommandHarness } from "./command-harness.js";

// Whole imports with processes of their own; a busy machine takes longer.
vi.setConfig({ testTimeout: 120_000 });

let harness: CommandHarness;
beforeEach(async () => {
  harness = new CommandHarness();
  await makeCameraRoll({ folder: harness.mediaFolder, hasLibraryOnly: true });
});
afterEach(async () => await harness[Symbol.asyncDispose]());

const importedBy = (answers: readonly Answer[]) =>
  answers
    .filter(({ thisRun, item, path }) => thisRun && item === path)
    .map(({ path }) => path.replace(/[0-9A-F]{8}-[0-9A-F-]{27}/, "UUID"))
    .sort();

test("by album, favourites, then all: iCloud originals by camera name, edits as edits, bursts by frame", async () => {
  await harness.plugIn();
  const wrong = await harness.rollcall(["import", "--album", "Laek"]);
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('Did you mean "Lake"?')]);

  const lake = await harness.receiptOf("import", "--album", "LAKE");
  expect(lake.exitCode).toBe(0);
  expect(importedBy(lake.answers)).toEqual([
    "/DCIM/100APPLE/IMG_0002.JPG",
    "/DCIM/100APPLE/IMG_0003.JPG",
    "/PhotoData/CPLAssets/group12/UUID.JPG",
  ]);
  expect(harness.album("Last Import")).toEqual(["IMG_0002.JPG", "IMG_0003.JPG", "IMG_4711.JPG"]);

  const favorites = await harness.receiptOf("import", "--favorites");
  expect(importedBy(favorites.answers)).toEqual(["/DCIM/100APPLE/IMG_0008.JPG"]); // 3 came with the lake

  const all = await harness.receiptOf("import");
  expect(all.exitCode).toBe(0);
  const answerOf = (path: string) => all.answers.find((answer) => answer.path === path);
  const edited = "/DCIM/101APPLE/IMG_0009";
  const rendered = "/PhotoData/Mutations/DCIM/101APPLE/IMG_0009/Adjustments/FullSizeRender";
  const item = ["JPG", "MOV", "AAE"].map((ending) => `${edited}.${ending}`);
  const ids = [...item, `${rendered}.jpg`, `${rendered}.mov`].map((path) => answerOf(path)?.photosId);
  expect([new Set(ids).size, ids[0]]).toEqual([1, expect.any(String)]);
  const frames = [6, 7, 8].map((number) => answerOf(`/DCIM/101APPLE/IMG_000${number}.JPG`)?.photosId);
  expect(new Set(frames).size).toBe(3);
  expect(harness.album("Last Import")).toContain("IMG_4712.JPG");
  expect(all.totals.byAnswer).toMatchObject({ hidden: 1, "in-trash": 1, "in-icloud-only": 1, failed: 0 });

  const plan = await harness.rollcall(["plan"]);
  expect(plan.stdout).toMatch(/In its Photos grid: \d+\. Not in it: 1 hidden, 2 frames of bursts/);
});

test("a Live Photo whose video is in iCloud only: plan, import and receipt say so, and what to switch on", async () => {
  const database = new DatabaseSync(join(harness.mediaFolder, "PhotoData/Photos.sqlite"));
  database.exec(`UPDATE ZINTERNALRESOURCE SET ZLOCALAVAILABILITY = -1, ZREMOTEAVAILABILITY = 1
    WHERE ZDATASTORESUBTYPE = 18 AND ZASSET = (SELECT Z_PK FROM ZASSET WHERE ZFILENAME = 'IMG_0008.JPG' AND ZDIRECTORY = 'DCIM/100APPLE')`);
  database.close();
  rmSync(join(harness.mediaFolder, "DCIM/100APPLE/IMG_0008.MOV"));
  await harness.plugIn();

  const plan = await harness.rollcall(["plan"]);
  expect(plan.stdout).toContain("Of these, in iCloud only: the moving half of 1 Live Photo.");
  expect(plan.stdout).toContain("switch on Download and Keep Originals on the phone");
  const planned = JSON.parse((await harness.rollcall(["plan", "--json"])).stdout) as {
    totals: { partsInICloudOnly: unknown };
    items: { item: string; answer: string | null; files: string[] }[];
  };
  expect(planned.totals.partsInICloudOnly).toEqual({ liveVideos: 1, raws: 0, edits: 0 });
  expect(planned.items).toContainEqual(
    expect.objectContaining({
      item: "/DCIM/100APPLE/IMG_0008.JPG",
      answer: "in-icloud-only",
      files: ["/DCIM/100APPLE/IMG_0008.MOV"],
    }),
  );

  const ended = await harness.rollcall(["import"]);
  expect([ended.exitCode, ended.stdout]).toEqual([0, expect.stringContaining("1 in iCloud only (2 files)")]);
  const { stdout } = await harness.rollcall(["receipts", "show"]);
  expect(stdout).toMatch(
    /in iCloud only +\/DCIM\/100APPLE\/IMG_0008\.MOV\n +the moving half of this Live Photo/,
  );
});

test("edits of iOS 26 come over the cable; plan, import and receipt name those that cannot", async () => {
  await makeCameraRoll({ folder: harness.mediaFolder, hasLibraryOnly: true, hasEditsOfIOS26: true });
  await harness.plugIn({ iosVersion: "26.6.1" });
  const plan = await harness.rollcall(["plan"]);
  expect(plan.stdout).toContain("2 edits stay on the phone, which Photos cannot be given");
  const ended = await harness.rollcall(["import"]);
  expect(ended.stdout).toMatch(/^29 new photos, all proved/);
  expect(ended.stdout).toContain("2 edits stay on the phone: the receipt says why.");
  const { stdout } = await harness.rollcall(["receipts", "show"]);
  expect(stdout).toMatch(
    /^proved +\/PhotoData\/Mutations\/DCIM\/101APPLE\/IMG_0021\/Adjustments\/Adjustments\.plist$/m,
  );
  expect(stdout).toMatch(
    /^edit left .+IMG_0025.+FullSizeRender\.jpg\n +It belongs to an edit in the format "ScreenshotServices"/m,
  );

  const again = await harness.rollcall(["import"]);
  expect(again.stdout).toMatch(/^Nothing new on Anna's iPhone\./);
  const known = await harness.receiptOf("verify");
  expect(known.totals.byAnswer).toMatchObject({ missing: 0, differs: 0, failed: 0 });
});
