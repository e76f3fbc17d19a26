import { expect } from "vitest";
import { oneTestIn } from "../sampled.js";
import { badNames, phoneWithBadNames } from "./bad-names.js";
import { ImportHarness, phoneWithCameraRoll } from "./import-harness.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";

const test = oneTestIn(3);

test("a first import imports every new photo into Photos and into Last Import, and every file answers", async () => {
  using harness = new ImportHarness();
  const phone = await phoneWithCameraRoll();
  const { head, answersByPath } = await harness.import(phone);

  expect([...answersByPath].filter(([, answer]) => answer === "failed" || answer === "unknown")).toEqual([]);
  expect(Object.keys(harness.albums())).toEqual(["Last Import"]);
  expect(harness.albums()["Last Import"]).toHaveLength(head.totals.thisRun.items);
  expect(harness.itemCount()).toBe(head.totals.thisRun.items);
  expect(head.totals.byAnswer).toMatchObject({
    "in-trash": 1,
    hidden: 1,
    "in-icloud-only": 1,
    "set-aside": 1,
  });
  expect(head.evidence).toEqual({ rung: 4, liftedBy: null });
});

test("a second import says nothing new, sends no Apple event and leaves Last Import as it was", async () => {
  using harness = new ImportHarness();
  const phone = await phoneWithCameraRoll();
  const first = await harness.import(phone);
  const albums = harness.albums();
  harness.photos.resetCounters();
  const second = await harness.import(phone);

  expect(second.head.totals.thisRun.items).toBe(0);
  expect(second.head.destination).toMatchObject({ kind: "photos", album: null });
  expect(harness.photos.counters().total).toBe(0);
  expect(harness.albums()).toEqual(albums);
  expect(second.answersByPath).toEqual(first.answersByPath);
});

const plain = { withoutPhoneLibrary: true } as const;
const later = new Date("2026-11-21T09:00:00Z");

test("a file whose content changed in place is imported as a new item, and the one before stays", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
  await harness.import(phone, plain);
  phone.put("/DCIM/100APPLE/IMG_0001.JPG", { bytes: jpeg(2), modifiedAt: later });
  const { head } = await harness.import(phone, plain);

  expect(head.totals.thisRun.items).toBe(1);
  expect(harness.itemCount()).toBe(2);
});

test("a file with a new modification time and the same bytes is known", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
  await harness.import(phone, plain);
  phone.put("/DCIM/100APPLE/IMG_0001.JPG", { bytes: jpeg(1), modifiedAt: later });
  const { head, answersByPath } = await harness.import(phone, plain);

  expect(head.totals.thisRun.items).toBe(0);
  expect(answersByPath.get("/DCIM/100APPLE/IMG_0001.JPG")).toBe("proved");
  expect(harness.itemCount()).toBe(1);
});

test("the same name in two folders is two items; the same bytes under two names are one, and both answer", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
    "/DCIM/101APPLE/IMG_0001.JPG": jpeg(2),
    "/DCIM/101APPLE/IMG_0002.JPG": jpeg(1),
  });
  const { answers } = await harness.import(phone, plain);

  expect(harness.itemCount()).toBe(2);
  const byPath = new Map([...answers()].map((answer) => [answer.path, answer]));
  expect([...byPath.values()].map(({ answer }) => answer)).toEqual(["proved", "proved", "proved"]);
  expect(byPath.get("/DCIM/101APPLE/IMG_0002.JPG")?.photosId).toBe(
    byPath.get("/DCIM/100APPLE/IMG_0001.JPG")?.photosId,
  );
});

test("an edit made after the import is EDITED_SINCE until --reimport-edited imports the photo again", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
  await harness.import(phone, plain);
  phone.put("/DCIM/100APPLE/IMG_0001.AAE", { bytes: aae(1), modifiedAt: later });
  phone.put("/DCIM/100APPLE/IMG_E0001.JPG", { bytes: jpeg(9), modifiedAt: later });
  const second = await harness.import(phone, plain);

  const bySecond = new Map([...second.answers()].map((answer) => [answer.path, answer]));
  expect(bySecond.get("/DCIM/100APPLE/IMG_0001.JPG")?.answer).toBe("proved");
  expect(bySecond.get("/DCIM/100APPLE/IMG_0001.AAE")?.reason?.code).toBe("EDITED_SINCE");
  expect(bySecond.get("/DCIM/100APPLE/IMG_E0001.JPG")?.reason?.code).toBe("EDITED_SINCE");
  expect(harness.itemCount()).toBe(1);

  const third = await harness.import(phone, { ...plain, edits: true });
  expect([...third.answersByPath.values()]).toEqual(["proved", "proved", "proved"]);
  expect(harness.itemCount()).toBe(2);

  const fourth = await harness.import(phone, { ...plain, edits: true });
  expect(fourth.head.totals.thisRun.items).toBe(0);
});

test("halves of a Live Photo without a shared identifier become two items, each file with its own id", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1, "SAME"),
    "/DCIM/100APPLE/IMG_0001.MOV": mov(1, "SAME"),
    "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2),
    "/DCIM/100APPLE/IMG_0002.MOV": mov(2),
  });
  const { answers } = await harness.import(phone, plain);
  const ids = new Map([...answers()].map(({ path, photosId }) => [path.slice(-12), photosId]));

  expect(harness.itemCount()).toBe(3);
  expect(ids.get("IMG_0001.JPG")).toBe(ids.get("IMG_0001.MOV"));
  expect(ids.get("IMG_0002.JPG")).not.toBe(ids.get("IMG_0002.MOV"));
  expect(harness.albums()["Last Import"]).toEqual(["IMG_0001.JPG", "IMG_0002.JPG", "IMG_0002.MOV"]);
});

