import { expect, test } from "vitest";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import { summaryLines } from "../../src/cli/terminal/summary-lines.js";
import { receiptText } from "../../src/receipt/receipt-text.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { libraryOf } from "../catalogue/phone-database.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg } from "./small-phones.js";

const PATH = (number: number) => `/DCIM/100APPLE/IMG_${String(number).padStart(4, "0")}.JPG`;

test("files that the phone's library does not know are counted at the end and named in the receipt", async () => {
  using harness = new ImportHarness();
  const rows = libraryOf([{ path: PATH(1).slice(1) }, { path: PATH(2).slice(1) }]);
  const files = [1, 2, 3, 4, 5].map((number) => [PATH(number), { bytes: jpeg(number) }] as const);
  const { head, answers } = await harness.import(new MemoryPhone([...rows, ...files]));
  const unknown = [...answers()].filter(({ notInPhoneLibrary }) => notInPhoneLibrary);
  expect(unknown.map(({ path }) => path)).toEqual([PATH(3), PATH(4), PATH(5)]);
  expect(head.totals.notInPhoneLibrary).toBe(3);
  const said = "3 photos are unknown to the phone's photo library";
  expect(summaryLines(head, answers(), null).join("\n")).toContain(said);
  const text = [...receiptText(head, answers, commandWords)].join("");
  expect(text).toContain(said);
  expect(text.match(/does not know it\./g)).toHaveLength(3);
});

test("a photo of another size than the library says comes, and the receipt says both", async () => {
  using harness = new ImportHarness();
  const rows = libraryOf([{ path: PATH(1).slice(1), extra: { ORIGINALFILESIZE: 4_000_000 } }]);
  const { head, answers } = await harness.import(
    new MemoryPhone([...rows, [PATH(1), { bytes: jpeg(1) }] as const]),
  );
  expect([...answers()].map(({ answer, reason }) => [answer, reason?.code])).toEqual([
    ["proved", "SIZE_NOT_AS_SAID"],
  ]);
  expect([...receiptText(head, answers, commandWords)].join("")).toContain("gives it 4000000 bytes");
});
