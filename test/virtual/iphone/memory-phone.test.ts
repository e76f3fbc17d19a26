import { describe, expect, it } from "vitest";
import { type PhoneEntry, PhoneFileError } from "../../../src/phone/phone.js";
import { MemoryPhone } from "../../../src/virtual/iphone/memory-phone.js";

const bytes = Uint8Array.from([1, 2, 3, 4, 5, 6, 7]);
const modifiedAt = new Date("2026-05-01T10:00:00Z");
const PATH = "/DCIM/100APPLE/IMG_0001.HEIC";

const phoneInChunks = (chunkBytes = 3) => new MemoryPhone([[PATH, { bytes, modifiedAt }]], { chunkBytes });

async function all(chunks: AsyncIterable<Uint8Array>): Promise<number[]> {
  const read: number[] = [];
  for await (const chunk of chunks) read.push(...chunk);
  return read;
}

async function listed(phone: MemoryPhone, folder: string): Promise<PhoneEntry[]> {
  const entries: PhoneEntry[] = [];
  for await (const entry of phone.list(folder)) entries.push(entry);
  return entries;
}

describe("reading", () => {
  it("gives all bytes in order, in chunks", async () => {
    expect(await all(phoneInChunks().read(PATH))).toEqual([...bytes]);
  });

  it.each([
    [2, [3, 4, 5, 6, 7]],
    [7, []],
    [99, []],
  ])("from offset %i gives what comes after it", async (offset, rest) => {
    expect(await all(phoneInChunks().read(PATH, { offset }))).toEqual(rest);
  });

  it("spoils a chunk as soon as the next one is asked for", async () => {
    const kept: Uint8Array[] = [];
    for await (const chunk of phoneInChunks().read(PATH)) kept.push(chunk);
    expect(kept.every((chunk) => chunk.every((byte) => byte === 0xdd))).toBe(true);
    expect([...phoneInChunks().files.get(PATH)!.bytes]).toEqual([...bytes]);
  });

  it("fails for a file that is not there, and the phone stays well", async () => {
    const phone = phoneInChunks();
    await expect(all(phone.read("/DCIM/none.JPG"))).rejects.toBeInstanceOf(PhoneFileError);
    expect(await all(phone.read(PATH))).toHaveLength(7);
  });

  it("stops between two chunks when it is told to, and keeps the reason", async () => {
    const stop = new AbortController();
    const reading = async () => {
      for await (const _chunk of phoneInChunks().read(PATH, { signal: stop.signal })) stop.abort("enough");
    };
    await expect(reading()).rejects.toMatchObject({ code: "STOPPED", cause: "enough" });
  });

  it("goes on with the bytes it opened when the file is replaced meanwhile", async () => {
    const phone = phoneInChunks();
    const read: number[] = [];
    for await (const chunk of phone.read(PATH)) {
      read.push(...chunk);
      phone.put(PATH, { bytes: new Uint8Array(1) });
    }
    expect(read).toEqual([...bytes]);
    expect((await phone.describe(PATH))?.sizeBytes).toBe(1);
  });
});

describe("listing", () => {
  it("names every file and folder beneath, and not the folder itself", async () => {
    const phone = phoneInChunks();
    phone.makeFolder("/DCIM/.MISC");
    phone.put("/DCIMS/other.txt", {});
    const paths = (await listed(phone, "/DCIM")).map((entry) =>
      entry.type === "file" ? entry.file.path : entry.path,
    );
    expect(paths.sort()).toEqual(["/DCIM/.MISC", "/DCIM/100APPLE", PATH]);
  });

  it("yields nothing for a folder that is not there", async () => {
    expect(await listed(phoneInChunks(), "/PhotoData")).toEqual([]);
  });

  it("tells links and what it will not describe from files", async () => {
    const phone = phoneInChunks();
    phone.putOther("/DCIM/link");
    phone.refuseToDescribe(PATH);
    const types = (await listed(phone, "/DCIM")).map((entry) => entry.type);
    expect(types.sort()).toEqual(["folder", "other", "unreadable"]);
  });
});

it("describes files, and nothing else", async () => {
  const phone = phoneInChunks();
  expect(await phone.describe(PATH)).toEqual({
    path: PATH,
    sizeBytes: 7,
    modifiedAtMs: modifiedAt.getTime(),
    bornAtMs: null,
  });
  expect(await phone.describe("/DCIM/100APPLE")).toBeNull();
  expect(await phone.describe("/DCIM/none.JPG")).toBeNull();
});

it("answers nothing after it was put away", async () => {
  const phone = phoneInChunks();
  await phone[Symbol.asyncDispose]();
  await expect(phone.describe(PATH)).rejects.toMatchObject({ code: "PHONE_GONE" });
  await expect(all(phone.read(PATH))).rejects.toMatchObject({ code: "PHONE_GONE" });
  await expect(listed(phone, "/DCIM")).rejects.toMatchObject({ code: "PHONE_GONE" });
});

it("lets a test pull the cable at any request", async () => {
  const requests: string[] = [];
  const phone = new MemoryPhone([[PATH, { bytes }]], {
    chunkBytes: 4,
    onRequest: (request) => {
      requests.push(request.what === "chunk" ? `chunk at ${request.offset}` : request.what);
      if (requests.length === 3) throw new Error("cable pulled");
    },
  });
  await expect(all(phone.read(PATH))).rejects.toThrow("cable pulled");
  expect(requests).toEqual(["open", "chunk at 0", "chunk at 4"]);
});

it.each(["DCIM/IMG_0001.HEIC", "/DCIM/", "/DCIM/../x", "/DCIM//x", "/", "/DCIM/\0"])(
  "takes %j for the caller's mistake",
  async (path) => {
    await expect(phoneInChunks().describe(path)).rejects.toMatchObject({ code: "BUG" });
  },
);
