import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { waitUntilQuiet } from "../../src/import/wait-until-quiet.js";
import type { RunScript, ScriptEnvelope } from "../../src/jxa/run-script.js";
import { Ledger } from "../../src/ledger/ledger.js";
import { type Phone, PhoneFileError } from "../../src/phone/phone.js";
import { PhotosEventError } from "../../src/photos/photos-library.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { markKnown } from "../../src/run/mark-known.js";
import { planImport, readWholeCatalogue } from "../../src/run/plan-for-phone.js";
import { recheckReceipt } from "../../src/run/recheck-receipt.js";
import type { FinishedRun } from "../../src/run/run-parts.js";
import type { RunningPhotos } from "../../src/virtual/photos/application-state.js";
import { Desk } from "./one-desk.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";

class Crash extends Error {}
const plain = { withoutPhoneLibrary: true } as const;
const later = new Date("2026-11-21T09:00:00Z");
const P = (number: number, folder = "100APPLE") => `/DCIM/${folder}/IMG_${String(number).padStart(4, "0")}`;

type Go = () => Promise<ScriptEnvelope<unknown>>;
type Meddle = (name: string, input: unknown, go: Go) => Promise<ScriptEnvelope<unknown>>;

/** Stands between Rollcall and its scripts. Returns how to step aside. */
function between(desk: Desk, meddle: Meddle): () => void {
  const whole = desk.runScript;
  const wrapped = ((script, input, options) =>
    meddle(script.name, input, () => whole(script, input, options))) as RunScript;
  desk.runScript = wrapped;
  return () => {
    desk.runScript = whole;
  };
}

/** Takes the right to read the library away; returns how to give it back. */
function mayNotRead(desk: Desk): () => void {
  const { originals } = desk;
  const reason = { code: "LIBRARY_NOT_PERMITTED", message: "It may not be read.", remedy: "Allow it." };
  desk.originals = { open: async () => reason };
  return () => {
    desk.originals = originals;
  };
}

const refused = (number: number) => ({ ok: false, number, message: "said no", step: "import" }) as const;

/** Answers by the last part of each path; a reason's code after a colon. */
function told(run: FinishedRun): Record<string, string> {
  return Object.fromEntries(
    [...run.answers()].map(({ path, answer, reason }) => [
      path.slice("/DCIM/".length),
      reason === null ? answer : `${answer}: ${reason.code}`,
    ]),
  );
}

test("cut off while a refused batch is narrowed down, the next run brings every item once", async () => {
  for (const second of ["crash", "permission"] as const) {
    using desk = new Desk();
    const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2), [`${P(3)}.JPG`]: jpeg(3) });
    let imports = 0;
    const stepAside = between(desk, async (name, _input, go) => {
      if (name !== "importFiles") return go();
      imports += 1;
      if (imports === 1) return refused(-10000);
      if (second === "crash") throw new Crash();
      return refused(-1743);
    });
    await expect(desk.import(phone, plain)).rejects.toThrow();
    stepAside();
    const { head } = await desk.import(phone, plain);
    expect(head.totals.byAnswer.proved, second).toBe(3);
    expect(desk.itemCount()).toBe(3);
  }
});

