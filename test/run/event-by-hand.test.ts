import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { scriptFailed } from "../../src/jxa/osascript-answer.js";
import type { LibraryPackages } from "../../src/photos/library-package.js";
import type { PhotosFault } from "../../src/virtual/photos/photos-fault.js";
import { oneTestIn } from "../sampled.js";
import { EveryStop, putBack } from "./every-stop.js";
import { ImportHarness } from "./import-harness.js";
import { aae, jpeg, phoneWith } from "./small-phones.js";

const test = oneTestIn(3);

/** Every photo is too large for a plain event, as this Photos begins. */
const request = {
  withoutPhoneLibrary: true,
  batchLimits: { items: 50, bytes: 1e9, firstBytes: 1 },
} as const;
const unreadable: LibraryPackages = {
  open: async () => ({ code: "LIBRARY_NOT_PERMITTED", message: "It may not be read.", remedy: "Allow it." }),
};

function photos(count: number) {
  const files = Array.from({ length: count }, (_, at) => [
    `/DCIM/100APPLE/IMG_000${at + 1}.JPG`,
    jpeg(at + 1),
  ]);
  return phoneWith(Object.fromEntries(files) as Record<string, Buffer>);
}

/** "hand-built 1" or "plain 1" for each import event that is sent, by the number of its first photo. */
function watchImports(harness: ImportHarness): string[] {
  const seen: string[] = [];
  const whole = harness.runScript;
  harness.runScript = (script, input, options) => {
    const number = /IMG_E?0*(\d+)/.exec(String((input as { paths?: string[] } | null)?.paths))?.[1];
    if (script.name === "importFilesRaw") seen.push(`hand-built ${number}`);
    if (script.name === "importFiles") seen.push(`plain ${number}`);
    return whole(script, input, options);
  };
  return seen;
}

function lines({ events }: ImportHarness): string[] {
  return events.flatMap((event) =>
    event.type === "notice" && event.code === "PLAIN_IMPORTS" ? [event.message] : [],
  );
}

function copiesIn(harness: ImportHarness): number {
  harness.photos.catchUp();
  const found = readdirSync(join(harness.photos.library.path, "originals"), {
    recursive: true,
    withFileTypes: true,
  });
  return found.filter((entry) => entry.isFile()).length;
}

const inVain: PhotosFault[] = [
  ...[-1728, -10000, -1708, -1700, -1701, -43, -50, -128, -10004, -10003, -1743, -1744, -2700].map(
    (number) => ({ name: "hand-built-import-fails", number }) as const,
  ),
  { name: "hand-built-import-does-nothing" },
  { name: "hand-built-import-does-nothing", as: "empty list" },
];

function answerOf(how: PhotosFault): string {
  if (how.name === "hand-built-import-fails") return String(how.number);
  return how.name === "hand-built-import-does-nothing" && how.as ? how.as : "missing value";
}

describe("a hand-built event that Photos answers and that imports nothing", () => {
  test.each([
    ...inVain.map((how) => ({ isReadable: true, how, answer: answerOf(how) })),
    ...inVain.slice(-3).map((how) => ({ isReadable: false, how, answer: answerOf(how) })),
  ])(
    "is followed by one plain event, and the rest of the run is plain ($answer, readable: $isReadable)",
    async ({ how, isReadable }) => {
      using harness = new ImportHarness();
      if (!isReadable) harness.originals = unreadable;
      harness.photos.faults(how);
      const sent = watchImports(harness);
      const { head } = await harness.import(photos(3), request);
      expect(sent).toEqual(["hand-built 1", "plain 1", "plain 2", "plain 3"]);
      expect(head.totals.byAnswer[isReadable ? "proved" : "present"]).toBe(3);
      expect(harness.albums()).toEqual({ "Last Import": ["IMG_0001.JPG", "IMG_0002.JPG", "IMG_0003.JPG"] });
      expect(lines(harness)).toEqual([expect.stringContaining("this run sends only ordinary ones")]);
      expect(copiesIn(harness)).toBe(3);
    },
  );

  test("is tried anew by the next run, for other photos", async () => {
    using harness = new ImportHarness();
    harness.photos.faults({ name: "hand-built-import-does-nothing" });
    await harness.import(photos(1), request);
    const sent = watchImports(harness);
    await harness.import(photos(2), request);
    expect(sent).toEqual(["hand-built 2", "plain 2"]);
  });

  test("proves nothing where the plain one imports nothing either: a bad photo leaves the others their event", async () => {
    using harness = new ImportHarness();
    harness.photos.faults({ name: "poison-file", names: "^IMG_0001\\." });
    const sent = watchImports(harness);
    const { answersByPath } = await harness.import(photos(2), request);
    expect(sent).toEqual(["hand-built 1", "plain 1", "hand-built 2"]);
    expect(Object.fromEntries(answersByPath)).toMatchObject({
      "/DCIM/100APPLE/IMG_0001.JPG": "failed",
      "/DCIM/100APPLE/IMG_0002.JPG": "proved",
    });
    expect(lines(harness)).toEqual([]);
  });

  test("does not cost an edited photo its edit: the plain event carries it too", async () => {
    using harness = new ImportHarness();
    const phone = phoneWith({
      "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
      "/DCIM/100APPLE/IMG_0001.AAE": aae(1),
      "/DCIM/100APPLE/IMG_E0001.JPG": jpeg(2),
    });
    harness.photos.faults({ name: "hand-built-import-fails", number: -10000 });
    const sent = watchImports(harness);
    const { head } = await harness.import(phone, request);
    expect(sent).toEqual(["hand-built 1", "plain 1"]);
    expect(head.totals.byAnswer.proved).toBe(3);
  });

  test("costs a look at the album and the library's length more, and one import event", async () => {
    const eventsOf = async (how: PhotosFault | null, firstBytes?: number) => {
      using harness = new ImportHarness();
      harness.photos.faults(how);
      await harness.import(photos(1), { ...request, batchLimits: { items: 50, bytes: 1e9, firstBytes } });
      return harness.photos.counters().events;
    };
    const plain = await eventsOf(null);
    expect(await eventsOf(null, 1)).toEqual(plain);
    const more = await eventsOf({ name: "hand-built-import-fails", number: -10000 }, 1);
    expect(more.import).toBe(plain.import! + 1);
    expect(total(more) - total(plain)).toBeLessThanOrEqual(12);
  });
});

