import { cpSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { libraryOriginals } from "../../src/originals/library-originals.js";
import type { LibraryPackages } from "../../src/photos/library-package.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { movedFrom } from "../../src/run/moved-library.js";
import { libraryToRead } from "../../src/run/photos-destination.js";
import { planForPhone } from "../../src/run/plan-for-phone.js";
import { recheckReceipt } from "../../src/run/recheck-receipt.js";
import { directAccess } from "../direct-access.js";
import { oneTestIn } from "../sampled.js";
import { says } from "../says.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg, phoneWith } from "./small-phones.js";

const test = oneTestIn(3);

const request = { withoutPhoneLibrary: true, batchLimits: { items: 2, bytes: 1e9 } } as const;
const READABLE = ["the library may be read", "it may not"] as const;
type Readable = (typeof READABLE)[number];

const NOT_PERMITTED: LibraryPackages = {
  open: async () => ({ code: "LIBRARY_NOT_PERMITTED", message: "It may not be read.", remedy: "Allow it." }),
};

function photos(...numbers: number[]) {
  const files = numbers.map((number) => {
    const modifiedAt = new Date(Date.UTC(2026, 10, number));
    return [`/DCIM/100APPLE/IMG_000${number}.JPG`, { bytes: jpeg(number), modifiedAt }] as const;
  });
  return phoneWith(Object.fromEntries(files));
}

function permit(harness: ImportHarness, readable: Readable): ImportHarness {
  if (readable === "it may not") harness.originals = NOT_PERMITTED;
  const parts = harness.parts.bind(harness);
  harness.parts = async (...args) => {
    const made = await parts(...args);
    Object.assign(made.process, { openLibrary: async () => harness.photos.openLibraryPath() });
    return made;
  };
  return harness;
}

const at = (harness: ImportHarness, name = "Test") => join(harness.folder, `${name}.photoslibrary`);

/** Photos is quit, and something is done to the packages on the disk; then the desk is used again. */
function afterwards(harness: ImportHarness, readable: Readable, change: () => void): ImportHarness {
  harness.photos.close();
  change();
  return permit(new ImportHarness(harness.folder), readable);
}

/** The same, and Photos has the package of this name open, where the usual one is not any more. */
function openElsewhere(
  harness: ImportHarness,
  readable: Readable,
  name: string,
  change: () => void,
): ImportHarness {
  const next = afterwards(harness, readable, change);
  next.photos.openLibrary(at(next, name));
  rmSync(at(next), { recursive: true });
  return next;
}

async function import_(harness: ImportHarness, ...numbers: number[]) {
  const { head, answers } = await harness.import(photos(...numbers), request);
  const told = [...answers()].map(
    ({ answer, thisRun, reason }) =>
      `${answer}${thisRun ? ", new" : ""}${reason === null ? "" : `: ${reason.code}`}`,
  );
  return { told, items: head.totals.thisRun.items };
}

async function toBring(harness: ImportHarness, ...numbers: number[]): Promise<number> {
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const parts = await harness.parts(photos(...numbers), ledgerDatabase);
  const asked = { selection: {}, edits: false, again: false, withoutPhoneLibrary: true };
  return (await planForPhone(parts, asked)).toImport.items;
}

/** Somebody says yes to everything. @returns how many photos each question was about */
function asking(harness: ImportHarness): number[] {
  const asked: number[] = [];
  harness.questions = {
    confirmFirstRun: async ({ toImport }) => asked.push(toImport.items) > 0,
    chooseICloud: async () => "skip",
  };
  return asked;
}

const notices = (harness: ImportHarness) =>
  harness.events.flatMap((event) =>
    event.type === "notice" && event.code.startsWith("LIBRARY_") && event.code !== "LIBRARY_NOT_PERMITTED"
      ? [event.code]
      : [],
  );

describe.each(READABLE)("a new, empty library in the place of the old one, and %s", (readable) => {
  const good = readable === "it may not" ? "present" : "proved";

  test("everything comes, and nothing is said to be in it that is not", async () => {
    using harness = permit(new ImportHarness(), readable);
    await import_(harness, 1, 2);
    using next = afterwards(harness, readable, () => renameSync(at(harness), at(harness, "Broken")));
    if (readable === "the library may be read") expect(await toBring(next, 1, 2)).toBe(2);
    expect(await import_(next, 1, 2, 3)).toEqual({ told: Array(3).fill(`${good}, new`), items: 3 });
    expect(notices(next)).toContain("LIBRARY_REPLACED");
    expect(next.itemCount()).toBe(3);
    expect((await import_(next, 1, 2, 3)).items).toBe(0);
  });

  test("a person is asked anew, with the number that comes into that one", async () => {
    using harness = permit(new ImportHarness(), readable);
    const asked = asking(harness);
    await import_(harness, 1, 2);
    await import_(harness, 1, 2, 3);
    expect(asked).toEqual([2]);
    using next = afterwards(harness, readable, () => renameSync(at(harness), at(harness, "Broken")));
    const askedThen = asking(next);
    await import_(next, 1, 2, 3, 4);
    expect(askedThen).toEqual([4]);
  });

  test("all that was imported was deleted by a person, one by one, in the same library", async () => {
    using harness = permit(new ImportHarness(), readable);
    await import_(harness, 1, 2);
    harness.photos.library.database.exec("UPDATE ZASSET SET ZTRASHEDSTATE = 1 WHERE Z_PK = 1");
    expect((await import_(harness, 1, 2, 3)).items).toBe(1);
    expect(notices(harness)).toEqual([]);
  });
});

/** Every receipt, as verify does. */
async function verifyAll(harness: ImportHarness): Promise<void> {
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const phone = photos();
  const { photos: library, clock, originals } = await harness.parts(phone, ledgerDatabase);
  const ledger = ledgerDatabase.ledgerFor(phone.identity, { kind: "photos", key: at(harness) });
  const kept = await originals.open(at(harness));
  for (const name of readdirSync(join(harness.folder, "receipts")).filter((one) => one.endsWith(".json")))
    await recheckReceipt(await readReceipt(join(harness.folder, "receipts", name)), {
      photos: library,
      clock,
      ledger,
      library: kept,
    });
}

/** A library with photos of the person's own, some of ours, and then none of ours: deleted for good, with the albums. */
async function deletedByAPerson(own: readonly number[], ...ours: number[]): Promise<ImportHarness> {
  const harness = permit(new ImportHarness(), "it may not");
  if (own.length > 0) await import_(harness, ...own);
  const { database } = harness.photos.library;
  const { last } = database.prepare("SELECT coalesce(max(Z_PK), 0) AS last FROM ZASSET").get()!;
  rmSync(harness.ledgerPath, { force: true });
  await import_(harness, ...ours);
  database.prepare("DELETE FROM ZASSET WHERE Z_PK > ?").run(Number(last));
  database.exec("DELETE FROM ZGENERICALBUM WHERE ZKIND = 2");
  harness.events.length = 0;
  return harness;
}

describe.each(["it may not", "it may since then"])(
  "a person deleted all of ours and its albums, and %s be read",
  (may) => {
    test("nothing comes again, and the notice says what was seen and how to import it", async () => {
      using harness = await deletedByAPerson([7, 8, 9], 1, 2, 3);
      const originals = libraryOriginals({ workFolder: join(harness.folder, "work"), access: directAccess });
      if (may === "it may since then") harness.originals = originals;
      expect((await import_(harness, 1, 2, 3, 4)).items).toBe(1);
      expect(notices(harness)).toEqual(["LIBRARY_HOLDS_NOTHING"]);
      expect(harness.events).toContainEqual(
        expect.objectContaining({
          message: expect.stringMatching(/is in it any more$/),
          remedy: says("Where it is to come again: rollcall verify, then rollcall import --retry"),
        }),
      );
      expect(JSON.stringify(harness.events)).not.toContain("another library");
      expect(harness.itemCount()).toBe(4);
      await verifyAll(harness);
      const again = await harness.import(photos(1, 2, 3), { ...request, again: true });
      expect(again.head.totals.thisRun.items).toBe(3);
    });
  },
);

test("an album of ours under another id, as a repair may leave it, is a sign of the same library", async () => {
  using harness = permit(new ImportHarness(), "it may not");
  await import_(harness, 1, 2);
  const { database } = harness.photos.library;
  database.exec("DELETE FROM ZASSET");
  // Their first digit is any of 16: one that is F already becomes 0.
  database.exec(
    "UPDATE ZGENERICALBUM SET ZUUID = iif(ZUUID LIKE 'F%', '0', 'F') || substr(ZUUID, 2) WHERE ZKIND = 2",
  );
  harness.events.length = 0;
  expect((await import_(harness, 1, 2, 3)).items).toBe(1);
  expect(notices(harness)).toEqual(["LIBRARY_HOLDS_NOTHING"]);
});

describe.each(READABLE)("the library was moved to another disk, and %s", (readable) => {
  test("what was imported into it is known, and only what is new comes", async () => {
    using harness = permit(new ImportHarness(), readable);
    await import_(harness, 1, 2);
    using next = openElsewhere(harness, readable, "Moved", () =>
      renameSync(at(harness), at(harness, "Moved")),
    );
    if (readable === "the library may be read") expect(await toBring(next, 1, 2)).toBe(0);
    const { told, items } = await import_(next, 1, 2, 3);
    expect({ items, new: told.filter((word) => word.includes("new")).length }).toEqual({ items: 1, new: 1 });
    expect(notices(next)).toEqual(["LIBRARY_MOVED"]);
    expect(next.itemCount()).toBe(3);
  });

  test("it is a copy, and the first is still there: what came into one of them is not believed of the other", async () => {
    using harness = permit(new ImportHarness(), readable);
    await import_(harness, 1);
    using next = afterwards(harness, readable, () =>
      cpSync(at(harness), at(harness, "Copy"), { recursive: true }),
    );
    await import_(next, 1, 2);
    next.photos.openLibrary(at(next, "Copy"));
    const { told } = await import_(next, 2);
    expect(told).toEqual([readable === "it may not" ? "present, new" : "proved, new"]);
  });
});

test("a library was restored from a backup: what came in since is not said to be in it", async () => {
  const readable = "the library may be read";
  using harness = permit(new ImportHarness(), readable);
  await import_(harness, 1, 2);
  using next = afterwards(harness, readable, () =>
    cpSync(at(harness), at(harness, "Backup"), { recursive: true }),
  );
  await import_(next, 1, 2, 3);
  using after = openElsewhere(next, readable, "Backup", () => rmSync(at(next), { recursive: true }));
  const { told } = await import_(after, 1, 2, 3);
  expect(told).toEqual(["proved", "proved", "removed: GONE_FROM_LIBRARY"]);
});

test("the old library is put back in its place: what was imported into it is known again", async () => {
  const readable = "the library may be read";
  using harness = permit(new ImportHarness(), readable);
  await import_(harness, 1, 2);
  using next = afterwards(harness, readable, () => renameSync(at(harness), at(harness, "Old")));
  await import_(next, 2, 3);
  using after = afterwards(next, readable, () => {
    renameSync(at(next), at(next, "New"));
    renameSync(at(next, "Old"), at(next));
  });
  expect(await toBring(after, 1, 2, 3)).toBe(1);
  expect((await import_(after, 1, 2, 3)).items).toBe(1);
  expect(after.itemCount()).toBe(3);
});

test("a proof of last month is not said again of a photo that the library does not list in this very run", async () => {
  using harness = permit(new ImportHarness(), "the library may be read");
  await import_(harness, 1, 2);
  harness.photos.library.database.exec("DELETE FROM ZASSET WHERE Z_PK = 1");
  const [first, second, third] = (await import_(harness, 1, 2, 3)).told;
  expect(first).not.toContain("proved");
  expect([second, third]).toEqual(["proved", "proved, new"]);
});

test("finding which library it is costs one read of one table and no event, and nothing before an import", async () => {
  using harness = permit(new ImportHarness(), "the library may be read");
  let looks = 0;
  const { originals } = harness;
  harness.originals = {
    open: async (...args) => {
      looks += 1;
      return await originals.open(...args);
    },
  };
  expect(await toBring(harness, 1)).toBe(1);
  expect(looks).toBe(0);
  await import_(harness, 1);
  looks = 0;
  const events = harness.photos.counters().total;
  expect(await toBring(harness, 1)).toBe(0);
  expect({ looks, events: harness.photos.counters().total - events }).toEqual({ looks: 1, events: 0 });
});

describe("a receipt that names the path where its library was", () => {
  /** Which package is read for the receipt of the first run. */
  async function readFor(harness: ImportHarness, receiptPath: string, libraryPath: string | undefined) {
    using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
    const { process, libraryAccess, originals } = await harness.parts(photos(), ledgerDatabase);
    const receipt = await readReceipt(receiptPath);
    const known = receipt.destination.kind === "photos" ? receipt.destination.library : null;
    const parts = { ledgerDatabase, originals, libraryAccess };
    let ledgerKey: string | null = null;
    const isMoved = async (path: string) => {
      ledgerKey = await movedFrom(receipt, path, parts);
      return ledgerKey !== null;
    };
    const { inside } = await libraryToRead({ process, libraryAccess }, { libraryPath, known, isMoved });
    return { inside, ledgerKey };
  }
  const readable = "the library may be read";
  const imported = async (harness: ImportHarness) =>
    (await harness.import(photos(1, 2), request)).receiptPath;

  test.each([
    ["is named", false, true],
    ["is open", false, false],
    ["is named, after a run that found it there", true, true],
    ["is open, after a run that found it there", true, false],
  ])("is read in the library that was moved, where that %s", async (_how, isKnownThere, isNamed) => {
    using harness = permit(new ImportHarness(), readable);
    const receiptPath = await imported(harness);
    const moved = at(harness, "Moved");
    using next = openElsewhere(harness, readable, "Moved", () => renameSync(at(harness), moved));
    if (isKnownThere) await import_(next, 1, 2, 3);
    const { inside, ledgerKey } = await readFor(next, receiptPath, isNamed ? moved : undefined);
    expect({ inside, ledgerKey }).toEqual({ inside: moved, ledgerKey: isKnownThere ? moved : at(harness) });
  });

  test("is not read in another library, nor in a copy while the first is still there", async () => {
    using harness = permit(new ImportHarness(), readable);
    const receiptPath = await imported(harness);
    using next = afterwards(harness, readable, () =>
      cpSync(at(harness), at(harness, "Copy"), { recursive: true }),
    );
    await expect(readFor(next, receiptPath, at(next, "Copy"))).rejects.toMatchObject({
      code: "PHOTOS_LIBRARY_SWITCHED",
    });
    using other = openElsewhere(next, readable, "Other", () => renameSync(at(next), at(next, "Gone")));
    await expect(readFor(other, receiptPath, at(other, "Other"))).rejects.toMatchObject({
      code: "PHOTOS_LIBRARY_SWITCHED",
    });
    expect((await readFor(other, receiptPath, undefined)).inside).toBe(at(harness));
  });
});
