import { expect, test } from "vitest";
import { mediaRange } from "../../src/gui/media-range.js";

test.each([
  [undefined, null],
  ["", null],
  ["bytes=0-", { offset: 0, length: 100 }],
  ["bytes=0-0", { offset: 0, length: 1 }],
  ["bytes=10-19", { offset: 10, length: 10 }],
  ["bytes=90-999", { offset: 90, length: 10 }],
  ["bytes=99-", { offset: 99, length: 1 }],
  ["bytes=-10", { offset: 90, length: 10 }],
  ["bytes=-999", { offset: 0, length: 100 }],
  ["bytes=100-", "none"],
  ["bytes=999999999999999-", "none"],
  ["bytes=-0", "none"],
  ["bytes=20-10", null],
  ["bytes=-", null],
  ["bytes=0-1,5-6", null],
  ["items=0-1", null],
  ["bytes=1e3-", null],
  ["bytes=0x10-", null],
  ["bytes=99999999999999999999-", null],
] as const)("%s of 100 bytes", (header, wanted) => {
  expect(mediaRange(header, 100)).toEqual(wanted);
});

test.each([
  ["bytes=0-", "none"],
  ["bytes=-1", "none"],
  [undefined, null],
] as const)("%s of an empty file", (header, wanted) => {
  expect(mediaRange(header, 0)).toEqual(wanted);
});