test("equal bytes under two names, the first of them deselected or deleted after an interruption: the second is brought", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(1, "101APPLE")}.JPG`]: jpeg(1) });
  const stepAside = between(desk, async (name, _input, go) =>
    name === "importFiles" ? refused(-1743) : go(),
  );
  await expect(desk.import(phone, plain)).rejects.toMatchObject({ code: "PHOTOS_NOT_PERMITTED" });
  stepAside();
  const second = await desk.import(phone, { ...plain, selection: { folder: "101APPLE" } });
  expect(told(second)).toMatchObject({ "101APPLE/IMG_0001.JPG": "proved" });
  phone.remove(`${P(1)}.JPG`);
  expect(told(await desk.import(phone, plain))).toEqual({ "101APPLE/IMG_0001.JPG": "proved" });
  expect(desk.itemCount()).toBe(1);
});

async function mark(desk: Desk, phone: Phone): Promise<void> {
  using ledger = await Ledger.open(desk.ledgerPath);
  const catalogue = await readWholeCatalogue(await desk.parts(phone, ledger), { selection: {}, ...plain });
  const entries = ledger.between(phone.identity, { kind: "photos", key: desk.photos.library.path });
  const request = { selection: {}, edits: false, again: false, withoutPhoneLibrary: true };
  expect(
    markKnown(await planImport(catalogue, entries, request, { questions: null, look: null }), entries),
  ).toBe(1);
}

test("what was marked as known is not brought; --again brings it once, and then the ledger knows better", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  await mark(desk, phone);
  expect(told(await desk.import(phone, plain))).toEqual({
    "100APPLE/IMG_0001.JPG": "not-chosen: MARKED_BY_YOU",
  });
  for (const again of [true, false, true])
    expect(told(await desk.import(phone, { ...plain, again }))).toEqual({
      "100APPLE/IMG_0001.JPG": "proved",
    });
  expect(desk.itemCount()).toBe(1);
});

test("a marked photo that was edited since is brought whole by --edits, once", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  await mark(desk, phone);
  phone.put(`${P(1)}.AAE`, { bytes: aae(1), modifiedAt: later });
  phone.put("/DCIM/100APPLE/IMG_E0001.JPG", { bytes: jpeg(9), modifiedAt: later });
  expect(told(await desk.import(phone, plain))).toMatchObject({
    "100APPLE/IMG_0001.AAE": "not-chosen: EDITED_SINCE",
  });
  for (let time = 0; time < 3; time += 1) await desk.import(phone, { ...plain, edits: true });
  expect(desk.itemCount()).toBe(1);
});

/** Lets Photos name its library only at these looks. */
function libraryNamed(desk: Desk, answers: (look: number) => string | null): () => void {
  const parts = desk.parts.bind(desk);
  let looks = 0;
  desk.parts = async (...args) => {
    const made = await parts(...args);
    Object.assign(made.process, { openLibrary: async () => answers(looks++) });
    return made;
  };
  return () => {
    desk.parts = parts;
  };
}

test("a library that Photos would not name at first is recognised by Rollcall's album in it", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  const stepAside = libraryNamed(desk, () => null);
  await desk.import(phone, plain);
  stepAside();
  phone.put(`${P(2)}.JPG`, { bytes: jpeg(2), modifiedAt: later });
  const second = await desk.import(phone, plain);
  expect(second.head.totals.thisRun.items).toBe(1);
  expect(second.head.destination).toMatchObject({ library: desk.photos.library.path });
  expect(desk.itemCount()).toBe(2);
  expect(Object.keys(desk.albums())).toEqual(["Last Import"]);
});

test("naming a library that is not the open one ends the run before anything is written", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  await expect(desk.import(phone, { ...plain, libraryPath: "/tmp" })).rejects.toMatchObject({
    code: "PHOTOS_LIBRARY_SWITCHED",
  });
  expect(desk.itemCount()).toBe(0);
});

test("an interrupted run of the library that turns out to be open is continued, not begun again", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  const stepAside = between(desk, async (name, _input, go) => {
    const envelope = await go();
    if (name === "importFiles") throw new Crash();
    return envelope;
  });
  await expect(desk.import(phone, plain)).rejects.toThrow(Crash);
  stepAside();
  {
    using ledger = await Ledger.open(desk.ledgerPath);
    const other = ledger.between(phone.identity, { kind: "photos", key: "/elsewhere/Other.photoslibrary" });
    const run = other.continueOrBeginRun(new Date(desk.clock.now().getTime() + 1e6));
    other.finishRun(run.id, "/x", desk.clock.now());
  }
  libraryNamed(desk, (look) => (look === 0 ? null : desk.photos.library.path));
  const { head } = await desk.import(phone, plain);
  expect(head.totals.byAnswer.proved + head.totals.byAnswer.unknown).toBe(2);
  expect(desk.itemCount()).toBe(2);
});

test("Photos refuses while the copier waits for room: the run ends at once instead of hanging", async () => {
  using desk = new Desk();
  const numbers = Array.from({ length: 20 }, (_, at) => at + 1);
  const phone = phoneWith(Object.fromEntries(numbers.map((number) => [`${P(number)}.JPG`, jpeg(number)])));
  between(desk, async (name, _input, go) => (name === "importFiles" ? refused(-1743) : go()));
  await expect(
    desk.import(phone, { ...plain, stagedBytesLimit: 3_000, batchLimits: { items: 2, bytes: 1e9 } }),
  ).rejects.toMatchObject({ code: "PHOTOS_NOT_PERMITTED" });
});

test("room for one item at a time is enough to bring them all", async () => {
  using desk = new Desk();
  const numbers = Array.from({ length: 20 }, (_, at) => at + 1);
  const phone = phoneWith(Object.fromEntries(numbers.map((number) => [`${P(number)}.JPG`, jpeg(number)])));
  const { head } = await desk.import(phone, { ...plain, stagedBytesLimit: 10 });
  expect(head.totals.byAnswer.proved).toBe(20);
});

test("the journal album deleted by hand after a crash is no reason to stop for ever", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  const stepAside = between(desk, async (name, _input, go) => {
    if (name === "albumContents") throw new Crash();
    return go();
  });
  await expect(desk.import(phone, plain)).rejects.toThrow(Crash);
  stepAside();
  desk.photos.runText(
    'const P = Application("Photos"); for (const album of P.albums()) P.delete(album); "gone"',
  );
  expect(Object.values(told(await desk.import(phone, plain)))).toEqual([
    "proved: NOT_IN_ALBUM",
    "proved: NOT_IN_ALBUM",
  ]);
  expect(desk.itemCount()).toBe(2);
});

test("an item given up on that arrives late is not taken for one of the same name in the next batch", async () => {
  using desk = new Desk();
  const bigger = Buffer.concat([jpeg(2), Buffer.alloc(50)]);
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(1, "101APPLE")}.JPG`]: bigger });
  let imports = 0;
  let held: Go | undefined;
  between(desk, async (name, _input, go) => {
    if (name !== "importFiles") return go();
    imports += 1;
    if (imports === 1) {
      held = go;
      return refused(-1712);
    }
    await held?.();
    return { ok: true, value: { ids: null, count: 0 } };
  });
  expect(told(await desk.import(phone, plain))).toEqual({
    "100APPLE/IMG_0001.JPG": "proved",
    "101APPLE/IMG_0001.JPG": expect.stringMatching(/^(failed|unknown)/),
  });
  expect(desk.itemCount()).toBe(1);
});

