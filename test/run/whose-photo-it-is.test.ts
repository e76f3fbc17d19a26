import { describe, expect, test } from "vitest";
import type { LibraryPackages } from "../../src/photos/library-package.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { ImportHarness } from "./import-harness.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";

const request = { withoutPhoneLibrary: true, batchLimits: { items: 2, bytes: 1e9 } } as const;
const NEW_PHONE = { identity: { udid: "00008130-FFFFFFFFFFFFFFFF", name: "New iPhone" } };
const READABLE = ["the library may be read", "it may not"] as const;

/** A Mac that keeps the library package from Rollcall. */
const NOT_PERMITTED: LibraryPackages = {
  open: async () => ({ code: "LIBRARY_NOT_PERMITTED", message: "It may not be read.", remedy: "Allow it." }),
};

function harnessWhere(readable: (typeof READABLE)[number]): ImportHarness {
  const harness = new ImportHarness();
  if (readable === "it may not") harness.originals = NOT_PERMITTED;
  return harness;
}

type Files = Record<string, Buffer>;

/** The same files on another phone, all of them a day later. */
function restored(files: Files): MemoryPhone {
  const later = new Date("2026-11-02T10:00:00Z");
  const dated = Object.fromEntries(
    Object.entries(files).map(([path, bytes]) => [path, { bytes, modifiedAt: later }]),
  );
  return phoneWith(dated, NEW_PHONE);
}

async function toldOf(
  harness: ImportHarness,
  phone: MemoryPhone,
  more: Parameters<ImportHarness["import"]>[1] = {},
) {
  const { head, answers } = await harness.import(phone, { ...request, ...more });
  const words = [...answers()].map(({ path, answer, thisRun, reason }) => {
    const word = reason === null ? answer : `${answer}: ${reason.code}`;
    return [path.slice("/DCIM/100APPLE/".length), thisRun ? `${word}, new` : word] as const;
  });
  return { told: Object.fromEntries(words), items: head.totals.thisRun.items };
}

describe.each(READABLE)("a new iPhone that was restored from the old one, and %s", (readable) => {
  const files: Files = {
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
    "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2),
    "/DCIM/100APPLE/IMG_0003.MOV": mov(3),
  };
  const answer = readable === "it may not" ? "present" : "proved";

  test("what the old one imported is in the library, as well proved as it was, and one new photo comes", async () => {
    using harness = harnessWhere(readable);
    await harness.import(phoneWith(files), request);
    const phone = restored({ ...files, "/DCIM/100APPLE/IMG_0004.JPG": jpeg(4) });
    expect(await toldOf(harness, phone)).toEqual({
      told: {
        "IMG_0001.JPG": `${answer}: FROM_OTHER_PHONE`,
        "IMG_0002.JPG": `${answer}: FROM_OTHER_PHONE`,
        "IMG_0003.MOV": `${answer}: FROM_OTHER_PHONE`,
        "IMG_0004.JPG": `${answer}, new`,
      },
      items: 1,
    });
    expect(harness.itemCount()).toBe(4);
    expect(harness.albums()["Last Import"]).toEqual(["IMG_0004.JPG"]);
  });

  test("its files are copied once to be compared, and at the next run no event is sent and no file is read", async () => {
    using harness = harnessWhere(readable);
    await harness.import(phoneWith(files), request);
    await harness.import(restored(files), request);
    const events = harness.photos.counters().total;
    let opened = 0;
    const phone = restored(files);
    const watched = phoneWith(
      {},
      { ...NEW_PHONE, onRequest: ({ what }) => void (opened += what === "open" ? 1 : 0) },
    );
    for (const [path, { bytes, modifiedAt }] of phone.files) watched.put(path, { bytes, modifiedAt });
    const { items } = await toldOf(harness, watched);
    expect({ items, opened, events: harness.photos.counters().total - events }).toEqual({
      items: 0,
      opened: 0,
      events: 0,
    });
    expect(harness.itemCount()).toBe(3);
  });

  test("the old one's run was cut off while a batch was being sent: nothing of it comes twice", async () => {
    using harness = harnessWhere(readable);
    let sent = 0;
    const runScript = harness.runScript;
    harness.runScript = async (script, input, options) => {
      const answered = await runScript(script, input, options);
      if (script.name === "importFiles" && (sent += 1) === 1) throw new Error("pulled the plug");
      return answered;
    };
    await harness.import(phoneWith(files), request).catch(() => undefined);
    harness.runScript = runScript;
    await harness.import(restored(files), request);
    expect(harness.itemCount()).toBe(3);
  });
});

