import { DatabaseSync } from "@photostructure/sqlite";
import { expect } from "vitest";
import type {
  LibraryPackage,
  LibraryPackageRecord,
  LibraryPackageRecords,
  LibraryPackages,
} from "../../src/photos/library-package.js";
import type { ImportRequest } from "../../src/run/run-parts.js";
import { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { oneTestIn } from "../sampled.js";
import { editedLivePhoto, expectFewEvents, photosWithEdits, watchBatches } from "./edited-photos.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg, phoneWith } from "./small-phones.js";

const test = oneTestIn(4);

const plain = { withoutPhoneLibrary: true } as const;

/** Every import, and how many edited photos each of its events carried. */
async function importing(
  harness: ImportHarness,
  files: Record<string, Buffer>,
  request: Partial<ImportRequest> = {},
) {
  const whole = harness.runScript;
  const sizes = watchBatches(harness);
  const finished = await harness.import(phoneWith(files), { ...plain, ...request });
  harness.runScript = whole;
  return { ...finished, sizes, notices: noticesOf(harness) };
}

function noticesOf({ events }: ImportHarness): string[] {
  return events.flatMap((event) => (event.type === "notice" ? [event.code] : []));
}

/** What the ledger remembers of edited batches. */
function remembered({ ledgerPath }: ImportHarness) {
  const database = new DatabaseSync(ledgerPath, { readOnly: true });
  try {
    return database.prepare("SELECT proved_items, ended_items, ended_message FROM edited_batches").all();
  } finally {
    database.close();
  }
}

/** The answers that are not good, by name of the file. */
function wrongOf({ answers }: Awaited<ReturnType<ImportHarness["import"]>>): Record<string, string> {
  const wrong = [...answers()].filter(({ answer }) => answer !== "proved" && answer !== "present");
  return Object.fromEntries(
    wrong.map(({ path, answer, reason }) => [
      path.slice(path.lastIndexOf("/") + 1),
      `${answer}: ${reason?.code}`,
    ]),
  );
}

const mayNotRead: LibraryPackages = {
  open: async () => ({ code: "LIBRARY_NOT_PERMITTED", message: "It may not be read.", remedy: "Allow it." }),
};

test("edited photos go in batches of 1, 2, 4 ... 50, and the next run begins with 50", async () => {
  using harness = new ImportHarness();
  const first = await importing(harness, photosWithEdits(120));
  expect(first.sizes).toEqual([1, 2, 4, 8, 16, 32, 50, 7]);
  expect(first.head.totals.byAnswer.proved).toBe(360);
  expect(remembered(harness)).toEqual([{ proved_items: 50, ended_items: null, ended_message: null }]);
  const second = await importing(harness, photosWithEdits(180));
  expect(second.sizes).toEqual([50, 10]);
  expect(harness.itemCount()).toBe(180);
});

test("edited photos are in events of their own, beside batches of the others", async () => {
  using harness = new ImportHarness();
  const sizes = watchBatches(harness, "all");
  const { head } = await harness.import(phoneWith(photosWithEdits(60, { every: 6 })), {
    ...plain,
    batchLimits: { items: 20, bytes: 1e9 },
  });
  expect(head.totals.byAnswer.proved).toBe(80);
  expect([...sizes].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 10, 20, 20]);
});

test("an edited Live Photo comes in whole in a batch of edited photos", async () => {
  using harness = new ImportHarness();
  const files = Object.assign({}, ...[1, 2, 3].map(editedLivePhoto)) as Record<string, Buffer>;
  const { sizes, head } = await importing(harness, files);
  expect(sizes).toEqual([1, 2]);
  expect(head.totals.byAnswer.proved).toBe(15);
  expect(harness.itemCount()).toBe(3);
});

test("1,000 photos, 1 in 6 edited, cost at most 200 Apple events, and the next 1,000 at most 150", async () => {
  await expectFewEvents({ every: 6, first: 200, later: 150 });
}, 180_000);