test("a file that never reached Photos is not answered with the late arrival of another one of its name", async () => {
  using desk = new Desk();
  const phone = phoneWith({
    [`${P(1)}.JPG`]: jpeg(1),
    [`${P(1, "101APPLE")}.JPG`]: Buffer.from("this is no picture"),
  });
  let held: Go | undefined;
  let looks = 0;
  between(desk, async (name, _input, go) => {
    if (name === "importFiles" && held === undefined) {
      held = go;
      return refused(-1712);
    }
    if (name === "albumContents" && held !== undefined && looks++ === 1) await held();
    return go();
  });
  expect(told(await desk.import(phone, plain))).toEqual({
    "100APPLE/IMG_0001.JPG": "proved",
    "101APPLE/IMG_0001.JPG": "failed: NOT_WHAT_IT_SAYS",
  });
});

test("an item that Photos lists under another name is unknown, is not sent again and again, and is found by its bytes once the library may be read", async () => {
  using desk = new Desk();
  const giveBack = mayNotRead(desk);
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  between(desk, async (name, _input, go) => {
    const envelope = (await go()) as ScriptEnvelope<{ filenames: string[] } | null>;
    if (name !== "albumContents" || !envelope.ok || envelope.value === null) return envelope;
    const filenames = envelope.value.filenames.map((one) => one.replace("IMG_0001.JPG", "IMG_0001.jpeg"));
    return { ok: true, value: { ...envelope.value, filenames } };
  });
  for (let time = 0; time < 3; time += 1) {
    expect(told(await desk.import(phone, plain))).toEqual({
      "100APPLE/IMG_0001.JPG": "unknown: PHOTOS_WOULD_NOT_SAY",
      "100APPLE/IMG_0002.JPG": "present",
    });
  }
  giveBack();
  expect(told(await desk.import(phone, plain))).toMatchObject({ "100APPLE/IMG_0001.JPG": "proved" });
  expect(desk.events.flatMap((event) => (event.type === "notice" ? [event.code] : []))).toContain(
    "FOUND_BY_BYTES",
  );
  expect(desk.itemCount()).toBe(2);
});

