import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { describe, expect, test } from "vitest";
import { statusOfError } from "../../src/cli/exit-status.js";
import { errorLines } from "../../src/cli/output/error-lines.js";
import { RollcallError } from "../../src/errors.js";
import type { ImportRequest } from "../../src/run/run-parts.js";
import { Desk } from "./one-desk.js";
import { jpeg, phoneWith } from "./small-phones.js";

const inTwos = { withoutPhoneLibrary: true, batchLimits: { items: 2, bytes: 1e9 } } as const;
const other = (desk: Desk) => join(desk.folder, "Other.photoslibrary");

function photos(...numbers: number[]) {
  return phoneWith(
    Object.fromEntries(numbers.map((number) => [`/DCIM/100APPLE/IMG_000${number}.JPG`, jpeg(number)])),
  );
}

/** Photos names the library that it has open, as lsof shows it, or, `isNamed` false, names none. */
function seesLibrary(desk: Desk, isNamed: boolean): void {
  const parts = desk.parts.bind(desk);
  desk.parts = async (...args) => {
    const made = await parts(...args);
    const openLibrary = async () => (isNamed && desk.photos.running() ? desk.photos.openLibraryPath() : null);
    Object.assign(made.process, { openLibrary });
    return made;
  };
}

/** How many photos and albums a package holds. */
function contentOf(path: string): { photos: number; albums: number } {
  const database = new DatabaseSync(join(path, "database/Photos.sqlite"), { readOnly: true });
  const count = (sql: string) =>
    Number(database.prepare(`SELECT count(*) AS count FROM ${sql}`).get()?.count);
  const content = {
    photos: count("ZASSET"),
    albums: count("ZGENERICALBUM WHERE ZKIND = 2 AND ZTRASHEDSTATE = 0"),
  };
  database.close();
  return content;
}

async function endingOf(desk: Desk, phone: ReturnType<typeof photos>, request: Partial<ImportRequest> = {}) {
  const ended = await desk.import(phone, { ...inTwos, ...request }).catch((error: unknown) => error);
  if (!(ended instanceof RollcallError)) throw new Error("it was to be stopped", { cause: ended });
  return { code: ended.code, status: statusOfError(ended, null), said: errorLines(ended).join("\n") };
}

const isOther = {
  code: "PHOTOS_LIBRARY_SWITCHED",
  status: 7,
  said: expect.stringContaining("error: Photos has another library open than the one this is about."),
};

describe("Photos, closed until now, opens another library than that of the run before", () => {
  test("it names it: what is in the first is not taken for being here, and everything comes into the open one", async () => {
    using desk = new Desk();
    seesLibrary(desk, true);
    await desk.import(photos(1, 2), inTwos);
    desk.photos.openLibrary(other(desk));
    const { head } = await desk.import(photos(1, 2, 3), inTwos);
    expect(head.destination).toMatchObject({ library: other(desk) });
    expect(head.totals.thisRun.items).toBe(3);
    expect(contentOf(desk.photos.library.path)).toEqual({ photos: 2, albums: 1 });
    expect(contentOf(other(desk))).toEqual({ photos: 3, albums: 1 });
  });

  test("it names it, nobody is there, and the phone was approved for the first: exit 7, and nothing is written", async () => {
    using desk = new Desk();
    seesLibrary(desk, true);
    desk.questions = { confirmFirstRun: async () => true, chooseICloud: async () => "bring" };
    await desk.import(photos(1), inTwos);
    desk.questions = null;
    desk.photos.openLibrary(other(desk));
    const { code, status, said } = await endingOf(desk, photos(1, 2), { approvedOnly: true });
    expect([code, status]).toEqual(["PHOTOS_LIBRARY_SWITCHED", 7]);
    expect(said).toContain("approved for");
    expect(contentOf(other(desk))).toEqual({ photos: 0, albums: 0 });
  });

  test("it names it, and a run in the first was cut off: exit 7, and nothing is written", async () => {
    using desk = new Desk();
    seesLibrary(desk, true);
    await desk.import(photos(1), inTwos);
    desk.photos.misbehave({ name: "event-fails", number: -128, event: "import" });
    await desk.import(photos(1, 2), inTwos).catch(() => undefined);
    desk.photos.misbehave(null);
    desk.photos.openLibrary(other(desk));
    expect(await endingOf(desk, photos(1, 2))).toEqual(isOther);
    expect(contentOf(other(desk))).toEqual({ photos: 0, albums: 0 });
  });

  test("it does not name it, and nothing of Rollcall's is in it: exit 7 before anything is said to be here, and nothing is written", async () => {
    using desk = new Desk();
    seesLibrary(desk, false);
    await desk.import(photos(1), inTwos);
    desk.photos.openLibrary(other(desk));
    const ending = await endingOf(desk, photos(1, 2));
    expect(ending).toEqual(isOther);
    expect(ending.said).toContain("--library PATH");
    expect(contentOf(other(desk))).toEqual({ photos: 0, albums: 0 });

    const { head } = await desk.import(photos(1, 2), { ...inTwos, libraryPath: other(desk) });
    expect(head.totals.thisRun.items).toBe(2);
    expect(contentOf(other(desk))).toEqual({ photos: 2, albums: 1 });
  });

  test("it does not name it, and named the first one: the same", async () => {
    using desk = new Desk();
    seesLibrary(desk, true);
    await desk.import(photos(1), inTwos);
    seesLibrary(desk, false);
    desk.photos.openLibrary(other(desk));
    const ending = await endingOf(desk, photos(1, 2));
    expect(ending).toEqual(isOther);
    expect(ending.said).toContain(desk.photos.library.path);
    expect(contentOf(other(desk))).toEqual({ photos: 0, albums: 0 });
  });

  test("it does not name it, and another phone's albums of ours are in it: exit 7 all the same for this phone's ledger", async () => {
    using desk = new Desk();
    seesLibrary(desk, true);
    await desk.import(photos(1), inTwos);
    desk.photos.openLibrary(other(desk));
    await desk.import(photos(5), { ...inTwos, libraryPath: other(desk) });
    desk.photos.openLibrary(desk.photos.library.path);
    seesLibrary(desk, false);
    // The ledger's last is the other one.
    expect(await endingOf(desk, photos(5, 6))).toEqual(isOther);
    expect(contentOf(desk.photos.library.path)).toEqual({ photos: 1, albums: 1 });
  });
});

