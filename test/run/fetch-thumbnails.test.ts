import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pagePathOf } from "../../src/receipt/receipt-folder.js";
import { MemoryPhone, type MemoryPhoneRequest } from "../../src/virtual/iphone/memory-phone.js";
import { ImportHarness, phoneWithCameraRoll } from "./import-harness.js";
import { jpeg, mov } from "./small-phones.js";

const pictures = (receiptPath: string) =>
  [
    ...readFileSync(pagePathOf(receiptPath), "utf8").matchAll(/src="data:image\/(jpeg|png);base64,([^"]+)"/g),
  ].map(([, , text]) => Buffer.from(text!, "base64"));

/** A phone with so many videos, each with a small picture, that notes what it is asked beyond its videos. */
function phoneWithVideos(videos: number, options: { thumbnail?: Buffer | null } = {}) {
  const asked: MemoryPhoneRequest[] = [];
  let onAsked: () => void = () => undefined;
  const phone = new MemoryPhone([], {
    onRequest: (request) => {
      if (!request.path.startsWith("/PhotoData/Thumbnails")) return;
      asked.push(request);
      onAsked();
    },
  });
  for (let at = 0; at < videos; at++) {
    const path = `/DCIM/100APPLE/IMG_${at}.MOV`;
    phone.put(path, { bytes: mov(at) });
    const bytes = options.thumbnail === undefined ? jpeg(1000 + at) : options.thumbnail;
    if (bytes !== null) phone.put(`/PhotoData/Thumbnails/V2${path}/5005.JPG`, { bytes });
  }
  return { phone, asked, whenAsked: (then: () => void) => (onAsked = then) };
}

/** The same JPEG, whose frame header says so. */
function withSize(picture: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(picture);
  const at = changed.indexOf(Buffer.from([0xff, 0xc0]));
  changed.writeUInt16BE(height, at + 5);
  changed.writeUInt16BE(width, at + 7);
  return changed;
}

const sorted = (all: readonly Buffer[]) => all.map((bytes) => bytes.toString("base64")).sort();
const plain = { withoutPhoneLibrary: true };

test("the page shows the phone's thumbnails; the phone is asked once where they are, then read", async () => {
  using harness = new ImportHarness();
  const { phone, asked } = phoneWithVideos(20);
  const { receiptPath } = await harness.import(phone, plain);
  expect(pictures(receiptPath)).toHaveLength(20);
  expect(pictures(receiptPath)[0]).toEqual(jpeg(1000));
  const count = (what: string) => asked.filter((request) => request.what === what).length;
  expect(count("list")).toBeLessThanOrEqual(4); // as many as are asked at once
  expect(count("open")).toBe(20);
  expect(readdirSync(join(harness.folder, "work"))).toEqual([]);
});

test("each photo is shown by its larger thumbnail: 5005.JPG, or 5003.JPG where that is the only one", async () => {
  using harness = new ImportHarness();
  const { phone, asked } = phoneWithVideos(12, { thumbnail: null });
  const put = (at: number, name: string, seed: number) =>
    phone.put(`/PhotoData/Thumbnails/V2/DCIM/100APPLE/IMG_${at}.MOV/${name}`, { bytes: jpeg(seed) });
  for (let at = 0; at < 12; at++) {
    // As a phone has it: most have the larger one, older ones the smaller one, some both.
    if (at % 3 !== 1) put(at, "5005.JPG", 5000 + at);
    if (at % 3 !== 0) put(at, "5003.JPG", 3000 + at);
  }
  const { receiptPath } = await harness.import(phone, plain);
  const expected = Array.from({ length: 12 }, (_, at) => jpeg((at % 3 === 1 ? 3000 : 5000) + at));
  expect(sorted(pictures(receiptPath))).toEqual(sorted(expected));
  const opened = asked.filter(({ what }) => what === "open").map(({ path }) => path);
  expect(opened.length).toBeLessThanOrEqual(12 + 4); // one each, and one more where the larger is not there
  expect(new Set(opened).size).toBe(opened.length);
});

test("one photo among many that has the smaller picture alone is shown by it", async () => {
  using harness = new ImportHarness();
  const { phone } = phoneWithVideos(12);
  const folder = "/PhotoData/Thumbnails/V2/DCIM/100APPLE/IMG_6.MOV";
  phone.remove(`${folder}/5005.JPG`);
  phone.put(`${folder}/5003.JPG`, { bytes: jpeg(3000) });
  const { receiptPath } = await harness.import(phone, plain);
  expect(sorted(pictures(receiptPath))).toContain(jpeg(3000).toString("base64"));
});

test("a phone that numbers its small pictures otherwise is looked at, and its largest number is taken", async () => {
  using harness = new ImportHarness();
  const { phone } = phoneWithVideos(9, { thumbnail: null });
  for (let at = 0; at < 9; at++) {
    const folder = `/PhotoData/Thumbnails/V2/DCIM/100APPLE/IMG_${at}.MOV`;
    phone.put(`${folder}/4031.JPG`, { bytes: jpeg(at) });
    phone.put(`${folder}/6001.JPG`, { bytes: jpeg(6000 + at) });
    phone.put(`${folder}/9000.ithmb`, { bytes: Buffer.alloc(2442) });
  }
  const { receiptPath } = await harness.import(phone, plain);
  expect(pictures(receiptPath)).toHaveLength(9);
  expect(pictures(receiptPath)).toContainEqual(jpeg(6000));
  expect(pictures(receiptPath)).not.toContainEqual(jpeg(0));
});