test("an item that Photos says it imported and shows nowhere is unknown, and is not sent again", async () => {
  using desk = new Desk();
  mayNotRead(desk);
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  between(desk, async (name, _input, go) => {
    const envelope = await go();
    if (name === "albumContents" && envelope.ok)
      return { ok: true, value: { ids: [], filenames: [], sizes: [] } };
    if (name === "importFiles" && envelope.ok) return { ok: true, value: { ids: null, count: 1 } };
    return envelope;
  });
  for (let time = 0; time < 3; time += 1)
    expect(Object.values(told(await desk.import(phone, plain)))).toEqual(["unknown: PHOTOS_WOULD_NOT_SAY"]);
  expect(desk.itemCount()).toBe(1);
});

test("two files with the same bytes that Photos left out once are sent once by the next run", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(9), [`${P(3)}.JPG`]: jpeg(9) });
  const inOnes = { ...plain, batchLimits: { items: 1, bytes: 1e9 } };
  desk.photos.misbehave({ name: "import-drops-some", share: 1 });
  await desk.import(phone, inOnes);
  desk.photos.misbehave(null);
  const { answersByPath } = await desk.import(phone, inOnes);
  expect([...answersByPath.values()]).toEqual(["proved", "proved", "proved"]);
  expect(desk.itemCount()).toBe(2);
});

test("waiting for a wedged Photos ends after some twenty minutes, whatever each look takes", async () => {
  using desk = new Desk();
  const startMs = desk.clock.now().getTime();
  const photos = {
    describeAlbum: async () => {
      await desk.clock.wait(120_000);
      throw new PhotosEventError("no answer", -1712, false);
    },
  };
  const minder = { reopen: async () => null };
  await waitUntilQuiet("an album", 0, { photos: photos as never, minder, clock: desk.clock });
  expect(desk.clock.now().getTime() - startMs).toBeLessThan(25 * 60_000);
});

test("Photos that times out and then answers nothing ends the run with one clear error; the next run goes on by looking", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  let isWedged = false;
  const stepAside = between(desk, async (name, _input, go) => {
    if (name === "importFiles") {
      isWedged = true;
      await go();
    }
    return isWedged && name !== "photosRunning" ? refused(-1712) : go();
  });
  await expect(desk.import(phone, plain)).rejects.toMatchObject({ code: "PHOTOS_UNAVAILABLE" });
  stepAside();
  expect(Object.values(told(await desk.import(phone, plain)))).toEqual(["proved"]);
  expect(desk.itemCount()).toBe(1);
});

test("a Photos that will not quit costs nobody the receipt", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  between(desk, async (name, _input, go) => (name === "quitPhotos" ? refused(-1712) : go()));
  expect(Object.values(told(await desk.import(phone, plain)))).toEqual(["proved"]);
  expect(desk.events.some(({ type }) => type === "receipt")).toBe(true);
});

