import { expect } from "vitest";
import type { Answer } from "../../src/receipt/answer.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { oneTestIn } from "../sampled.js";
import { ImportHarness, phoneWithCameraRoll } from "./import-harness.js";
import { jpeg, mov, phoneWith } from "./small-phones.js";

const test = oneTestIn(3);

const EDITED = "/DCIM/101APPLE/IMG_0009";
const RENDERED = "/PhotoData/Mutations/DCIM/101APPLE/IMG_0009/Adjustments";
const plain = { withoutPhoneLibrary: true } as const;

const wholePhone = (): Promise<MemoryPhone> => phoneWithCameraRoll({ hasLibraryOnly: true });
const byPath = (answers: Iterable<Answer>) => new Map([...answers].map((answer) => [answer.path, answer]));
const newNames = (answers: Iterable<Answer>) =>
  [...answers].filter(({ thisRun, item, path }) => thisRun && item === path).map(({ path }) => path);

test("originals that came from iCloud are imported under the names the camera gave, Live Photos whole", async () => {
  using harness = new ImportHarness();
  const { answers } = await harness.import(await wholePhone());
  const fromICloud = [...answers()].filter(({ path }) => path.startsWith("/PhotoData/CPLAssets/"));
  expect(fromICloud.map(({ answer }) => answer)).toEqual(["proved", "proved", "proved"]);
  expect(new Set(fromICloud.map(({ photosId }) => photosId)).size).toBe(2);
  expect(harness.albums()["Last Import"]).toEqual(expect.arrayContaining(["IMG_4711.JPG", "IMG_4712.JPG"]));
});

test("an edit in Mutations enters Photos as the edited version, and the phone's edit note is set aside", async () => {
  using harness = new ImportHarness();
  const { answers } = await harness.import(await wholePhone());
  const found = byPath(answers());
  const files = [`${EDITED}.JPG`, `${EDITED}.MOV`, `${EDITED}.AAE`];
  const renderings = [`${RENDERED}/FullSizeRender.jpg`, `${RENDERED}/FullSizeRender.mov`];
  const item = [...files, ...renderings].map((path) => found.get(path));
  for (const answer of item) expect(answer?.answer).toMatch(/^(proved|present)$/);
  expect(new Set(item.map((answer) => answer?.photosId)).size).toBe(1);
  expect(found.get(`${RENDERED}/Adjustments.plist`)).toMatchObject({
    answer: "set-aside",
    reason: { code: "EDIT_RECORD" },
  });
  expect(harness.albums()["Last Import"]!.filter((name) => /IMG_E0009|FullSize/.test(name))).toEqual([]);
});

test("every frame of a burst is a photo of its own", async () => {
  using harness = new ImportHarness();
  const { answers } = await harness.import(await wholePhone());
  const found = byPath(answers());
  const frames = [6, 7, 8].map((number) => found.get(`/DCIM/101APPLE/IMG_000${number}.JPG`));
  expect(new Set(frames.map((answer) => answer?.photosId)).size).toBe(3);
});

test("after all of it a second import says nothing new and sends no Apple event", async () => {
  using harness = new ImportHarness();
  const phone = await wholePhone();
  const first = await harness.import(phone);
  harness.photos.resetCounters();
  const second = await harness.import(phone);
  expect(second.head.totals.thisRun.items).toBe(0);
  expect(harness.photos.counters().total).toBe(0);
  expect(second.answersByPath).toEqual(first.answersByPath);
});

test("an edit that the phone rendered after the import is EDITED_SINCE, and no new photo", async () => {
  using harness = new ImportHarness();
  const phone = await wholePhone();
  const rendering = `${RENDERED}/FullSizeRender.jpg`;
  const later = phone.files.get(rendering)!;
  phone.remove(rendering);
  phone.remove(`${RENDERED}/FullSizeRender.mov`);
  await harness.import(phone);
  phone.put(rendering, later);
  const { head, answers } = await harness.import(phone);
  expect(head.totals.thisRun.items).toBe(0);
  expect(byPath(answers()).get(rendering)?.reason?.code).toBe("EDITED_SINCE");
});

test("an album's title imports what is in that album, wherever it lies", async () => {
  using harness = new ImportHarness();
  const { answers } = await harness.import(await wholePhone(), { selection: { album: "lake" } });
  expect(newNames(answers()).map((path) => path.replace(/[0-9A-F-]{36}/, "UUID"))).toEqual([
    "/PhotoData/CPLAssets/group12/UUID.JPG",
    "/DCIM/100APPLE/IMG_0002.JPG",
    "/DCIM/100APPLE/IMG_0003.JPG",
  ]);
});

test("an album that the phone does not have stops the run before anything is done", async () => {
  using harness = new ImportHarness();
  const phone = await wholePhone();
  await expect(harness.import(phone, { selection: { album: "Lkae" } })).rejects.toMatchObject({
    code: "NO_SUCH_ALBUM",
    remedy: 'Did you mean "Lake"?',
  });
  await expect(harness.copy(phone, `${harness.folder}/copied`, { album: "Sea" })).rejects.toMatchObject({
    code: "NO_SUCH_ALBUM",
  });
  expect(harness.itemCount()).toBe(0);
});