describe("what came of bytes under one name is not remembered for another", () => {
  const wrongFirst = { "/DCIM/100APPLE/IMG_0001.MOV": jpeg(1), "/DCIM/100APPLE/IMG_0002.JPG": jpeg(1) };
  const rightFirst = { "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1), "/DCIM/100APPLE/IMG_0002.MOV": jpeg(1) };
  const video = { "/DCIM/100APPLE/IMG_0001.JPG": mov(1), "/DCIM/100APPLE/IMG_0002.MOV": mov(1) };

  test.each([
    ["a picture called MOV, and the same called JPG", wrongFirst, "IMG_0002.JPG"],
    ["a picture called JPG, and the same called MOV", rightFirst, "IMG_0001.JPG"],
    ["a video called JPG, and the same called MOV", video, "IMG_0002.MOV"],
  ])(
    "%s: the one with the right name comes, and the other is known by it from then on",
    async (_, files, right) => {
      using harness = new ImportHarness();
      const first = await toldOf(harness, phoneWith(files));
      expect(first.told[right]).toBe("proved, new");
      expect(harness.itemCount()).toBe(1);
      const second = await toldOf(harness, phoneWith(files));
      expect(Object.values(second.told).sort()).toEqual(["proved", "proved: SAME_BYTES"]);
      expect(harness.itemCount()).toBe(1);
    },
  );

  test("the wrong name was refused last month, and the right one comes today", async () => {
    using harness = new ImportHarness();
    await toldOf(harness, phoneWith({ "/DCIM/100APPLE/IMG_0001.MOV": jpeg(1) }));
    const { told } = await toldOf(harness, phoneWith(wrongFirst));
    expect(told["IMG_0002.JPG"]).toBe("proved, new");
    expect(harness.itemCount()).toBe(1);
  });
});

describe.each(READABLE)("a photo that was imported is duplicated on the phone, and %s", (readable) => {
  const imported = { "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) };
  const cropped = {
    ...imported,
    "/DCIM/100APPLE/IMG_0002.JPG": jpeg(1),
    "/DCIM/100APPLE/IMG_0002.AAE": aae(2),
    "/DCIM/100APPLE/IMG_E0002.JPG": jpeg(22),
  };

  test("the copy is cropped: it comes as a photo of its own, once", async () => {
    using harness = harnessWhere(readable);
    await harness.import(phoneWith(imported), request);
    const { told, items } = await toldOf(harness, phoneWith(cropped));
    expect(items).toBe(1);
    for (const name of ["IMG_0002.JPG", "IMG_0002.AAE", "IMG_E0002.JPG"])
      expect(told[name]).toMatch(/, new$/);
    expect(harness.itemCount()).toBe(2);
    expect((await toldOf(harness, phoneWith(cropped))).items).toBe(0);
    expect(harness.itemCount()).toBe(2);
  });

  test("the copy is left as it is, then cropped: the crop comes", async () => {
    using harness = harnessWhere(readable);
    await harness.import(phoneWith(imported), request);
    const plain = { ...imported, "/DCIM/100APPLE/IMG_0002.JPG": jpeg(1) };
    expect((await toldOf(harness, phoneWith(plain))).items).toBe(0);
    expect((await toldOf(harness, phoneWith(cropped))).items).toBe(1);
    expect(harness.itemCount()).toBe(2);
  });

  test("the photo itself is cropped instead: that waits for --reimport-edited, as before", async () => {
    using harness = harnessWhere(readable);
    await harness.import(phoneWith(imported), request);
    const edited = {
      ...imported,
      "/DCIM/100APPLE/IMG_0001.AAE": aae(1),
      "/DCIM/100APPLE/IMG_E0001.JPG": jpeg(11),
    };
    const { told, items } = await toldOf(harness, phoneWith(edited));
    expect(items).toBe(0);
    expect(told["IMG_0001.AAE"]).toBe("not-chosen: EDITED_SINCE");
  });

  test("the photo moved on the phone, and was edited: that waits for --reimport-edited too", async () => {
    using harness = harnessWhere(readable);
    await harness.import(phoneWith(imported), request);
    const moved = { "/DCIM/100APPLE/IMG_0002.JPG": jpeg(1), "/DCIM/100APPLE/IMG_0002.AAE": aae(2) };
    const { told, items } = await toldOf(harness, phoneWith(moved));
    expect({ items, aae: told["IMG_0002.AAE"] }).toEqual({ items: 0, aae: "not-chosen: EDITED_SINCE" });
  });
});