test("only the Photos that Rollcall started is quit, not one that a person started since", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  let isLast = false;
  let theirs: RunningPhotos | null = null;
  between(desk, async (name, _input, go) => {
    if (name === "deleteAlbum") isLast = true;
    if (name === "photosRunning" && isLast && theirs === null) {
      desk.photos.end();
      await desk.clock.wait(3_000);
      desk.photos.launch();
      theirs = desk.photos.running();
    }
    return go();
  });
  await desk.import(phone, plain);
  expect(theirs).not.toBeNull();
  expect(desk.photos.running()).toEqual(theirs);
});

test("a film that is also half of a Live Photo elsewhere is known, and answers with that item", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1, "LIVE"), [`${P(1)}.MOV`]: mov(1, "LIVE") });
  await desk.import(phone, plain);
  phone.put(`${P(7, "101APPLE")}.MOV`, { bytes: mov(1, "LIVE"), modifiedAt: later });
  expect(told(await desk.import(phone, plain))).toMatchObject({
    "101APPLE/IMG_0007.MOV": "proved: SAME_BYTES",
  });
});

test("a file that always fails does not hold up --limit for ever", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: Buffer.from("not a picture"), [`${P(2)}.JPG`]: jpeg(2) });
  await desk.import(phone, { ...plain, selection: { limit: 1 } });
  expect(told(await desk.import(phone, { ...plain, selection: { limit: 1 } }))).toMatchObject({
    "100APPLE/IMG_0002.JPG": "proved",
  });
});

test("one staged half lost: the item is copied again whole, into one folder, and comes in", async () => {
  using desk = new Desk();
  const phone = phoneWith({
    [`${P(1)}.JPG`]: jpeg(1),
    [`${P(1)}.AAE`]: aae(1),
    "/DCIM/100APPLE/IMG_E0001.JPG": jpeg(2),
  });
  const stepAside = between(desk, async (name, _input, go) =>
    name === "importFiles" ? refused(-1743) : go(),
  );
  await expect(desk.import(phone, plain)).rejects.toMatchObject({ code: "PHOTOS_NOT_PERMITTED" });
  stepAside();
  const [run] = readdirSync(desk.stagingFolder);
  rmSync(join(desk.stagingFolder, run!, `${P(1)}.AAE`));
  expect(new Set(Object.values(told(await desk.import(phone, plain))))).toEqual(new Set(["proved"]));
  expect(desk.itemCount()).toBe(1);
});

test("a broken edit keeps neither its original nor its rendering out: both come, and the recipe says why not", async () => {
  using desk = new Desk();
  const phone = phoneWith({
    [`${P(1)}.JPG`]: jpeg(1),
    [`${P(1)}.AAE`]: Buffer.from("odd sidecar"),
    "/DCIM/100APPLE/IMG_E0001.JPG": jpeg(2),
  });
  expect(told(await desk.import(phone, plain))).toEqual({
    "100APPLE/IMG_0001.JPG": "proved",
    "100APPLE/IMG_0001.AAE": "set-aside: EDIT_NOT_CARRIED",
    "100APPLE/IMG_E0001.JPG": "proved",
  });
});

