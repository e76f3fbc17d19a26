import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { editFormat } from "../../src/import/edit-format.js";
import { EditedBatches } from "../../src/import/edited-batches.js";
import type { SentItem } from "../../src/import/imported-item.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { encodeAdjustments } from "../../src/virtual/iphone/adjustments.js";
import { ManualTime } from "../../src/virtual/photos/virtual-time.js";
import { aae } from "../run/small-phones.js";

let staging: string;
beforeAll(() => {
  staging = mkdtempSync(join(tmpdir(), "rollcall-edited-"));
});
afterAll(() => rmSync(staging, { recursive: true }));

const phone = { udid: "A".repeat(40), name: "", productType: "", iosVersion: "" };
const recipe = (format: string) => encodeAdjustments(new Date(0), 1, format);

test.each([
  ["a recipe of Photos", recipe("com.apple.photo"), "taken"],
  ["one of a video", recipe("com.apple.video"), "taken"],
  ["one of another format", recipe("ScreenshotServices"), "other"],
  ["an empty one", "", "other"],
  ["one of 5 MB", Buffer.alloc(5_000_000, " "), "other"],
])("%s is told by its format", async (_what, content, expected) => {
  const copyPath = join(staging, "IMG_0001.AAE");
  writeFileSync(copyPath, content);
  expect(await editFormat([{ role: "adjustments", copyPath }])).toBe(expected);
});

test("a recipe that was let go is gone; an item without one has no edit that Photos takes", async () => {
  expect(await editFormat([{ role: "adjustments", copyPath: join(staging, "none") }])).toBe("gone");
  expect(await editFormat([{ role: "edited", copyPath: join(staging, "none") }])).toBe("other");
});

/** Two edited Live Photos that an event carried; the halves of the second have the ids that are given. */
async function judged(ofSecond: readonly [string, string], isReadable: boolean | "later") {
  using ledgerDatabase = await LedgerDatabase.open(":memory:");
  const ledger = ledgerDatabase.ledgerFor(phone, { kind: "photos", key: "/a.photoslibrary" });
  const clock = new ManualTime();
  const { id: runId } = ledger.runs.continueOrBegin(clock.now());
  const items = [["A", "A"] as const, ofSecond].map(([still, video], at): SentItem => {
    const names = [`IMG_000${at}.JPG`, `IMG_000${at}.MOV`, `IMG_000${at}.AAE`];
    const files = (["original", "live-movie", "adjustments"] as const).map((role, place) => {
      const name = names[place]!;
      const copyPath = join(staging, name);
      writeFileSync(copyPath, aae(1));
      return { role, name, copyPath, path: `/DCIM/${name}`, sizeBytes: 7 };
    });
    const ledgerId = ledger.recordStaged(
      runId,
      { identity: `${at}`, key: `${at}` },
      files.map(({ role, copyPath, path, sizeBytes }) => ({
        role,
        copyPath,
        sha256: path,
        fingerprint: "",
        file: { path, sizeBytes, modifiedAtMs: 0, bornAtMs: null },
      })),
    );
    ledger.findings.recordOutcome(
      ledgerId,
      "imported",
      files.map(({ path }, place) => ({
        path,
        answer: "present",
        evidence: [],
        reason: null,
        checkedAt: clock.now(),
        photosId: place === 1 ? video : still,
      })),
    );
    return { ledgerId, files, excludedFiles: new Map() };
  });
  const rows = { look: async () => ({ verdict: "right", photosIds: [], extra: [] }) as const };
  const edited = await EditedBatches.begin({
    ledger,
    runId,
    clock,
    photosVersion: "11.0",
    asked: 2,
    rows: isReadable === true ? rows : null,
  });
  if (isReadable === "later") edited.readFrom(rows);
  const look = { outcomes: [], absent: [], mayBeThere: false, unexplained: [], extra: [] };
  await edited.judge(items, { isAnswered: true, look });
  const { provedItems, ended } = ledger.editedBatches.proofFor("11.0");
  return { mostItems: edited.mostItems, provedItems, ended: ended?.message ?? null };
}

test("halves of an edited photo that were kept apart end the growth, also in an unreadable library", async () => {
  const apart = { mostItems: 1, provedItems: 0, ended: "Photos made two items of IMG_0001.JPG" };
  expect(await judged(["B", "C"], true)).toEqual(apart);
  expect(await judged(["B", "C"], false)).toEqual(apart);
  expect(await judged(["B", "B"], true)).toEqual({ mostItems: 2, provedItems: 2, ended: null });
  expect(await judged(["B", "B"], false)).toEqual({ mostItems: 2, provedItems: 0, ended: null });
  expect(await judged(["B", "B"], "later")).toEqual({ mostItems: 2, provedItems: 2, ended: null });
});
