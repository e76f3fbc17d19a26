import { expect } from "vitest";
import { oneTestIn } from "../sampled.js";
import { badNames, phoneWithBadNames } from "./bad-names.js";
import { Desk, phoneWithCameraRoll } from "./one-desk.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";

const test = oneTestIn(3);

test("a first import brings every new photo into Photos and into Last Import, and every file answers", async () => {
  using desk = new Desk();
  const phone = await phoneWithCameraRoll();
  const { head, answersByPath } = await desk.import(phone);

  expect([...answersByPath].filter(([, answer]) => answer === "failed" || answer === "unknown")).toEqual([]);
  expect(Object.keys(desk.albums())).toEqual(["Last Import"]);
  expect(desk.albums()["Last Import"]).toHaveLength(head.totals.thisRun.items);
  expect(desk.itemCount()).toBe(head.totals.thisRun.items);
  expect(head.totals.byAnswer).toMatchObject({
    "in-trash": 1,
    hidden: 1,
    "in-icloud-only": 1,
    "set-aside": 1,
  });
  expect(head.evidence).toEqual({ rung: 4, liftedBy: null });
});

test("a second import says nothing new, sends no Apple event and leaves Last Import as it was", async () => {
  using desk = new Desk();
  const phone = await phoneWithCameraRoll();
  const first = await desk.import(phone);
  const albums = desk.albums();
  desk.photos.resetCounters();
  const second = await desk.import(phone);

  expect(second.head.totals.thisRun.items).toBe(0);
  expect(second.head.destination).toMatchObject({ kind: "photos", album: null });
  expect(desk.photos.counters().total).toBe(0);
  expect(desk.albums()).toEqual(albums);
  expect(second.answersByPath).toEqual(first.answersByPath);
});

const plain = { withoutPhoneLibrary: true } as const;
const later = new Date("2026-11-21T09:00:00Z");

test("a file whose content changed in place is brought as a new item, and the one before stays", async () => {
  using desk = new Desk();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
  await desk.import(phone, plain);
  phone.put("/DCIM/100APPLE/IMG_0001.JPG", { bytes: jpeg(2), modifiedAt: later });
  const { head } = await desk.import(phone, plain);

  expect(head.totals.thisRun.items).toBe(1);
  expect(desk.itemCount()).toBe(2);
});

test("a file with a new modification time and the same bytes is known", async () => {
  using desk = new Desk();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
  await desk.import(phone, plain);
  phone.put("/DCIM/100APPLE/IMG_0001.JPG", { bytes: jpeg(1), modifiedAt: later });
  const { head, answersByPath } = await desk.import(phone, plain);

  expect(head.totals.thisRun.items).toBe(0);
  expect(answersByPath.get("/DCIM/100APPLE/IMG_0001.JPG")).toBe("proved");
  expect(desk.itemCount()).toBe(1);
});

test("the same name in two folders is two items; the same bytes under two names are one, and both answer", async () => {
  using desk = new Desk();
  const phone = phoneWith({
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
    "/DCIM/101APPLE/IMG_0001.JPG": jpeg(2),
    "/DCIM/101APPLE/IMG_0002.JPG": jpeg(1),
  });
  const { answers } = await desk.import(phone, plain);

  expect(desk.itemCount()).toBe(2);
  const byPath = new Map([...answers()].map((answer) => [answer.path, answer]));
  expect([...byPath.values()].map(({ answer }) => answer)).toEqual(["proved", "proved", "proved"]);
  expect(byPath.get("/DCIM/101APPLE/IMG_0002.JPG")?.photosId).toBe(
    byPath.get("/DCIM/100APPLE/IMG_0001.JPG")?.photosId,
  );
});

test("an edit made after the import is EDITED_SINCE and stays behind; --edits brings the photo whole", async () => {
  using desk = new Desk();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
  await desk.import(phone, plain);
  phone.put("/DCIM/100APPLE/IMG_0001.AAE", { bytes: aae(1), modifiedAt: later });
  phone.put("/DCIM/100APPLE/IMG_E0001.JPG", { bytes: jpeg(9), modifiedAt: later });
  const second = await desk.import(phone, plain);

  const bySecond = new Map([...second.answers()].map((answer) => [answer.path, answer]));
  expect(bySecond.get("/DCIM/100APPLE/IMG_0001.JPG")?.answer).toBe("proved");
  expect(bySecond.get("/DCIM/100APPLE/IMG_0001.AAE")?.reason?.code).toBe("EDITED_SINCE");
  expect(bySecond.get("/DCIM/100APPLE/IMG_E0001.JPG")?.reason?.code).toBe("EDITED_SINCE");
  expect(desk.itemCount()).toBe(1);

  const third = await desk.import(phone, { ...plain, edits: true });
  expect([...third.answersByPath.values()]).toEqual(["proved", "proved", "proved"]);
  expect(desk.itemCount()).toBe(2);

  const fourth = await desk.import(phone, { ...plain, edits: true });
  expect(fourth.head.totals.thisRun.items).toBe(0);
});

test("halves of a Live Photo without a shared identifier become two items, each file with its own id", async () => {
  using desk = new Desk();
  const phone = phoneWith({
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1, "SAME"),
    "/DCIM/100APPLE/IMG_0001.MOV": mov(1, "SAME"),
    "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2),
    "/DCIM/100APPLE/IMG_0002.MOV": mov(2),
  });
  const { answers } = await desk.import(phone, plain);
  const ids = new Map([...answers()].map(({ path, photosId }) => [path.slice(-12), photosId]));

  expect(desk.itemCount()).toBe(3);
  expect(ids.get("IMG_0001.JPG")).toBe(ids.get("IMG_0001.MOV"));
  expect(ids.get("IMG_0002.JPG")).not.toBe(ids.get("IMG_0002.MOV"));
  expect(desk.albums()["Last Import"]).toEqual(["IMG_0001.JPG", "IMG_0002.JPG", "IMG_0002.MOV"]);
});

