// What it does as a phone is in test/contracts/phone-contract.ts; here is what tests ask of it besides.

import { expect, it } from "vitest";
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

it("spoils a chunk as soon as the next one is asked for", async () => {
  const kept: Uint8Array[] = [];
  for await (const chunk of phoneInChunks().read(PATH)) kept.push(chunk);
  expect(kept.every((chunk) => chunk.every((byte) => byte === 0xdd))).toBe(true);
  expect([...phoneInChunks().files.get(PATH)!.bytes]).toEqual([...bytes]);
});

it("stops between two chunks when it is told to, and keeps the reason", async () => {
  const stop = new AbortController();
  const reading = async () => {
    for await (const _chunk of phoneInChunks().read(PATH, { signal: stop.signal })) stop.abort("enough");
  };
  await expect(reading()).rejects.toMatchObject({ code: "STOPPED", cause: "enough" });
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
