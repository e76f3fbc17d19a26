import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { recheckLines } from "../../src/cli/commands/verify/lines.js";
import { RollcallError } from "../../src/errors.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { libraryOriginals } from "../../src/originals/library-originals.js";
import type { LibraryPackage, LibraryPackageFile } from "../../src/photos/library-package.js";
import type { Receipt } from "../../src/receipt/receipt.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { type Recheck, type RecheckChoice, recheckReceipt } from "../../src/run/recheck-receipt.js";
import { changeIds } from "../../src/virtual/photos/library-accidents.js";
import { directAccess } from "../direct-access.js";
import { ImportHarness } from "./import-harness.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";

const request = { withoutPhoneLibrary: true, batchLimits: { items: 5, bytes: 1e9 } } as const;
const live = "11111111-1111-4222-8333-444444444444";

const files = {
  "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
  "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2, live),
  "/DCIM/100APPLE/IMG_0002.MOV": mov(2, live),
  "/DCIM/100APPLE/IMG_0003.JPG": jpeg(3),
  "/DCIM/100APPLE/IMG_0004.JPG": jpeg(4),
  "/DCIM/100APPLE/IMG_0004.AAE": aae(4),
  "/DCIM/100APPLE/IMG_E0004.JPG": jpeg(40),
};

/** Verifies the newest receipt, without Photos: whatever is sent to it fails the test. */
async function verifyToday(
  harness: ImportHarness,
  receiptPath: string,
  choice: RecheckChoice = {},
  changes: Partial<LibraryPackage> = {},
): Promise<Recheck & { read: string[] }> {
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const phone = phoneWith(files);
  const { photos, clock } = await harness.parts(phone, ledgerDatabase);
  const library = await libraryOriginals({
    workFolder: join(harness.folder, "work"),
    access: directAccess,
  }).open(harness.photos.library.path);
  if ("code" in library) throw new Error(library.message);
  const read: string[] = [];
  const watched = {
    path: library.path,
    libraryId: (signal?: AbortSignal) => library.libraryId(signal),
    filesOf: (ids: Iterable<string>) => library.filesOf(ids),
    sha256Of: (file: LibraryPackageFile, signal?: AbortSignal) => {
      read.push(file.path);
      return library.sha256Of(file, signal);
    },
    openRecords: (signal?: AbortSignal) => library.openRecords(signal),
    ...changes,
  };
  const receipt = await readReceipt(receiptPath);
  const key = receipt.destination.kind === "photos" ? (receipt.destination.library ?? "") : "";
  const ledger = ledgerDatabase.ledgerFor(receipt.phone, { kind: "photos", key });
  return { ...(await recheckReceipt(receipt, { photos, clock, ledger, library: watched }, choice)), read };
}

function told({ answers }: Receipt): Record<string, string> {
  return Object.fromEntries(
    answers.map(({ path, answer, reason }) => [
      path.replace("/DCIM/100APPLE/", ""),
      reason === null ? answer : `${answer}: ${reason.code}`,
    ]),
  );
}

const row = (harness: ImportHarness, text: string, ...values: (string | number)[]) =>
  harness.photos.library.database.prepare(text).run(...values);

function kept(harness: ImportHarness, receipt: Receipt, name: string, ending: string): string {
  const id = receipt.answers.find(({ path }) => path.endsWith(name))!.photosId!.slice(0, 36);
  return join(harness.photos.library.path, "originals", id.charAt(0), `${id}${ending}`);
}

function hashOfPackage(harness: ImportHarness): string {
  const hash = createHash("sha256");
  const entries = readdirSync(harness.photos.library.path, { recursive: true, withFileTypes: true });
  for (const path of entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort())
    hash.update(path).update(readFileSync(path));
  return hash.digest("hex");
}

