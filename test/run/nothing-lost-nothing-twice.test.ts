import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import type { RunScript, ScriptEnvelope } from "../../src/jxa/run-script.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { type Phone, PhoneFileError } from "../../src/phone/phone.js";
import { PhotosEventError } from "../../src/photos/photos-library.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { markKnown } from "../../src/run/mark-known.js";
import { planImport, readWholeCatalogue } from "../../src/run/plan-for-phone.js";
import { recheckReceipt } from "../../src/run/recheck-receipt.js";
import type { FinishedRun } from "../../src/run/run-parts.js";
import { waitUntilQuiet } from "../../src/session/wait-until-quiet.js";
import type { RunningPhotos } from "../../src/virtual/photos/application-state.js";
import { ImportHarness } from "./import-harness.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";

class Crash extends Error {}
const plain = { withoutPhoneLibrary: true } as const;
const later = new Date("2026-11-21T09:00:00Z");
const P = (number: number, folder = "100APPLE") => `/DCIM/${folder}/IMG_${String(number).padStart(4, "0")}`;

type Go = () => Promise<ScriptEnvelope<unknown>>;
type Meddle = (name: string, input: unknown, go: Go) => Promise<ScriptEnvelope<unknown>>;

/** Stands between Rollcall and its scripts. Returns how to step aside. */
function ledger(harness: ImportHarness, intercept: Meddle): () => void {
  const whole = harness.runScript;
  const wrapped = ((script, input, options) =>
    intercept(script.name, input, () => whole(script, input, options))) as RunScript;
  harness.runScript = wrapped;
  return () => {
    harness.runScript = whole;
  };
}

/** Takes the right to read the library away; returns how to give it back. */
function mayNotRead(harness: ImportHarness): () => void {
  const { originals } = harness;
  const reason = {
    code: "LIBRARY_NOT_PERMITTED" as const,
    message: "It may not be read.",
    remedy: "Allow it.",
  };
  harness.originals = { open: async () => reason };
  return () => {
    harness.originals = originals;
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

test("cut off while a refused batch is narrowed down, the next run imports every item once", async () => {
  for (const second of ["crash", "permission"] as const) {
    using harness = new ImportHarness();
    const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2), [`${P(3)}.JPG`]: jpeg(3) });
    let imports = 0;
    const restore = ledger(harness, async (name, _input, go) => {
      if (name !== "importFiles") return go();
      imports += 1;
      if (imports === 1) return refused(-10000);
      if (second === "crash") throw new Crash();
      return refused(-1743);
    });
    await expect(harness.import(phone, plain)).rejects.toThrow();
    restore();
    const { head } = await harness.import(phone, plain);
    expect(head.totals.byAnswer.proved, second).toBe(3);
    expect(harness.itemCount()).toBe(3);
  }
});

