import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { auditLines } from "../../src/cli/commands/plan/audit-lines.js";
import { summaryLines } from "../../src/cli/terminal/summary-lines.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { type AuditedItem, auditLibrary } from "../../src/run/audit-library.js";
import { planImport, readWholeCatalogue } from "../../src/run/plan-for-phone.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import { ImportHarness } from "./import-harness.js";
import { aae, jpeg, mov, phoneWith } from "./small-phones.js";

const request = { withoutPhoneLibrary: true, batchLimits: { items: 5, bytes: 1e9 } } as const;
const live = "11111111-1111-4222-8333-444444444444";

/** Puts files into the library as a person does by hand: Rollcall knows nothing of it. */
function importByHand(harness: ImportHarness, files: Record<string, Buffer>): void {
  const folder = join(harness.folder, "by hand");
  mkdirSync(folder, { recursive: true });
  const paths = Object.entries(files).map(([name, bytes]) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  });
  const list = paths.map((path) => `Path(${JSON.stringify(path)})`).join(", ");
  const outcome = harness.photos.runText(
    `Application("Photos").import([${list}], {skipCheckDuplicates: true}); "done"`,
  );
  if (!outcome.ok) throw new Error(outcome.message);
}

/** Other bytes, the same length. */
function otherBytes(bytes: Buffer): Buffer {
  const other = Buffer.from(bytes);
  other[other.length - 3]! ^= 1;
  return other;
}

const trash = (harness: ImportHarness, name: string) =>
  harness.photos.library.database
    .prepare(
      "UPDATE ZASSET SET ZTRASHEDSTATE = 1 WHERE Z_PK IN (SELECT ZASSET FROM ZADDITIONALASSETATTRIBUTES WHERE ZORIGINALFILENAME = ?)",
    )
    .run(name);

test("photos that another tool imported are recognised by their bytes; only the others are imported", async () => {
  using harness = new ImportHarness();
  importByHand(harness, {
    "other name.JPG": jpeg(1),
    "IMG_0002.JPG": jpeg(2, live),
    "IMG_0002.MOV": mov(2, live),
    "IMG_0003.JPG": otherBytes(jpeg(3)),
    "IMG_0004.JPG": jpeg(4),
    "IMG_0005.JPG": jpeg(5),
  });
  trash(harness, "IMG_0004.JPG");
  const phone = phoneWith({
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
    "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2, live),
    "/DCIM/100APPLE/IMG_0002.MOV": mov(2, live),
    "/DCIM/100APPLE/IMG_0003.JPG": jpeg(3),
    "/DCIM/100APPLE/IMG_0004.JPG": jpeg(4),
    "/DCIM/100APPLE/IMG_0005.JPG": jpeg(5),
    "/DCIM/100APPLE/IMG_0005.AAE": aae(5),
    "/DCIM/100APPLE/IMG_0006.JPG": jpeg(6),
  });
  const { head, answers } = await harness.import(phone, request);
  const told = Object.fromEntries(
    [...answers()].map(({ path, answer, thisRun, reason }) => [
      path.slice(-12),
      `${answer}${thisRun ? ", this run" : ""}${reason === null ? "" : `: ${reason.code}`}`,
    ]),
  );
  expect(told).toEqual({
    "IMG_0001.JPG": "proved: FOUND_IN_LIBRARY",
    "IMG_0002.JPG": "proved: FOUND_IN_LIBRARY",
    "IMG_0002.MOV": "proved: FOUND_IN_LIBRARY",
    // Name, length and date are no proof.
    "IMG_0003.JPG": "proved, this run",
    // What lies in Recently Deleted is not counted as being there.
    "IMG_0004.JPG": "proved, this run",
    // The edit of a photo that is there is a person's to import, with a second copy of the photo.
    "IMG_0005.JPG": "proved: FOUND_IN_LIBRARY",
    "IMG_0005.AAE": "not-chosen: EDITED_SINCE",
    "IMG_0006.JPG": "proved, this run",
  });
  expect(harness.albums()["Last Import"]).toEqual(["IMG_0003.JPG", "IMG_0004.JPG", "IMG_0006.JPG"]);
  expect(readdirSync(harness.stagingFolder)).toEqual([]);
  expect(summaryLines(head, answers(), null).join(" ")).toContain(
    "3 photos had come into the library some other way.",
  );

  const events = harness.photos.counters().total;
  const second = await harness.import(phone, request);
  expect(second.head.totals.byAnswer.proved).toBe(7);
  expect(second.head.totals.thisRun.items).toBe(0);
  expect(harness.photos.counters().total).toBe(events);
});