test("verify reads every stored file once, sends no event, writes nothing in the package, proves all again", async () => {
  using harness = new ImportHarness();
  const { receiptPath } = await harness.import(phoneWith(files), request);
  harness.photos.resetCounters();
  const before = hashOfPackage(harness);
  const { receipt, read } = await verifyToday(harness, receiptPath);
  expect(new Set(Object.values(told(receipt)))).toEqual(new Set(["proved"]));
  expect(receipt.evidence).toEqual({ rung: 4, liftedBy: null });
  expect(read.sort()).toEqual([...new Set(read)]);
  expect(read).toHaveLength(Object.keys(files).length);
  expect(hashOfPackage(harness)).toBe(before);
  expect(harness.photos.counters().total).toBe(0);
});

test("verify names what was deleted, changed or lost; the next run does not import what a person deleted", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith(files);
  const { receiptPath } = await harness.import(phone, request);
  const receipt = await readReceipt(receiptPath);
  const uuid = (name: string) =>
    receipt.answers.find(({ path }) => path.endsWith(name))!.photosId!.slice(0, 36);
  row(harness, "DELETE FROM ZASSET WHERE ZUUID = ?", uuid("IMG_0001.JPG"));
  rmSync(kept(harness, receipt, "IMG_0001.JPG", ".jpeg"));
  row(harness, "UPDATE ZASSET SET ZTRASHEDSTATE = 1 WHERE ZUUID = ?", uuid("IMG_0003.JPG"));
  rmSync(kept(harness, receipt, "IMG_0002.JPG", "_3.mov"));
  const rotten = kept(harness, receipt, "IMG_0004.JPG", ".jpeg");
  const bytes = readFileSync(rotten);
  bytes[100]! ^= 1;
  writeFileSync(rotten, bytes);

  expect(told((await verifyToday(harness, receiptPath)).receipt)).toEqual({
    "IMG_0001.JPG": "removed: GONE_FROM_LIBRARY",
    "IMG_0002.JPG": "proved",
    "IMG_0002.MOV": "missing: NOT_IN_PACKAGE",
    "IMG_0003.JPG": "removed: TRASHED_IN_PHOTOS",
    "IMG_0004.JPG": "differs: OTHER_BYTES",
    "IMG_0004.AAE": "proved",
    "IMG_E0004.JPG": "proved",
  });
  const events = harness.photos.counters().total;
  const next = await harness.import(phone, request);
  expect(next.answersByPath.get("/DCIM/100APPLE/IMG_0001.JPG")).toBe("removed");
  expect(harness.photos.counters().total).toBe(events);
});

test.each(["momentshared", "syndication"])(
  "a file that lies in the scope %s is found, and proves nothing",
  async (scope) => {
    using harness = new ImportHarness();
    const { receiptPath } = await harness.import(phoneWith(files), request);
    const receipt = await readReceipt(receiptPath);
    for (const [name, ending] of [
      ["IMG_0001.JPG", ".jpeg"],
      ["IMG_0002.JPG", ".jpeg"],
      ["IMG_0002.JPG", "_3.mov"],
    ] as const) {
      const own = kept(harness, receipt, name, ending);
      const shared = own.replace("/originals/", `/scopes/${scope}/originals/`);
      mkdirSync(dirname(shared), { recursive: true });
      renameSync(own, shared);
    }
    const checked = await verifyToday(harness, receiptPath);
    const answers = told(checked.receipt);
    for (const name of ["IMG_0001.JPG", "IMG_0002.JPG", "IMG_0002.MOV"])
      expect(answers[name], name).toBe("unknown: AMONG_SHARED");
    expect(answers["IMG_0003.JPG"]).toBe("proved");
    const { reason } = checked.receipt.answers.find(({ path }) => path.endsWith("IMG_0001.JPG"))!;
    expect(reason?.message).toContain(`scopes/${scope}/originals`);
  },
);