test("equal bytes under two names, the first deselected or deleted after a stop: the second is imported", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(1, "101APPLE")}.JPG`]: jpeg(1) });
  const restore = ledger(harness, async (name, _input, go) =>
    name === "importFiles" ? refused(-1743) : go(),
  );
  await expect(harness.import(phone, plain)).rejects.toMatchObject({ code: "PHOTOS_NOT_PERMITTED" });
  restore();
  const second = await harness.import(phone, { ...plain, selection: { folder: "101APPLE" } });
  expect(told(second)).toMatchObject({ "101APPLE/IMG_0001.JPG": "proved" });
  phone.remove(`${P(1)}.JPG`);
  expect(told(await harness.import(phone, plain))).toEqual({ "101APPLE/IMG_0001.JPG": "proved" });
  expect(harness.itemCount()).toBe(1);
});

async function mark(harness: ImportHarness, phone: Phone): Promise<void> {
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const catalogue = await readWholeCatalogue(await harness.parts(phone, ledgerDatabase), {
    selection: {},
    ...plain,
  });
  const entries = ledgerDatabase.ledgerFor(phone.identity, {
    kind: "photos",
    key: harness.photos.library.path,
  });
  const request = { selection: {}, edits: false, again: false, withoutPhoneLibrary: true };
  expect(
    markKnown(await planImport(catalogue, entries, request, { questions: null, look: null }), entries),
  ).toBe(1);
}

test("what was marked as known is not imported; --retry imports it once, and then the ledger knows better", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  await mark(harness, phone);
  expect(told(await harness.import(phone, plain))).toEqual({
    "100APPLE/IMG_0001.JPG": "not-chosen: MARKED_BY_YOU",
  });
  for (const again of [true, false, true])
    expect(told(await harness.import(phone, { ...plain, again }))).toEqual({
      "100APPLE/IMG_0001.JPG": "proved",
    });
  expect(harness.itemCount()).toBe(1);
});

test("a marked photo that was edited since is imported whole by --reimport-edited, once", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  await mark(harness, phone);
  phone.put(`${P(1)}.AAE`, { bytes: aae(1), modifiedAt: later });
  phone.put("/DCIM/100APPLE/IMG_E0001.JPG", { bytes: jpeg(9), modifiedAt: later });
  expect(told(await harness.import(phone, plain))).toMatchObject({
    "100APPLE/IMG_0001.AAE": "not-chosen: EDITED_SINCE",
  });
  for (let time = 0; time < 3; time += 1) await harness.import(phone, { ...plain, edits: true });
  expect(harness.itemCount()).toBe(1);
});

/** Lets Photos name its library only at these looks. */
function libraryNamed(harness: ImportHarness, answers: (look: number) => string | null): () => void {
  const parts = harness.parts.bind(harness);
  let looks = 0;
  harness.parts = async (...args) => {
    const made = await parts(...args);
    Object.assign(made.process, { openLibrary: async () => answers(looks++) });
    return made;
  };
  return () => {
    harness.parts = parts;
  };
}

test("a library that Photos would not name at first is recognised by Rollcall's album in it", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  const restore = libraryNamed(harness, () => null);
  await harness.import(phone, plain);
  restore();
  phone.put(`${P(2)}.JPG`, { bytes: jpeg(2), modifiedAt: later });
  const second = await harness.import(phone, plain);
  expect(second.head.totals.thisRun.items).toBe(1);
  expect(second.head.destination).toMatchObject({ library: harness.photos.library.path });
  expect(harness.itemCount()).toBe(2);
  expect(Object.keys(harness.albums())).toEqual(["Last Import"]);
});

test("naming a library that is not the open one ends the run before anything is written", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  await expect(harness.import(phone, { ...plain, libraryPath: "/tmp" })).rejects.toMatchObject({
    code: "PHOTOS_LIBRARY_SWITCHED",
  });
  expect(harness.itemCount()).toBe(0);
});

test("an interrupted run of the library that turns out to be open is continued, not begun again", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  const restore = ledger(harness, async (name, _input, go) => {
    const envelope = await go();
    if (name === "importFiles") throw new Crash();
    return envelope;
  });
  await expect(harness.import(phone, plain)).rejects.toThrow(Crash);
  restore();
  {
    using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
    const other = ledgerDatabase.ledgerFor(phone.identity, {
      kind: "photos",
      key: "/elsewhere/Other.photoslibrary",
    });
    const run = other.runs.continueOrBegin(new Date(harness.clock.now().getTime() + 1e6));
    other.runs.finish(run.id, "/x", harness.clock.now());
  }
  libraryNamed(harness, (look) => (look === 0 ? null : harness.photos.library.path));
  const { head } = await harness.import(phone, plain);
  expect(head.totals.byAnswer.proved + head.totals.byAnswer.unknown).toBe(2);
  expect(harness.itemCount()).toBe(2);
});

test("Photos refuses while the copier waits for room: the run ends at once instead of hanging", async () => {
  using harness = new ImportHarness();
  const numbers = Array.from({ length: 20 }, (_, at) => at + 1);
  const phone = phoneWith(Object.fromEntries(numbers.map((number) => [`${P(number)}.JPG`, jpeg(number)])));
  ledger(harness, async (name, _input, go) => (name === "importFiles" ? refused(-1743) : go()));
  await expect(
    harness.import(phone, { ...plain, stagedBytesLimit: 3_000, batchLimits: { items: 2, bytes: 1e9 } }),
  ).rejects.toMatchObject({ code: "PHOTOS_NOT_PERMITTED" });
});

test("room for one item at a time is enough to import them all", async () => {
  using harness = new ImportHarness();
  const numbers = Array.from({ length: 20 }, (_, at) => at + 1);
  const phone = phoneWith(Object.fromEntries(numbers.map((number) => [`${P(number)}.JPG`, jpeg(number)])));
  const { head } = await harness.import(phone, { ...plain, stagedBytesLimit: 10 });
  expect(head.totals.byAnswer.proved).toBe(20);
});

test("the journal album deleted by hand after a crash is no reason to stop for ever", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  const restore = ledger(harness, async (name, _input, go) => {
    if (name === "albumContents") throw new Crash();
    return go();
  });
  await expect(harness.import(phone, plain)).rejects.toThrow(Crash);
  restore();
  harness.photos.runText(
    'const P = Application("Photos"); for (const album of P.albums()) P.delete(album); "gone"',
  );
  expect(Object.values(told(await harness.import(phone, plain)))).toEqual([
    "proved: NOT_IN_ALBUM",
    "proved: NOT_IN_ALBUM",
  ]);
  expect(harness.itemCount()).toBe(2);
});

test("an item given up on that arrives late is not taken for one of the same name in the next batch", async () => {
  using harness = new ImportHarness();
  const bigger = Buffer.concat([jpeg(2), Buffer.alloc(50)]);
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(1, "101APPLE")}.JPG`]: bigger });
  let imports = 0;
  let held: Go | undefined;
  ledger(harness, async (name, _input, go) => {
    if (name !== "importFiles") return go();
    imports += 1;
    if (imports === 1) {
      held = go;
      return refused(-1712);
    }
    await held?.();
    return { ok: true, value: { ids: null, count: 0 } };
  });
  expect(told(await harness.import(phone, plain))).toEqual({
    "100APPLE/IMG_0001.JPG": "proved",
    "101APPLE/IMG_0001.JPG": expect.stringMatching(/^(failed|unknown)/),
  });
  expect(harness.itemCount()).toBe(1);
});