test("where the library may not be read, batches stay at what runs before have proved", async () => {
  using harness = new ImportHarness();
  const { originals } = harness;
  harness.originals = mayNotRead;
  expect((await importing(harness, photosWithEdits(4))).sizes).toEqual([1, 1, 1, 1]);
  harness.originals = originals;
  expect((await importing(harness, photosWithEdits(7))).sizes).toEqual([1, 2]);
  harness.originals = mayNotRead;
  expect((await importing(harness, photosWithEdits(14))).sizes).toEqual([2, 2, 2, 1]);
});

test("another version of macOS begins with one again, and what the first has proved is not forgotten", async () => {
  using harness = new ImportHarness();
  const parts = harness.parts.bind(harness);
  let systemRelease = "25.0.0";
  harness.parts = async (...given) => ({ ...(await parts(...given)), systemRelease });
  expect((await importing(harness, photosWithEdits(7))).sizes).toEqual([1, 2, 4]);
  systemRelease = "25.1.0";
  expect((await importing(harness, photosWithEdits(10))).sizes).toEqual([1, 2]);
  systemRelease = "25.0.0";
  expect((await importing(harness, photosWithEdits(16))).sizes).toEqual([6]);
});

test("edits that come apart end the growth: extra copies are named and gathered, each goes alone", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "edits-come-apart" });
  const first = await importing(harness, photosWithEdits(6));
  expect(first.sizes).toEqual([1, 2, 1, 1, 1]);
  expect(first.notices).toEqual(expect.arrayContaining(["EDITED_BATCHES_ENDED", "EXTRA_COPIES"]));
  expect(wrongOf(first)).toEqual({
    "IMG_0002.AAE": "missing: EDIT_NOT_KEPT",
    "IMG_E0002.JPG": "failed: EDIT_CAME_APART",
    "IMG_0003.AAE": "missing: EDIT_NOT_KEPT",
    "IMG_E0003.JPG": "failed: EDIT_CAME_APART",
  });
  expect(harness.albums()).toEqual({
    "Last Import": [1, 2, 3, 4, 5, 6].map((number) => `IMG_000${number}.JPG`),
    "Rollcall: extra copies": ["IMG_E0002.JPG", "IMG_E0003.JPG"],
  });
  expect(first.head.destination).toMatchObject({
    extraCopies: [
      {
        name: "IMG_E0002.JPG",
        path: "/DCIM/100APPLE/IMG_E0002.JPG",
        album: { name: "Rollcall: extra copies" },
      },
      { name: "IMG_E0003.JPG", path: "/DCIM/100APPLE/IMG_E0003.JPG" },
    ],
  });
  expect(remembered(harness)).toMatchObject([{ proved_items: 1, ended_items: 2 }]);

  harness.photos.faults(null);
  const second = await importing(harness, photosWithEdits(9));
  expect(second.sizes).toEqual([1, 1, 1]);
  expect(harness.albums()["Last Import"]).toEqual(["IMG_0007.JPG", "IMG_0008.JPG", "IMG_0009.JPG"]);
  expect(second.head.destination).not.toHaveProperty("extraCopies");
});

test("a rendering that comes in beside its edited photo is an extra copy, and the photo's recipe is kept", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "edits-come-apart", isEdited: true });
  const first = await importing(harness, photosWithEdits(3));
  expect(wrongOf(first)).toEqual({
    "IMG_E0002.JPG": "failed: EDIT_CAME_APART",
    "IMG_E0003.JPG": "failed: EDIT_CAME_APART",
  });
  expect(harness.albums()["Rollcall: extra copies"]).toEqual(["IMG_E0002.JPG", "IMG_E0003.JPG"]);
});

test("an extra copy that Photos hides from scripts is found in the rows, named, and in no album", async () => {
  using harness = new ImportHarness();
  harness.photos.faults([
    { name: "edits-come-apart", isEdited: true },
    { name: "hides-items", names: "^IMG_E" },
  ]);
  const { sizes, head } = await importing(harness, photosWithEdits(4));
  expect(sizes).toEqual([1, 2, 1]);
  expect(head.destination).toMatchObject({
    extraCopies: [
      { name: "IMG_E0002.JPG", album: null },
      { name: "IMG_E0003.JPG", album: null },
    ],
  });
  expect(harness.albums()["Rollcall: extra copies"] ?? []).toEqual([]);
});