test("a repair that gave everything another id removes nothing: the bytes are found, the ids recorded", async () => {
  using harness = new ImportHarness();
  const { receiptPath } = await harness.import(phoneWith(files), request);
  const before = await readReceipt(receiptPath);
  changeIds(harness.photos.library);
  const { receipt } = await verifyToday(harness, receiptPath);
  expect(new Set(Object.values(told(receipt)))).toEqual(new Set(["proved"]));
  for (const [at, { photosId }] of receipt.answers.entries())
    expect(photosId).not.toBe(before.answers[at]!.photosId);
  const again = await verifyToday(harness, receiptPath);
  expect(again.receipt.totals.byAnswer.proved).toBe(Object.keys(files).length);
});

test("a sample reads its share of the photos, --since the newer ones; the rest keeps its last verdict", async () => {
  using harness = new ImportHarness();
  const many = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [
      `/DCIM/100APPLE/IMG_${String(at + 1).padStart(4, "0")}.JPG`,
      jpeg(at + 1),
    ]),
  );
  const phone = phoneWith(many);
  const { receiptPath } = await harness.import(phone, request);
  const sample = await verifyToday(harness, receiptPath, { share: 0.1 });
  expect(sample).toMatchObject({ looked: { items: 2, of: 20 } });
  expect(sample.read).toHaveLength(2);
  expect(sample.receipt.totals.byAnswer.proved).toBe(20);
  const newest = [...phone.files.values()]
    .map(({ modifiedAt }) => modifiedAt)
    .sort((a, b) => b.getTime() - a.getTime());
  const recent = await verifyToday(harness, receiptPath, { since: newest[2] });
  expect(recent).toMatchObject({ looked: { items: 3, of: 20 } });
  expect(recent.read).toHaveLength(3);
});

test("what was read today is separate from what was found before, and only it is reported as read today", async () => {
  using harness = new ImportHarness();
  const { receiptPath } = await harness.import(phoneWith(files), request);
  rmSync(join(harness.photos.library.path, "originals"), { recursive: true });
  const lines = ({ receipt, lookedAt, looked }: Recheck) =>
    recheckLines(receipt, { answers: receipt.answers, lookedAt, looked }).join("\n");

  const none = await verifyToday(harness, receiptPath, { since: new Date("2099-01-01") });
  expect(none).toMatchObject({ looked: { items: 0, of: 4 }, lookedAt: [], read: [] });
  expect(lines(none)).toMatch(
    /^Nothing was looked at: .*\nThere are 4 photos; they keep what was found before/,
  );
  const one = await verifyToday(harness, receiptPath, { share: 0.000_01 });
  expect(one.looked).toEqual({ items: 1, of: 4 });
  expect(lines(one)).toContain("Looked at 1 of 4 photos; the others keep what was found before.");
  expect(lines(one)).not.toContain("4 photos (7 files) proved");
  const proved = one.lookedAt.filter(({ path, item, answer }) => path === item && answer === "proved");
  const said = /(\d+) photos?(?: \(\d+ files\))? proved to the byte/.exec(lines(one))?.[1] ?? "0";
  expect(said).toBe(String(proved.length));
});

test("photos that were all deleted in Photos lie in Recently Deleted, and were looked for", async () => {
  using harness = new ImportHarness();
  const { receiptPath } = await harness.import(phoneWith(files), request);
  row(harness, "UPDATE ZASSET SET ZTRASHEDSTATE = 1");
  const { receipt, lookedAt, looked } = await verifyToday(harness, receiptPath);
  const [first] = recheckLines(receipt, { answers: receipt.answers, lookedAt, looked });
  expect(first).toBe("Looked for 4 photos (7 files): all lie in Recently Deleted of the library.");
});

