import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type AfcFileInfo,
  buildAfcFileInfo,
  buildKeyValueText,
  buildNames,
  millisecondsOf,
  parseAfcFileInfo,
  parseNames,
} from "../../../src/usb/afc/afc-file-info.js";
import {
  AFC_HEADER_BYTES,
  type AfcRequest,
  decodeAfcAnswer,
  decodeAfcHeader,
  decodeAfcRequest,
  encodeAfcDataHeader,
  encodeAfcHandle,
  encodeAfcRequest,
  encodeAfcStatus,
} from "../../../src/usb/afc/afc-packet.js";
import { WireFormatError } from "../../../src/usb/wire/wire-format-error.js";

/** The numbers of a packet, each eight little-endian bytes, then its tail. */
function packet(entire: string, own: string, number: string, operation: string, tail: string): Buffer {
  const field = (hex: string) => hex.padEnd(16, "0");
  return Buffer.from(
    Buffer.from("CFA6LPAA").toString("hex") + [entire, own, number, operation].map(field).join("") + tail,
    "hex",
  );
}

test.each<[string, number, AfcRequest, Buffer]>([
  ["READ_DIR", 1, { operation: "read-dir", path: "/DCIM" }, packet("2e", "2e", "01", "03", "2f4443494d00")],
  [
    "FILE_OPEN",
    2,
    { operation: "file-open", mode: 1n, path: "/a" },
    packet("33", "33", "02", "0d", "01000000000000002f6100"),
  ],
  [
    "READ",
    3,
    { operation: "read", handle: 1n, sizeBytes: 1_048_576 },
    packet("38", "38", "03", "0f", "01000000000000000000100000000000"),
  ],
])("%s is the documented bytes, in both directions", (_, number, request, bytes) => {
  expect(encodeAfcRequest(number, request)).toEqual(bytes);
  expect(decodeAfcRequest(decodeAfcHeader(bytes), bytes.subarray(AFC_HEADER_BYTES))).toEqual(request);
});

test("the documented answers are the documented bytes, in both directions", () => {
  const handle = packet("30", "30", "02", "0e", "0100000000000000");
  expect(encodeAfcHandle(2, 1n)).toEqual(handle);
  expect(decodeAfcAnswer(decodeAfcHeader(handle), handle.subarray(40))).toEqual({
    type: "handle",
    handle: 1n,
  });

  const end = packet("28", "28", "03", "02", "");
  expect(encodeAfcDataHeader(3, 0)).toEqual(end);
  expect(decodeAfcAnswer(decodeAfcHeader(end), Buffer.alloc(0))).toEqual({ type: "data" });

  const notFound = packet("30", "30", "04", "01", "0800000000000000");
  expect(encodeAfcStatus(4, 8)).toEqual(notFound);
  expect(decodeAfcAnswer(decodeAfcHeader(notFound), notFound.subarray(40))).toEqual({
    type: "status",
    status: 8,
  });
});

const anyPath = fc.string({ unit: "grapheme", maxLength: 40 }).filter((text) => !text.includes("\0"));
const anyUint64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
const anyRequest: fc.Arbitrary<AfcRequest> = fc.oneof(
  fc.record({ operation: fc.constantFrom("read-dir" as const, "get-file-info" as const), path: anyPath }),
  fc.constant({ operation: "get-device-info" as const }),
  fc.record({ operation: fc.constant("file-open" as const), mode: anyUint64, path: anyPath }),
  fc.record({ operation: fc.constant("read" as const), handle: anyUint64, sizeBytes: fc.maxSafeNat() }),
  fc.record({
    operation: fc.constant("seek" as const),
    handle: anyUint64,
    whence: fc.nat(2),
    offsetBytes: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  }),
  fc.record({ operation: fc.constant("close" as const), handle: anyUint64 }),
  fc.record({ operation: fc.constant("lock" as const), handle: anyUint64, kind: anyUint64 }),
);

test("any request reads back as it was sent", () => {
  fc.assert(
    fc.property(anyRequest, fc.maxSafeNat(), (request, number) => {
      const bytes = encodeAfcRequest(number, request);
      const header = decodeAfcHeader(bytes);
      expect(header.packetNumber).toBe(number);
      expect(header.entireBytes).toBe(bytes.length);
      expect(decodeAfcRequest(header, bytes.subarray(AFC_HEADER_BYTES))).toEqual(request);
    }),
  );
});