test("in a copy, a sidecar that cannot be read does not keep its photo out", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(1)}.AAE`]: aae(1) });
  const read = phone.read.bind(phone);
  phone.read = (path, options) => {
    if (!path.endsWith(".AAE")) return read(path, options);
    throw new PhoneFileError(path, { code: "FILE_REFUSED", message: "no", remedy: "none" });
  };
  const target = join(desk.folder, "copy");
  expect(told(await desk.copy(phone, target))).toEqual({
    "100APPLE/IMG_0001.JPG": "proved",
    "100APPLE/IMG_0001.AAE": "failed: FILE_REFUSED",
  });
  expect(readFileSync(join(target, `${P(1)}.JPG`))).toEqual(jpeg(1));
});

test("in a copy, a file with a new time and the same bytes is read once more and then known", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  const target = join(desk.folder, "copy");
  await desk.copy(phone, target);
  phone.put(`${P(1)}.JPG`, { bytes: jpeg(1), modifiedAt: later });
  expect((await desk.copy(phone, target)).head.totals.thisRun.items).toBe(1);
  expect((await desk.copy(phone, target)).head.totals.thisRun.items).toBe(0);
});

test("a copy that rotted is found by verify, and the next copy makes it good", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  const target = join(desk.folder, "copy");
  const { receiptPath } = await desk.copy(phone, target);
  const path = join(target, `${P(1)}.JPG`);
  const { atime, mtime } = statSync(path);
  const rotten = readFileSync(path);
  rotten.writeUInt8(rotten.readUInt8(40) ^ 1, 40);
  writeFileSync(path, rotten);
  utimesSync(path, atime, mtime);
  {
    using ledger = await Ledger.open(desk.ledgerPath);
    const entries = ledger.between(phone.identity, { kind: "folder", key: target });
    const { photos, clock } = await desk.parts(phone, ledger);
    const library = { code: "LIBRARY_NOT_KNOWN", message: "It is a folder.", remedy: "None is needed." };
    const parts = { photos, clock, between: entries, library };
    const checked = (await recheckReceipt(await readReceipt(receiptPath), parts)).receipt;
    expect(checked.answers[0]?.answer).toBe("differs");
  }
  expect(told(await desk.copy(phone, target))).toEqual({ "100APPLE/IMG_0001.JPG": "proved" });
  expect(readFileSync(path)).toEqual(jpeg(1));
});

test("a photo whose content changed in place says so in its answer", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  await desk.import(phone, plain);
  phone.put(`${P(1)}.JPG`, { bytes: jpeg(2), modifiedAt: later });
  expect(told(await desk.import(phone, plain))).toEqual({
    "100APPLE/IMG_0001.JPG": "proved: CONTENT_CHANGED",
  });
});

test("places that cannot be written are explained, not thrown raw", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  writeFileSync(join(desk.folder, "a file"), "");
  await expect(desk.copy(phone, join(desk.folder, "a file"))).rejects.toMatchObject({
    code: "FOLDER_NOT_WRITABLE",
  });
  rmSync(desk.stagingFolder, { recursive: true });
  writeFileSync(desk.stagingFolder, "");
  await expect(desk.import(phone, plain)).rejects.toMatchObject({ code: "FOLDER_NOT_WRITABLE" });
});

test.each([-128, -1708, -10003, -10004])(
  "an answer about the whole library (%i) ends the run after one event, and the next run goes on",
  async (number) => {
    using desk = new Desk();
    const numbers = Array.from({ length: 20 }, (_, at) => at + 1);
    const phone = phoneWith(Object.fromEntries(numbers.map((one) => [`${P(one)}.JPG`, jpeg(one)])));
    let imports = 0;
    const stepAside = between(desk, async (name, _input, go) => {
      if (name !== "importFiles") return go();
      imports += 1;
      return refused(number);
    });
    await expect(desk.import(phone, plain)).rejects.toMatchObject({ code: "PHOTOS_UNAVAILABLE" });
    expect(imports).toBe(1);
    stepAside();
    const { head } = await desk.import(phone, plain);
    expect(head.totals.byAnswer.proved).toBe(20);
    expect(desk.itemCount()).toBe(20);
  },
);

test("equal bytes under two names are one new photo, and the second says whose bytes it has", async () => {
  using desk = new Desk();
  const phone = phoneWith({
    [`${P(1)}.JPG`]: jpeg(1),
    [`${P(2)}.JPG`]: jpeg(1),
    "/DCIM/100APPLE/notes.txt": Buffer.from("no picture"),
  });
  const run = await desk.import(phone, plain);
  expect(told(run)).toMatchObject({
    "100APPLE/IMG_0001.JPG": "proved",
    "100APPLE/IMG_0002.JPG": "proved: SAME_BYTES",
  });
  expect(run.head.totals).toMatchObject({ files: 3, items: 2, thisRun: { items: 1 } });
  expect(desk.albums()["Last Import"]).toHaveLength(1);
});

test("in a copy, a file that is no photo is counted as a file and not as a photo", async () => {
  using desk = new Desk();
  const phone = phoneWith({
    [`${P(1)}.JPG`]: jpeg(1),
    "/DCIM/100APPLE/notes.txt": Buffer.from("milk, bread"),
  });
  const { head } = await desk.copy(phone, join(desk.folder, "copy"));
  expect(head.totals).toMatchObject({ files: 2, items: 1, thisRun: { files: 2, items: 1 } });
});

test("a photo that verify cannot find any more is brought again by --again, and only then", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  const { receiptPath } = await desk.import(phone, plain);
  const lost = [...(await readReceipt(receiptPath)).answers].find(({ path }) =>
    path.endsWith("0001.JPG"),
  )?.photosId;
  {
    using ledger = await Ledger.open(desk.ledgerPath);
    const entries = ledger.between(phone.identity, { kind: "photos", key: desk.photos.library.path });
    const stepAside = between(desk, async (name, _input, go) => {
      const envelope = (await go()) as ScriptEnvelope<{
        ids: string[];
        filenames: string[];
        sizes: number[];
      } | null>;
      if (name !== "albumContents" || !envelope.ok || envelope.value === null) {
        return name === "describeItems" && envelope.ok ? { ok: true, value: [] } : envelope;
      }
      const kept = envelope.value.ids.flatMap((id, at) => (id === lost ? [] : [at]));
      const { ids, filenames, sizes } = envelope.value;
      const only = <Value>(list: Value[]) => kept.map((at) => list[at]!);
      return { ok: true, value: { ids: only(ids), filenames: only(filenames), sizes: only(sizes) } };
    });
    const { photos, clock } = await desk.parts(phone, ledger);
    const library = { code: "LIBRARY_NOT_PERMITTED", message: "It may not be read.", remedy: "Allow it." };
    const parts = { photos, clock, between: entries, library };
    const checked = (await recheckReceipt(await readReceipt(receiptPath), parts)).receipt;
    expect(checked.totals.byAnswer).toMatchObject({ unknown: 1, present: 1 });
    stepAside();
  }
  expect(told(await desk.import(phone, plain))).toMatchObject({
    "100APPLE/IMG_0001.JPG": "unknown: NOT_LISTED",
  });
  const uuid = lost!.slice(0, 36);
  desk.photos.library.database.prepare("DELETE FROM ZASSET WHERE ZUUID = ?").run(uuid);
  rmSync(join(desk.photos.library.path, "originals", uuid.charAt(0), `${uuid}.jpeg`));
  expect(told(await desk.import(phone, { ...plain, again: true }))).toEqual({
    "100APPLE/IMG_0001.JPG": "proved",
    "100APPLE/IMG_0002.JPG": "present",
  });
});

test("what stands in the way of one file in a copy is that file's trouble; the others are copied", async () => {
  using desk = new Desk();
  const phone = phoneWith({
    [`${P(1)}.JPG`]: jpeg(1),
    [`${P(2)}.JPG`]: jpeg(2),
    [`${P(3, "101APPLE")}.JPG`]: jpeg(3),
  });
  const target = join(desk.folder, "copy");
  mkdirSync(join(target, `${P(1)}.JPG`), { recursive: true });
  writeFileSync(join(target, "DCIM/101APPLE"), "a file of mine");
  expect(told(await desk.copy(phone, target))).toEqual({
    "100APPLE/IMG_0001.JPG": "failed: SOMETHING_IN_THE_WAY",
    "100APPLE/IMG_0002.JPG": "proved",
    "101APPLE/IMG_0003.JPG": "failed: SOMETHING_IN_THE_WAY",
  });
  expect(readFileSync(join(target, "DCIM/101APPLE"), "utf8")).toBe("a file of mine");
});

test("an item that Photos imported and hides from scripts is unknown, is not sent again by the next run, and is proved where the library may be read", async () => {
  using desk = new Desk();
  const giveBack = mayNotRead(desk);
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  desk.photos.misbehave({ name: "hides-items", names: "IMG_0001", atEvent: 1 });
  for (let time = 0; time < 2; time += 1) {
    expect(told(await desk.import(phone, plain))).toMatchObject({
      "100APPLE/IMG_0001.JPG": expect.stringMatching(/^unknown/),
    });
  }
  desk.photos.misbehave(null);
  giveBack();
  expect(told(await desk.import(phone, plain))).toMatchObject({ "100APPLE/IMG_0001.JPG": "proved" });
  const rows = desk.photos.library.database.prepare("SELECT count(*) AS count FROM ZASSET").get();
  expect(Number(rows?.count)).toBe(2);
});

test("the Photos that Rollcall started and that answers nothing is ended by the next run, which then goes on by looking", async () => {
  using desk = new Desk();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  const stepAside = between(desk, async (name, _input, go) => {
    if (name === "importFiles") throw new Crash();
    return name === "quitPhotos" ? refused(-1712) : go();
  });
  await expect(desk.import(phone, plain)).rejects.toThrow();
  stepAside();
  const first = desk.photos.running();
  expect(first).not.toBeNull();
  desk.photos.misbehave({ name: "stops-answering", manner: "times-out" });
  const { head } = await desk.import(phone, plain);
  expect(head.totals.byAnswer.proved).toBe(2);
  expect(desk.itemCount()).toBe(2);
});

test("an edited photo that Photos refuses comes as its original alone, once, and its edit says that it was not carried", async () => {
  for (const how of ["refused", "left out"] as const) {
    using desk = new Desk();
    const phone = phoneWith({
      [`${P(1)}.JPG`]: jpeg(1),
      [`${P(1)}.AAE`]: aae(1),
      "/DCIM/100APPLE/IMG_E0001.JPG": jpeg(2),
      [`${P(2)}.JPG`]: jpeg(3),
    });
    between(desk, async (name, input, go) => {
      const hasEdit =
        name === "importFiles" && (input as { paths: string[] }).paths.some((path) => path.endsWith(".AAE"));
      if (!hasEdit) return go();
      return how === "refused" ? refused(-10000) : { ok: true, value: { ids: null, count: 0 } };
    });
    for (let time = 0; time < 2; time += 1) {
      expect(told(await desk.import(phone, plain)), how).toEqual({
        "100APPLE/IMG_0001.JPG": "proved",
        "100APPLE/IMG_0001.AAE": "failed: EDIT_NOT_CARRIED",
        "100APPLE/IMG_E0001.JPG": "failed: EDIT_NOT_CARRIED",
        "100APPLE/IMG_0002.JPG": "proved",
      });
    }
    expect(desk.itemCount()).toBe(2);
  }
});

test("an edited photo during whose import Photos crashed for another reason comes whole at the second try", async () => {
  using desk = new Desk();
  const phone = phoneWith({
    [`${P(1)}.JPG`]: jpeg(1),
    [`${P(1)}.AAE`]: aae(1),
    "/DCIM/100APPLE/IMG_E0001.JPG": jpeg(2),
  });
  desk.photos.misbehave({ name: "import-loses-connection", photos: "dies", times: 1 });
  expect(new Set(Object.values(told(await desk.import(phone, plain))))).toEqual(new Set(["proved"]));
  expect(desk.itemCount()).toBe(1);
});

test("what --again sends a second time, unseen, is never said to be without a duplicate", async () => {
  using desk = new Desk();
  mayNotRead(desk);
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  desk.photos.misbehave({ name: "hides-items", names: "^IMG_0002\\." });
  const remedyOf = ({ answers }: Awaited<ReturnType<Desk["import"]>>) =>
    [...answers()].find(({ answer }) => answer === "unknown")?.reason?.remedy;
  expect(remedyOf(await desk.import(phone, plain))).toContain("It was not sent twice");
  desk.photos.misbehave({ name: "hides-items", names: "^IMG_0002\\." });
  const again = remedyOf(await desk.import(phone, { ...plain, again: true }));
  expect(again).toContain("it may be there twice");
  expect(again).not.toContain("no duplicate");
});
