import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { writePhoneDatabase } from "../../src/virtual/iphone/phone-database.js";
import type { PhoneDatabaseRow } from "../../src/virtual/iphone/phone-database-rows.js";
import { aae, jpeg, mov } from "../run/small-phones.js";
import { CommandHarness } from "./command-harness.js";

const UUID = "EB1E6E42-2455-4EDC-9259-D00E097B5E82";
const createdAt = new Date("2026-11-01T10:00:00Z");
const row = (path: string, more: Partial<PhoneDatabaseRow> = {}): PhoneDatabaseRow => {
  const at = path.lastIndexOf("/");
  return { directory: path.slice(0, at), filename: path.slice(at + 1), kind: "photo", createdAt, ...more };
};

test("what the library says of odd files holds in plan, import and receipt", async () => {
  await using harness = new CommandHarness();
  const put = (path: string, bytes: Buffer) => {
    const target = join(harness.mediaFolder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  };
  put("DCIM/100APPLE/IMG_0042.JPG", jpeg(1));
  put("DCIM/100APPLE/IMG_0042.AAE", aae(1));
  put("DCIM/100APPLE/IMG_E0042.JPG", jpeg(2));
  put("DCIM/100APPLE/IMG_0001.JPG", jpeg(3, "LIVE"));
  put("DCIM/100APPLE/IMG_0001.MOV", mov(3, "LIVE"));
  put("DCIM/100APPLE/IMG_0001.HEIC", jpeg(4));
  put("DCIM/100APPLE/PIC_1.JFIF", jpeg(5));
  put("DCIM/100APPLE/IMG_0777.JPG", jpeg(6));
  put("DCIM/100APPLE/IMG_0888.JPG", Buffer.alloc(0));
  put("PhotoData/Sync/100SYNCD/IMG_0001.JPG", jpeg(7));
  put(`PhotoData/CPLAssets/group1/${UUID}.JPG`, jpeg(8));
  await writePhoneDatabase(harness.mediaFolder, [
    row("DCIM/100APPLE/IMG_0042.JPG", { isEdited: true }),
    row("DCIM/100APPLE/IMG_E0042.JPG"),
    row("DCIM/100APPLE/IMG_0001.JPG", { subtype: "live" }),
    row("DCIM/100APPLE/IMG_0001.HEIC"),
    row("DCIM/100APPLE/PIC_1.JFIF"),
    row("DCIM/100APPLE/IMG_0888.JPG", { sizeBytes: 4_000 }),
    row("PhotoData/Sync/100SYNCD/IMG_0001.JPG"),
    row(`PhotoData/CPLAssets/group1/${UUID}.JPG`, {
      originalFilename: "Trip 12/05.JPG",
      parts: [{ part: "raw", filename: `${UUID}.DNG`, sizeBytes: 9 }],
    }),
  ]);
  await harness.plugIn();
  const plan = await harness.rollcall(["plan"]);
  expect(plan.stdout).toContain("In its Photos grid: 8. Not in it: 1 unknown to its library.");
  expect(plan.stdout).toContain("not found there: the RAW half of 1 photo.");

  const receipt = await harness.receiptOf("import");
  const told = receipt.answers.map(
    ({ path, answer, reason }) => `${path.slice(path.lastIndexOf("/") + 1)} ${answer} ${reason?.code ?? ""}`,
  );
  expect(told.filter((line) => !line.includes(" proved "))).toEqual([
    `${UUID}.DNG failed PART_NOT_ON_THE_PHONE`,
    "IMG_0888.JPG failed EMPTY_ON_THE_PHONE",
  ]);
  expect(receipt.totals.notInPhoneLibrary).toBe(1);
  expect(harness.itemCount()).toBe(8);
  expect(harness.album("Last Import")).toContain("Trip 12-05.JPG");
});
