import { setImmediate as ticks } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import type { LibraryAccess } from "../../src/photos/library-access.js";
import type { LibraryPackages } from "../../src/photos/library-package.js";
import { planForPhone } from "../../src/run/plan-for-phone.js";
import type { RunEvent } from "../../src/run/run-events.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { AskedAccess, directAccess } from "../direct-access.js";
import { says } from "../says.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg, phoneWith } from "./small-phones.js";

const oneByOne = { withoutPhoneLibrary: true, batchLimits: { items: 1, bytes: 1e9 } } as const;

function photos(...numbers: number[]) {
  return phoneWith(
    Object.fromEntries(numbers.map((number) => [`/DCIM/100APPLE/IMG_000${number}.JPG`, jpeg(number)])),
  );
}

/** A desk where macOS asks about the library at its first touch. */
function harnessWithQuestion(): { readonly harness: ImportHarness; readonly access: AskedAccess } {
  const harness = new ImportHarness();
  const access = new AskedAccess();
  harness.libraryAccess = access;
  return { harness, access };
}

/** Calls back for the first event of a kind that a run reports. */
function onFirst(harness: ImportHarness, type: RunEvent["type"], act: () => void): void {
  const push = harness.events.push.bind(harness.events);
  let isDone = false;
  harness.events.push = (...events) => {
    if (!isDone && events.some((event) => event.type === type)) {
      isDone = true;
      act();
    }
    return push(...events);
  };
}

/** Resolves when the answer has reached the run. */
function answeredIn(harness: ImportHarness): Promise<void> {
  const real = harness.originals;
  return new Promise((resolve) => {
    harness.originals = {
      async open(path, signal) {
        const library = await real.open(path, signal);
        if ("later" in library) void library.later.then(() => ticks()).then(resolve);
        return library;
      },
    };
  });
}

/** The phone gives the file of this name only after something else. */
function givesLate(phone: MemoryPhone, name: string, after: () => Promise<void>): MemoryPhone {
  const read = phone.read.bind(phone);
  phone.read = async function* (path, options) {
    if (path.endsWith(name)) await after();
    yield* read(path, options);
  };
  return phone;
}

const noticesOf = ({ events }: ImportHarness) =>
  events.flatMap((event) =>
    event.type === "notice" && event.code.startsWith("LIBRARY") ? [event.code] : [],
  );

/** Of a Photos that Rollcall started and quit. */
const NOBODY_LOOKED =
  "Photos was quit after it listed them, and is not started only to be asked again: rollcall verify asks it. Keep the photos on the phone until then.";

