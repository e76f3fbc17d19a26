import { expect, test } from "vitest";
import { Desk, phoneWithCameraRoll } from "./one-desk.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";

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
  expect(head.evidence.rung).toBe(2);
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
  expect(answersByPath.get("/DCIM/100APPLE/IMG_0001.JPG")).toBe("present");
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
  expect([...byPath.values()].map(({ answer }) => answer)).toEqual(["present", "present", "present"]);
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
  expect(bySecond.get("/DCIM/100APPLE/IMG_0001.JPG")?.answer).toBe("present");
  expect(bySecond.get("/DCIM/100APPLE/IMG_0001.AAE")?.reason?.code).toBe("EDITED_SINCE");
  expect(bySecond.get("/DCIM/100APPLE/IMG_E0001.JPG")?.reason?.code).toBe("EDITED_SINCE");
  expect(desk.itemCount()).toBe(1);

  const third = await desk.import(phone, { ...plain, edits: true });
  expect([...third.answersByPath.values()]).toEqual(["present", "present", "present"]);
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
  expect(second.answersByPath.get("/DCIM/100APPLE/IMG_0003.JPG")).toBe("present");
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

function phoneWithPictures(count: number) {
  const files: Record<string, Buffer> = {};
  for (let number = 1; number <= count; number += 1)
    files[`/DCIM/10${number % 3}APPLE/IMG_${String(number).padStart(4, "0")}.JPG`] = jpeg(number);
  return phoneWith(files);
}

test("1,000 items cost at most 150 Apple events, values returned do not grow with the run, and no album is left behind", async () => {
  const valuesPerItem: number[] = [];
  for (const count of [500, 1_000]) {
    using desk = new Desk();
    const { head } = await desk.import(phoneWithPictures(count), plain);
    expect(head.totals.byAnswer.present).toBe(count);
    expect(desk.photos.counters().total).toBeLessThanOrEqual((150 * count) / 1_000 + 15);
    if (count === 1_000) expect(desk.photos.counters().total).toBeLessThanOrEqual(150);
    valuesPerItem.push(desk.photos.counters().valuesReturned / count);
    expect(desk.albums()["Last Import"]).toHaveLength(count);
    expect(Object.keys(desk.albums())).toEqual(["Last Import"]);
  }
  const [inFiveHundred, inAThousand] = valuesPerItem;
  expect(inAThousand).toBeLessThanOrEqual(inFiveHundred! * 1.05);
});

test("file names with quotes, newlines, emoji, decomposed accents and a leading dash reach Photos intact", async () => {
  using desk = new Desk();
  const names = [
    `it's "quoted".JPG`,
    "two\nlines.JPG",
    "party \u{1f389}.JPG",
    "Fri\u0301.JPG",
    "-rf.JPG",
    "\u202ERTL.JPG",
  ];
  const phone = phoneWith(
    Object.fromEntries(names.map((name, at) => [`/DCIM/100APPLE/${name}`, jpeg(at + 1)])),
  );
  const { head } = await desk.import(phone, plain);

  expect(head.totals.byAnswer.present).toBe(names.length);
  expect(desk.albums()["Last Import"]).toEqual([...names].sort());
});
