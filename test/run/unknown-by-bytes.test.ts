import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { libraryOriginals } from "../../src/originals/library-originals.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { recheckReceipt } from "../../src/run/recheck-receipt.js";
import type { FinishedRun } from "../../src/run/run-parts.js";
import type { PhotosFault } from "../../src/virtual/photos/photos-fault.js";
import { openVirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { directAccess } from "../direct-access.js";
import { ImportHarness } from "./import-harness.js";
import { jpeg, phoneWith } from "./small-phones.js";

const plain = { withoutPhoneLibrary: true } as const;
const first = { "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) };
const both = { ...first, "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2) };

function told(run: Pick<FinishedRun, "answers">): string[] {
  return [...run.answers()].map(({ path, answer }) => `${path.slice(-12)} ${answer}`);
}

/** One photo is in; the next was handed to the person's own Photos, which gave no end to it. The library could not be read. */
async function withUnknown(harness: ImportHarness, how: PhotosFault): Promise<string> {
  harness.photos.launch();
  await harness.import(phoneWith(first), plain);
  harness.photos.faults(how);
  const real = harness.originals;
  harness.originals = {
    open: async () => ({ code: "LIBRARY_NOT_PERMITTED", message: "no", remedy: "right" }),
  };
  const run = await harness.import(phoneWith(both), plain);
  harness.originals = real;
  harness.photos.faults(null);
  expect(told(run)).toEqual(["IMG_0001.JPG proved", "IMG_0002.JPG unknown"]);
  return run.receiptPath;
}

const neverCame: PhotosFault = { name: "import-times-out", lateByMs: 0, comes: 0, times: 1 };
const hidden: PhotosFault = { name: "hides-items", names: "^IMG_0002\\." };

test("a photo that never came is unknown while its Photos is open, and is imported once that has ended", async () => {
  using harness = new ImportHarness();
  await withUnknown(harness, neverCame);
  expect(told(await harness.import(phoneWith(both), plain))).toContain("IMG_0002.JPG unknown");
  expect(harness.itemCount()).toBe(1);

  harness.photos.end();
  expect(told(await harness.import(phoneWith(both), plain))).toEqual([
    "IMG_0001.JPG proved",
    "IMG_0002.JPG proved",
  ]);
  expect(harness.itemCount()).toBe(2);
});

test("what the old phone's run left unknown is settled by the run of the phone that was restored from it", async () => {
  using harness = new ImportHarness();
  await withUnknown(harness, neverCame);
  const restored = () => phoneWith(both, { identity: { udid: "the new phone" } });
  expect(told(await harness.import(restored(), plain))).toContain("IMG_0002.JPG unknown");
  harness.photos.end();
  expect(told(await harness.import(restored(), plain))).toEqual([
    "IMG_0001.JPG proved",
    "IMG_0002.JPG proved",
  ]);
  expect(told(await harness.import(phoneWith(both), plain))).toEqual([
    "IMG_0001.JPG proved",
    "IMG_0002.JPG proved",
  ]);
  expect(harness.itemCount()).toBe(2);
});

test("a photo that never came is not sent again on the word of a library without Rollcall's albums", async () => {
  using harness = new ImportHarness();
  await withUnknown(harness, neverCame);
  harness.photos.end();
  // What was imported before is in it, so it is not taken for a new library in the place of that one.
  const elsewhere = join(harness.folder, "Other.photoslibrary");
  cpSync(harness.photos.library.path, elsewhere, { recursive: true });
  const other = openVirtualPhotos(elsewhere, { time: harness.clock });
  const { changes } = other.library.database.prepare("DELETE FROM ZGENERICALBUM WHERE ZKIND = 2").run();
  expect(Number(changes)).toBeGreaterThan(0);
  other.close();
  const real = harness.originals;
  harness.originals = { open: (_path, signal) => real.open(other.library.path, signal) };
  expect(told(await harness.import(phoneWith(both), plain))).toEqual([
    "IMG_0001.JPG proved",
    "IMG_0002.JPG unknown",
  ]);
  expect(harness.itemCount()).toBe(1);
});

test("a photo that Photos only refers to cannot be compared: it stays unknown and is not sent again", async () => {
  using harness = new ImportHarness();
  harness.photos.launch();
  await harness.import(phoneWith(first), plain);
  harness.photos.faults([hidden, { name: "imports-references" }]);
  expect(told(await harness.import(phoneWith(both), plain))).toContain("IMG_0002.JPG unknown");
  harness.photos.faults(null);
  harness.photos.end();
  expect(told(await harness.import(phoneWith(both), plain))).toContain("IMG_0002.JPG unknown");
  const rows = harness.photos.library.database.prepare("SELECT count(*) AS count FROM ZASSET").get();
  expect(Number(rows?.count)).toBe(2);
});

test("verify finds an unknown photo by its bytes, and no later run imports it, not even with --retry", async () => {
  using harness = new ImportHarness();
  const receiptPath = await withUnknown(harness, hidden);
  {
    using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
    const phone = phoneWith(both);
    const { photos, clock } = await harness.parts(phone, ledgerDatabase);
    const kept = libraryOriginals({ workFolder: join(harness.folder, "work"), access: directAccess });
    const library = await kept.open(harness.photos.library.path);
    const ledger = ledgerDatabase.ledgerFor(phone.identity, {
      kind: "photos",
      key: harness.photos.library.path,
    });
    const parts = { photos, clock, ledger, library };
    const { receipt, looked } = await recheckReceipt(await readReceipt(receiptPath), parts);
    expect(looked.items).toBe(2);
    expect(told({ answers: () => receipt.answers })).toEqual(["IMG_0001.JPG proved", "IMG_0002.JPG proved"]);
    expect(receipt.answers[1]).toMatchObject({ evidence: ["database", "sha256"], reason: null });
  }
  expect(told(await harness.import(phoneWith(both), { ...plain, again: true }))).toContain(
    "IMG_0002.JPG proved",
  );
  const rows = harness.photos.library.database.prepare("SELECT count(*) AS count FROM ZASSET").get();
  expect(Number(rows?.count)).toBe(2);
});