describe("the library that was named by the person, and Photos names none", () => {
  const named = (desk: Desk) => ({ ...inTwos, libraryPath: desk.photos.library.path });

  test("has its photos in its package and not in Photos: exit 7, nothing is written, and its remedy works", async () => {
    using desk = new Desk();
    seesLibrary(desk, false);
    await desk.import(photos(1, 2, 3), named(desk));
    desk.photos.openLibrary(other(desk));
    const ending = await endingOf(desk, photos(1, 2, 3, 4), named(desk));
    expect(ending).toEqual(isOther);
    expect(ending.said).toContain("Photos shows none of them");
    expect(contentOf(other(desk))).toEqual({ photos: 0, albums: 0 });

    desk.photos.openLibrary(desk.photos.library.path);
    const { head } = await desk.import(photos(1, 2, 3, 4), named(desk));
    expect(head.totals.thisRun.items).toBe(1);
    expect(contentOf(desk.photos.library.path)).toEqual({ photos: 4, albums: 1 });
  });
});

test("the same library, unnamed, whose album was deleted by hand, is known by its photos", async () => {
  using desk = new Desk();
  seesLibrary(desk, false);
  await desk.import(photos(1), inTwos);
  desk.photos.runText('const P = Application("Photos"); P.delete(P.albums[0]);');
  const { head } = await desk.import(photos(1, 2), inTwos);
  expect(head.totals.thisRun.items).toBe(1);
});

test("a library that can be looked at and not changed: exit 7, and nothing of the phone is said to be in it", async () => {
  using desk = new Desk();
  seesLibrary(desk, true);
  desk.photos.openLibrary(other(desk));
  desk.photos.misbehave({ name: "ignores-writes", number: -10003 });
  const ending = await endingOf(desk, photos(1));
  expect(ending).toMatchObject({ code: "PHOTOS_UNAVAILABLE", status: 7 });
  expect(ending.said).toContain("The Photos library does not accept changes.");
  expect(contentOf(other(desk))).toEqual({ photos: 0, albums: 0 });
});

describe("another library is opened in the middle of a run, right before", () => {
  const moments = [
    { moment: "the second batch is sent", script: "importFiles", time: 2 },
    { moment: "the second batch is looked at", script: "albumContents", time: 2 },
    // Between this look and the making lies one process: an empty album may be made in that instant.
    { moment: 'it is looked whether "Last Import" may be made', script: "describeAlbum", time: 1 },
    { moment: '"Last Import" is filled', script: "addToAlbum", time: 1 },
    { moment: "the journal album is deleted, at the end", script: "deleteAlbum", time: 1 },
  ];
  test.each(moments.flatMap((one) => [true, false].map((isNamed) => ({ ...one, isNamed }))))(
    "$moment (named: $isNamed): exit 7, nothing is written into it, and the next run in the first brings all once",
    async ({ script: name, time, isNamed }) => {
      using desk = new Desk();
      seesLibrary(desk, isNamed);
      const whole = desk.runScript;
      let seen = 0;
      desk.runScript = (script, input, options) => {
        if (script.name === name && ++seen === time) desk.photos.openLibrary(other(desk));
        return whole(script, input, options);
      };
      const ending = await endingOf(desk, photos(1, 2, 3, 4));
      expect(ending).toMatchObject({ code: "PHOTOS_LIBRARY_SWITCHED", status: 7 });
      expect(ending.said).toContain(
        "error: Photos has another library open than at the start of this run.\n",
      );
      expect(contentOf(other(desk))).toEqual({ photos: 0, albums: 0 });

      desk.runScript = whole;
      desk.photos.openLibrary(desk.photos.library.path);
      const { head } = await desk.import(photos(1, 2, 3, 4), inTwos);
      expect(head.totals.byAnswer).toMatchObject(isNamed ? { proved: 4 } : { present: 4 });
      expect(contentOf(desk.photos.library.path)).toEqual({ photos: 4, albums: 1 });
    },
  );
});

test.each([
  { second: "names it", isNamed: true },
  { second: "does not", isNamed: false },
])(
  "a library that Photos would not name, and whose albums and photos it does not show for its first seconds, is the same one: nothing comes twice (the second run $second)",
  async ({ isNamed }) => {
    using desk = new Desk();
    seesLibrary(desk, false);
    await desk.import(photos(1), inTwos);
    seesLibrary(desk, isNamed);
    desk.photos.misbehave({ name: "starts-slowly", readyAfterMs: 8_000, manner: "nothing-there" });
    const { head } = await desk.import(photos(1, 2), inTwos);
    expect(head.totals.thisRun.items).toBe(1);
    expect(contentOf(desk.photos.library.path)).toEqual({ photos: 2, albums: 1 });
  },
);
