import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { slowAnswers } from "../../src/virtual/iphone/iphone-fault.js";
import { Cable } from "./cable.js";
import { ImportHarness } from "./import-harness.js";

/** More than make a run start a thread for its disk. */
const COUNT = 200;
const pathOf = (at: number) => `/DCIM/100APPLE/IMG_${1000 + at}.JPG`;
const bytesOf = (at: number) => Buffer.alloc(1_000 + at * 50, `photo ${at} `);

async function withManyFiles(use: (cable: Cable, harness: ImportHarness, target: string) => Promise<void>) {
  using harness = new ImportHarness();
  await using cable = new Cable();
  for (let at = 0; at < COUNT; at++) cable.put(pathOf(at), bytesOf(at));
  await cable.plugIn([slowAnswers(1)]);
  await use(cable, harness, join(harness.folder, "copy"));
}

function expectAllIn(target: string): void {
  for (let at = 0; at < COUNT; at++)
    expect(readFileSync(join(target, pathOf(at))).equals(bytesOf(at))).toBe(true);
  expect(readdirSync(join(target, "DCIM/100APPLE"))).toHaveLength(COUNT);
}

test("small files cost four requests each: open, read, close, and a look whether it is still the same", async () => {
  await withManyFiles(async (cable, harness, target) => {
    await using phone = await cable.open();
    const { head, answers } = await harness.copy(phone, target);
    expect(head.totals.byAnswer.proved).toBe(COUNT);
    expectAllIn(target);
    const hashes = new Map([...answers()].map(({ path, sha256 }) => [path, sha256]));
    expect(hashes.get(pathOf(7))).toBe(createHash("sha256").update(bytesOf(7)).digest("hex"));
    const { afc, mostHandlesOpen } = cable.iphone.counters;
    expect([afc.of("file-open"), afc.of("read"), afc.of("close")]).toEqual([COUNT, COUNT, COUNT]);
    // Once for the listing, once afterwards; and a few for folders.
    expect(afc.of("get-file-info")).toBeLessThan(2 * COUNT + 20);
    expect(mostHandlesOpen).toBeGreaterThan(8);
    expect(mostHandlesOpen).toBeLessThanOrEqual(32);
    expect(cable.iphone.counters.openHandles).toBe(0);
  });
});

test("stopped while it copies many small files, it leaves no half file, and the next run imports the rest", async () => {
  await withManyFiles(async (cable, harness, target) => {
    const stop = new AbortController();
    const stopped = await cable.open();
    const describe = stopped.describe.bind(stopped);
    let described = 0;
    stopped.describe = (path, signal) => {
      if (++described === 120) stop.abort();
      return describe(path, signal);
    };
    await expect(harness.copy(stopped, target, {}, stop.signal)).rejects.toMatchObject({ code: "STOPPED" });
    await stopped[Symbol.asyncDispose]();
    const names = readdirSync(join(target, "DCIM/100APPLE"));
    expect(names.filter((name) => !/^IMG_\d+\.JPG$/.test(name))).toEqual([]);
    expect(names.length).toBeLessThan(COUNT);

    await using phone = await cable.open();
    const { head } = await harness.copy(phone, target);
    expect(head.totals.byAnswer.proved).toBe(COUNT);
    expectAllIn(target);
  });
});