function total(events: Readonly<Record<string, number>>): number {
  return Object.values(events).reduce((sum, count) => sum + count, 0);
}

describe("a hand-built event that may have done something", () => {
  test("is not followed by another if it names a photo that cannot be read: unknown until the library can be", async () => {
    using harness = new ImportHarness();
    await harness.import(photos(1), { withoutPhoneLibrary: true });
    const readable = harness.originals;
    harness.originals = unreadable;
    harness.photos.faults({ name: "hand-built-import-does-nothing", as: "wrong id" });
    const sent = watchImports(harness);
    const { answersByPath } = await harness.import(photos(2), request);
    expect(answersByPath.get("/DCIM/100APPLE/IMG_0002.JPG")).toBe("unknown");
    expect(sent).toEqual(["hand-built 2"]);

    harness.originals = readable;
    const { head } = await harness.import(photos(2), request);
    expect(head.totals.byAnswer.proved).toBe(2);
    expect(copiesIn(harness)).toBe(2);
  });

  test.each([true, false])(
    "is looked at for a quarter of a minute: what comes late comes once (library readable: %s)",
    async (isReadable) => {
      using harness = new ImportHarness();
      if (!isReadable) harness.originals = unreadable;
      harness.photos.faults({ name: "hand-built-import-does-nothing", as: "empty list", lateByMs: 14_000 });
      const sent = watchImports(harness);
      await harness.import(photos(2), request);
      expect(sent).toEqual(["hand-built 1", "hand-built 2"]);
      expect(copiesIn(harness)).toBe(2);
      expect(lines(harness)).toEqual([]);
    },
  );

  test("is not followed by another where the album never shows what came: the library's bytes tell", async () => {
    using harness = new ImportHarness();
    harness.photos.faults([{ name: "import-returns-nothing" }, { name: "into-does-nothing" }]);
    const sent = watchImports(harness);
    const { head } = await harness.import(photos(1), request);
    expect(sent).toEqual(["hand-built 1"]);
    expect(head.totals.byAnswer.proved).toBe(1);
    expect(harness.albums()).toEqual({ "Last Import": ["IMG_0001.JPG"] });
  });

  test("is not followed by another where the library has the photo's bytes from elsewhere by now", async () => {
    using harness = new ImportHarness();
    await harness.import(photos(1), { withoutPhoneLibrary: true });
    harness.photos.faults({ name: "hand-built-import-does-nothing" });
    const sent = watchImports(harness);
    const watching = harness.runScript;
    let isElsewhere = false;
    harness.runScript = (script, input, options) => {
      if (script.name === "createAlbum" && !isElsewhere) {
        isElsewhere = true;
        const path = join(harness.folder, "elsewhere.jpg");
        writeFileSync(path, jpeg(2));
        const add = `Application("Photos").import([Path(${JSON.stringify(path)})], {skipCheckDuplicates: true})`;
        if (!harness.photos.runText(add).ok) throw new Error("it did not come from elsewhere");
        harness.clock.pass(60_000);
      }
      return watching(script, input, options);
    };
    const { answersByPath } = await harness.import(photos(2), request);
    expect(answersByPath.get("/DCIM/100APPLE/IMG_0002.JPG")).toBe("proved");
    expect(sent).toEqual(["hand-built 2"]);
    const { head } = await harness.import(photos(2), request);
    expect(head.totals.byAnswer.proved).toBe(2);
    expect(copiesIn(harness)).toBe(2);
  });

  test("before which osascript itself ends goes once more by a plain one, and so does the rest of the run", async () => {
    using harness = new ImportHarness();
    const whole = harness.runScript;
    harness.runScript = (script, input, options) => {
      if (script.name !== "importFilesRaw") return whole(script, input, options);
      throw scriptFailed(script.name, "osascript was ended by SIGSEGV.");
    };
    const sent = watchImports(harness);
    const { head } = await harness.import(photos(3), request);
    expect(head.totals.byAnswer.proved).toBe(3);
    // What breaks off waits until all others had their turn.
    expect(sent).toEqual(["hand-built 1", "hand-built 2", "hand-built 3", "plain 3", "plain 1", "plain 2"]);
    expect(lines(harness)).toHaveLength(1);
    expect(copiesIn(harness)).toBe(3);
  });

  test("that timed out is looked after as ever, and the next run sends that photo by a plain one", async () => {
    using harness = new ImportHarness();
    harness.photos.faults({ name: "import-times-out", lateByMs: 0, comes: 0, times: 1 });
    const sent = watchImports(harness);
    const { answersByPath } = await harness.import(photos(1), request);
    expect([...answersByPath.values()]).toEqual(["failed"]);
    const { head } = await harness.import(photos(1), request);
    expect(head.totals.byAnswer.proved).toBe(1);
    expect(sent).toEqual(["hand-built 1", "plain 1"]);
  });

  test("that could not start Photos ends the run, as any event does, and the next run goes on", async () => {
    using harness = new ImportHarness();
    harness.photos.faults({ name: "hand-built-import-fails", number: -10810 });
    const sent = watchImports(harness);
    await expect(harness.import(photos(1), request)).rejects.toMatchObject({ code: "PHOTOS_UNAVAILABLE" });
    expect(sent).toEqual(["hand-built 1"]);
    harness.photos.faults(null);
    const { head } = await harness.import(photos(1), request);
    expect(head.totals.byAnswer.proved).toBe(1);
  });

  test("during which Photos crashed goes once more, by the same event", async () => {
    using harness = new ImportHarness();
    harness.photos.faults({ name: "import-loses-connection", photos: "dies", times: 1 });
    const sent = watchImports(harness);
    const { head } = await harness.import(photos(1), request);
    expect(sent).toEqual(["hand-built 1", "hand-built 1"]);
    expect(head.totals.byAnswer.proved).toBe(1);
  });
});

