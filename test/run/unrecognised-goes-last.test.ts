import { expect, test } from "vitest";
import { ImportHarness } from "./import-harness.js";
import { jpeg, mov, phoneWith } from "./small-phones.js";

const plain = { withoutPhoneLibrary: true } as const;
const NAME = (number: number, extension: string) =>
  `/DCIM/100APPLE/IMG_${String(number).padStart(4, "0")}.${extension}`;

/** Packets of AVCHD: each begins with a time stamp of four bytes. */
function avchd(seed: number): Buffer {
  const one = Buffer.alloc(192, seed);
  one[4] = 0x47;
  return Buffer.concat([one, one, one, one, one, one]);
}

/** The names in each import event. */
function watchImports(harness: ImportHarness): string[][] {
  const seen: string[][] = [];
  const whole = harness.runScript;
  harness.runScript = (script, input, options) => {
    const { paths } = (input ?? {}) as { paths?: string[] };
    if (script.name === "importFiles") seen.push(paths!.map((path) => path.slice(path.lastIndexOf("/") + 1)));
    return whole(script, input, options);
  };
  return seen;
}

test.each([
  ["AVCHD", "MTS", avchd(1)],
  ["AVCHD", "M2TS", avchd(2)],
  ["QuickTime of another ending", "QT", mov(3)],
  ["an MPEG elementary stream", "M2V", Buffer.from("\0\0\x01\xb3\x2d\x02\x40\x33 video", "latin1")],
  ["an MPEG program stream", "MPE", Buffer.from("\0\0\x01\xba\x44\0\x04\0\x04\x01 video", "latin1")],
])("a video as Photos has it comes beside the others: %s (.%s)", async (_what, extension, bytes) => {
  using harness = new ImportHarness();
  const sent = watchImports(harness);
  const phone = phoneWith({ [NAME(1, "JPG")]: jpeg(1), [NAME(2, extension)]: bytes });
  const { answersByPath } = await harness.import(phone, plain);
  expect([...answersByPath.values()]).toEqual(["proved", "proved"]);
  expect(sent).toEqual([["IMG_0001.JPG", `IMG_0002.${extension}`]]);
});

test("what is not recognised goes to Photos alone and after all others, and Photos' answer decides", async () => {
  using harness = new ImportHarness();
  const sent = watchImports(harness);
  const odd = Buffer.from("\x01\x02\x03\x04 of a camera that nobody knows", "latin1");
  const phone = phoneWith({
    [NAME(1, "MOV")]: odd,
    [NAME(2, "JPG")]: jpeg(2),
    [NAME(3, "MKV")]: Buffer.concat([odd, Buffer.from([0])]),
    [NAME(4, "JPG")]: jpeg(4),
  });
  const { answers } = await harness.import(phone, plain);
  expect(sent).toEqual([["IMG_0002.JPG", "IMG_0004.JPG"], ["IMG_0001.MOV"], ["IMG_0003.MKV"]]);
  expect([...answers()].map(({ path, answer, reason }) => [path, answer, reason?.code ?? null])).toEqual([
    [NAME(1, "MOV"), "failed", "PHOTOS_LEFT_OUT"],
    [NAME(2, "JPG"), "proved", null],
    [NAME(3, "MKV"), "failed", "PHOTOS_LEFT_OUT"],
    [NAME(4, "JPG"), "proved", null],
  ]);
});

test("a picture that is called a video, and words that are called a picture, are not sent", async () => {
  using harness = new ImportHarness();
  const sent = watchImports(harness);
  const phone = phoneWith({
    [NAME(1, "MOV")]: jpeg(1),
    [NAME(2, "JPG")]: Buffer.from("These are words."),
    [NAME(3, "JPG")]: jpeg(3),
  });
  const { answers } = await harness.import(phone, plain);
  expect(sent).toEqual([["IMG_0003.JPG"]]);
  expect([...answers()].map(({ reason }) => reason?.code ?? null)).toEqual([
    "NOT_WHAT_IT_SAYS",
    "NOT_WHAT_IT_SAYS",
    null,
  ]);
});