test("a staged file that is the photo is read: missing where it was deleted, differs where it was changed", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "imports-references" });
  const { receiptPath } = await harness.import(phoneWith(files), request);
  const before = await verifyToday(harness, receiptPath);
  expect(told(before.receipt)["IMG_0001.JPG"]).toBe("present: REFERENCED");
  const staged = readdirSync(harness.stagingFolder, { recursive: true, withFileTypes: true });
  const path = (name: string) => {
    const entry = staged.find((one) => one.name === name)!;
    return join(entry.parentPath, name);
  };
  rmSync(path("IMG_0001.JPG"));
  writeFileSync(path("IMG_0002.MOV"), Buffer.alloc(mov(2, live).length));
  const after = told((await verifyToday(harness, receiptPath)).receipt);
  expect(after["IMG_0001.JPG"]).toBe("missing: REFERENCED_FILE_GONE");
  expect(after["IMG_0002.MOV"]).toBe("differs: REFERENCED_FILE_DIFFERS");
  expect(after["IMG_0003.JPG"]).toBe("present: REFERENCED");
  const again = await harness.import(phoneWith(files), { ...request, again: true });
  const imported = [...again.answers()].flatMap(({ path: at, thisRun }) => (thisRun ? [at.slice(-12)] : []));
  expect(imported).toEqual(["IMG_0001.JPG", "IMG_0002.JPG", "IMG_0002.MOV"]);
});

test("photos that the library's database knew an hour later are proved by verify, once it does", async () => {
  using harness = new ImportHarness();
  harness.photos.faults({ name: "rows-come-late", lateByMs: 3_600_000 });
  const { receiptPath } = await harness.import(phoneWith(files), { withoutPhoneLibrary: true });
  const verdicts = async () =>
    new Set(Object.values(told((await verifyToday(harness, receiptPath)).receipt)));
  expect(await verdicts()).toEqual(new Set(["unknown: NOT_IN_DATABASE"]));
  harness.clock.pass(3_600_000);
  harness.photos.catchUp();
  expect(await verdicts()).toEqual(new Set(["proved"]));
});

test("another library in its place removes nothing: where none of a receipt is found, nothing is claimed", async () => {
  using harness = new ImportHarness();
  using other = new ImportHarness();
  const { receiptPath } = await harness.import(phoneWith(files), request);
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const { photos, clock } = await harness.parts(phoneWith(files), ledgerDatabase);
  const library = await libraryOriginals({
    workFolder: join(harness.folder, "work"),
    access: directAccess,
  }).open(other.photos.library.path);
  const receipt = await readReceipt(receiptPath);
  const today = await recheckReceipt(receipt, { photos, clock, ledger: null, library });
  expect(today.receipt.totals.byAnswer).toMatchObject({ removed: 0, missing: 0, present: 7 });
});

/** Somebody imports the same bytes by hand: another item of the library holds them, too. */
function importByHand(harness: ImportHarness, names: readonly string[]): void {
  const folder = join(harness.folder, "by hand");
  mkdirSync(folder, { recursive: true });
  const paths = names.map((name) => join(folder, name));
  for (const [at, name] of names.entries())
    writeFileSync(paths[at]!, files[`/DCIM/100APPLE/${name}` as keyof typeof files]);
  const list = paths.map((path) => `Path(${JSON.stringify(path)})`).join(", ");
  harness.photos.runText(`Application("Photos").import([${list}], {skipCheckDuplicates: true}); "done"`);
}