test("a file that is no picture inside never reaches Photos and is named with its reason", async () => {
  using desk = new Desk();
  const phone = phoneWith({
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
    "/DCIM/100APPLE/IMG_0002.JPG": Buffer.from("<html>not a picture</html>"),
  });
  const { answers, head } = await desk.import(phone, plain);

  expect(head.totals.byAnswer.failed).toBe(1);
  expect([...answers()].find(({ answer }) => answer === "failed")?.reason?.code).toBe("NOT_WHAT_IT_SAYS");
  expect(desk.itemCount()).toBe(1);
});

test("the limit brings the oldest first, and the next run goes on from there", async () => {
  using desk = new Desk();
  const phone = phoneWith(
    Object.fromEntries([1, 2, 3].map((number) => [`/DCIM/100APPLE/IMG_000${number}.JPG`, jpeg(number)])),
  );
  const first = await desk.import(phone, { ...plain, selection: { limit: 2 } });
  expect(first.answersByPath.get("/DCIM/100APPLE/IMG_0003.JPG")).toBe("not-chosen");
  const second = await desk.import(phone, { ...plain, selection: { limit: 2 } });
  expect(second.answersByPath.get("/DCIM/100APPLE/IMG_0003.JPG")).toBe("proved");
  expect(desk.albums()).toEqual({ "Last Import": ["IMG_0003.JPG"] });
});

test("a person's own album called Last Import is never touched; ours stands beside it", async () => {
  using desk = new Desk();
  desk.photos.runText('Application("Photos").make({new: "album", named: "Last Import"}); "made"');
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
  await desk.import(phone, plain);
  const outcome = desk.photos.runText(
    'JSON.stringify(Application("Photos").albums().map((a) => a.mediaItems.length))',
  );
  expect(outcome).toMatchObject({ ok: true });
  expect(outcome.ok && JSON.parse(outcome.output).sort()).toEqual([0, 1]);
});

test("the album of the run before is replaced when it holds exactly what Rollcall put in", async () => {
  using desk = new Desk();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
  await desk.import(phone, plain);
  phone.put("/DCIM/100APPLE/IMG_0002.JPG", { bytes: jpeg(2), modifiedAt: later });
  await desk.import(phone, plain);
  expect(desk.albums()).toEqual({ "Last Import": ["IMG_0002.JPG"] });
  expect(desk.itemCount()).toBe(2);
});

test("an album of ours that a person added to is kept under its date", async () => {
  using desk = new Desk();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1), "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2) });
  await desk.import(phone, { ...plain, selection: { limit: 1 } });
  await desk.import(phone, { ...plain, keepAlbums: true });
  const kept = Object.keys(desk.albums()).find((title) => title.startsWith("Import 2026-"));
  expect(kept).toBeDefined();
  expect(desk.albums()[kept!]).toEqual(["IMG_0001.JPG"]);
  expect(desk.albums()["Last Import"]).toEqual(["IMG_0002.JPG"]);
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

test(`${many} items cost at most 150 Apple events per 1,000, values returned are linear in the items, and no album is left behind`, async () => {
  using desk = new Desk();
  const valuesWhen: number[] = [];
  const report = desk.events.push.bind(desk.events);
  desk.events.push = (...events) => {
    if (events.some(({ type }) => type === "verified"))
      valuesWhen.push(desk.photos.counters().valuesReturned);
    return report(...events);
  };
  const { head } = await desk.import(phoneWithTinyPictures(many), plain);

  expect(head.totals.byAnswer.proved).toBe(many);
  expect(desk.photos.counters().total).toBeLessThanOrEqual(150 * (many / 1_000));
  // The journal album is emptied every 500 items: each of those times as much was read as the first time.
  const [first = 0, second = 0] = valuesWhen;
  expect(valuesWhen.length).toBeGreaterThanOrEqual(many / 500);
  expect(second - first).toBeLessThanOrEqual(first * 1.05);
  expect(desk.photos.counters().valuesReturned).toBeLessThanOrEqual(first * (many / 500) * 1.05);
  expect(desk.albums()["Last Import"]).toHaveLength(many);
  expect(Object.keys(desk.albums())).toEqual(["Last Import"]);
}, 180_000);

test("file names with anything in them reach Photos intact", async () => {
  using desk = new Desk();
  const { head } = await desk.import(phoneWithBadNames(), plain);
  expect(head.totals.byAnswer.proved).toBe(badNames.length);
  expect(desk.albums()["Last Import"]).toEqual([...badNames].sort());
});

test("a file name longer than a disk here can hold comes under a shortened one; the receipt has the phone's own", async () => {
  using desk = new Desk();
  const name = `${"\u{1f389}".repeat(70)}.JPG`; // 284 bytes
  const { answers } = await desk.import(phoneWith({ [`/DCIM/100APPLE/${name}`]: jpeg(1) }), plain);
  const [answer] = [...answers()];
  expect(answer).toMatchObject({ path: `/DCIM/100APPLE/${name}`, answer: "proved" });
  const [inPhotos] = desk.albums()["Last Import"]!;
  expect(inPhotos).toMatch(/^\u{1f389}+~[0-9a-f]{12}\.JPG$/u);
});
