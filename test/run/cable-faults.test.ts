import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import * as fault from "../../src/virtual/iphone/iphone-fault.js";
import { startVirtualIPhone } from "../../src/virtual/iphone/virtual-iphone.js";
import { oneTestIn } from "../sampled.js";
import { Cable } from "./cable.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg } from "./small-phones.js";

const test = oneTestIn(3);

const MIB = 1024 * 1024;
const withoutLibrary = { withoutPhoneLibrary: true } as const;

function answersOf({ answers }: Awaited<ReturnType<ImportHarness["copy"]>>) {
  return Object.fromEntries(
    [...answers()].map(({ path, answer, reason }) => [path, reason === null ? answer : reason.code]),
  );
}

test("unplugged in the middle of a video and plugged in again, on another port: it resumes where it was", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  const video = randomBytes(9 * MIB + 12_345);
  cable.put("/DCIM/100APPLE/IMG_0001.MOV", video);
  await cable.plugIn([fault.cablePulled(5 * MIB + 777)]);
  cable.onWaiting = (iphone) => iphone.attachAsPhonesDo();
  await using phone = await cable.open();
  const target = join(harness.folder, "copy");
  const finished = await harness.copy(phone, target);
  expect(answersOf(finished)).toEqual({ "/DCIM/100APPLE/IMG_0001.MOV": "proved" });
  expect(readFileSync(join(target, "DCIM/100APPLE/IMG_0001.MOV")).equals(video)).toBe(true);
  expect(cable.events.map((event) => [event.type, "message" in event && event.message])).toEqual([
    ["waiting", "Anna's iPhone was unplugged or stopped answering."],
    ["going-on", false],
  ]);
  // Nothing that was whole was read a second time: what was under way when it broke is all that is.
  expect(cable.iphone.counters.bytesRead).toBeLessThan(video.length + 5 * MIB);
  expect(cable.iphone.counters.mostHandlesOpen).toBeLessThanOrEqual(16);
});

test("a plug so loose that it slips out every MiB or so: everything comes, and comes right", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  const files = Array.from({ length: 12 }, (_, at) => randomBytes(at * 150_000 + 1));
  for (const [at, bytes] of files.entries()) cable.put(`/DCIM/100APPLE/IMG_${1000 + at}.JPG`, bytes);
  await cable.plugIn([fault.looseCable(1_700_000, 4)]);
  await using phone = await cable.open();
  const target = join(harness.folder, "copy");
  const finished = await harness.copy(phone, target);
  expect(finished.head.totals.byAnswer).toMatchObject({ proved: 12, failed: 0 });
  for (const [at, bytes] of files.entries())
    expect(readFileSync(join(target, `DCIM/100APPLE/IMG_${1000 + at}.JPG`)).equals(bytes)).toBe(true);
});

test("a video that is rewritten in place while it is read is copied as it is afterwards", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  const path = "/DCIM/100APPLE/IMG_0001.MOV";
  const video = randomBytes(3 * MIB);
  cable.put(path, video);
  cable.put("/DCIM/100APPLE/IMG_0002.JPG", jpeg(2));
  await cable.plugIn([fault.rewrittenWhileRead(path, MIB)]);
  await using phone = await cable.open();
  const target = join(harness.folder, "copy");
  expect(answersOf(await harness.copy(phone, target))).toEqual({
    [path]: "proved",
    "/DCIM/100APPLE/IMG_0002.JPG": "proved",
  });
  const copied = readFileSync(join(target, path));
  expect(copied.equals(video.map((byte) => byte ^ 0xff))).toBe(true);
});

test("a phone that falls silent in the middle of a file is asked again on a fresh connection, unattended", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  cable.silenceMs = 400;
  const video = randomBytes(4 * MIB);
  cable.put("/DCIM/100APPLE/IMG_0001.MOV", video);
  await cable.plugIn([fault.stalls(2 * MIB + 5)]);
  await using phone = await cable.open();
  const target = join(harness.folder, "copy");
  expect(answersOf(await harness.copy(phone, target))).toEqual({ "/DCIM/100APPLE/IMG_0001.MOV": "proved" });
  expect(readFileSync(join(target, "DCIM/100APPLE/IMG_0001.MOV")).equals(video)).toBe(true);
  expect(cable.events).toEqual([]);
});

test("a video that changes while the phone is away is read again from its start, never joined from two", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  const path = "/DCIM/100APPLE/IMG_0001.MOV";
  cable.put(path, randomBytes(6 * MIB));
  await cable.plugIn([fault.cablePulled(3 * MIB)]);
  const newer = randomBytes(6 * MIB);
  cable.onWaiting = (iphone) => {
    cable.put(path, newer, new Date("2026-11-02T10:00:00Z"));
    iphone.attach();
  };
  await using phone = await cable.open();
  const target = join(harness.folder, "copy");
  const finished = await harness.copy(phone, target);
  const [answer] = [...finished.answers()];
  expect(answer).toMatchObject({
    answer: "proved",
    sizeBytes: newer.length,
    modifiedAt: "2026-11-02T10:00:00.000Z",
    sha256: createHash("sha256").update(newer).digest("hex"),
  });
  expect(readFileSync(join(target, path)).equals(newer)).toBe(true);
  // The next run knows it as it is now.
  expect((await harness.copy(phone, target)).head.totals.thisRun.files).toBe(0);
});