test("a file that never reached Photos is not answered with the late arrival of another one of its name", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({
    [`${P(1)}.JPG`]: jpeg(1),
    [`${P(1, "101APPLE")}.JPG`]: Buffer.from("this is no picture"),
  });
  let held: Go | undefined;
  let looks = 0;
  ledger(harness, async (name, _input, go) => {
    if (name === "importFiles" && held === undefined) {
      held = go;
      return refused(-1712);
    }
    if (name === "albumContents" && held !== undefined && looks++ === 1) await held();
    return go();
  });
  expect(told(await harness.import(phone, plain))).toEqual({
    "100APPLE/IMG_0001.JPG": "proved",
    "101APPLE/IMG_0001.JPG": "failed: NOT_WHAT_IT_SAYS",
  });
});

test("an item listed under another name is unknown, not sent again, and found by its bytes once readable", async () => {
  using harness = new ImportHarness();
  const release = mayNotRead(harness);
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  ledger(harness, async (name, _input, go) => {
    const envelope = (await go()) as ScriptEnvelope<{ filenames: string[] } | null>;
    if (name !== "albumContents" || !envelope.ok || envelope.value === null) return envelope;
    const filenames = envelope.value.filenames.map((one) => one.replace("IMG_0001.JPG", "IMG_0001.jpeg"));
    return { ok: true, value: { ...envelope.value, filenames } };
  });
  for (let time = 0; time < 3; time += 1) {
    expect(told(await harness.import(phone, plain))).toEqual({
      "100APPLE/IMG_0001.JPG": "unknown: PHOTOS_WOULD_NOT_SAY",
      "100APPLE/IMG_0002.JPG": "present",
    });
  }
  release();
  expect(told(await harness.import(phone, plain))).toMatchObject({ "100APPLE/IMG_0001.JPG": "proved" });
  expect(harness.events.flatMap((event) => (event.type === "notice" ? [event.code] : []))).toContain(
    "FOUND_BY_BYTES",
  );
  expect(harness.itemCount()).toBe(2);
});

test("an item that Photos says it imported and shows nowhere is unknown, and is not sent again", async () => {
  using harness = new ImportHarness();
  mayNotRead(harness);
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  ledger(harness, async (name, _input, go) => {
    const envelope = await go();
    if (name === "albumContents" && envelope.ok)
      return { ok: true, value: { ids: [], filenames: [], sizes: [] } };
    if (name === "importFiles" && envelope.ok) return { ok: true, value: { ids: null, count: 1 } };
    return envelope;
  });
  for (let time = 0; time < 3; time += 1)
    expect(Object.values(told(await harness.import(phone, plain)))).toEqual([
      "unknown: PHOTOS_WOULD_NOT_SAY",
    ]);
  expect(harness.itemCount()).toBe(1);
});