test("a file that is no picture inside never reaches Photos and is named with its reason", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
    "/DCIM/100APPLE/IMG_0002.JPG": Buffer.from("<html>not a picture</html>"),
  });
  const { answers, head } = await harness.import(phone, plain);

  expect(head.totals.byAnswer.failed).toBe(1);
  expect([...answers()].find(({ answer }) => answer === "failed")?.reason?.code).toBe("NOT_WHAT_IT_SAYS");
  expect(harness.itemCount()).toBe(1);
});

test("the limit imports the oldest first, and the next run goes on from there", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith(
    Object.fromEntries([1, 2, 3].map((number) => [`/DCIM/100APPLE/IMG_000${number}.JPG`, jpeg(number)])),
  );
  const first = await harness.import(phone, { ...plain, selection: { limit: 2 } });
  expect(first.answersByPath.get("/DCIM/100APPLE/IMG_0003.JPG")).toBe("not-chosen");
  const second = await harness.import(phone, { ...plain, selection: { limit: 2 } });
  expect(second.answersByPath.get("/DCIM/100APPLE/IMG_0003.JPG")).toBe("proved");
  expect(harness.albums()).toEqual({ "Last Import": ["IMG_0003.JPG"] });
});

test("a person's own album called Last Import is never touched; ours stands beside it", async () => {
  using harness = new ImportHarness();
  harness.photos.runText('Application("Photos").make({new: "album", named: "Last Import"}); "made"');
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
  await harness.import(phone, plain);
  const outcome = harness.photos.runText(
    'JSON.stringify(Application("Photos").albums().map((a) => a.mediaItems.length))',
  );
  expect(outcome).toMatchObject({ ok: true });
  expect(outcome.ok && JSON.parse(outcome.output).sort()).toEqual([0, 1]);
});

test("the album of the run before is replaced when it holds exactly what Rollcall put in", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
  await harness.import(phone, plain);
  phone.put("/DCIM/100APPLE/IMG_0002.JPG", { bytes: jpeg(2), modifiedAt: later });
  await harness.import(phone, plain);
  expect(harness.albums()).toEqual({ "Last Import": ["IMG_0002.JPG"] });
  expect(harness.itemCount()).toBe(2);
});

test("an album of ours that a person added to is kept under its date", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1), "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2) });
  await harness.import(phone, { ...plain, selection: { limit: 1 } });
  await harness.import(phone, { ...plain, keepAlbums: true });
  const kept = Object.keys(harness.albums()).find((title) => title.startsWith("Import 2026-"));
  expect(kept).toBeDefined();
  expect(harness.albums()[kept!]).toEqual(["IMG_0001.JPG"]);
  expect(harness.albums()["Last Import"]).toEqual(["IMG_0002.JPG"]);
});

/** Pictures of a few bytes, no two alike, in folders as a phone makes them. */
function phoneWithTinyPictures(count: number) {
  const picture = jpeg(1);
  const files: Record<string, Buffer> = {};
  for (let number = 1; number <= count; number += 1) {
    const folder = 100 + Math.floor(number / 999);
    const name = `IMG_${String(number).padStart(4, "0")}.JPG`;
    files[`/DCIM/${folder}APPLE/${name}`] = Buffer.concat([picture, Buffer.from(String(number))]);
  }
  return phoneWith(files);
}

/** Of the many; 5,000 of them with the long tests. */
const many = process.env.ROLLCALL_TEST_EVERY_STOP === "1" ? 5_000 : 1_500;

test(`${many} items cost at most 150 Apple events per 1,000, linear values, and leave no album behind`, async () => {
  using harness = new ImportHarness();
  const valuesWhen: number[] = [];
  const report = harness.events.push.bind(harness.events);
  harness.events.push = (...events) => {
    if (events.some(({ type }) => type === "verified"))
      valuesWhen.push(harness.photos.counters().valuesReturned);
    return report(...events);
  };
  const { head } = await harness.import(phoneWithTinyPictures(many), plain);

  expect(head.totals.byAnswer.proved).toBe(many);
  expect(harness.photos.counters().total).toBeLessThanOrEqual(150 * (many / 1_000));
  // The journal album is emptied every 500 items: each of those times as much was read as the first time.
  const [first = 0, second = 0] = valuesWhen;
  expect(valuesWhen.length).toBeGreaterThanOrEqual(many / 500);
  expect(second - first).toBeLessThanOrEqual(first * 1.05);
  expect(harness.photos.counters().valuesReturned).toBeLessThanOrEqual(first * (many / 500) * 1.05);
  expect(harness.albums()["Last Import"]).toHaveLength(many);
  expect(Object.keys(harness.albums())).toEqual(["Last Import"]);
}, 180_000);

test("file names with anything in them reach Photos intact", async () => {
  using harness = new ImportHarness();
  const { head } = await harness.import(phoneWithBadNames(), plain);
  expect(head.totals.byAnswer.proved).toBe(badNames.length);
  expect(harness.albums()["Last Import"]).toEqual([...badNames].sort());
});

test("a file name too long for this disk is shortened; the receipt has the phone's own", async () => {
  using harness = new ImportHarness();
  const name = `${"\u{1f389}".repeat(70)}.JPG`; // 284 bytes
  const { answers } = await harness.import(phoneWith({ [`/DCIM/100APPLE/${name}`]: jpeg(1) }), plain);
  const [answer] = [...answers()];
  expect(answer).toMatchObject({ path: `/DCIM/100APPLE/${name}`, answer: "proved" });
  const [inPhotos] = harness.albums()["Last Import"]!;
  expect(inPhotos).toMatch(/^\u{1f389}+~[0-9a-f]{12}\.JPG$/u);
});