test("a path that comes without its NUL is the same path", () => {
  const bytes = encodeAfcRequest(1, { operation: "get-file-info", path: "/DCIM" }).subarray(0, -1);
  expect(decodeAfcRequest(decodeAfcHeader(bytes), bytes.subarray(40))).toEqual({
    operation: "get-file-info",
    path: "/DCIM",
  });
});

test.each([
  ["another magic", Buffer.concat([Buffer.from("CFA6LPAB"), Buffer.alloc(32)])],
  ["fewer than 40 bytes", Buffer.alloc(39)],
  ["an own length below the header's", packet("30", "27", "01", "01", "")],
  ["an entire length below its own", packet("28", "30", "01", "01", "")],
  ["a length above 2^53", packet("ffffffffffffffff", "28", "01", "02", "")],
])("a header with %s is refused", (_, bytes) => {
  expect(() => decodeAfcHeader(bytes)).toThrow(WireFormatError);
});

test.each([
  ["a status without its code", packet("28", "28", "01", "01", "")],
  ["a handle with data after it", packet("38", "30", "01", "0e", "")],
  ["data with arguments", packet("40", "30", "01", "02", "")],
  ["a request", packet("28", "28", "01", "03", "")],
])("%s is no answer", (_, bytes) => {
  expect(() => decodeAfcAnswer(decodeAfcHeader(bytes), Buffer.alloc(8))).toThrow(WireFormatError);
});

const anyInfo: fc.Arbitrary<AfcFileInfo> = fc.record({
  fileType: fc.constantFrom("S_IFREG", "S_IFDIR", "S_IFLNK"),
  sizeBytes: fc.maxSafeNat(),
  blocks: fc.option(fc.maxSafeNat()),
  linkCount: fc.option(fc.nat()),
  modifiedAtNs: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  bornAtNs: fc.option(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })),
  linkTarget: fc.option(anyPath),
});

test("any description reads back as it was built, with sizes and times whole", () => {
  fc.assert(
    fc.property(anyInfo, (info) => {
      expect(parseAfcFileInfo(buildAfcFileInfo(info))).toEqual(info);
    }),
  );
});

test("a size above 4 GiB and a time in nanoseconds lose nothing", () => {
  const text = [
    ["st_size", "17179869185"],
    ["st_ifmt", "S_IFREG"],
    ["st_mtime", "1494244521123456789"],
  ] as const;
  const info = parseAfcFileInfo(buildKeyValueText(text));
  expect(info.sizeBytes).toBe(17_179_869_185);
  expect(info.modifiedAtNs).toBe(1494244521123456789n);
  expect(new Date(millisecondsOf(info.modifiedAtNs)).toISOString()).toBe("2017-05-08T11:55:21.123Z");
});

test("a time before 1970 is one, signed or not, and is cut downwards", () => {
  expect(millisecondsOf(-1n)).toBe(-1);
  const text = [
    ["st_size", "0"],
    ["st_ifmt", "S_IFREG"],
    ["st_mtime", "18446744073709551615"],
  ] as const;
  expect(parseAfcFileInfo(buildKeyValueText(text)).modifiedAtNs).toBe(-1n);
});

test.each([
  ["without st_size", { st_ifmt: "S_IFREG", st_mtime: "1" }],
  ["without st_ifmt", { st_size: "1", st_mtime: "1" }],
  ["without st_mtime", { st_size: "1", st_ifmt: "S_IFREG" }],
  ["with a size that is no number", { st_size: "1e9", st_ifmt: "S_IFREG", st_mtime: "1" }],
  ["with a size below zero", { st_size: "-1", st_ifmt: "S_IFREG", st_mtime: "1" }],
  ["with a size above 2^53", { st_size: "9007199254740993", st_ifmt: "S_IFREG", st_mtime: "1" }],
])("a description %s is refused", (_, pairs) => {
  expect(() => parseAfcFileInfo(buildKeyValueText(Object.entries(pairs)))).toThrow(WireFormatError);
});

test("names keep their order and spelling, whether or not the last one has its NUL", () => {
  const names = [".", "..", "IMG_0001.HEIC", "e\u0301te\u0301.JPG", "été.JPG", "📱"];
  expect(parseNames(buildNames(names))).toEqual(names);
  expect(parseNames(buildNames(names).subarray(0, -1))).toEqual(names);
  expect(parseNames(Buffer.alloc(0))).toEqual([]);
});