/** What may have become of the item that Rollcall imported, and its answer where no other item has its bytes. */
const notLiving: [string, (harness: ImportHarness, receipt: Receipt) => void, string][] = [
  [
    "it lies in Recently Deleted",
    (harness, receipt) =>
      row(harness, "UPDATE ZASSET SET ZTRASHEDSTATE = 1 WHERE ZUUID = ?", uuidIn(receipt, "IMG_0002.JPG")),
    "removed: TRASHED_IN_PHOTOS",
  ],
  [
    "it is gone",
    (harness, receipt) => {
      row(harness, "DELETE FROM ZASSET WHERE ZUUID = ?", uuidIn(receipt, "IMG_0002.JPG"));
      rmSync(kept(harness, receipt, "IMG_0002.JPG", ".jpeg"));
    },
    "removed: GONE_FROM_LIBRARY",
  ],
  [
    "its row is gone and its files are there",
    (harness, receipt) => row(harness, "DELETE FROM ZASSET WHERE ZUUID = ?", uuidIn(receipt, "IMG_0002.JPG")),
    "unknown: NOT_IN_DATABASE",
  ],
  [
    "its file is gone",
    (harness, receipt) => rmSync(kept(harness, receipt, "IMG_0002.JPG", ".jpeg")),
    "missing: NOT_IN_PACKAGE",
  ],
  [
    "its file has other bytes",
    (harness, receipt) => {
      const path = kept(harness, receipt, "IMG_0002.JPG", ".jpeg");
      const bytes = readFileSync(path);
      bytes[100]! ^= 1;
      writeFileSync(path, bytes);
    },
    "differs: OTHER_BYTES",
  ],
];

function uuidIn(receipt: Receipt, name: string): string {
  return receipt.answers.find(({ path }) => path.endsWith(name))!.photosId!.slice(0, 36);
}

for (const [what, happens, alone] of notLiving) {
  test(`the photo is proved by another item with the same bytes where ${what}, and only then`, async () => {
    using harness = new ImportHarness();
    const { receiptPath } = await harness.import(phoneWith(files), request);
    happens(harness, await readReceipt(receiptPath));
    expect(told((await verifyToday(harness, receiptPath)).receipt)["IMG_0002.JPG"]).toBe(alone);

    importByHand(harness, ["IMG_0002.JPG", "IMG_0002.MOV"]);
    const { receipt } = await verifyToday(harness, receiptPath);
    expect(told(receipt)).toMatchObject({ "IMG_0001.JPG": "proved" });
    for (const name of ["IMG_0002.JPG", "IMG_0002.MOV"]) expect(told(receipt)[name]).toMatch(/^proved/);
    expect(uuidIn(receipt, "IMG_0002.JPG")).not.toBe(uuidIn(await readReceipt(receiptPath), "IMG_0002.JPG"));
  });
}

test("of an edited photo in Recently Deleted another item proves the original; its edit stays removed", async () => {
  using harness = new ImportHarness();
  const { receiptPath } = await harness.import(phoneWith(files), request);
  const before = await readReceipt(receiptPath);
  row(harness, "UPDATE ZASSET SET ZTRASHEDSTATE = 1 WHERE ZUUID = ?", uuidIn(before, "IMG_0004.JPG"));
  importByHand(harness, ["IMG_0004.JPG"]);
  expect(told((await verifyToday(harness, receiptPath)).receipt)).toMatchObject({
    "IMG_0004.JPG": "proved: HELD_BY_OTHER",
    "IMG_0004.AAE": "removed: TRASHED_IN_PHOTOS",
    "IMG_E0004.JPG": "removed: TRASHED_IN_PHOTOS",
  });
});

const unreadable = {
  code: "LIBRARY_UNREADABLE" as const,
  message: "Its database is damaged.",
  remedy: "Repair it.",
};

test.each<[string, Partial<LibraryPackage>]>([
  ["cannot be read", { openRecords: async () => unreadable }],
  [
    "shows its damage late",
    {
      openRecords: async () => {
        throw new RollcallError("LIBRARY_UNREADABLE", unreadable);
      },
    },
  ],
])("where the database %s, the receipt says what would take it further", async (_how, changes) => {
  using harness = new ImportHarness();
  const { receiptPath } = await harness.import(phoneWith(files), request);
  const all = { filesOf: () => new Map(), ...changes };
  const { receipt } = await verifyToday(harness, receiptPath, {}, all);
  expect(receipt.totals.byAnswer.present).toBeGreaterThan(0);
  expect(receipt.evidence).toEqual({ rung: 2, liftedBy: "Its database is damaged. Repair it." });
});
