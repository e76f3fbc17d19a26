import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { deviceReportText, TESTED_ON_COLUMNS, testedOnRow } from "../../src/cli/commands/report/lines.js";
import { systemClock } from "../../src/clock.js";
import type { PhoneEntry } from "../../src/phone/phone.js";
import { type DeviceReport, deviceReportSchema } from "../../src/report/device-report.js";
import { makeReport, type Surroundings } from "../../src/report/make-report.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { memoryDisk } from "../memory-disk.js";
import { phoneOver, phoneWithCameraRoll } from "../run/import-harness.js";
import { jpeg } from "../run/small-phones.js";
import { leaksIn, MARKS, makeMarkedPhone } from "./marked-phone.js";

const HERE: Surroundings = {
  rollcallVersion: "0.1.0",
  isVirtual: false,
  cable: "USB 2",
  usbmuxd: "system",
  computer: {
    system: "macOS",
    macosVersion: "26.1",
    photosVersion: "11.0",
    processor: "arm64",
    node: "20.19.4",
  },
  rights: { askedFrom: "Terminal", automation: "allowed", library: "refused", fullDiskAccess: false },
};

async function reportOf(phone: MemoryPhone, surroundings: Partial<Surroundings> = {}): Promise<DeviceReport> {
  const workFolder = mkdtempSync(join(memoryDisk, "rollcall-report-"));
  onTestFinished(() => rmSync(workFolder, { recursive: true, force: true }));
  const deps = { phone, workFolder, clock: systemClock, signal: new AbortController().signal };
  return await makeReport(deps, { ...HERE, ...surroundings });
}

const IMPOSSIBLE = { sizeBytes: Number.MAX_SAFE_INTEGER, modifiedAtMs: Number.MAX_VALUE, bornAtMs: -1 };
const shownOf = (report: DeviceReport) => deviceReportText(report) + testedOnRow(report);

test("a report counts what is on the phone, by kind and by extension, and says how its database was read", async () => {
  const report = await reportOf(await phoneWithCameraRoll({ hasLibraryOnly: true }));
  expect(report.database).toMatchObject({
    outcome: "read",
    way: "pages",
    tries: 1,
    rows: 25,
    modelVersion: 18600,
  });
  expect(report.database.bytesRead).toBeGreaterThan(0);
  expect(report.files).toMatchObject({ listed: 38, setAside: 2, inICloudOnly: 1, unreadable: 0 });
  expect(report.files.byExtension).toMatchObject({ jpg: 23, mov: 9, aae: 2, other: 1 });
  expect(report.items).toMatchObject({
    byKind: { photo: 14, live: 6, video: 2, raw: 1, screenshot: 1 },
    hidden: 1,
    trashed: 1,
    burstFrames: 3,
    fromICloud: 2,
    inSharedLibrary: 1,
  });
  const { looked, only5005, only5003, both, none } = report.thumbnails;
  expect([looked, only5005 + only5003 + both, none]).toEqual([24, 24, 0]);
  expect(Math.min(only5005, only5003, both)).toBeGreaterThan(0);
  expect(report.reading.files).toBeGreaterThan(30);
});

test("edits are counted by what lies beside them: AAE, Adjustments.plist, render", async () => {
  const phone = await phoneWithCameraRoll({ hasLibraryOnly: true });
  const edited = { edited: 2, withAae: 2, withAdjustmentsPlist: 1, withRender: 1 };
  expect((await reportOf(phone)).edits).toEqual(edited);
  for (const path of [...phone.files.keys()]) if (path.endsWith(".AAE")) phone.remove(path);
  expect((await reportOf(phone)).edits).toEqual({ ...edited, withAae: 0 });
});

test("nothing that belongs to a person is in a report: no name, path, id or place, no part or hash of one", async () => {
  using marked = await makeMarkedPhone();
  const phone = await phoneOver(marked.mediaFolder);
  const { phoneName, udid } = MARKS;
  Object.assign(phone.identity, { name: phoneName, udid });
  const report = await reportOf(phone);
  expect(report.database).toMatchObject({ outcome: "read", rows: 2 }); // it was read, with all that is in it
  expect(report.items.burstFrames).toBe(1);
  expect(report.edits).toEqual({ edited: 2, withAae: 1, withAdjustmentsPlist: 1, withRender: 1 });
  expect(report.thumbnails.looked).toBe(1);
  const shown = shownOf(report);
  expect(leaksIn(shown)).toEqual([]);
  expect(shown).not.toMatch(/DCIM|PhotoData|IMG_|Users|\/[a-z]+\/|@/);
});

test.each([
  ["a product type that is a name", { productType: MARKS.phoneName }],
  ["a product type with a name behind it", { productType: `iPhone17,3 ${MARKS.phoneName}` }],
  ["a product type with a line below it", { productType: `iPhone17,3\n${MARKS.phoneName}` }],
  ["a version that is an id", { iosVersion: MARKS.udid }],
  ["a version that is a place", { iosVersion: `${MARKS.latitude},${MARKS.longitude}` }],
])("%s is left out of the report", async (_title, identity) => {
  const phone = new MemoryPhone([["/DCIM/100APPLE/IMG_0001.JPG", { bytes: jpeg(1) }]], { identity });
  const report = await reportOf(phone);
  expect(leaksIn(shownOf(report))).toEqual([]);
  expect(Object.values(report.phone)).toContain(null);
});

