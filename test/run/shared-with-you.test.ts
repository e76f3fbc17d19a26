import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { RollcallError } from "../../src/errors.js";
import { JxaPhotosProcess } from "../../src/jxa/jxa-photos-process.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { directAccess } from "../direct-access.js";
import { oneTestIn } from "../sampled.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg, phoneWith } from "./small-phones.js";

const test = oneTestIn(2);

const request = { withoutPhoneLibrary: true } as const;
const SHARED = "/Users/eva/Library/Photos/Libraries/Syndication.photoslibrary";

function photos(udid: string, ...numbers: number[]): MemoryPhone {
  const phone = phoneWith(
    Object.fromEntries(numbers.map((number) => [`/DCIM/100APPLE/IMG_000${number}.JPG`, jpeg(number)])),
  );
  return Object.assign(phone, { identity: { ...phone.identity, udid } });
}

/** Photos has these libraries open, in the order in which lsof lists them. */
function lsofLists(harness: ImportHarness, ...libraries: readonly string[]): void {
  const lsof = join(harness.folder, "lsof");
  const lines = libraries.flatMap((path, at) => [`f${at}`, `n${path}/database/Photos.sqlite`]);
  writeFileSync(lsof, `#!/bin/sh\ncat <<'END'\np1\n${lines.join("\n")}\nEND\n`, { mode: 0o755 });
  const parts = ImportHarness.prototype.parts.bind(harness);
  harness.parts = async (...args) => {
    const made = await parts(...args);
    const asked = new JxaPhotosProcess({
      runScript: (...event) => harness.runScript(...event),
      access: directAccess,
      macPrograms: { open: "/nowhere/open", lsof },
    });
    Object.assign(made.process, { openLibrary: (signal?: AbortSignal) => asked.openLibrary(signal) });
    return made;
  };
}

/** The code and the reason of the error that ends an import. */
async function endOf(
  harness: ImportHarness,
  phone: MemoryPhone,
): Promise<{ code: string; why: string | undefined }> {
  const ended = await harness.import(phone, request).catch((error: unknown) => error);
  if (!(ended instanceof RollcallError)) throw new Error("it was to be stopped", { cause: ended });
  return { code: ended.code, why: ended.why };
}

describe('Photos has "Shared with You" open beside the library', () => {
  test("and it comes first in lsof's list: photos that are there do not come a second time", async () => {
    using harness = new ImportHarness();
    const own = harness.photos.library.path;
    lsofLists(harness, own);
    await harness.import(photos("A", 1, 2), request);
    lsofLists(harness, SHARED, own);
    const { head } = await harness.import(photos("A", 1, 2, 3), request);
    expect(head.totals.thisRun.items).toBe(1);
    expect(head.destination).toMatchObject({ library: own });
    expect(harness.itemCount()).toBe(3);
  });

  test("and nothing else: the library of the run before is known by its photos", async () => {
    using harness = new ImportHarness();
    lsofLists(harness, harness.photos.library.path);
    await harness.import(photos("A", 1), request);
    lsofLists(harness, SHARED);
    const { head } = await harness.import(photos("A", 1, 2), request);
    expect(head.totals.thisRun.items).toBe(1);
    expect(harness.itemCount()).toBe(2);
  });

  test("and nothing else, from the first run on: it is named when it is seen, and nothing comes twice", async () => {
    using harness = new ImportHarness();
    lsofLists(harness, SHARED);
    const first = await harness.import(photos("A", 1), request);
    expect(first.head.destination).toMatchObject({ library: null });
    expect(first.head.totals.byAnswer).toMatchObject({ present: 1, proved: 0 });
    lsofLists(harness, SHARED, harness.photos.library.path);
    const { head } = await harness.import(photos("A", 1, 2), request);
    expect(head.totals.thisRun.items).toBe(1);
    expect(harness.itemCount()).toBe(2);
  });
});

describe("lsof lists two libraries, and nobody knows which is the open one", () => {
  const other = (harness: ImportHarness) => join(harness.folder, "Other.photoslibrary");

  test("the one of the run before is known by its photos: nothing comes twice", async () => {
    using harness = new ImportHarness();
    const own = harness.photos.library.path;
    lsofLists(harness, own);
    await harness.import(photos("A", 1), request);
    lsofLists(harness, other(harness), own);
    const { head } = await harness.import(photos("A", 1, 2), request);
    expect(head.destination).toMatchObject({ library: own });
    expect(harness.itemCount()).toBe(2);
  });

  test("the last run imported nothing into another one: the photos in the open one do not come again", async () => {
    using harness = new ImportHarness();
    const own = harness.photos.library.path;
    lsofLists(harness, own);
    await harness.import(photos("A", 1), request);
    harness.photos.openLibrary(other(harness));
    lsofLists(harness, other(harness));
    harness.photos.faults({ name: "event-fails", number: -128, event: "import" });
    await harness.import(photos("A", 1, 2), request).catch(() => undefined);
    harness.photos.faults(null);
    harness.photos.openLibrary(own);
    lsofLists(harness, other(harness), own);
    expect(await endOf(harness, photos("A", 1, 2))).toEqual({
      code: "PHOTOS_LIBRARY_SWITCHED",
      why: expect.stringContaining(`what Rollcall imported into ${own} is in it`),
    });
    expect(harness.itemCount()).toBe(1);
  });

  test("a phone that is new here stays out where nothing of the other phone's library is to be seen", async () => {
    using harness = new ImportHarness();
    lsofLists(harness, harness.photos.library.path);
    await harness.import(photos("A", 1), request);
    harness.photos.openLibrary(other(harness));
    lsofLists(harness, other(harness), harness.photos.library.path);
    expect(await endOf(harness, photos("B", 2))).toMatchObject({ code: "PHOTOS_LIBRARY_SWITCHED" });
    harness.photos.openLibrary(harness.photos.library.path);
    const { head } = await harness.import(photos("B", 2), request);
    expect(head.totals.thisRun.items).toBe(1);
  });
});
