import { expect, test, vi } from "vitest";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { LedgerRows } from "../../src/ledger/ledger-rows.js";
import type { LibraryPackage, LibraryPackageRecords } from "../../src/photos/library-package.js";
import { recallKnown } from "../../src/run/recall-known.js";
import { ManualTime } from "../../src/virtual/photos/virtual-time.js";

const ITEMS = 5_000;
const clock = new ManualTime();
const phone = { udid: "1", name: "Anna", productType: "iPhone12,1", iosVersion: "18.0" };
const checkedAt = clock.now();

/** A library whose database is asked for the standing of each photo, and for nothing else. */
function database(standingOf: LibraryPackageRecords["standingOf"]) {
  return { library: {} as LibraryPackage, records: { standingOf } as LibraryPackageRecords };
}

async function manyItems() {
  const ledgerDatabase = await LedgerDatabase.open(":memory:");
  const ledger = ledgerDatabase.ledgerFor(phone, { kind: "photos", key: "/Test.photoslibrary" });
  const ids = ledger.together(() =>
    Array.from({ length: ITEMS }, (_, at) => {
      const path = `/DCIM/100APPLE/${at}.JPG`;
      const file = { path, sizeBytes: 1, modifiedAtMs: at, bornAtMs: null };
      const files = [{ role: "original" as const, file, sha256: `${at}`, fingerprint: "", copyPath: "" }];
      const id = ledger.recordStaged(
        at === 0 ? "this run" : "before",
        { identity: `${at}`, key: path },
        files,
      );
      const found = { path, photosId: `PHOTO-${at}`, evidence: [], reason: null, checkedAt };
      ledger.findings.recordOutcome(id, "imported", [{ ...found, answer: "proved" }]);
      return id;
    }),
  );
  return { ledgerDatabase, ledger, ids };
}

test("five thousand known photos cost three questions to the ledger, and this run's own none", async () => {
  const { ledgerDatabase, ledger, ids } = await manyItems();
  using _closed = ledgerDatabase;
  const questions = (["get", "all", "lists"] as const).map((name) => vi.spyOn(LedgerRows.prototype, name));
  const asked: string[] = [];
  const library = database((photosId) => {
    asked.push(photosId);
    return "listed";
  });
  await recallKnown(ids, ledger, library, { clock, exceptRun: "this run" });
  expect(questions.reduce((sum, { mock }) => sum + mock.calls.length, 0)).toBe(3);
  expect([asked.length, asked.includes("PHOTO-0")]).toEqual([ITEMS - 1, false]);
  vi.restoreAllMocks();
});

test("a stop is heard after two thousand photos at the latest", async () => {
  const { ledgerDatabase, ledger, ids } = await manyItems();
  using _closed = ledgerDatabase;
  const stop = new AbortController();
  let asked = 0;
  const library = database(() => {
    asked += 1;
    setImmediate(() => stop.abort()); // as a key that is pressed: heard once others run
    return "listed";
  });
  const recalled = recallKnown(ids, ledger, library, { clock, signal: stop.signal });
  await expect(recalled).rejects.toMatchObject({ code: "STOPPED" });
  expect(asked).toBeLessThanOrEqual(2_000);
});