test("a copy by album needs the phone's library, although a whole copy goes on without it", async () => {
  using harness = new ImportHarness();
  const phone = await wholePhone();
  phone.remove("/PhotoData/Photos.sqlite");
  await expect(harness.copy(phone, `${harness.folder}/copied`, { album: "Lake" })).rejects.toMatchObject({
    code: "PHONE_LIBRARY_UNREADABLE",
  });
  expect((await harness.copy(phone, `${harness.folder}/copied`)).head.totals.byAnswer.proved).toBeGreaterThan(
    0,
  );
});

test("a copy holds the edits and what came from iCloud, where the phone has them", async () => {
  using harness = new ImportHarness();
  const phone = await wholePhone();
  const { answers } = await harness.copy(phone, `${harness.folder}/copied`);
  const below = [...answers()].filter(({ path }) => path.startsWith("/PhotoData/"));
  expect(below.map(({ answer }) => answer)).toEqual(Array(6).fill("proved"));
});

test("halves without a common identifier are sent apart, answer as two items, and stay known as two", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1, "ONE"),
    "/DCIM/100APPLE/IMG_0001.MOV": mov(1),
  });
  const first = await harness.import(phone, plain);
  const [still, video] = [...first.answers()];
  expect(first.head.totals.thisRun.items).toBe(2);
  expect([still?.item, video?.item]).toEqual([still?.path, video?.path]);
  expect(still?.photosId).not.toBe(video?.photosId);
  expect(harness.events.filter(({ type }) => type === "apart")).toEqual([{ type: "apart", items: 1 }]);
  expect(harness.events.filter(({ type }) => type === "importing")).toHaveLength(2);

  harness.photos.resetCounters();
  const second = await harness.import(phone, plain);
  expect(harness.photos.counters().total).toBe(0);
  expect(second.answersByPath).toEqual(first.answersByPath);
  expect([...second.answers()].map(({ item, photosId }) => [item, photosId])).toEqual(
    [...first.answers()].map(({ item, photosId }) => [item, photosId]),
  );
});

test("forty such pairs take a handful of events: all stills, then all videos", async () => {
  using harness = new ImportHarness();
  const files: Record<string, Buffer> = {};
  for (let number = 1; number <= 40; number++) {
    const stem = `/DCIM/100APPLE/IMG_${String(number).padStart(4, "0")}`;
    files[`${stem}.JPG`] = jpeg(number, `ID-${number}`);
    files[`${stem}.MOV`] = mov(number);
  }
  const { head } = await harness.import(phoneWith(files), plain);
  expect(head.totals.thisRun.items).toBe(80);
  expect(harness.events.filter(({ type }) => type === "importing").length).toBeLessThanOrEqual(6);
});

test("a video of such a pair that Photos would not take fails alone", async () => {
  using harness = new ImportHarness();
  const broken = Buffer.from(mov(1));
  broken.write("junk", 4, "latin1"); // its metadata can still be read
  const phone = phoneWith({
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
    "/DCIM/100APPLE/IMG_0001.MOV": broken,
    "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2),
    "/DCIM/100APPLE/IMG_0002.MOV": mov(2),
  });
  const { answersByPath } = await harness.import(phone, plain);
  expect(answersByPath.get("/DCIM/100APPLE/IMG_0002.JPG")).toBe("proved");
  expect(answersByPath.get("/DCIM/100APPLE/IMG_0002.MOV")).toBe("proved");
  expect(answersByPath.get("/DCIM/100APPLE/IMG_0001.JPG")).toBe("proved");
  expect(answersByPath.get("/DCIM/100APPLE/IMG_0001.MOV")).toBe("failed");
});

test("stopped after any of the first events, such a pair is continued as two, and neither half comes twice", async () => {
  for (let events = 1; events <= 12; events++) {
    using harness = new ImportHarness();
    const phone = phoneWith({
      "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1, "ONE"),
      "/DCIM/100APPLE/IMG_0001.MOV": mov(1),
      "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2),
    });
    const stop = new AbortController();
    const { runScript } = harness;
    let seen = 0;
    harness.runScript = async (...event) => {
      const outcome = await runScript(...event);
      if (++seen === events) stop.abort();
      return outcome;
    };
    await harness.import(phone, plain, stop.signal).catch((error: unknown) => {
      expect(error).toMatchObject({ code: "STOPPED" });
    });
    const { answers, answersByPath } = await harness.import(phone, plain);
    expect([...answersByPath.values()]).toEqual(["proved", "proved", "proved"]);
    expect(new Set([...answers()].map(({ photosId }) => photosId)).size).toBe(3);
    expect(harness.itemCount()).toBe(3);
  }
});
