import { expect, test } from "vitest";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { NOT_IN_ALBUM } from "../../src/ledger/ledger-entry.js";
import { Proofs } from "../../src/verify/proofs.js";
import { recordJudged } from "../../src/verify/record-judged.js";
import type { LibraryVerdict } from "../../src/verify/verdict-from-library.js";
import { QuickClock } from "../phone/quick-clock.js";

const path = "/DCIM/100APPLE/IMG_0001.JPG";
const now = new Date("2026-11-22T10:00:00Z");
const phone = { udid: "A".repeat(40), name: "Anna's iPhone", productType: "iPhone16,1", iosVersion: "18.5" };
const inNoAlbum = { code: NOT_IN_ALBUM, message: "no script saw it", remedy: "Nothing to do." } as const;
const gone = { code: "GONE_FROM_LIBRARY", message: "it is gone", remedy: "Look." } as const;

test.each([
  { judged: { answer: "proved", evidence: ["sha256"], reason: null }, code: NOT_IN_ALBUM },
  { judged: { answer: "present", evidence: ["database"], reason: null }, code: NOT_IN_ALBUM },
  { judged: { answer: "missing", evidence: [], reason: gone }, code: "GONE_FROM_LIBRARY" },
] as const)(
  "a photo that no script sees and the library calls $judged.answer: $code",
  async ({ judged, code }) => {
    using ledgerDatabase = await LedgerDatabase.open(":memory:");
    const ledger = ledgerDatabase.ledgerFor(phone, { kind: "photos", key: "/x.photoslibrary" });
    const file = { path, sizeBytes: 4, modifiedAtMs: 1, bornAtMs: null };
    const staged = {
      role: "original",
      file,
      sha256: "ab",
      fingerprint: "",
      copyPath: "/nowhere/IMG_0001.JPG",
    } as const;
    const { id: runId } = ledger.runs.continueOrBegin(now);
    const id = ledger.recordStaged(runId, { identity: "one", key: path }, [staged]);
    const finding = {
      path,
      photosId: "A/L0/001",
      answer: "present",
      evidence: [],
      reason: inNoAlbum,
      checkedAt: now,
    } as const;
    ledger.findings.recordOutcome(id, "imported", [finding]);

    const verdicts = new Map<string, LibraryVerdict>([[path, judged as LibraryVerdict]]);
    await recordJudged([{ item: ledger.items.get(id), verdicts }], new Proofs(), {
      ledger,
      clock: new QuickClock(),
    });
    expect(ledger.items.get(id).files).toMatchObject([{ answer: judged.answer, reason: { code } }]);
  },
);
