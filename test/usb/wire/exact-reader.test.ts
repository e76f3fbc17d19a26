import { PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ExactReader, StreamEndedError } from "../../../src/usb/wire/exact-reader.js";
import { readUint64, toSafeNumber, writeUint64 } from "../../../src/usb/wire/uint64.js";
import { WireFormatError } from "../../../src/usb/wire/wire-format-error.js";

test("any cutting of the bytes gives the same messages", async () => {
  const cuts = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(
      cuts,
      fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 10 }),
      async (pieces, sizes) => {
        const all = Buffer.concat(pieces);
        const stream = new PassThrough();
        for (const piece of pieces) stream.write(piece);
        stream.end();
        const reader = new ExactReader(stream);
        let at = 0;
        for (const size of sizes) {
          if (at + size > all.length) {
            const missingBytes = at + size - all.length;
            await expect(reader.read(size)).rejects.toMatchObject({ missingBytes });
            return;
          }
          expect(await reader.read(size)).toEqual(all.subarray(at, at + size));
          at += size;
        }
      },
    ),
  );
});

test("bytes beyond what was asked for stay in the stream for its next owner", async () => {
  const stream = new PassThrough();
  stream.write("abcdef");
  expect((await new ExactReader(stream).read(4)).toString()).toBe("abcd");
  const rest = new Promise((resolve) => stream.once("data", resolve));
  stream.resume();
  expect(String(await rest)).toBe("ef");
});

test("an end between two messages says that all bytes are missing", async () => {
  const stream = new PassThrough();
  stream.end();
  await expect(new ExactReader(stream).read(16)).rejects.toMatchObject({ wantedBytes: 16, missingBytes: 16 });
});

test("a stream that is destroyed while waiting rejects with the cause", async () => {
  const stream = new PassThrough();
  const reading = new ExactReader(stream).read(4);
  stream.destroy(new Error("cable pulled"));
  const error = await reading.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StreamEndedError);
  expect((error as Error).cause).toMatchObject({ message: "cable pulled" });
});

test("a read above the bound is refused before anything is allocated", async () => {
  await expect(new ExactReader(new PassThrough(), 100).read(101)).rejects.toThrow(WireFormatError);
  await expect(new ExactReader(new PassThrough()).read(Number.NaN)).rejects.toThrow(WireFormatError);
});

test("64-bit fields are whole in both directions", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }), fc.nat(5), (value, offset) => {
      const bytes = new Uint8Array(20);
      writeUint64(bytes, value, offset);
      expect(readUint64(bytes, offset)).toBe(value);
    }),
  );
  expect(() => readUint64(new Uint8Array(7))).toThrow(WireFormatError);
  expect(() => writeUint64(new Uint8Array(8), -1n)).toThrow(RangeError);
});

test("a value above 2^53 - 1 does not become a number", () => {
  expect(toSafeNumber(2n ** 53n - 1n, "a size")).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => toSafeNumber(2n ** 53n, "a size")).toThrow("a size is out of range");
});
