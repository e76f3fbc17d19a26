import { expect, test } from "vitest";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import type { PhoneLedger } from "../../src/ledger/phone-ledger.js";
import { needsRecovery } from "../../src/run/recover-interrupted-run.js";

const phone = { udid: "A".repeat(40), name: "", productType: "", iosVersion: "" };
const now = new Date("2026-11-22T18:40:00Z");

test.each<[string, (ledger: PhoneLedger, runId: string) => void, boolean]>([
  ["nothing was left", () => undefined, false],
  ["a journal album is open", ({ albums }, id) => albums.recordJournalAlbum(id, "A/L0/040"), true],
  ["one was being made", ({ albums }, id) => albums.recordPendingAlbum(id, "journal", "Rollcall 1"), true],
  [
    "the album for extra copies was being made",
    ({ albums }, id) => albums.recordPendingAlbum(id, "extra", "Rollcall 2"),
    true,
  ],
  [
    "an extra copy is in no album yet",
    ({ extraCopies }, id) => extraCopies.record(id, { photosId: "X", name: "N", itemId: 1, path: "/N" }, now),
    true,
  ],
  [
    "an extra copy is in its album",
    ({ extraCopies }, id) => {
      extraCopies.record(id, { photosId: "X", name: "N", itemId: 1, path: "/N" }, now);
      extraCopies.recordGathered(["X"], { id: "A", name: "B" });
    },
    false,
  ],
  [
    "an event has no end",
    ({ batches }, id) => batches.beginBatch(id, [], { sentTo: null, itemsBefore: null }, now),
    true,
  ],
])("an interrupted run is looked into where %s: %#", async (_what, leave, expected) => {
  using ledgerDatabase = await LedgerDatabase.open(":memory:");
  const ledger = ledgerDatabase.ledgerFor(phone, { kind: "photos", key: "/a.photoslibrary" });
  const { id } = ledger.runs.continueOrBegin(now);
  leave(ledger, id);
  expect(needsRecovery(ledger.runs.get(id), ledger)).toBe(expected);
});