test("an extra copy that shows up late is known by its name, gathered, and ends the growth", async () => {
  using harness = new ImportHarness();
  harness.originals = mayNotRead;
  harness.photos.faults({ name: "edits-come-apart" });
  const whole = harness.runScript;
  let looks = 0;
  harness.runScript = async (script, input, options) => {
    const envelope = await whole(script, input, options);
    if (script.name !== "albumContents" || !envelope.ok || (looks += 1) > 1) return envelope;
    const { ids, filenames, sizes } = envelope.value as { ids: string[]; filenames: string[]; sizes: null[] };
    const isShown = (_value: unknown, at: number) => !filenames[at]!.startsWith("IMG_E");
    const value = {
      ids: ids.filter(isShown),
      filenames: filenames.filter(isShown),
      sizes: sizes.filter(isShown),
    };
    return { ...envelope, value } as typeof envelope;
  };
  const { notices } = await importing(harness, photosWithEdits(2), { editedBatchItems: 2 });
  expect(harness.albums()).toEqual({
    "Last Import": ["IMG_0001.JPG", "IMG_0002.JPG"],
    "Rollcall: extra copies": ["IMG_E0001.JPG", "IMG_E0002.JPG"],
  });
  expect(notices).toContain("EDITED_BATCHES_ENDED");
  expect(remembered(harness)).toMatchObject([{ ended_items: null }]);
});

test("edits that Photos drops from a batch are missing, their photos are proved, and the growth ends", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "edits-are-dropped" });
  const first = await importing(harness, photosWithEdits(4));
  expect(first.sizes).toEqual([1, 2, 1]);
  expect(wrongOf(first)).toEqual({
    "IMG_0002.AAE": "missing: EDIT_NOT_KEPT",
    "IMG_E0002.JPG": "missing: EDIT_NOT_KEPT",
    "IMG_0003.AAE": "missing: EDIT_NOT_KEPT",
    "IMG_E0003.JPG": "missing: EDIT_NOT_KEPT",
  });
  expect(remembered(harness)).toMatchObject([
    { ended_items: 2, ended_message: "Photos dropped the edit of IMG_0002.JPG, and 1 more alike" },
  ]);
  expect(harness.albums()).toEqual({ "Last Import": [1, 2, 3, 4].map((number) => `IMG_000${number}.JPG`) });
  harness.photos.faults(null);
  expect((await importing(harness, photosWithEdits(6))).sizes).toEqual([1, 1]);
});

test("an edit that Photos drops from an event of its own proves nothing and ends nothing", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "edits-are-dropped", alone: true, times: 2 });
  const { sizes } = await importing(harness, photosWithEdits(5));
  expect(sizes).toEqual([1, 1, 1, 2]);
  expect(remembered(harness)).toEqual([{ proved_items: 2, ended_items: null, ended_message: null }]);
});

test("an edit of another format goes alone, and says nothing of batches, whatever Photos makes of it", async () => {
  using harness = new ImportHarness();
  const files = photosWithEdits(4);
  const recipe = "/DCIM/100APPLE/IMG_0001.AAE";
  files[recipe] = Buffer.from(files[recipe]!.toString().replace("com.apple.photo", "ScreenshotServices"));
  const { sizes, notices } = await importing(harness, files);
  expect(sizes).toEqual([1, 1, 2]);
  expect(notices).not.toContain("EDITED_BATCHES_ENDED");
  expect(remembered(harness)).toEqual([{ proved_items: 2, ended_items: null, ended_message: null }]);
  expect(harness.albums()["Rollcall: extra copies"]).toEqual(["IMG_E0001.JPG"]);
});

test("an edited photo that is left out of a batch is tried alone and comes whole; the growth ends", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "import-drops-some", share: 1, times: 1, atEvent: 12 });
  const { sizes, head } = await importing(harness, photosWithEdits(4));
  expect(sizes).toEqual([1, 2, 1, 1, 1]);
  expect(head.totals.byAnswer.proved).toBe(12);
  expect(remembered(harness)).toMatchObject([{ proved_items: 1, ended_items: 2 }]);
});