test("versions of macOS and Photos that are any other text are left out", async () => {
  const computer = { ...HERE.computer, macosVersion: MARKS.macUser, photosVersion: `11.0 ${MARKS.library}` };
  const report = await reportOf(new MemoryPhone(), { computer });
  expect(report.computer).toMatchObject({ macosVersion: null, photosVersion: null });
  expect(leaksIn(shownOf(report))).toEqual([]);
});

test("the description of a report allows numbers, fixed words and versions, and no other text anywhere", () => {
  const texts: string[] = [];
  const walk = (schema: Schema): void => {
    if (schema.enum !== undefined || schema.const !== undefined) return;
    if (schema.anyOf !== undefined) for (const one of schema.anyOf) walk(one);
    const types = [schema.type ?? []].flat();
    if (types.includes("string")) texts.push(schema.pattern ?? "any text");
    if (!types.includes("object")) {
      expect(["string", "integer", "boolean", "null"]).toEqual(expect.arrayContaining(types));
      return;
    }
    if (schema.propertyNames === undefined) expect(schema.additionalProperties).toBe(false);
    else expect(schema.propertyNames.enum).toBeDefined();
    if (typeof schema.additionalProperties === "object") walk(schema.additionalProperties);
    Object.values(schema.properties ?? {}).forEach(walk);
  };
  walk(z.toJSONSchema(deviceReportSchema) as Schema);
  expect([...new Set(texts)].sort()).toEqual([
    "^(iPhone|iPad|iPod)\\d{1,2},\\d{1,2}$",
    "^20\\d\\d-(0[1-9]|1[0-2])$",
    "^\\d{1,3}(\\.\\d{1,3}){0,3}$",
  ]);
});

test("a phone without a database, and one whose database is damaged, are findings", async () => {
  const files = [["/DCIM/100APPLE/IMG_0001.JPG", { bytes: jpeg(1) }]] as const;
  const bare = await reportOf(new MemoryPhone(files));
  expect(bare).toMatchObject({ database: { outcome: "absent", sizeBytes: null }, edits: null });
  const damaged = new MemoryPhone([
    ...files,
    ["/PhotoData/Photos.sqlite", { bytes: Buffer.alloc(4096, "x") }],
  ]);
  expect((await reportOf(damaged)).database).toMatchObject({ outcome: "unreadable", sizeBytes: 4100 });
  expect(testedOnRow(await reportOf(damaged))).toContain("| unreadable |");
});

test("sizes are rounded to two digits: a phone cannot be known again by them", async () => {
  const bytes = Buffer.concat([jpeg(1), Buffer.alloc(123_456)]);
  const report = await reportOf(new MemoryPhone([["/DCIM/100APPLE/IMG_0001.JPG", { bytes }]]));
  expect(report.files.largestBytes % 10_000).toBe(0);
  expect(report.reading.sizeBytes % 10_000).toBe(0);
});

test("only 64 MiB are read, however much there is", async () => {
  const opened: number[] = [];
  const phone = new MemoryPhone(
    Array.from({ length: 5 }, (_, at) => [
      `/DCIM/100APPLE/IMG_${at}.MOV`,
      { bytes: new Uint8Array(20 << 20) },
    ]),
    { onRequest: (request) => void (request.what === "chunk" && opened.push(request.offset)) },
  );
  await reportOf(phone);
  expect(opened.length).toBe(64); // of 1 MiB each
});

test("a phone that claims impossible sizes and times is reported all the same", async () => {
  class Boaster extends MemoryPhone {
    override async *list(folder: string): AsyncGenerator<PhoneEntry> {
      if (folder !== "/DCIM") return;
      for (const name of ["IMG_0001.JPG", "IMG_0002.JPG"])
        yield { type: "file", file: { path: `/DCIM/100APPLE/${name}`, ...IMPOSSIBLE } };
    }
  }
  const report = await reportOf(new Boaster());
  expect(report.files).toMatchObject({ listed: 2, sizeBytes: 1e15 });
});

test("the row has a cell for each column of docs/tested-on.md, and marks the virtual iPhone", async () => {
  const row = testedOnRow(await reportOf(await phoneWithCameraRoll(), { isVirtual: true }));
  expect(row.split(" | ")).toHaveLength(TESTED_ON_COLUMNS.length);
  expect(row).toMatch(/^\| iPhone16,1 \(virtual\) \| 18\.5 \| USB 2 \| 17 in \d+ files, .* \|$/);
  expect(row).toContain("| macOS 26.1, arm64, Photos 11.0 | Terminal: automation allowed, library refused |");
});

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: boolean | Schema;
}
