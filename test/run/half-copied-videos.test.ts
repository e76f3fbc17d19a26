import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Phone } from "../../src/phone/phone.js";
import { resumableBytes } from "../../src/transfer/resumable-copy.js";
import { removePartialCopies } from "../../src/transfer/staging-folder.js";
import { cablePulled } from "../../src/virtual/iphone/iphone-fault.js";
import { oneTestIn } from "../sampled.js";
import { Cable } from "./cable.js";
import { ImportHarness } from "./import-harness.js";

const test = oneTestIn(3);

const MIB = 1024 * 1024;
const FILM = "/DCIM/100APPLE/IMG_0001.MOV";
const KEPT_AT_LEAST = 18 * MIB;
const video = randomBytes(24 * MIB + 12_345);

/** How much a run takes of the phone; what an earlier connection had asked for still comes meanwhile, and is not in it. */
function countTaken(phone: Phone): () => number {
  const read = phone.read.bind(phone);
  let taken = 0;
  phone.read = async function* (path, options) {
    for await (const chunk of read(path, options)) {
      taken += chunk.length;
      yield chunk;
    }
  };
  return () => taken;
}

/** Stops a run when so much of a video has been taken. */
function stopAfter(phone: Phone, sizeBytes: number, stop: AbortController): void {
  const read = phone.read.bind(phone);
  phone.read = async function* (path, options) {
    let taken = 0;
    for await (const chunk of read(path, options)) {
      yield chunk;
      taken += chunk.length;
      if (taken >= sizeBytes) stop.abort();
    }
  };
}

async function halfCopied(use: (cable: Cable, harness: ImportHarness, target: string) => Promise<void>) {
  using harness = new ImportHarness();
  await using cable = new Cable();
  cable.put(FILM, video);
  await cable.plugIn();
  const target = join(harness.folder, "copy");
  const stop = new AbortController();
  await using phone = await cable.open();
  stopAfter(phone, KEPT_AT_LEAST, stop);
  await expect(harness.copy(phone, target, {}, stop.signal)).rejects.toMatchObject({ code: "STOPPED" });
  await use(cable, harness, target);
}

const namesIn = (target: string) => readdirSync(join(target, "DCIM/100APPLE"));
const copied = (target: string) => readFileSync(join(target, FILM));

test("stopped in the middle of a video: the next run asks for the rest of it only", async () => {
  await halfCopied(async (cable, harness, target) => {
    expect(namesIn(target)).toEqual([expect.stringMatching(/^\..*\.rollcall-partial$/)]);
    expect(await removePartialCopies(target)).toBe(0); // as each run begins

    await using phone = await cable.open();
    const taken = countTaken(phone);
    const { head } = await harness.copy(phone, target);
    expect(head.totals.byAnswer.proved).toBe(1);
    expect(copied(target).equals(video)).toBe(true);
    expect(namesIn(target)).toEqual(["IMG_0001.MOV"]);
    expect(taken()).toBeGreaterThan(0);
    expect(taken()).toBeLessThanOrEqual(video.length - KEPT_AT_LEAST);
  });
});

test("a video that changed on the phone since is copied from its beginning", async () => {
  await halfCopied(async (cable, harness, target) => {
    const other = Buffer.from(video).fill("other", 0, 5 * MIB);
    cable.put(FILM, other, new Date("2026-11-02T10:00:00Z"));
    await using phone = await cable.open();
    const { head } = await harness.copy(phone, target);
    expect(head.totals.byAnswer.proved).toBe(1);
    expect(copied(target).equals(other)).toBe(true);
  });
});

test("the copied part of a video is not read from the disk a second time for the same phone", async () => {
  await halfCopied(async (cable, _desk, target) => {
    await using phone = await cable.open();
    const listed = (await phone.describe(FILM))!;
    const here = await resumableBytes(join(target, "DCIM"), phone.identity, [listed]);
    expect(here).toBeGreaterThanOrEqual(KEPT_AT_LEAST);
    expect(here).toBeLessThan(video.length);
    const changed = { ...listed, modifiedAtMs: listed.modifiedAtMs + 1 };
    expect(await resumableBytes(target, phone.identity, [changed])).toBe(0);
    expect(await resumableBytes(target, { ...phone.identity, udid: "another" }, [listed])).toBe(0);
    expect(await resumableBytes(join(target, "not there"), phone.identity, [listed])).toBe(0);
  });
});

test("what is left of a video and was touched on this computer counts for nothing", async () => {
  await halfCopied(async (cable, harness, target) => {
    writeFileSync(join(target, "DCIM/100APPLE", namesIn(target)[0]!), "touched", { flag: "r+" });
    await using phone = await cable.open();
    const { head } = await harness.copy(phone, target);
    expect(head.totals.byAnswer.proved).toBe(1);
    expect(copied(target).equals(video)).toBe(true);
    expect(namesIn(target)).toEqual(["IMG_0001.MOV"]);
  });
});

test("what is left of a video and was not gone on with for a month is removed", async () => {
  await halfCopied(async (_cable, _desk, target) => {
    const path = join(target, "DCIM/100APPLE", namesIn(target)[0]!);
    const longAgo = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
    utimesSync(path, longAgo, longAgo);
    expect(await removePartialCopies(target)).toBe(1);
    expect(namesIn(target)).toEqual([]);
  });
});

test("unplugged in the middle of a video, and nobody plugs it in: an import goes on there another day", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  cable.put(FILM, video);
  cable.waitMs = 0;
  await cable.plugIn([cablePulled(20 * MIB)]);
  {
    await using phone = await cable.open();
    await expect(harness.import(phone, { withoutPhoneLibrary: true })).rejects.toMatchObject({
      code: "PHONE_GONE",
    });
  }
  const before = cable.iphone.counters.bytesRead;
  cable.iphone.attach();
  await using phone = await cable.open();
  const { head } = await harness.import(phone, { withoutPhoneLibrary: true });
  expect(head.totals.files).toBe(1);
  expect(cable.iphone.counters.bytesRead - before).toBeLessThanOrEqual(video.length - 16 * MIB);
});
