import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { RollcallError } from "../../src/errors.js";
import { JxaPhotosProcess } from "../../src/jxa/jxa-photos-process.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { directAccess } from "../direct-access.js";
import { oneTestIn } from "../sampled.js";
import { Desk } from "./one-desk.js";
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
function lsofLists(desk: Desk, ...libraries: readonly string[]): void {
  const lsof = join(desk.folder, "lsof");
  const lines = libraries.flatMap((path, at) => [`f${at}`, `n${path}/database/Photos.sqlite`]);
  writeFileSync(lsof, `#!/bin/sh\ncat <<'END'\np1\n${lines.join("\n")}\nEND\n`, { mode: 0o755 });
  const parts = Desk.prototype.parts.bind(desk);
  desk.parts = async (...args) => {
    const made = await parts(...args);
    const asked = new JxaPhotosProcess({
      runScript: (...event) => desk.runScript(...event),
      access: directAccess,
      macPrograms: { open: "/nowhere/open", lsof },
    });
    Object.assign(made.process, { openLibrary: (signal?: AbortSignal) => asked.openLibrary(signal) });
    return made;
  };
}

/** The code and the reason of the error that ends an import. */
async function endOf(desk: Desk, phone: MemoryPhone): Promise<{ code: string; why: string | undefined }> {
  const ended = await desk.import(phone, request).catch((error: unknown) => error);
  if (!(ended instanceof RollcallError)) throw new Error("it was to be stopped", { cause: ended });
  return { code: ended.code, why: ended.why };
}

describe('Photos has "Shared with You" open beside the library', () => {
  test("and it comes first in lsof's list: photos that are there do not come a second time", async () => {
    using desk = new Desk();
    const own = desk.photos.library.path;
    lsofLists(desk, own);
    await desk.import(photos("A", 1, 2), request);
    lsofLists(desk, SHARED, own);
    const { head } = await desk.import(photos("A", 1, 2, 3), request);
    expect(head.totals.thisRun.items).toBe(1);
    expect(head.destination).toMatchObject({ library: own });
    expect(desk.itemCount()).toBe(3);
  });

  test("and nothing else: the library of the run before is known by its photos", async () => {
    using desk = new Desk();
    lsofLists(desk, desk.photos.library.path);
    await desk.import(photos("A", 1), request);
    lsofLists(desk, SHARED);
    const { head } = await desk.import(photos("A", 1, 2), request);
    expect(head.totals.thisRun.items).toBe(1);
    expect(desk.itemCount()).toBe(2);
  });

  test("and nothing else, from the first run on: it is named when it is seen, and nothing comes twice", async () => {
    using desk = new Desk();
    lsofLists(desk, SHARED);
    const first = await desk.import(photos("A", 1), request);
    expect(first.head.destination).toMatchObject({ library: null });
    expect(first.head.totals.byAnswer).toMatchObject({ present: 1, proved: 0 });
    lsofLists(desk, SHARED, desk.photos.library.path);
    const { head } = await desk.import(photos("A", 1, 2), request);
    expect(head.totals.thisRun.items).toBe(1);
    expect(desk.itemCount()).toBe(2);
  });
});

describe("lsof lists two libraries, and nobody knows which is the open one", () => {
  const other = (desk: Desk) => join(desk.folder, "Other.photoslibrary");

  test("the one of the run before is known by its photos: nothing comes twice", async () => {
    using desk = new Desk();
    const own = desk.photos.library.path;
    lsofLists(desk, own);
    await desk.import(photos("A", 1), request);
    lsofLists(desk, other(desk), own);
    const { head } = await desk.import(photos("A", 1, 2), request);
    expect(head.destination).toMatchObject({ library: own });
    expect(desk.itemCount()).toBe(2);
  });

  test("the last run brought nothing into another one: the photos in the open one do not come again", async () => {
    using desk = new Desk();
    const own = desk.photos.library.path;
    lsofLists(desk, own);
    await desk.import(photos("A", 1), request);
    desk.photos.openLibrary(other(desk));
    lsofLists(desk, other(desk));
    desk.photos.misbehave({ name: "event-fails", number: -128, event: "import" });
    await desk.import(photos("A", 1, 2), request).catch(() => undefined);
    desk.photos.misbehave(null);
    desk.photos.openLibrary(own);
    lsofLists(desk, other(desk), own);
    expect(await endOf(desk, photos("A", 1, 2))).toEqual({
      code: "PHOTOS_LIBRARY_SWITCHED",
      why: expect.stringContaining(`what Rollcall brought into ${own} is in it`),
    });
    expect(desk.itemCount()).toBe(1);
  });

  test("a phone that is new here stays out where nothing of the other phone's library is to be seen", async () => {
    using desk = new Desk();
    lsofLists(desk, desk.photos.library.path);
    await desk.import(photos("A", 1), request);
    desk.photos.openLibrary(other(desk));
    lsofLists(desk, other(desk), desk.photos.library.path);
    expect(await endOf(desk, photos("B", 2))).toMatchObject({ code: "PHOTOS_LIBRARY_SWITCHED" });
    desk.photos.openLibrary(desk.photos.library.path);
    const { head } = await desk.import(photos("B", 2), request);
    expect(head.totals.thisRun.items).toBe(1);
  });
});
