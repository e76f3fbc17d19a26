import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pagePathOf } from "../../src/receipt/receipt-folder.js";
import { MemoryPhone, type MemoryPhoneRequest } from "../../src/virtual/iphone/memory-phone.js";
import { Desk, phoneWithCameraRoll } from "./one-desk.js";
import { jpeg, mov } from "./small-phones.js";

const pictures = (receiptPath: string) =>
  [
    ...readFileSync(pagePathOf(receiptPath), "utf8").matchAll(/src="data:image\/(jpeg|png);base64,([^"]+)"/g),
  ].map(([, , text]) => Buffer.from(text!, "base64"));

/** A phone with so many films, each with a small picture, that notes what it is asked beyond its films. */
function phoneWithFilms(films: number, options: { thumbnail?: Buffer | null } = {}) {
  const asked: MemoryPhoneRequest[] = [];
  let onAsked: () => void = () => undefined;
  const phone = new MemoryPhone([], {
    onRequest: (request) => {
      if (!request.path.startsWith("/PhotoData/Thumbnails")) return;
      asked.push(request);
      onAsked();
    },
  });
  for (let at = 0; at < films; at++) {
    const path = `/DCIM/100APPLE/IMG_${at}.MOV`;
    phone.put(path, { bytes: mov(at) });
    const bytes = options.thumbnail === undefined ? jpeg(1000 + at) : options.thumbnail;
    if (bytes !== null) phone.put(`/PhotoData/Thumbnails/V2${path}/5005.JPG`, { bytes });
  }
  return { phone, asked, whenAsked: (then: () => void) => (onAsked = then) };
}
const plain = { withoutPhoneLibrary: true };

test("the page shows the phone's own small pictures; the phone is asked once where it keeps them, then read", async () => {
  using desk = new Desk();
  const { phone, asked } = phoneWithFilms(20);
  const { receiptPath } = await desk.import(phone, plain);
  expect(pictures(receiptPath)).toHaveLength(20);
  expect(pictures(receiptPath)[0]).toEqual(jpeg(1000));
  const count = (what: string) => asked.filter((request) => request.what === what).length;
  expect(count("list")).toBeLessThanOrEqual(4); // as many as are asked at once
  expect(count("open")).toBe(20);
  expect(readdirSync(join(desk.folder, "work"))).toEqual([]);
});

test("a run with nothing new asks for no picture", async () => {
  using desk = new Desk();
  const { phone, asked } = phoneWithFilms(3);
  await desk.import(phone, plain);
  asked.length = 0;
  const { receiptPath } = await desk.import(phone, plain);
  expect(asked).toEqual([]);
  expect(existsSync(pagePathOf(receiptPath))).toBe(true);
});

test("a phone that keeps no small pictures is asked a few times and no more", async () => {
  using desk = new Desk();
  const { phone, asked } = phoneWithFilms(40, { thumbnail: null });
  const { receiptPath } = await desk.import(phone, plain);
  expect(pictures(receiptPath)).toEqual([]);
  expect(asked.length).toBeLessThanOrEqual(12);
});

test.each([
  ["is no picture", Buffer.from("<svg onload=alert(1)>")],
  ["is too large", Buffer.concat([jpeg(1), Buffer.alloc(200_000)])],
])("a small picture that %s is left out", async (_title, thumbnail) => {
  using desk = new Desk();
  const { phone } = phoneWithFilms(2, { thumbnail });
  expect(pictures((await desk.import(phone, plain)).receiptPath)).toEqual([]);
});

test("small JPEGs and PNGs show themselves where the phone has no smaller one", async () => {
  using desk = new Desk();
  const phone = new MemoryPhone([
    ["/DCIM/100APPLE/IMG_0001.JPG", { bytes: jpeg(1) }],
    ["/DCIM/100APPLE/IMG_0002.JPG", { bytes: Buffer.concat([jpeg(2), Buffer.alloc(200_000)]) }],
  ]);
  expect(pictures((await desk.import(phone, plain)).receiptPath)).toEqual([jpeg(1)]);
});

test("nothing hidden or in Recently Deleted is shown, even where it was brought", async () => {
  using desk = new Desk();
  const phone = await phoneWithCameraRoll();
  const small = (name: string) =>
    Buffer.from(phone.files.get(`/PhotoData/Thumbnails/V2/DCIM/100APPLE/${name}/5005.JPG`)!.bytes);
  const { receiptPath, answersByPath } = await desk.import(phone, { selection: { includeHidden: true } });
  expect(answersByPath.get("/DCIM/100APPLE/IMG_0010.JPG")).toBe("proved");
  const shown = pictures(receiptPath).map((bytes) => bytes.toString("base64"));
  expect(shown).toContain(small("IMG_0001.JPG").toString("base64"));
  expect(shown).not.toContain(small("IMG_0009.JPG").toString("base64"));
  expect(shown).not.toContain(small("IMG_0010.JPG").toString("base64"));
});

test.each([1, 2, 5, 9])(
  "the cable is pulled at the picture request %i: the run ends well, with fewer pictures",
  async (at) => {
    using desk = new Desk();
    const { phone, asked, whenAsked } = phoneWithFilms(12);
    whenAsked(() => {
      if (asked.length >= at) void phone[Symbol.asyncDispose]();
    });
    const { head, receiptPath } = await desk.import(phone, plain);
    expect(head.totals.byAnswer.proved).toBe(12);
    expect(pictures(receiptPath).length).toBeLessThan(12);
  },
);

test("asked to stop while pictures are fetched, the run still ends with its receipt", async () => {
  using desk = new Desk();
  const { phone, whenAsked } = phoneWithFilms(12);
  const stop = new AbortController();
  whenAsked(() => stop.abort());
  const { head } = await desk.import(phone, plain, stop.signal);
  expect(head.totals.byAnswer.proved).toBe(12);
});
