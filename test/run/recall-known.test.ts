import { expect, test, vi } from "vitest";
import { Ledger } from "../../src/ledger/ledger.js";
import { LedgerRows } from "../../src/ledger/ledger-rows.js";
import type { KeptLibrary, KeptRecords } from "../../src/photos/kept-originals.js";
import { recallKnown } from "../../src/run/recall-known.js";
import { ManualTime } from "../../src/virtual/photos/virtual-time.js";

const ITEMS = 5_000;
const clock = new ManualTime();
const phone = { udid: "1", name: "Anna", productType: "iPhone12,1", iosVersion: "18.0" };
const checkedAt = clock.now();

/** A library whose database is asked for the standing of each photo, and for nothing else. */
function database(standingOf: KeptRecords["standingOf"]) {
  return { library: {} as KeptLibrary, records: { standingOf } as KeptRecords };
}

async function manyItems() {
  const ledger = await Ledger.open(":memory:");
  const between = ledger.between(phone, { kind: "photos", key: "/Test.photoslibrary" });
  const ids = between.together(() =>
    Array.from({ length: ITEMS }, (_, at) => {
      const path = `/DCIM/100APPLE/${at}.JPG`;
      const file = { path, sizeBytes: 1, modifiedAtMs: at, bornAtMs: null };
      const files = [{ role: "original" as const, file, sha256: `${at}`, fingerprint: "", copyPath: "" }];
      const id = between.recordStaged(
        at === 0 ? "this run" : "before",
        { identity: `${at}`, key: path },
        files,
      );
      const found = { path, photosId: `PHOTO-${at}`, evidence: [], reason: null, checkedAt };
      between.recordOutcome(id, "imported", [{ ...found, answer: "proved" }]);
      return id;
    }),
  );
  return { ledger, between, ids };
}

test("five thousand known photos cost three questions to the ledger, and this run's own none", async () => {
  const { ledger, between, ids } = await manyItems();
  using _closed = ledger;
  const questions = (["get", "all", "lists"] as const).map((name) => vi.spyOn(LedgerRows.prototype, name));
  const asked: string[] = [];
  const library = database((photosId) => {
    asked.push(photosId);
    return "listed";
  });
  await recallKnown(ids, between, library, { clock, exceptRun: "this run" });
  expect(questions.reduce((sum, { mock }) => sum + mock.calls.length, 0)).toBe(3);
  expect([asked.length, asked.includes("PHOTO-0")]).toEqual([ITEMS - 1, false]);
  vi.restoreAllMocks();
});

test("a stop is heard after two thousand photos at the latest", async () => {
  const { ledger, between, ids } = await manyItems();
  using _closed = ledger;
  const stop = new AbortController();
  let asked = 0;
  const library = database(() => {
    asked += 1;
    setImmediate(() => stop.abort()); // as a key that is pressed: heard once others run
    return "listed";
  });
  const recalled = recallKnown(ids, between, library, { clock, signal: stop.signal });
  await expect(recalled).rejects.toMatchObject({ code: "STOPPED" });
  expect(asked).toBeLessThanOrEqual(2_000);
});