test("a photo that another tool imported with its edit is known whole, else only its edit is new", async () => {
  using harness = new ImportHarness();
  importByHand(harness, {
    "IMG_0001.JPG": jpeg(1),
    "IMG_0001.AAE": aae(1),
    "IMG_E0001.JPG": jpeg(11),
    "IMG_0002.JPG": jpeg(2),
  });
  const phone = phoneWith({
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
    "/DCIM/100APPLE/IMG_0001.AAE": aae(1),
    "/DCIM/100APPLE/IMG_E0001.JPG": jpeg(11),
    "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2),
    "/DCIM/100APPLE/IMG_0002.AAE": aae(2),
  });
  const { answers } = await harness.import(phone, request);
  expect([...answers()].map(({ path, reason }) => [path.slice(15), reason?.code])).toEqual([
    ["IMG_0001.JPG", "FOUND_IN_LIBRARY"],
    ["IMG_0001.AAE", "FOUND_IN_LIBRARY"],
    ["IMG_E0001.JPG", "FOUND_IN_LIBRARY"],
    ["IMG_0002.JPG", "FOUND_IN_LIBRARY"],
    ["IMG_0002.AAE", "EDITED_SINCE"],
  ]);
  expect(harness.itemCount()).toBe(2);
  const edits = await harness.import(phone, { ...request, edits: true });
  expect(edits.head.totals.thisRun).toMatchObject({ items: 1, files: 2 });
  expect(harness.itemCount()).toBe(3);
});

