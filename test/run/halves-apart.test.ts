import { expect, test } from "vitest";
import { summaryLines } from "../../src/cli/terminal/summary-lines.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg, mov, phoneWith } from "./small-phones.js";

const plain = { withoutPhoneLibrary: true } as const;
const still = "/DCIM/100APPLE/IMG_0001.HEIC";
const video = "/DCIM/100APPLE/IMG_0001.MOV";

function box(type: string, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length + 8);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, content]);
}

/** A HEIC that says where its Exif is to be found with places that hold nothing: which identifier it has, nobody can read. */
function heicWithoutPlaces(): Buffer {
  const entry = box("infe", Buffer.from([2, 0, 0, 0, 0, 7, 0, 0]), Buffer.from("Exif"));
  const iloc = box("iloc", Buffer.from([0, 0, 0, 0, 0x44, 0, 0, 1]), Buffer.from([0, 7, 0, 0, 0, 0]));
  const meta = box("meta", Buffer.alloc(4), box("iinf", Buffer.from([0, 0, 0, 0, 0, 1]), entry), iloc);
  return Buffer.concat([box("ftyp", Buffer.from("heic")), meta, box("mdat", Buffer.alloc(64, 1))]);
}

test.each([
  { library: "may be read", answer: "proved" },
  { library: "may not be read", answer: "present" },
])(
  "a broken HEIC and its MOV are two in the receipt, as in Photos, which says so (library $library)",
  async ({ library, answer }) => {
    using harness = new ImportHarness();
    if (library === "may not be read")
      harness.originals = {
        open: async () => ({ code: "LIBRARY_NOT_PERMITTED", message: "Not allowed.", remedy: "Allow it." }),
      };
    const phone = phoneWith({
      [still]: heicWithoutPlaces(),
      [video]: mov(1, "LIVE"),
      "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2),
    });
    const { head, answers } = await harness.import(phone, plain);
    expect(harness.itemCount()).toBe(3);
    expect(head.totals.thisRun.items).toBe(3);
    const told = new Map([...answers()].map((one) => [one.path, one]));
    expect(told.get(still)).toMatchObject({ answer, item: still, reason: null });
    // One photo on the phone, which deletes both: each keeps the other there.
    expect(told.get(video)).toMatchObject({
      ...{ answer, item: video, belongsTo: "/DCIM/100APPLE/img_0001" },
      reason: { code: "HALVES_APART", message: expect.stringContaining("beside IMG_0001.HEIC") },
    });
    expect(summaryLines(head, answers(), null)).toContain(
      "1 photo of the phone is two items in Photos: its halves were not taken as one. The receipt names it.",
    );
    const again = await harness.import(phone, plain);
    expect([...again.answers()].map(({ item, thisRun }) => [item, thisRun])).toEqual(
      [still, video, "/DCIM/100APPLE/IMG_0002.JPG"].map((item) => [item, false]),
    );
    expect([...again.answers()][1]?.reason?.code).toBe("HALVES_APART");
  },
);

test("halves that Photos takes as one photo are one, and nothing is said", async () => {
  using harness = new ImportHarness();
  const pair = { "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1, "LIVE"), [video]: mov(1, "LIVE") };
  const { head, answers } = await harness.import(phoneWith(pair), plain);
  expect([harness.itemCount(), head.totals.thisRun.items]).toEqual([1, 1]);
  expect([...answers()].map(({ reason }) => reason)).toEqual([null, null]);
});
