import { createHash } from "node:crypto";
import fs, { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { copyFile, nameCopy, type PartialCopy, syncFoldersOf } from "../../src/transfer/copy-file.js";
import { type DiskRequest, diskWork } from "../../src/transfer/disk-work.js";
import { InlineDisk } from "../../src/transfer/inline-disk.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { memoryDisk } from "../memory-disk.js";
import { ImportHarness } from "../run/import-harness.js";
import { jpeg, phoneWith } from "../run/small-phones.js";

const PATH = "/DCIM/100APPLE/IMG_0001.JPG";
const at = new Date("2026-11-01T10:00:00Z");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(memoryDisk, "rc-synced-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Syncs from now on: of a folder, or of a file, and the names that its folder had at that moment. */
async function watchSyncs(): Promise<string[]> {
  const syncs: string[] = [];
  const note = (what: string) => {
    const names = readdirSync(folder).map((name) => (name.startsWith(".") ? "unnamed" : name));
    syncs.push(`${what}: ${names}`);
  };
  const { fsync } = fs;
  vi.spyOn(fs, "fsync").mockImplementation((descriptor, done) => {
    note("file");
    fsync(descriptor, done);
  });
  const any = await open(folder, "r");
  const prototype: FileHandle = Object.getPrototypeOf(any);
  await any.close();
  const { sync } = prototype;
  vi.spyOn(prototype, "sync").mockImplementation(async function (this: FileHandle) {
    note((await this.stat()).isDirectory() ? "folder" : "file");
    return await sync.call(this);
  });
  return syncs;
}

test("a copy is synced before it gets its name, and its folder after", async () => {
  const phone = new MemoryPhone([[PATH, { bytes: jpeg(1), modifiedAt: at }]]);
  const disk = new InlineDisk({ hasFingerprints: false });
  const finalPath = join(folder, "IMG_0001.JPG");
  const syncs = await watchSyncs();
  const copy = (await copyFile(phone, (await phone.describe(PATH))!, finalPath, { disk })) as PartialCopy;
  await nameCopy(copy, disk);
  await syncFoldersOf([copy]);
  expect(syncs).toEqual(["file: unnamed", "folder: IMG_0001.JPG"]);
});

test("what is left of a copy is synced before its name says how much of it there is", async () => {
  const disk = new InlineDisk({ hasFingerprints: false });
  const file = await disk.create(join(folder, "begun"));
  await file.write(Buffer.from("begun"));
  const syncs = await watchSyncs();
  await file.checkpoint("stem");
  await file.close();
  expect(syncs).toEqual(["file: begun"]);
  expect(readdirSync(folder)).not.toContain("begun");
});

/** What the work of a disk does of these requests, one after the other: its syncs and its answers, in their order. */
async function workOn(requests: readonly DiskRequest[]): Promise<string[]> {
  const log: string[] = [];
  let onAnswer = () => {};
  const fsync = (descriptor: number, done: (error: Error | null) => void) => {
    log.push("synced");
    fs.fsync(descriptor, done);
  };
  const work = diskWork({
    fs: Object.assign(Object.create(fs), { fsync }),
    createHash,
    salt: null,
    send: (replies) => {
      for (const _one of replies) log.push("answered");
      onAnswer();
    },
  });
  for (const request of requests) {
    const answered = new Promise<void>((resolve) => {
      onAnswer = resolve;
    });
    log.push(request.ask);
    work([request]);
    await answered;
  }
  return log;
}

test("a file is answered for only once the disk has it", async () => {
  const bytes = Buffer.from("bytes");
  const log = await workOn([
    { id: 1, ask: "create", file: 1, path: join(folder, "large") },
    { id: 2, ask: "write", file: 1, bytes },
    { id: 3, ask: "sync", file: 1 },
    { id: 4, ask: "finish", file: 1, modifiedAtMs: at.getTime() },
    { id: 5, ask: "store", path: join(folder, "small"), bytes, modifiedAtMs: at.getTime() },
  ]);
  expect(log.join(" ")).toBe(
    "create answered write answered sync synced answered finish synced answered store synced answered",
  );
});

test("a file that is rewritten in place, as long as before, while it is read is not taken", async () => {
  const bytes = Buffer.alloc(300_000, 1);
  const phone = new MemoryPhone([[PATH, { bytes, modifiedAt: at }]], { chunkBytes: 100_000 });
  const rewritten = { bytes: Buffer.alloc(300_000, 2), modifiedAt: new Date(at.getTime() + 1_000) };
  let isRewritten = false;
  const onBytes = () => {
    if (!isRewritten) phone.put(PATH, rewritten);
    isRewritten = true;
  };
  const disk = new InlineDisk({ hasFingerprints: false });
  const file = (await phone.describe(PATH))!;
  const copy = (await copyFile(phone, file, join(folder, "a"), { disk, onBytes })) as PartialCopy;
  // Read once more, as it is now.
  expect(copy.sha256).toBe(createHash("sha256").update(rewritten.bytes).digest("hex"));
});

test("a copy whose bytes change between naming and reading back answers differs, never proved", async () => {
  using harness = new ImportHarness();
  const { renameNoReplace } = InlineDisk.prototype;
  vi.spyOn(InlineDisk.prototype, "renameNoReplace").mockImplementation(async function (
    this: InlineDisk,
    from,
    to,
    date,
  ) {
    const isNamed = await renameNoReplace.call(this, from, to, date);
    if (isNamed && to.endsWith("IMG_0001.JPG")) writeFileSync(to, "a bad block");
    return isNamed;
  });
  const phone = phoneWith({ [PATH]: jpeg(1), "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2) });
  const target = join(harness.folder, "copy");
  mkdirSync(target);
  const { answers } = await harness.copy(phone, target);
  expect([...answers()].map(({ answer, evidence, reason }) => [answer, evidence, reason?.code])).toEqual([
    ["differs", ["size"], "COPY_DIFFERS"],
    ["proved", ["size", "sha256"], undefined],
  ]);
});
