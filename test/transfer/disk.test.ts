import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { copyFile, nameCopyIfFree, type PartialCopy } from "../../src/transfer/copy-file.js";
import type { Disk, FileHashes, NewFile } from "../../src/transfer/disk.js";
import { DiskThread } from "../../src/transfer/disk-thread.js";
import { InlineDisk } from "../../src/transfer/inline-disk.js";
import { findResumable } from "../../src/transfer/resumable-copy.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { memoryDisk } from "../memory-disk.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(memoryDisk, "rc-disk-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const DATE_MS = Date.parse("2019-05-06T07:08:09Z");
const outcome = (work: Promise<unknown>) => work.catch((error: unknown) => error);

function hashesOf(bytes: Buffer) {
  const salt = "com.apple.XattrObjectSalt\0com.apple.DataObjectSalt\0";
  const sha1 = createHash("sha1").update(salt).update(bytes).digest();
  const fingerprint = Buffer.concat([Buffer.of(1), sha1]).toString("base64");
  return { sha256: createHash("sha256").update(bytes).digest("hex"), fingerprint };
}

function inSharedMemory(bytes: Buffer): Uint8Array {
  const shared = Buffer.from(new SharedArrayBuffer(bytes.length + 10), 5, bytes.length);
  shared.set(bytes);
  return shared;
}

describe.each<[string, () => Disk & Partial<AsyncDisposable>]>([
  ["here", () => new InlineDisk({ hasFingerprints: true })],
  ["in a thread of its own", () => new DiskThread({ hasFingerprints: true })],
])("the disk, %s,", (_, make) => {
  let disk: Disk & Partial<AsyncDisposable>;
  beforeEach(() => {
    disk = make();
  });
  afterEach(async () => await disk[Symbol.asyncDispose]?.());

  test("writes a file piece by piece, from any memory, and gives its hashes", async () => {
    const bytes = randomBytes(300_001);
    const path = join(folder, "a");
    const file = await disk.create(path, bytes.length);
    const borrowed = inSharedMemory(bytes.subarray(0, 200_000));
    await file.write(borrowed);
    borrowed.fill(0); // it may be overwritten now
    await file.write(bytes.subarray(200_000));
    expect(await file.finish(DATE_MS)).toEqual(hashesOf(bytes));
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect([statSync(path).mtimeMs, statSync(path).mode & 0o777]).toEqual([DATE_MS, 0o600]);
    expect(await disk.hashOf(path)).toBe(hashesOf(bytes).sha256);
  });

  test("leaves a file the date of its writing where it is given none", async () => {
    const begunMs = Date.now();
    const path = join(folder, "small");
    await disk.store(`${path}-partial`, Uint8Array.of(1), null);
    expect(await disk.renameNoReplace(`${path}-partial`, path, null)).toBe(true);
    expect(statSync(path).mtimeMs).toBeGreaterThan(begunMs - 2_000);
    const file = await disk.create(`${path}-2`, 1);
    await file.write(Uint8Array.of(1));
    expect(await file.finish(null)).toEqual(hashesOf(Buffer.of(1)));
    expect(statSync(`${path}-2`).mtimeMs).toBeGreaterThan(begunMs - 2_000);
  });

  test("dates a file as it was dated, also before 1970", async () => {
    const longAgoMs = Date.parse("1965-03-04T05:06:07Z");
    await disk.store(join(folder, "small"), Uint8Array.of(1), longAgoMs);
    const file = await disk.create(join(folder, "large"), 1);
    await file.finish(longAgoMs);
    writeFileSync(join(folder, "named"), "");
    await disk.renameNoReplace(join(folder, "named"), join(folder, "renamed"), longAgoMs);
    const dates = ["small", "large", "renamed"].map((name) => statSync(join(folder, name)).mtimeMs);
    expect(dates).toEqual([longAgoMs, longAgoMs, longAgoMs]);
  });

  test("a small file comes into a folder that is not there yet", async () => {
    const path = "/DCIM/100APPLE/IMG_0001.JPG";
    const bytes = randomBytes(5_000);
    const phone = new MemoryPhone([[path, { bytes, modifiedAt: new Date(DATE_MS) }]]);
    const place = join(folder, "new/folder/IMG_0001.JPG");
    const copy = await copyFile(phone, (await phone.describe(path))!, place, { disk });
    expect(copy).toMatchObject(hashesOf(bytes));
    expect(await disk.renameNoReplace((copy as PartialCopy).partialPath, place, DATE_MS)).toBe(true);
    expect(readFileSync(place).equals(bytes)).toBe(true);
  });

  test("keeps many files apart that are written side by side, small ones and large ones", async () => {
    const contents = Array.from({ length: 20 }, (_, at) => randomBytes(at % 2 === 0 ? at : 70_000 + at));
    const hashes = await Promise.all(
      contents.map(async (bytes, at) => {
        const path = join(folder, String(at));
        if (at % 2 === 0) return await disk.store(path, Uint8Array.from(bytes), DATE_MS);
        const file = await disk.create(path, bytes.length);
        for (let from = 0; from < bytes.length; from += 10_000)
          await file.write(bytes.subarray(from, from + 10_000));
        return await file.finish(DATE_MS);
      }),
    );
    expect(hashes).toEqual(contents.map(hashesOf));
    for (const [at, bytes] of contents.entries())
      expect(readFileSync(join(folder, String(at))).equals(bytes)).toBe(true);
    const readBack = contents.map((_, at) => disk.hashOf(join(folder, String(at))));
    expect(await Promise.all(readBack)).toEqual(contents.map((bytes) => hashesOf(bytes).sha256));
  });

  test("takes the same bytes again where the folder was not there the first time", async () => {
    const bytes = Uint8Array.from(randomBytes(600));
    const path = join(folder, "101APPLE", "a");
    expect(await outcome(disk.store(path, bytes, DATE_MS))).toMatchObject({ code: "ENOENT" });
    mkdirSync(dirname(path));
    expect(await disk.store(path, bytes, DATE_MS)).toEqual(hashesOf(Buffer.from(bytes)));
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test("reads a file back that is larger than it takes at a time", async () => {
    const bytes = randomBytes(9_000_001);
    writeFileSync(join(folder, "a"), bytes);
    expect(await disk.hashOf(join(folder, "a"))).toBe(hashesOf(bytes).sha256);
  });

  const STEM = `.${"0123456789ab".repeat(2)}`;

  /** What there is of a copy that was left, as another run finds it. */
  async function leftOf(bytes: Buffer) {
    const file = await disk.create(join(folder, "partial"), bytes.length);
    await file.write(bytes);
    await file.checkpoint(STEM);
    await file.write(Buffer.from("more, that nobody marked"));
    await file.close();
    const resumable = await findResumable(folder, STEM);
    expect(resumable?.sizeBytes).toBe(bytes.length);
    expect(readdirSync(folder)).toEqual([basename(resumable!.path)]);
    return resumable!;
  }

  test("goes on with a copy that was left, from what was marked", async () => {
    const bytes = randomBytes(6_000_000);
    const resumable = await leftOf(bytes.subarray(0, 5_000_001));
    const file = await disk.resume(resumable);
    await file?.write(bytes.subarray(5_000_001));
    expect(await file?.finish(DATE_MS)).toEqual(hashesOf(bytes));
    expect(readFileSync(resumable.path).equals(bytes)).toBe(true);
  });

  test.each([
    ["changed", (path: string) => writeFileSync(path, "X", { flag: "r+" })],
    ["cut", (path: string) => writeFileSync(path, "short")],
  ])("takes what was %s since for nothing, and removes it", async (_how, spoil) => {
    const resumable = await leftOf(Buffer.alloc(100_000, "bytes"));
    spoil(resumable.path);
    expect(await disk.resume(resumable)).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("leaves nothing of a file that is dropped, whether it was finished or not", async () => {
    const half = await disk.create(join(folder, "half"), 10);
    await half.write(Buffer.from("half"));
    await half.discard();
    const whole = await disk.create(join(folder, "whole"), 10);
    await whole.finish(DATE_MS);
    await whole.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("never writes over what is there, and says what the system said", async () => {
    const taken = join(folder, "taken");
    writeFileSync(taken, "mine");
    expect(await outcome(disk.create(taken, 1))).toMatchObject({ code: "EEXIST" });
    expect(await outcome(disk.store(taken, new Uint8Array(1), DATE_MS))).toMatchObject({ code: "EEXIST" });
    expect(await outcome(disk.create(join(folder, "no", "a"), 1))).toMatchObject({ code: "ENOENT" });
    expect(await outcome(disk.hashOf(join(folder, "none")))).toMatchObject({ code: "ENOENT" });
    writeFileSync(join(folder, "new"), "new");
    expect(await disk.renameNoReplace(join(folder, "new"), taken, DATE_MS)).toBe(false);
    expect(await disk.renameNoReplace(join(folder, "new"), join(folder, "free"), DATE_MS)).toBe(true);
    expect(readFileSync(taken, "utf8")).toBe("mine");
    expect(readFileSync(join(folder, "free"), "utf8")).toBe("new");
    expect(statSync(join(folder, "free")).mtimeMs).toBe(DATE_MS);
    expect(readdirSync(folder).sort()).toEqual(["free", "taken"]);
  });
});

test("a disk thread hashes only where asked, and leaves nobody waiting once it has ended", async () => {
  const disk = new DiskThread({ hasFingerprints: false });
  const bytes = Uint8Array.of(1, 2, 3);
  expect(await disk.store(join(folder, "b"), Uint8Array.from(bytes), DATE_MS)).toEqual({
    ...hashesOf(Buffer.from(bytes)),
    fingerprint: "",
  });
  const file = await disk.create(join(folder, "a"));
  const waiting = outcome(file.write(Buffer.from("never answered")));
  await disk[Symbol.asyncDispose]();
  const ended = { message: "the thread that writes copies has ended" };
  expect(await waiting).toMatchObject(ended);
  expect(await outcome(disk.hashOf(join(folder, "a")))).toMatchObject(ended);
  await disk[Symbol.asyncDispose]();
});

test.each([
  ["takes no file so large", "EFBIG", { code: "FILE_TOO_LARGE" }],
  ["is full", "ENOSPC", { code: "DISK_FULL" }],
  ["is gone", "EIO", { code: "FOLDER_NOT_WRITABLE" }],
])(
  "a disk that %s is named as the trouble, whatever it says when the copy is undone",
  async (_, code, told) => {
    const refuse = async () => {
      throw Object.assign(new Error("refused"), { code });
    };
    class Refusing extends InlineDisk {
      override async create(path: string) {
        const file = await super.create(path);
        return Object.assign(Object.create(file), {
          write: refuse,
          discard: async () => {
            await file.discard();
            throw Object.assign(new Error("nor this"), { code: "EBADF" });
          },
        });
      }
    }
    const path = "/DCIM/100APPLE/IMG_0001.MOV";
    const phone = new MemoryPhone([[path, { bytes: randomBytes(100_000), modifiedAt: new Date(DATE_MS) }]]);
    let counted = 0;
    const options = {
      disk: new Refusing({ hasFingerprints: true }),
      onBytes: (count: number) => {
        counted += count;
      },
    };
    const copying = copyFile(phone, (await phone.describe(path))!, join(folder, "IMG_0001.MOV"), options);
    expect(await outcome(copying)).toMatchObject(told);
    expect(counted).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  },
);

/** A disk that takes no time before 1980, as EINVAL says. */
class DiskSince1980 extends InlineDisk {
  #require(ms: number): void {
    if (ms < Date.UTC(1980, 0))
      throw Object.assign(new Error("EINVAL: invalid argument"), { code: "EINVAL" });
  }

  override async create(path: string): Promise<NewFile> {
    const file = await super.create(path);
    const finish = file.finish.bind(file);
    file.finish = async (ms) => {
      if (ms !== null) this.#require(ms);
      return await finish(ms);
    };
    return file;
  }

  override async store(...of: Parameters<Disk["store"]>): Promise<FileHashes> {
    const [, , ms] = of;
    if (ms !== null) this.#require(ms);
    return await super.store(...of);
  }
}

test.each([
  ["small", 5_000],
  ["large", 200_000],
])("a %s file whose date in the library the disk refuses has its own date", async (_size, length) => {
  const path = "/DCIM/100APPLE/IMG_0001.JPG";
  const bytes = randomBytes(length);
  const phone = new MemoryPhone([[path, { bytes, modifiedAt: new Date(DATE_MS) }]]);
  const disk = new DiskSince1980({ hasFingerprints: true });
  const options = { disk, datedAtMs: Date.UTC(1911, 4, 5) };
  const copy = await copyFile(phone, (await phone.describe(path))!, join(folder, "IMG_0001.JPG"), options);
  expect(copy).toMatchObject({ ...hashesOf(bytes), datedAtMs: DATE_MS });
  expect(statSync((copy as PartialCopy).partialPath).mtimeMs).toBe(DATE_MS);
});

test.each([
  ["small", 5_000],
  ["large", 200_000],
])("a %s file whose own date the disk refuses says so, and not that of its name", async (_size, length) => {
  const path = "/DCIM/100APPLE/IMG_0001.JPG";
  const bytes = randomBytes(length);
  const modifiedAt = new Date(Date.UTC(1975, 4, 5));
  const phone = new MemoryPhone([[path, { bytes, modifiedAt }]]);
  const disk = new DiskSince1980({ hasFingerprints: true });
  const file = (await phone.describe(path))!;
  for (const datedAtMs of [undefined, Date.UTC(1911, 4, 5)]) {
    const copy = await copyFile(phone, file, join(folder, "IMG_0001.JPG"), { disk, datedAtMs });
    expect(copy).toMatchObject({ code: "DATE_REFUSED", message: expect.stringContaining("1975-05-05") });
  }
  expect(readdirSync(folder)).toEqual([]);
  const begunMs = Date.now();
  const kept = await copyFile(phone, file, join(folder, "IMG_0001.JPG"), { disk, mayBeUndated: true });
  expect(kept).toMatchObject({ datedAtMs: null, ...hashesOf(bytes) });
  const finalPath = join(folder, "IMG_0001.JPG");
  expect(await nameCopyIfFree(kept as PartialCopy, disk)).toBe(true);
  expect(statSync(finalPath).mtimeMs).toBeGreaterThan(begunMs - 2_000);
  expect(readFileSync(finalPath).equals(bytes)).toBe(true);
});