test("two files with the same bytes that Photos left out once are sent once by the next run", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(9), [`${P(3)}.JPG`]: jpeg(9) });
  const inOnes = { ...plain, batchLimits: { items: 1, bytes: 1e9 } };
  harness.photos.faults({ name: "import-drops-some", share: 1 });
  await harness.import(phone, inOnes);
  harness.photos.faults(null);
  const { answersByPath } = await harness.import(phone, inOnes);
  expect([...answersByPath.values()]).toEqual(["proved", "proved", "proved"]);
  expect(harness.itemCount()).toBe(2);
});

test("waiting for a wedged Photos ends after some twenty minutes, whatever each look takes", async () => {
  using harness = new ImportHarness();
  const startMs = harness.clock.now().getTime();
  const askOnce = {
    describeAlbum: async () => {
      await harness.clock.wait(120_000);
      throw new PhotosEventError("no answer", -1712, false);
    },
  };
  const session = { askOnce: askOnce as never, reopen: async () => null };
  await waitUntilQuiet("an album", 0, { session, clock: harness.clock });
  expect(harness.clock.now().getTime() - startMs).toBeLessThan(25 * 60_000);
});

test("a Photos that times out and then is silent ends the run with one clear error; the next run resumes", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  let isWedged = false;
  const restore = ledger(harness, async (name, _input, go) => {
    if (name === "importFiles") {
      isWedged = true;
      await go();
    }
    return isWedged && name !== "photosRunning" ? refused(-1712) : go();
  });
  await expect(harness.import(phone, plain)).rejects.toMatchObject({ code: "PHOTOS_UNAVAILABLE" });
  restore();
  expect(Object.values(told(await harness.import(phone, plain)))).toEqual(["proved"]);
  expect(harness.itemCount()).toBe(1);
});

test("a Photos that will not quit costs nobody the receipt", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  ledger(harness, async (name, _input, go) => (name === "quitPhotos" ? refused(-1712) : go()));
  expect(Object.values(told(await harness.import(phone, plain)))).toEqual(["proved"]);
  expect(harness.events.some(({ type }) => type === "receipt")).toBe(true);
});

test("only the Photos that Rollcall started is quit, not one that a person started since", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  let isLast = false;
  let theirs: RunningPhotos | null = null;
  ledger(harness, async (name, _input, go) => {
    if (name === "deleteAlbum") isLast = true;
    if (name === "photosRunning" && isLast && theirs === null) {
      harness.photos.end();
      await harness.clock.wait(3_000);
      harness.photos.launch();
      theirs = harness.photos.running();
    }
    return go();
  });
  await harness.import(phone, plain);
  expect(theirs).not.toBeNull();
  expect(harness.photos.running()).toEqual(theirs);
});

test("a video that is also half of a Live Photo elsewhere is known, and answers with that item", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1, "LIVE"), [`${P(1)}.MOV`]: mov(1, "LIVE") });
  await harness.import(phone, plain);
  phone.put(`${P(7, "101APPLE")}.MOV`, { bytes: mov(1, "LIVE"), modifiedAt: later });
  expect(told(await harness.import(phone, plain))).toMatchObject({
    "101APPLE/IMG_0007.MOV": "proved: SAME_BYTES",
  });
});

test("a file that always fails does not hold up --limit for ever", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: Buffer.from("not a picture"), [`${P(2)}.JPG`]: jpeg(2) });
  await harness.import(phone, { ...plain, selection: { limit: 1 } });
  expect(told(await harness.import(phone, { ...plain, selection: { limit: 1 } }))).toMatchObject({
    "100APPLE/IMG_0002.JPG": "proved",
  });
});

test("one staged half lost: the item is copied again whole, into one folder, and comes in", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({
    [`${P(1)}.JPG`]: jpeg(1),
    [`${P(1)}.AAE`]: aae(1),
    "/DCIM/100APPLE/IMG_E0001.JPG": jpeg(2),
  });
  const restore = ledger(harness, async (name, _input, go) =>
    name === "importFiles" ? refused(-1743) : go(),
  );
  await expect(harness.import(phone, plain)).rejects.toMatchObject({ code: "PHOTOS_NOT_PERMITTED" });
  restore();
  const [run] = readdirSync(harness.stagingFolder);
  rmSync(join(harness.stagingFolder, run!, `${P(1)}.AAE`));
  expect(new Set(Object.values(told(await harness.import(phone, plain))))).toEqual(new Set(["proved"]));
  expect(harness.itemCount()).toBe(1);
});

