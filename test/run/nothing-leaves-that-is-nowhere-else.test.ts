import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { mayLeave, type Removal, safeToRemove } from "../../src/receipt/safe-to-remove.js";
import { phoneCloud } from "../../src/receipt/why-it-stays.js";
import { recheckReceipt } from "../../src/run/recheck-receipt.js";
import type { MemoryPhone } from "../../src/virtual/iphone/memory-phone.js";
import type { SeededNumbers } from "../../src/virtual/iphone/seeded-numbers.js";
import { photosFaults } from "../../src/virtual/photos/photos-fault.js";
import { casesOr, playCases, seed } from "../random-cases.js";
import { damage, filesBelow } from "./damaged-library.js";
import { ImportHarness, phoneOver } from "./import-harness.js";
import { importInTrouble } from "./photos-in-trouble.js";
import { type RollWithSatellites, rollWithSatellites, writeRoll } from "./roll-with-satellites.js";

const cases = casesOr(6);

const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const faults = photosFaults.flatMap(({ examples }) => examples);

/** Imports a roll, in every third case with a Photos with a fault, and asks what may leave. */
async function whatMayLeave(harness: ImportHarness, phone: MemoryPhone, numbers: SeededNumbers) {
  const isRead = numbers.below(6) !== 0;
  const request = {
    withoutPhoneLibrary: !isRead,
    icloud: numbers.below(2) === 0 ? "import" : "skip",
  } as const;
  const trouble = numbers.below(3) === 0 ? [faults[numbers.below(faults.length)]!] : [];
  if (!isRead) phone.remove("/PhotoData/Photos.sqlite");
  const { finished } = await importInTrouble(harness, phone, request, { faults: trouble, stops: [] });
  if (numbers.below(2) === 0 && harness.itemCount() > 0) damage(harness, numbers);
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const { photos, clock, originals } = await harness.parts(phone, ledgerDatabase);
  const receipt = await readReceipt(finished.receiptPath);
  const library = await originals.open(harness.photos.library.path);
  const ledger = ledgerDatabase.ledgerFor(receipt.phone, {
    kind: "photos",
    key: harness.photos.library.path,
  });
  const { receipt: today } = await recheckReceipt(receipt, { photos, clock, ledger, library });
  const known = { checkedFrom: new Date(0), isAsLastSeen: () => true, later: [] };
  const removal = safeToRemove(today.answers, { ...known, cloud: phoneCloud([receipt]) });
  return { receipt: today, removal, isRead };
}

/** Hashes of all that the library package keeps. */
function keptIn(harness: ImportHarness): ReadonlySet<string> {
  const package_ = harness.photos.library.path;
  const folders = [join(package_, "originals"), join(package_, "resources")];
  return new Set(folders.flatMap(filesBelow).map((path) => hashOf(readFileSync(path))));
}

function expectNothingLost(roll: RollWithSatellites, removal: Removal, kept: ReadonlySet<string>): number {
  const photoOf = new Map(
    roll.photos.flatMap((photo) => Object.keys(photo.files).map((path) => [path, photo])),
  );
  let listed = 0;
  for (const [{ item, answer }] of removal.safe) {
    expect(answer).toBe("proved");
    const photo = photoOf.get(item);
    if (photo === undefined) continue; // of a file that only lies there: no photo of the phone's library has it
    listed += 1;
    for (const [path, bytes] of Object.entries({ ...photo.files, ...photo.shared }))
      expect(kept.has(hashOf(bytes)), `${item} may leave, and ${path} is nowhere else`).toBe(true);
    const { isInSharedLibrary, isSyncedWithICloud, burst } = photo.row;
    expect({ item, isInSharedLibrary, isSyncedWithICloud, usesICloud: roll.usesICloud }).toEqual({
      item,
      isInSharedLibrary: false,
      isSyncedWithICloud: false,
      usesICloud: false,
    });
    if (burst === undefined) continue;
    const frames = roll.photos.filter(({ row }) => row.burst?.id === burst.id && row.isTrashed !== true);
    const leaving = new Set(removal.safe.map(([first]) => first.item));
    for (const { original } of frames)
      expect(leaving.has(original), `${original} is of its burst`).toBe(true);
  }
  return listed;
}

test(`no list names a photo with a byte nowhere else, or one in iCloud (seed ${seed}, ${cases} cases)`, async () => {
  const seen = { listed: 0, staying: 0, others: 0 };
  const isAll = await playCases(cases, async (numbers) => {
    using harness = new ImportHarness();
    const roll = rollWithSatellites(numbers);
    const folder = join(harness.folder, "iphone");
    await writeRoll(folder, roll);
    const phone = await phoneOver(folder);
    const { receipt, removal, isRead } = await whatMayLeave(harness, phone, numbers);
    const { safe, staying, others } = removal;
    seen.listed += expectNothingLost(roll, removal, keptIn(harness));
    seen.staying += staying.length;
    seen.others += others.length;
    if (!isRead) expect(safe).toEqual([]);
    expect(safe.length + staying.length).toBe(receipt.totals.items);
    const told = [...safe.flat(), ...staying.flatMap(({ files }) => files), ...others];
    expect(told.map(({ path }) => path).sort()).toEqual(receipt.answers.map(({ path }) => path).sort());
    for (const { reason } of staying) expect(reason.message).toMatch(/^[A-Z"].*[.!?]$/);
    const byThePage = mayLeave(receipt, receipt.answers);
    expect([...safe, ...staying.map(({ files }) => files)].filter(byThePage)).toEqual(safe);
  });
  if (!isAll) return;
  expect(seen.listed).toBeGreaterThan(cases / 5);
  expect(seen.staying).toBeGreaterThan(cases);
  expect(seen.others).toBeGreaterThan(cases / 10);
}, 3_600_000);