test("a refused batch of edited photos is halved, and later ones of the run are no larger than half", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "poison-file", names: "^IMG_0006\\." });
  const finished = await importing(harness, photosWithEdits(13));
  // 4 to 7 are refused; 4 and 5, 6, 7 by themselves come last, when all others are in.
  expect(finished.sizes).toEqual([1, 2, 4, 2, 2, 2, 2, 2, 1, 1]);
  expect(Object.keys(wrongOf(finished)).sort()).toEqual(["IMG_0006.AAE", "IMG_0006.JPG", "IMG_E0006.JPG"]);
  expect(remembered(harness)).toMatchObject([{ proved_items: 2, ended_items: null }]);
});

test("where edits came apart meanwhile, the halves of a refused batch go one by one", async () => {
  using harness = new ImportHarness();
  harness.photos.faults([{ name: "poison-file", names: "^IMG_0002\\." }, { name: "edits-come-apart" }]);
  const { sizes, answersByPath } = await importing(harness, photosWithEdits(6), { editedBatchItems: 4 });
  expect(sizes).toEqual([4, 2, 1, 1, 1, 1]);
  for (const number of [1, 3, 4])
    expect(answersByPath.get(`/DCIM/100APPLE/IMG_E000${number}.JPG`)).toBe("proved");
});

test("a photo left out while its rendering came in is sent again, and comes beside the extra copy", async () => {
  using harness = new ImportHarness();
  harness.photos.faults([
    { name: "edits-come-apart", times: 1 },
    { name: "unsupported-file", names: "^IMG_0002\\.", manner: "left-out", times: 1 },
  ]);
  const finished = await importing(harness, photosWithEdits(2), { editedBatchItems: 2 });
  expect(finished.sizes).toEqual([2, 1]);
  expect(wrongOf(finished)).toEqual({
    "IMG_0001.AAE": "missing: EDIT_NOT_KEPT",
    "IMG_E0001.JPG": "failed: EDIT_CAME_APART",
  });
  expect(harness.albums()).toEqual({
    "Last Import": ["IMG_0001.JPG", "IMG_0002.JPG"],
    "Rollcall: extra copies": ["IMG_E0001.JPG", "IMG_E0002.JPG"],
  });
});

test("a run that is killed after edits came apart goes on with one at a time", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "edits-come-apart" });
  const whole = harness.runScript;
  harness.runScript = async (script, input, options) => {
    const envelope = await whole(script, input, options);
    if (script.name === "importFiles") throw new Error("killed");
    return envelope;
  };
  const request = { editedBatchItems: 2 };
  await expect(importing(harness, photosWithEdits(6), request)).rejects.toThrow("killed");
  harness.runScript = whole;
  expect((await importing(harness, photosWithEdits(6), request)).sizes).toEqual([1, 1, 1, 1]);
  expect(harness.albums()["Rollcall: extra copies"]).toEqual(["IMG_E0001.JPG", "IMG_E0002.JPG"]);
});

test("a setting says how many edited photos go in one event, whatever was seen before", async () => {
  using harness = new ImportHarness();
  expect((await importing(harness, photosWithEdits(5), { editedBatchItems: 4 })).sizes).toEqual([4, 1]);
  harness.photos.faults({ name: "edits-come-apart", times: 1 });
  expect((await importing(harness, photosWithEdits(10), { editedBatchItems: 4 })).sizes).toEqual([4, 1]);
  harness.photos.faults(null);
  expect((await importing(harness, photosWithEdits(15))).sizes).toEqual([1, 1, 1, 1, 1]);
  expect((await importing(harness, photosWithEdits(20), { editedBatchItems: 4 })).sizes).toEqual([4, 1]);
  expect((await importing(harness, photosWithEdits(22), { editedBatchItems: 1 })).sizes).toEqual([1, 1]);
});

test("after a batch that came out differently each goes alone in that run, under a setting too", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "edits-come-apart" });
  expect((await importing(harness, photosWithEdits(7), { editedBatchItems: 4 })).sizes).toEqual([4, 1, 1, 1]);
});