describe("macOS asks whether Rollcall may read the library", () => {
  test("and nobody answers, in a Photos that stays open: nothing is said of a quit", async () => {
    const { harness } = harnessWithQuestion();
    using _closed = harness;
    harness.photos.launch();
    const { head } = await harness.import(photos(1), oneByOne);
    expect(head.evidence).toEqual({ rung: 2, liftedBy: "It has not answered. Allow it." });
  });

  test("and nobody answers: all photos come, and the receipt says why none is proved", async () => {
    const { harness } = harnessWithQuestion();
    using _closed = harness;
    const { head } = await harness.import(photos(1, 2), oneByOne);
    expect(head.totals.byAnswer).toMatchObject({ present: 2, proved: 0 });
    expect(head.evidence).toEqual({
      rung: 2,
      liftedBy: says(`It has not answered. Allow it. ${NOBODY_LOOKED}`),
    });
    expect(noticesOf(harness)).toEqual(["LIBRARY_NOT_ANSWERED"]);
    expect(harness.albums()).toEqual({ "Last Import": ["IMG_0001.JPG", "IMG_0002.JPG"] });
  });

  test("and is answered in the middle: what came before is proved, too", async () => {
    const { harness, access } = harnessWithQuestion();
    using _closed = harness;
    const answered = answeredIn(harness);
    onFirst(harness, "imported", () => access.answer());
    const phone = givesLate(photos(1, 2, 3), "IMG_0003.JPG", () => answered);
    const { head } = await harness.import(phone, oneByOne);
    expect(head.totals.byAnswer).toMatchObject({ present: 0, proved: 3 });
    expect(head.evidence).toEqual({ rung: 4, liftedBy: null });
    expect(noticesOf(harness)).toEqual(["LIBRARY_NOT_ANSWERED", "LIBRARY_ANSWERED"]);
  });

  test("and is answered after the run: the next one imports and proves the rest, and nothing comes twice", async () => {
    const { harness, access } = harnessWithQuestion();
    using _closed = harness;
    await harness.import(photos(1), oneByOne);
    access.answer();
    const { head } = await harness.import(photos(1, 2), oneByOne);
    expect(head.totals.thisRun.items).toBe(1);
    expect(head.totals.byAnswer).toMatchObject({ present: 1, proved: 1 });
    expect(harness.itemCount()).toBe(2);
  });

  test("and the answer is no: the run ends as where the library may not be read", async () => {
    const { harness, access } = harnessWithQuestion();
    using _closed = harness;
    const refused = {
      code: "LIBRARY_NOT_PERMITTED" as const,
      message: "It may not be read.",
      remedy: "Allow it.",
    };
    const open: LibraryPackages["open"] = async (path, signal) => {
      const waiting = await real.open(path, signal);
      return "later" in waiting ? { ...waiting, later: waiting.later.then(() => refused) } : refused;
    };
    const real = harness.originals;
    harness.originals = { open };
    const answered = answeredIn(harness);
    onFirst(harness, "imported", () => access.answer());
    const phone = givesLate(photos(1, 2), "IMG_0002.JPG", () => answered);
    const { head } = await harness.import(phone, oneByOne);
    expect(head.totals.byAnswer).toMatchObject({ present: 2 });
    expect(head.evidence).toEqual({
      rung: 2,
      liftedBy: says(`It may not be read. Allow it. ${NOBODY_LOOKED}`),
    });
    expect(noticesOf(harness)).toEqual(["LIBRARY_NOT_ANSWERED", "LIBRARY_NOT_PERMITTED"]);
  });

  test("and is answered while the phone is read: what the library has from elsewhere does not come again", async () => {
    const { harness, access } = harnessWithQuestion();
    using _closed = harness;
    await harness.import(photos(2), oneByOne);
    // Another ledger: that photo is in the library, and nobody here knows it.
    Object.assign(harness, { ledgerPath: `${harness.ledgerPath}.new` });
    const answered = answeredIn(harness);
    const phone = givesLate(photos(1, 2), "IMG_0002.JPG", async () => {
      access.answer();
      await answered;
    });
    const { head } = await harness.import(phone, oneByOne);
    expect(head.totals.byAnswer).toMatchObject({ proved: 2 });
    expect(harness.itemCount()).toBe(2);
  });

  test("and somebody stops the run while it waits: it stops", async () => {
    using harness = new ImportHarness();
    const stop = new AbortController();
    const stoppedByHand: LibraryAccess["touch"] = () => ({
      ...directAccess.touch(""),
      inTime: async (signal) => {
        stop.abort(new Error("Ctrl-C"));
        signal?.throwIfAborted();
        return true;
      },
    });
    harness.libraryAccess = { ...directAccess, touch: stoppedByHand };
    await expect(harness.import(photos(1), oneByOne, stop.signal)).rejects.toBeDefined();
    harness.libraryAccess = directAccess;
    const { head } = await harness.import(photos(1), oneByOne);
    expect(head.totals.byAnswer).toMatchObject({ proved: 1 });
    expect(harness.itemCount()).toBe(1);
  });
});

test("macOS asks about the library of the runs before while Photos is still closed", async () => {
  using harness = new ImportHarness();
  await harness.import(photos(1), oneByOne);
  const wasOpen: boolean[] = [];
  harness.libraryAccess = {
    ...directAccess,
    touch: (path) => {
      wasOpen.push(harness.photos.running() !== null);
      return directAccess.touch(path);
    },
  };
  await harness.import(photos(1, 2), oneByOne);
  expect(wasOpen[0]).toBe(false);
});

describe("the space for the library", () => {
  const withSpace = async (freeBytes: number | null) => {
    const harness = new ImportHarness();
    const space = freeBytes === null ? null : { volume: "library's", freeBytes };
    harness.libraryAccess = { ...directAccess, freeSpace: async () => space };
    const { code } = await harness.import(photos(1), oneByOne).then(
      () => ({ code: null }),
      (error: { code: string }) => error,
    );
    const notices = noticesOf(harness);
    harness[Symbol.dispose]();
    return { code, notices };
  };

  test("that is too little ends the import before the first byte", async () => {
    expect(await withSpace(1e6)).toMatchObject({ code: "NOT_ENOUGH_SPACE" });
  });

  test("that cannot be found out is said, and the import goes on", async () => {
    expect(await withSpace(null)).toEqual({ code: null, notices: ["LIBRARY_SPACE_UNKNOWN"] });
  });
});

describe("macOS has no reason to ask", () => {
  test("in a plan, and in an import with nothing new, a library that was unreadable before is not touched", async () => {
    using harness = new ImportHarness();
    const { originals } = harness;
    harness.originals = {
      open: async () => ({ code: "LIBRARY_NOT_PERMITTED", message: "Not allowed.", remedy: "Allow it." }),
    };
    await harness.import(photos(1), oneByOne);
    harness.originals = originals;
    const access = new AskedAccess();
    harness.libraryAccess = access;
    await harness.import(photos(1), oneByOne);
    using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
    const request = { selection: {}, edits: false, again: false, withoutPhoneLibrary: true };
    const plan = await planForPhone(await harness.parts(photos(1, 2), ledgerDatabase), request);
    expect(plan.toImport.items).toBe(1);
    expect(access.touches).toBe(0);
  });
});
