import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Ledger } from "../../src/ledger/ledger.js";
import { libraryOriginals } from "../../src/originals/library-originals.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { recheckReceipt } from "../../src/run/recheck-receipt.js";
import type { FinishedRun } from "../../src/run/run-parts.js";
import type { PhotosMisbehaviour } from "../../src/virtual/photos/photos-misbehaviour.js";
import { openVirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { directAccess } from "../direct-access.js";
import { Desk } from "./one-desk.js";
import { jpeg, phoneWith } from "./small-phones.js";

const plain = { withoutPhoneLibrary: true } as const;
const first = { "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) };
const both = { ...first, "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2) };

function told(run: Pick<FinishedRun, "answers">): string[] {
  return [...run.answers()].map(({ path, answer }) => `${path.slice(-12)} ${answer}`);
}

/** One photo is in; the next was handed to the person's own Photos, which gave no end to it. The library could not be read. */
async function withUnknown(desk: Desk, how: PhotosMisbehaviour): Promise<string> {
  desk.photos.launch();
  await desk.import(phoneWith(first), plain);
  desk.photos.misbehave(how);
  const real = desk.originals;
  desk.originals = { open: async () => ({ code: "LIBRARY_NOT_PERMITTED", message: "no", remedy: "right" }) };
  const run = await desk.import(phoneWith(both), plain);
  desk.originals = real;
  desk.photos.misbehave(null);
  expect(told(run)).toEqual(["IMG_0001.JPG proved", "IMG_0002.JPG unknown"]);
  return run.receiptPath;
}

const neverCame: PhotosMisbehaviour = { name: "import-times-out", lateByMs: 0, comes: 0, times: 1 };
const hidden: PhotosMisbehaviour = { name: "hides-items", names: "^IMG_0002\\." };

test("a photo that never came is unknown as long as the Photos it was sent to is open, and is brought when that has ended", async () => {
  using desk = new Desk();
  await withUnknown(desk, neverCame);
  expect(told(await desk.import(phoneWith(both), plain))).toContain("IMG_0002.JPG unknown");
  expect(desk.itemCount()).toBe(1);

  desk.photos.end();
  expect(told(await desk.import(phoneWith(both), plain))).toEqual([
    "IMG_0001.JPG proved",
    "IMG_0002.JPG proved",
  ]);
  expect(desk.itemCount()).toBe(2);
});

test("what the old phone's run left unknown is settled by the run of the phone that was restored from it", async () => {
  using desk = new Desk();
  await withUnknown(desk, neverCame);
  const restored = () => phoneWith(both, { identity: { udid: "the new phone" } });
  expect(told(await desk.import(restored(), plain))).toContain("IMG_0002.JPG unknown");
  desk.photos.end();
  expect(told(await desk.import(restored(), plain))).toEqual(["IMG_0001.JPG proved", "IMG_0002.JPG proved"]);
  expect(told(await desk.import(phoneWith(both), plain))).toEqual([
    "IMG_0001.JPG proved",
    "IMG_0002.JPG proved",
  ]);
  expect(desk.itemCount()).toBe(2);
});

test("a photo that never came is not sent again on the word of a library without Rollcall's albums", async () => {
  using desk = new Desk();
  await withUnknown(desk, neverCame);
  desk.photos.end();
  // What was brought before is in it, so it is not taken for a new library in the place of that one.
  const elsewhere = join(desk.folder, "Other.photoslibrary");
  cpSync(desk.photos.library.path, elsewhere, { recursive: true });
  const other = openVirtualPhotos(elsewhere, { time: desk.clock });
  const { changes } = other.library.database.prepare("DELETE FROM ZGENERICALBUM WHERE ZKIND = 2").run();
  expect(Number(changes)).toBeGreaterThan(0);
  other.close();
  const real = desk.originals;
  desk.originals = { open: (_path, signal) => real.open(other.library.path, signal) };
  expect(told(await desk.import(phoneWith(both), plain))).toEqual([
    "IMG_0001.JPG proved",
    "IMG_0002.JPG unknown",
  ]);
  expect(desk.itemCount()).toBe(1);
});

test("a photo that Photos refers to and did not copy cannot be compared: it stays unknown and is not sent again", async () => {
  using desk = new Desk();
  desk.photos.launch();
  await desk.import(phoneWith(first), plain);
  desk.photos.misbehave([hidden, { name: "imports-references" }]);
  expect(told(await desk.import(phoneWith(both), plain))).toContain("IMG_0002.JPG unknown");
  desk.photos.misbehave(null);
  desk.photos.end();
  expect(told(await desk.import(phoneWith(both), plain))).toContain("IMG_0002.JPG unknown");
  const rows = desk.photos.library.database.prepare("SELECT count(*) AS count FROM ZASSET").get();
  expect(Number(rows?.count)).toBe(2);
});

test("verify finds a photo of which nobody knew by its bytes, and no later run brings it, not even with --again", async () => {
  using desk = new Desk();
  const receiptPath = await withUnknown(desk, hidden);
  {
    using ledger = await Ledger.open(desk.ledgerPath);
    const phone = phoneWith(both);
    const { photos, clock } = await desk.parts(phone, ledger);
    const kept = libraryOriginals({ workFolder: join(desk.folder, "work"), access: directAccess });
    const library = await kept.open(desk.photos.library.path);
    const between = ledger.between(phone.identity, { kind: "photos", key: desk.photos.library.path });
    const parts = { photos, clock, between, library };
    const { receipt, looked } = await recheckReceipt(await readReceipt(receiptPath), parts);
    expect(looked.items).toBe(2);
    expect(told({ answers: () => receipt.answers })).toEqual(["IMG_0001.JPG proved", "IMG_0002.JPG proved"]);
    expect(receipt.answers[1]).toMatchObject({ evidence: ["database", "sha256"], reason: null });
  }
  expect(told(await desk.import(phoneWith(both), { ...plain, again: true }))).toContain(
    "IMG_0002.JPG proved",
  );
  const rows = desk.photos.library.database.prepare("SELECT count(*) AS count FROM ZASSET").get();
  expect(Number(rows?.count)).toBe(2);
});