test("a broken edit excludes neither its original nor its rendering, and its answer says why", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({
    [`${P(1)}.JPG`]: jpeg(1),
    [`${P(1)}.AAE`]: Buffer.from("odd sidecar"),
    "/DCIM/100APPLE/IMG_E0001.JPG": jpeg(2),
  });
  expect(told(await harness.import(phone, plain))).toEqual({
    "100APPLE/IMG_0001.JPG": "proved",
    "100APPLE/IMG_0001.AAE": "set-aside: EDIT_NOT_CARRIED",
    "100APPLE/IMG_E0001.JPG": "proved",
  });
});

test("in a copy, a sidecar that cannot be read does not keep its photo out", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(1)}.AAE`]: aae(1) });
  const read = phone.read.bind(phone);
  phone.read = (path, options) => {
    if (!path.endsWith(".AAE")) return read(path, options);
    throw new PhoneFileError(path, { code: "FILE_REFUSED", message: "no", remedy: "none" });
  };
  const target = join(harness.folder, "copy");
  expect(told(await harness.copy(phone, target))).toEqual({
    "100APPLE/IMG_0001.JPG": "proved",
    "100APPLE/IMG_0001.AAE": "failed: FILE_REFUSED",
  });
  expect(readFileSync(join(target, `${P(1)}.JPG`))).toEqual(jpeg(1));
});

test("in a copy, a file with a new time and the same bytes is read once more and then known", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  const target = join(harness.folder, "copy");
  await harness.copy(phone, target);
  phone.put(`${P(1)}.JPG`, { bytes: jpeg(1), modifiedAt: later });
  expect((await harness.copy(phone, target)).head.totals.thisRun.items).toBe(1);
  expect((await harness.copy(phone, target)).head.totals.thisRun.items).toBe(0);
});

test("a copy that rotted is found by verify, and the next copy makes it good", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  const target = join(harness.folder, "copy");
  const { receiptPath } = await harness.copy(phone, target);
  const path = join(target, `${P(1)}.JPG`);
  const { atime, mtime } = statSync(path);
  const rotten = readFileSync(path);
  rotten.writeUInt8(rotten.readUInt8(40) ^ 1, 40);
  writeFileSync(path, rotten);
  utimesSync(path, atime, mtime);
  {
    using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
    const entries = ledgerDatabase.ledgerFor(phone.identity, { kind: "folder", key: target });
    const { photos, clock } = await harness.parts(phone, ledgerDatabase);
    const library = {
      code: "LIBRARY_NOT_KNOWN" as const,
      message: "It is a folder.",
      remedy: "None is needed.",
    };
    const parts = { photos, clock, ledger: entries, library };
    const checked = (await recheckReceipt(await readReceipt(receiptPath), parts)).receipt;
    expect(checked.answers[0]?.answer).toBe("differs");
  }
  expect(told(await harness.copy(phone, target))).toEqual({ "100APPLE/IMG_0001.JPG": "proved" });
  expect(readFileSync(path)).toEqual(jpeg(1));
});

test("a photo whose content changed in place says so in its answer", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  await harness.import(phone, plain);
  phone.put(`${P(1)}.JPG`, { bytes: jpeg(2), modifiedAt: later });
  expect(told(await harness.import(phone, plain))).toEqual({
    "100APPLE/IMG_0001.JPG": "proved: CONTENT_CHANGED",
  });
});

test("places that cannot be written are explained, not thrown raw", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1) });
  writeFileSync(join(harness.folder, "a file"), "");
  await expect(harness.copy(phone, join(harness.folder, "a file"))).rejects.toMatchObject({
    code: "FOLDER_NOT_WRITABLE",
  });
  rmSync(harness.stagingFolder, { recursive: true });
  writeFileSync(harness.stagingFolder, "");
  await expect(harness.import(phone, plain)).rejects.toMatchObject({ code: "FOLDER_NOT_WRITABLE" });
});

test.each([-128, -1708, -10003, -10004])(
  "an answer about the whole library (%i) ends the run after one event, and the next run goes on",
  async (number) => {
    using harness = new ImportHarness();
    const numbers = Array.from({ length: 20 }, (_, at) => at + 1);
    const phone = phoneWith(Object.fromEntries(numbers.map((one) => [`${P(one)}.JPG`, jpeg(one)])));
    let imports = 0;
    const restore = ledger(harness, async (name, _input, go) => {
      if (name !== "importFiles") return go();
      imports += 1;
      return refused(number);
    });
    await expect(harness.import(phone, plain)).rejects.toMatchObject({ code: "PHOTOS_UNAVAILABLE" });
    expect(imports).toBe(1);
    restore();
    const { head } = await harness.import(phone, plain);
    expect(head.totals.byAnswer.proved).toBe(20);
    expect(harness.itemCount()).toBe(20);
  },
);

test("equal bytes under two names are one new photo, and the second says whose bytes it has", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({
    [`${P(1)}.JPG`]: jpeg(1),
    [`${P(2)}.JPG`]: jpeg(1),
    "/DCIM/100APPLE/notes.txt": Buffer.from("no picture"),
  });
  const run = await harness.import(phone, plain);
  expect(told(run)).toMatchObject({
    "100APPLE/IMG_0001.JPG": "proved",
    "100APPLE/IMG_0002.JPG": "proved: SAME_BYTES",
  });
  expect(run.head.totals).toMatchObject({ files: 3, items: 2, thisRun: { items: 1 } });
  expect(harness.albums()["Last Import"]).toHaveLength(1);
});

test("in a copy, a file that is no photo is counted as a file and not as a photo", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({
    [`${P(1)}.JPG`]: jpeg(1),
    "/DCIM/100APPLE/notes.txt": Buffer.from("milk, bread"),
  });
  const { head } = await harness.copy(phone, join(harness.folder, "copy"));
  expect(head.totals).toMatchObject({ files: 2, items: 1, thisRun: { files: 2, items: 1 } });
});

test("a photo that verify cannot find any more is imported again by --retry, and only then", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  const { receiptPath } = await harness.import(phone, plain);
  const lost = [...(await readReceipt(receiptPath)).answers].find(({ path }) =>
    path.endsWith("0001.JPG"),
  )?.photosId;
  {
    using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
    const entries = ledgerDatabase.ledgerFor(phone.identity, {
      kind: "photos",
      key: harness.photos.library.path,
    });
    const restore = ledger(harness, async (name, _input, go) => {
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
    const { photos, clock } = await harness.parts(phone, ledgerDatabase);
    const library = {
      code: "LIBRARY_NOT_PERMITTED" as const,
      message: "It may not be read.",
      remedy: "Allow it.",
    };
    const parts = { photos, clock, ledger: entries, library };
    const checked = (await recheckReceipt(await readReceipt(receiptPath), parts)).receipt;
    expect(checked.totals.byAnswer).toMatchObject({ unknown: 1, present: 1 });
    restore();
  }
  expect(told(await harness.import(phone, plain))).toMatchObject({
    "100APPLE/IMG_0001.JPG": "unknown: NOT_LISTED",
  });
  const uuid = lost!.slice(0, 36);
  harness.photos.library.database.prepare("DELETE FROM ZASSET WHERE ZUUID = ?").run(uuid);
  rmSync(join(harness.photos.library.path, "originals", uuid.charAt(0), `${uuid}.jpeg`));
  expect(told(await harness.import(phone, { ...plain, again: true }))).toEqual({
    "100APPLE/IMG_0001.JPG": "proved",
    "100APPLE/IMG_0002.JPG": "present",
  });
});

test("what stands in the way of one file in a copy is that file's trouble; the others are copied", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({
    [`${P(1)}.JPG`]: jpeg(1),
    [`${P(2)}.JPG`]: jpeg(2),
    [`${P(3, "101APPLE")}.JPG`]: jpeg(3),
  });
  const target = join(harness.folder, "copy");
  mkdirSync(join(target, `${P(1)}.JPG`), { recursive: true });
  writeFileSync(join(target, "DCIM/101APPLE"), "a file of mine");
  expect(told(await harness.copy(phone, target))).toEqual({
    "100APPLE/IMG_0001.JPG": "failed: SOMETHING_IN_THE_WAY",
    "100APPLE/IMG_0002.JPG": "proved",
    "101APPLE/IMG_0003.JPG": "failed: SOMETHING_IN_THE_WAY",
  });
  expect(readFileSync(join(target, "DCIM/101APPLE"), "utf8")).toBe("a file of mine");
});

test("an item imported and hidden from scripts is unknown, not sent again, and proved once readable", async () => {
  using harness = new ImportHarness();
  const release = mayNotRead(harness);
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  harness.photos.faults({ name: "hides-items", names: "IMG_0001", atEvent: 1 });
  for (let time = 0; time < 2; time += 1) {
    expect(told(await harness.import(phone, plain))).toMatchObject({
      "100APPLE/IMG_0001.JPG": expect.stringMatching(/^unknown/),
    });
  }
  harness.photos.faults(null);
  release();
  expect(told(await harness.import(phone, plain))).toMatchObject({ "100APPLE/IMG_0001.JPG": "proved" });
  const rows = harness.photos.library.database.prepare("SELECT count(*) AS count FROM ZASSET").get();
  expect(Number(rows?.count)).toBe(2);
});

test("a silent Photos that Rollcall started is ended by the next run, which then looks before it sends", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  const restore = ledger(harness, async (name, _input, go) => {
    if (name === "importFiles") throw new Crash();
    return name === "quitPhotos" ? refused(-1712) : go();
  });
  await expect(harness.import(phone, plain)).rejects.toThrow();
  restore();
  const first = harness.photos.running();
  expect(first).not.toBeNull();
  harness.photos.faults({ name: "stops-answering", manner: "times-out" });
  const { head } = await harness.import(phone, plain);
  expect(head.totals.byAnswer.proved).toBe(2);
  expect(harness.itemCount()).toBe(2);
});

test("an edited photo that Photos refuses is imported once, as its original, and its edit is not carried", async () => {
  for (const how of ["refused", "left out"] as const) {
    using harness = new ImportHarness();
    const phone = phoneWith({
      [`${P(1)}.JPG`]: jpeg(1),
      [`${P(1)}.AAE`]: aae(1),
      "/DCIM/100APPLE/IMG_E0001.JPG": jpeg(2),
      [`${P(2)}.JPG`]: jpeg(3),
    });
    ledger(harness, async (name, input, go) => {
      const hasEdit =
        name === "importFiles" && (input as { paths: string[] }).paths.some((path) => path.endsWith(".AAE"));
      if (!hasEdit) return go();
      return how === "refused" ? refused(-10000) : { ok: true, value: { ids: null, count: 0 } };
    });
    for (let time = 0; time < 2; time += 1) {
      expect(told(await harness.import(phone, plain)), how).toEqual({
        "100APPLE/IMG_0001.JPG": "proved",
        "100APPLE/IMG_0001.AAE": "failed: EDIT_NOT_CARRIED",
        "100APPLE/IMG_E0001.JPG": "failed: EDIT_NOT_CARRIED",
        "100APPLE/IMG_0002.JPG": "proved",
      });
    }
    expect(harness.itemCount()).toBe(2);
  }
});

test("an edited photo during whose import Photos crashed for another reason comes whole at the second try", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({
    [`${P(1)}.JPG`]: jpeg(1),
    [`${P(1)}.AAE`]: aae(1),
    "/DCIM/100APPLE/IMG_E0001.JPG": jpeg(2),
  });
  harness.photos.faults({ name: "import-loses-connection", photos: "dies", times: 1 });
  expect(new Set(Object.values(told(await harness.import(phone, plain))))).toEqual(new Set(["proved"]));
  expect(harness.itemCount()).toBe(1);
});

test("what --retry sends a second time, unseen, is never said to be without a duplicate", async () => {
  using harness = new ImportHarness();
  mayNotRead(harness);
  const phone = phoneWith({ [`${P(1)}.JPG`]: jpeg(1), [`${P(2)}.JPG`]: jpeg(2) });
  harness.photos.faults({ name: "hides-items", names: "^IMG_0002\\." });
  const remedyOf = ({ answers }: Awaited<ReturnType<ImportHarness["import"]>>) =>
    [...answers()].find(({ answer }) => answer === "unknown")?.reason?.remedy;
  expect(inCommandWords(remedyOf(await harness.import(phone, plain)) ?? "")).toContain(
    "It was not sent twice",
  );
  harness.photos.faults({ name: "hides-items", names: "^IMG_0002\\." });
  const again = remedyOf(await harness.import(phone, { ...plain, again: true }));
  expect(again).toContain("it may be there twice");
  expect(again).not.toContain("no duplicate");
});