test("a phone not plugged in again: the run ends in time and says how long it waited; the next resumes", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  const files = [randomBytes(MIB), randomBytes(3 * MIB)];
  for (const [at, bytes] of files.entries()) cable.put(`/DCIM/100APPLE/IMG_000${at}.MOV`, bytes);
  await cable.plugIn([fault.cablePulled(2 * MIB)]);
  const target = join(harness.folder, "copy");
  {
    await using phone = await cable.open();
    await expect(harness.copy(phone, target)).rejects.toMatchObject({
      code: "PHONE_GONE",
      message: "Anna's iPhone was unplugged or stopped answering.",
      why: "Rollcall waited 120 s for it.",
    });
    expect(readdirSync(join(target, "DCIM/100APPLE")).filter((name) => name.includes("partial"))).toEqual([]);
  }
  cable.iphone.attach();
  await using phone = await cable.open();
  expect((await harness.copy(phone, target)).head.totals.byAnswer.proved).toBe(2);
});

test("another phone that is plugged in meanwhile is not taken for it", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  await using other = new Cable();
  const video = randomBytes(3 * MIB);
  cable.put("/DCIM/100APPLE/IMG_0001.MOV", video);
  other.put("/DCIM/100APPLE/IMG_0001.MOV", randomBytes(3 * MIB));
  const iphone = await cable.plugIn([fault.cablePulled(2 * MIB)]);
  cable.onWaiting = async () => {
    const { mediaFolder } = other;
    const udid = "00008140-000000000000BEEF";
    await startVirtualIPhone({ mediaFolder, socketPath: iphone.usbmuxd, udid, name: "Ben's iPhone" });
    iphone.attachOverWifi();
    iphone.attach();
  };
  await using phone = await cable.open();
  const target = join(harness.folder, "copy");
  await harness.copy(phone, target);
  expect(readFileSync(join(target, "DCIM/100APPLE/IMG_0001.MOV")).equals(video)).toBe(true);
});

test("a locked phone is waited for too, where its connection broke while Photos was at work", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  const video = randomBytes(3 * MIB);
  cable.put("/DCIM/100APPLE/IMG_0001.MOV", video);
  const iphone = await cable.plugIn([fault.looseCable(2 * MIB, 1)]);
  cable.onWaiting = () => iphone.unlock();
  await using phone = await cable.open();
  iphone.restart(); // it comes back before its first unlock
  const finished = await harness.copy(phone, join(harness.folder, "copy"));
  expect(finished.head.totals.byAnswer.proved).toBe(1);
  expect(cable.events).toContainEqual(expect.objectContaining({ type: "waiting", code: "PHONE_LOCKED" }));
});

test("what is copied already goes into Photos while the phone is away, and the rest when it is back", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  const files = new Map<string, Buffer>();
  for (let at = 10; at < 50; at += 1) files.set(`/DCIM/100APPLE/IMG_00${at}.JPG`, jpeg(at));
  const sizes = [...files.values()].map(({ length }) => length);
  for (const [path, bytes] of files) cable.put(path, bytes);
  await cable.plugIn([fault.cablePulled(sizes.reduce((sum, size) => sum + size, 0) - 10)]);
  const imported = new Promise<void>((resolve) => {
    const whole = harness.runScript;
    harness.runScript = async (...asked) => {
      const envelope = await whole(...asked);
      if (harness.itemCount() > 0) resolve();
      return envelope;
    };
  });
  cable.onWaiting = (iphone) => imported.then(() => iphone.attach());
  await using phone = await cable.open();
  const { answersByPath } = await harness.import(phone, withoutLibrary);
  expect([...answersByPath.values()]).toEqual(Array(40).fill("proved"));
});

test("the phone stays away: what was copied is in Photos and its album, and the next run repeats nothing", async () => {
  using harness = new ImportHarness();
  await using cable = new Cable();
  let total = 0;
  // More than are read side by side, so that some are copied to the end.
  const count = 120;
  for (let at = 100; at < 100 + count; at += 1) {
    cable.put(`/DCIM/100APPLE/IMG_0${at}.JPG`, jpeg(at));
    total += jpeg(at).length;
  }
  await cable.plugIn([fault.cablePulled(total - 10)]);
  {
    await using phone = await cable.open();
    await expect(harness.import(phone, withoutLibrary)).rejects.toMatchObject({ code: "PHONE_GONE" });
    expect(harness.itemCount()).toBeGreaterThan(0);
    expect(harness.albums()["Last Import"]).toHaveLength(harness.itemCount());
  }
  cable.iphone.attach();
  await using phone = await cable.open();
  const { answersByPath } = await harness.import(phone, withoutLibrary);
  expect([...answersByPath.values()]).toEqual(Array(count).fill("proved"));
  expect(harness.itemCount()).toBe(count);
  expect(harness.albums()["Last Import"]).toHaveLength(count);
});