test("--retry makes no second copy of a photo whose id was not found and whose bytes are there", async () => {
  using harness = new ImportHarness();
  const phone = phoneWith({ "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1) });
  const { answers } = await harness.import(phone, request);
  const [answer] = [...answers()];
  {
    using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
    const ledger = ledgerDatabase.ledgerFor(phone.identity, {
      kind: "photos",
      key: harness.photos.library.path,
    });
    const reason = { code: "NOT_LISTED" as const, message: "it was not listed", remedy: "Look for it." };
    const { path, photosId, sha256 } = answer!;
    const finding = {
      path,
      photosId,
      answer: "unknown",
      evidence: [],
      reason,
      checkedAt: new Date(),
    } as const;
    ledger.findings.recordLater([{ sha256: sha256!, photosId, finding }]);
  }
  const again = await harness.import(phone, { ...request, again: true });
  const [found] = [...again.answers()];
  expect(found).toMatchObject({ answer: "proved", thisRun: false, reason: { code: "FOUND_IN_LIBRARY" } });
  expect(harness.itemCount()).toBe(1);
  expect(readdirSync(harness.stagingFolder)).toEqual([]);
});

/** Of one item, or of all. */
function saysItIsInICloud(harness: ImportHarness, uuid = "%"): void {
  harness.photos.library.database
    .prepare(
      `UPDATE ZINTERNALRESOURCE SET ZLOCALAVAILABILITY = -1, ZREMOTEAVAILABILITY = 1
       WHERE ZASSET IN (SELECT Z_PK FROM ZASSET WHERE ZUUID LIKE ?)`,
    )
    .run(uuid);
}

async function audit(harness: ImportHarness, phone: MemoryPhone) {
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const parts = await harness.parts(phone, ledgerDatabase);
  const library = await parts.originals.open(harness.photos.library.path);
  if ("code" in library) throw new Error(library.message);
  const records = await library.openRecords();
  if ("code" in records) throw new Error(records.message);
  await using _closed = records;
  const catalogue = await readWholeCatalogue(parts, { selection: {}, withoutPhoneLibrary: true });
  const ledger = ledgerDatabase.ledgerFor(phone.identity, {
    kind: "photos",
    key: harness.photos.library.path,
  });
  const asked = { selection: {}, edits: false, again: false, withoutPhoneLibrary: true };
  const plan = await planImport(catalogue, ledger, asked, { questions: null, look: null });
  const audited: AuditedItem[] = [];
  for await (const found of auditLibrary(plan, { phone, library, records })) audited.push(found);
  const words = Object.fromEntries(audited.map(({ item, word }) => [item.key.slice(-12), word]));
  const options = { libraryPath: library.path, phoneName: "iPhone", unsizedItems: records.unsizedItems };
  return { words, text: auditLines(audited, options).join("\n") };
}

test("an audit names what is not in the library before it imports, and reads only what sizes leave open", async () => {
  using harness = new ImportHarness();
  const one = jpeg(1);
  importByHand(harness, {
    "IMG_0001.JPG": one,
    "IMG_0002.JPG": jpeg(2, live),
    "IMG_0002.MOV": mov(2, live),
    "IMG_0003.JPG": otherBytes(jpeg(3)),
    "IMG_0004.JPG": jpeg(4),
    "IMG_0005.JPG": Buffer.concat([jpeg(5), Buffer.from("longer")]),
  });
  const inCloud = harness.photos.library.database
    .prepare(
      "SELECT ZUUID AS uuid FROM ZASSET JOIN ZADDITIONALASSETATTRIBUTES x ON x.ZASSET = ZASSET.Z_PK WHERE ZORIGINALFILENAME = ?",
    )
    .get("IMG_0005.JPG") as { uuid: string };
  rmSync(join(harness.photos.library.path, "originals", inCloud.uuid.charAt(0), `${inCloud.uuid}.jpeg`));
  saysItIsInICloud(harness, inCloud.uuid);
  const phone = phoneWith({
    "/DCIM/100APPLE/IMG_0001.JPG": one,
    "/DCIM/100APPLE/IMG_0002.JPG": jpeg(2, live),
    "/DCIM/100APPLE/IMG_0002.MOV": mov(2, live),
    "/DCIM/100APPLE/IMG_0003.JPG": jpeg(3),
    "/DCIM/100APPLE/IMG_0004.JPG": jpeg(4),
    "/DCIM/100APPLE/IMG_0004.AAE": aae(4),
    "/DCIM/100APPLE/IMG_0005.JPG": Buffer.concat([jpeg(5), Buffer.from("longer")]),
    "/DCIM/100APPLE/IMG_0006.JPG": Buffer.concat([jpeg(6), Buffer.from("of a length that nothing else has")]),
  });
  const read: string[] = [];
  const reading = phone.read.bind(phone);
  phone.read = (path, options) => {
    read.push(path.slice(-12));
    return reading(path, options);
  };
  const events = harness.photos.counters().total;
  const { words, text } = await audit(harness, phone);
  expect(words).toEqual({
    "IMG_0001.JPG": "in-library",
    "IMG_0002.JPG": "in-library",
    "IMG_0003.JPG": "not-there",
    "IMG_0004.JPG": "original-in-library",
    "IMG_0005.JPG": "perhaps",
    "IMG_0006.JPG": "not-there",
  });
  expect(read).not.toContain("IMG_0006.JPG");
  expect(text).toMatch(/not in this library +2/);
  expect(text).toMatch(/perhaps in it +1 +the same length; its bytes are not on this Mac/);
  expect(text).toContain("/DCIM/100APPLE/IMG_0006.JPG");
  expect(harness.photos.counters().total).toBe(events);
  expect(readdirSync(harness.stagingFolder)).toEqual([]);
});

test("an original that is not on this Mac is told by Apple's fingerprint, and called no more than that", async () => {
  using harness = new ImportHarness();
  importByHand(harness, { "IMG_0001.JPG": jpeg(1) });
  const { fingerprint } = await fingerprintOf(harness, jpeg(1));
  harness.photos.library.database
    .prepare("UPDATE ZADDITIONALASSETATTRIBUTES SET ZORIGINALSTABLEHASH = ?")
    .run(fingerprint);
  for (const folder of readdirSync(join(harness.photos.library.path, "originals")))
    rmSync(join(harness.photos.library.path, "originals", folder), { recursive: true });
  const phone = phoneWith({
    "/DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
    "/DCIM/100APPLE/IMG_0002.JPG": otherBytes(jpeg(1)),
  });
  // Lost, as far as the library says: it is not in it, whatever its row remembers.
  expect((await audit(harness, phone)).words["IMG_0001.JPG"]).toBe("not-there");
  saysItIsInICloud(harness);
  expect((await audit(harness, phone)).words).toEqual({
    "IMG_0001.JPG": "same-fingerprint",
    "IMG_0002.JPG": "not-there",
  });
});

/** As the copy pass computes it. */
async function fingerprintOf(harness: ImportHarness, bytes: Buffer): Promise<{ fingerprint: string }> {
  const { copyFile, isPartialCopy } = await import("../../src/transfer/copy-file.js");
  const { InlineDisk } = await import("../../src/transfer/inline-disk.js");
  const phone = phoneWith({ "/DCIM/100APPLE/A.JPG": bytes });
  const { modifiedAt } = phone.files.get("/DCIM/100APPLE/A.JPG")!;
  const file = {
    path: "/DCIM/100APPLE/A.JPG",
    sizeBytes: bytes.length,
    modifiedAtMs: modifiedAt.getTime(),
    bornAtMs: null,
  };
  const described = (await phone.describe(file.path)) ?? file;
  const copy = await copyFile(phone, described, join(harness.folder, "work", "A.JPG"), {
    disk: new InlineDisk({ hasFingerprints: true }),
  });
  if (!isPartialCopy(copy)) throw new Error(copy.message);
  rmSync(copy.partialPath);
  return copy;
}