test("a small picture of 200 kB is shown, as more than a quarter of real ones have over 96 KiB", async () => {
  using harness = new ImportHarness();
  const thumbnail = Buffer.concat([jpeg(1), Buffer.alloc(200_000)]);
  const { phone } = phoneWithVideos(2, { thumbnail });
  const shown = pictures((await harness.import(phone, plain)).receiptPath);
  expect(shown.map((bytes) => bytes.equals(thumbnail))).toEqual([true, true]);
});

test("where the larger picture is damaged the smaller one is shown", async () => {
  using harness = new ImportHarness();
  const { phone } = phoneWithVideos(6, { thumbnail: Buffer.from("no picture") });
  for (let at = 0; at < 6; at++)
    phone.put(`/PhotoData/Thumbnails/V2/DCIM/100APPLE/IMG_${at}.MOV/5003.JPG`, { bytes: jpeg(3) });
  expect(pictures((await harness.import(phone, plain)).receiptPath)).toHaveLength(6);
});

test("a run with nothing new asks for no picture", async () => {
  using harness = new ImportHarness();
  const { phone, asked } = phoneWithVideos(3);
  await harness.import(phone, plain);
  asked.length = 0;
  const { receiptPath } = await harness.import(phone, plain);
  expect(asked).toEqual([]);
  expect(existsSync(pagePathOf(receiptPath))).toBe(true);
});

test("a phone that keeps no small pictures is asked a few times and no more", async () => {
  using harness = new ImportHarness();
  const { phone, asked } = phoneWithVideos(40, { thumbnail: null });
  const { receiptPath } = await harness.import(phone, plain);
  expect(pictures(receiptPath)).toEqual([]);
  expect(asked.length).toBeLessThanOrEqual(12);
});

test.each([
  ["is no picture", Buffer.from("<svg onload=alert(1)>")],
  ["is too large", Buffer.concat([jpeg(1), Buffer.alloc(300_000)])],
  ["states a size that would take gigabytes to draw", withSize(jpeg(1), 0xffff, 0xffff)],
  ["states no size", jpeg(1).subarray(0, 100)],
])("a small picture that %s is left out", async (_title, thumbnail) => {
  using harness = new ImportHarness();
  const { phone } = phoneWithVideos(2, { thumbnail });
  expect(pictures((await harness.import(phone, plain)).receiptPath)).toEqual([]);
});

test("small JPEGs and PNGs show themselves where the phone has no smaller one", async () => {
  using harness = new ImportHarness();
  const phone = new MemoryPhone([
    ["/DCIM/100APPLE/IMG_0001.JPG", { bytes: jpeg(1) }],
    ["/DCIM/100APPLE/IMG_0002.JPG", { bytes: Buffer.concat([jpeg(2), Buffer.alloc(200_000)]) }],
  ]);
  expect(pictures((await harness.import(phone, plain)).receiptPath)).toEqual([jpeg(1)]);
});

test("nothing hidden or in Recently Deleted is shown, even where it was imported", async () => {
  using harness = new ImportHarness();
  const phone = await phoneWithCameraRoll();
  const small = (name: string) =>
    Buffer.from(phone.files.get(`/PhotoData/Thumbnails/V2/DCIM/100APPLE/${name}/5005.JPG`)!.bytes);
  const { receiptPath, answersByPath } = await harness.import(phone, { selection: { includeHidden: true } });
  expect(answersByPath.get("/DCIM/100APPLE/IMG_0010.JPG")).toBe("proved");
  const shown = pictures(receiptPath).map((bytes) => bytes.toString("base64"));
  expect(shown).toContain(small("IMG_0001.JPG").toString("base64"));
  expect(shown).not.toContain(small("IMG_0009.JPG").toString("base64"));
  expect(shown).not.toContain(small("IMG_0010.JPG").toString("base64"));
});

test.each([1, 2, 5, 9])(
  "the cable is pulled at the picture request %i: the run ends well, with fewer pictures",
  async (at) => {
    using harness = new ImportHarness();
    const { phone, asked, whenAsked } = phoneWithVideos(12);
    whenAsked(() => {
      if (asked.length >= at) void phone[Symbol.asyncDispose]();
    });
    const { head, receiptPath } = await harness.import(phone, plain);
    expect(head.totals.byAnswer.proved).toBe(12);
    expect(pictures(receiptPath).length).toBeLessThan(12);
  },
);

test("asked to stop while pictures are fetched, the run still ends with its receipt", async () => {
  using harness = new ImportHarness();
  const { phone, whenAsked } = phoneWithVideos(12);
  const stop = new AbortController();
  whenAsked(() => stop.abort());
  const { head } = await harness.import(phone, plain, stop.signal);
  expect(head.totals.byAnswer.proved).toBe(12);
});