/** The library's rows as `change` shows them, from the first look at a batch on. */
function withRows(
  harness: ImportHarness,
  change: (record: LibraryPackageRecord | null, look: number) => LibraryPackageRecord | null,
): void {
  const { originals } = harness;
  let looks = 0;
  const changed = (library: LibraryPackage): LibraryPackage => ({
    path: library.path,
    libraryId: (signal?: AbortSignal) => library.libraryId(signal),
    filesOf: (ids) => library.filesOf(ids),
    sha256Of: (file, signal) => library.sha256Of(file, signal),
    openRecords: async (signal) => {
      const records = await library.openRecords(signal);
      if ("code" in records) return records;
      const look = (looks += 1);
      return new Proxy(records, {
        get: (target, name) => {
          if (name === "find") return (id: string) => change(target.find(id), look);
          const value = Reflect.get(target, name, target) as unknown;
          return typeof value === "function" ? value.bind(target) : value;
        },
      }) as LibraryPackageRecords;
    },
  });
  harness.originals = {
    open: async (path, signal) => {
      const library = await originals.open(path, signal);
      return "code" in library ? library : changed(library);
    },
  };
}

test("rows that come late are looked for a second time, and then prove a batch", async () => {
  using harness = new ImportHarness();
  // The first records are those of the moment when the run began.
  withRows(harness, (record, look) => (look % 2 === 0 ? null : record));
  expect((await importing(harness, photosWithEdits(3))).sizes).toEqual([1, 2]);
});

test("rows that are never there prove nothing, and end nothing: each edited photo goes alone", async () => {
  using harness = new ImportHarness();
  withRows(harness, () => null);
  expect((await importing(harness, photosWithEdits(3))).sizes).toEqual([1, 1, 1]);
  expect(remembered(harness)).toEqual([]);
});

test("a batch that proves nothing is not tried again at its size before a smaller one is proved", async () => {
  using harness = new ImportHarness();
  expect((await importing(harness, photosWithEdits(1))).sizes).toEqual([1]);
  withRows(harness, () => null);
  expect((await importing(harness, photosWithEdits(6))).sizes).toEqual([2, 1, 1, 1]);
  expect(remembered(harness)).toEqual([{ proved_items: 1, ended_items: null, ended_message: null }]);
});

test("an album of extra copies that a person renamed or deleted is theirs; later ones get another", async () => {
  using harness = new ImportHarness();
  const asPerson = (script: string) =>
    harness.photos.runText(`const P = Application("Photos");
      const [extra] = P.albums().filter((one) => one.name() === "Rollcall: extra copies"); ${script}; "done"`);
  const apart = async (count: number) => {
    harness.photos.faults({ name: "edits-come-apart" });
    await harness.import(phoneWith(photosWithEdits(count)), { ...plain, editedBatchItems: 2 });
    harness.photos.faults(null);
  };
  await apart(2);
  asPerson('extra.name = "To look at"');
  await apart(4);
  expect(harness.albums()["To look at"]).toEqual(["IMG_E0001.JPG", "IMG_E0002.JPG"]);
  expect(harness.albums()["Rollcall: extra copies"]).toEqual(["IMG_E0003.JPG", "IMG_E0004.JPG"]);
  await apart(6);
  expect(harness.albums()["Rollcall: extra copies"]).toHaveLength(4);
  asPerson("P.delete(extra)");
  await apart(8);
  expect(harness.albums()["Rollcall: extra copies"]).toEqual(["IMG_E0007.JPG", "IMG_E0008.JPG"]);
  expect(harness.albums()["To look at"]).toEqual(["IMG_E0001.JPG", "IMG_E0002.JPG"]);
});

test("an extra copy is never taken for another photo of its name, or of its bytes on another phone", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "edits-come-apart" });
  await harness.import(phoneWith(photosWithEdits(2)), { ...plain, editedBatchItems: 2 });
  harness.photos.faults(null);
  const files = photosWithEdits(2);
  const name = "/DCIM/101APPLE/IMG_E0002.JPG";
  const other = new MemoryPhone([], { identity: { udid: "00008130-00AABBCCDDEEFF00" } });
  other.put(name, { bytes: files["/DCIM/100APPLE/IMG_E0002.JPG"]!, modifiedAt: new Date("2026-11-01") });
  const sameBytes = await harness.import(other, plain);
  expect([...sameBytes.answers()]).toMatchObject([{ answer: "proved", thisRun: true }]);
  const sameName = await harness.import(phoneWith({ ...files, [name]: jpeg(77) }), plain);
  expect(sameName.answersByPath.get(name)).toBe("proved");
  expect(harness.itemCount()).toBe(6);
});