test.each([true, false])(
  "killed between the hand-built and the plain event: all photos come, once (Photos open before: %s)",
  async (isTheirs) => {
    using harness = new ImportHarness();
    if (isTheirs) harness.photos.launch();
    harness.photos.faults({ name: "hand-built-import-does-nothing", as: "empty list" });
    using every = new EveryStop(harness);
    await harness.import(photos(2), request);
    harness.photos.close();
    const at = (write: string) => every.stops.findIndex(({ where }) => where.endsWith(`ledger, ${write}`));
    const from = at("beginBatch");
    const answeredAt = at("recordReply");
    expect(answeredAt).toBeGreaterThan(from);
    const ends = every.stops.flatMap(({ where }, place) =>
      where.endsWith("ledger, endBatch") ? [place] : [],
    );
    for (const [place, stop] of every.stops.entries()) {
      if (place < from || place > ends[1]!) continue;
      putBack(stop, harness.folder);
      const resumed = new ImportHarness(harness.folder);
      resumed.clock.pass(stop.at.getTime() - resumed.clock.now().getTime() + 60_000);
      const sent = watchImports(resumed);
      const { answersByPath } = await resumed.import(photos(2), request);
      const killed = stop.where;
      const answers = [...answersByPath.values()];
      const proved = answers.filter((answer) => answer === "proved");
      expect({ killed, copies: copiesIn(resumed) }).toEqual({ killed, copies: proved.length });
      // A person's Photos that gave no answer to an event may still import it, as ever.
      if (isTheirs) expect(new Set([...answers, "proved", "unknown"]).size, killed).toBe(2);
      else expect({ killed, answers }).toEqual({ killed, answers: ["proved", "proved"] });
      expect(resumed.albums()["Last Import"] ?? [], killed).toHaveLength(proved.length);
      // What Photos answered is in the ledger, so the event that it answered is not sent again.
      if (place >= answeredAt)
        expect({ killed, again: sent.filter((one) => one === "hand-built 1") }).toEqual({
          killed,
          again: [],
        });
      resumed.photos.close();
    }
  },
);

test("the ledger says of each event how it was sent", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "hand-built-import-fails", number: -1728, times: 1 });
  await harness.import(photos(2), request);
  const { DatabaseSync } = await import("@photostructure/sqlite");
  const database = new DatabaseSync(harness.ledgerPath, { readOnly: true });
  const rows = database.prepare("SELECT items, event, reply_count FROM batch ORDER BY id").all();
  database.close();
  expect(rows.map(({ items, event, reply_count }) => `${items} ${event} ${reply_count}`)).toEqual([
    "[1] by-hand 0",
    "[1] plain 1",
    "[2] plain 1",
  ]);
});
