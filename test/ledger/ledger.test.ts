import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import type { ItemState } from "../../src/ledger/ledger-entry.js";
import { NOT_IN_ALBUM } from "../../src/ledger/ledger-entry.js";
import { LEDGER_VERSION, NEXT_FORMAT } from "../../src/ledger/ledger-format.js";
import { openLedgerDatabase } from "../../src/ledger/open-ledger-database.js";
import type { PhoneLedger } from "../../src/ledger/phone-ledger.js";
import { says } from "../says.js";
import { anna, herLibrary, olderLedger } from "./older-ledgers.js";

const phone = { udid: "A".repeat(40), name: "Anna's iPhone", productType: "iPhone16,1", iosVersion: "18.5" };
const otherPhone = { ...phone, udid: "B".repeat(40) };
const library = { kind: "photos", key: "/Users/anna/Pictures/A.photoslibrary" } as const;
const now = new Date("2026-11-22T18:40:00Z");
const file = {
  path: "/DCIM/100APPLE/IMG_0001.JPG",
  sizeBytes: 7,
  modifiedAtMs: now.getTime(),
  bornAtMs: null,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-ledger-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function stage(ledger: PhoneLedger, runId: string, sha256: string): number {
  const staged = {
    role: "original" as const,
    file,
    sha256,
    fingerprint: "A",
    copyPath: `/staging/${sha256}`,
  };
  return ledger.recordStaged(runId, { identity: `identity of ${sha256}`, key: file.path }, [staged]);
}

test("what has entered a library is known for every phone; what has not, for the one that has it staged", async () => {
  using ledgerDatabase = await LedgerDatabase.open(join(folder, "ledger.sqlite"));
  const ledger = ledgerDatabase.ledgerFor(phone, library);
  const run = ledger.runs.continueOrBegin(now);
  const id = stage(ledger, run.id, "aa");
  const seenBy = (state: ItemState) => {
    ledger.findings.setState(id, state);
    const elsewhere = { ...library, key: "/other" };
    return [
      ledger.items.itemsWithFile("aa").map(({ isOtherPhones }) => isOtherPhones),
      ledgerDatabase
        .ledgerFor(otherPhone, library)
        .items.itemsWithFile("aa")
        .map(({ isOtherPhones }) => isOtherPhones),
      ledgerDatabase.ledgerFor(phone, elsewhere).items.itemsWithFile("aa"),
    ];
  };
  for (const state of ["imported", "removed", "unknown"] as const)
    expect(seenBy(state)).toEqual([[false], [true], []]);
  for (const state of ["staged", "failed", "sent"] as const) expect(seenBy(state)).toEqual([[false], [], []]);
});

test("a folder keeps what each phone copied apart", async () => {
  using ledgerDatabase = await LedgerDatabase.open(":memory:");
  const copies = { kind: "folder", key: "/copies" } as const;
  const ledger = ledgerDatabase.ledgerFor(phone, copies);
  ledger.findings.setState(stage(ledger, ledger.runs.continueOrBegin(now).id, "aa"), "imported");
  expect(ledger.items.itemsWithFile("aa")).toHaveLength(1);
  expect(ledgerDatabase.ledgerFor(otherPhone, copies).items.itemsWithFile("aa")).toHaveLength(0);
});

test("a library is known by its own id, wherever it lies; another one at its path begins anew", async () => {
  using ledgerDatabase = await LedgerDatabase.open(":memory:");
  const runImport = (key: string, sha256: string) => {
    const ledger = ledgerDatabase.ledgerFor(phone, { kind: "photos", key });
    const run = ledger.runs.continueOrBegin(now);
    ledger.findings.setState(stage(ledger, run.id, sha256), "imported");
    ledger.runs.finish(run.id, "", now);
  };
  const knows = (key: string) =>
    ["old", "new"].filter(
      (hash) => ledgerDatabase.ledgerFor(phone, { kind: "photos", key }).items.itemsWithFile(hash).length > 0,
    );
  runImport("/a", "old");
  ledgerDatabase.libraries.name("/a", "OLD");
  ledgerDatabase.libraries.replace("/a", "NEW", now);
  expect(knows("/a")).toEqual([]);
  runImport("/a", "new");
  expect(ledgerDatabase.libraries.withId("OLD")).toMatchObject({ key: "/a", isDisplaced: true });
  ledgerDatabase.libraries.move(ledgerDatabase.libraries.withId("OLD")!, "/disk/a", now);
  expect([knows("/a"), knows("/disk/a")]).toEqual([["new"], ["old"]]);
  ledgerDatabase.libraries.move(ledgerDatabase.libraries.withId("OLD")!, "/a", now);
  expect([knows("/a"), knows("/disk/a")]).toEqual([["old"], []]);
  expect(ledgerDatabase.libraries.withId("NEW")).toMatchObject({ key: "/a", isDisplaced: true });
});

test("everything is there after closing and opening again, and an open run is continued", async () => {
  const path = join(folder, "ledger.sqlite");
  let runId: string;
  {
    using ledgerDatabase = await LedgerDatabase.open(path);
    const ledger = ledgerDatabase.ledgerFor(phone, library);
    runId = ledger.runs.continueOrBegin(now).id;
    const id = stage(ledger, runId, "aa");
    ledger.batches.beginBatch(runId, [id], { sentTo: { pid: 41, startedAt: now }, itemsBefore: 7 }, now);
  }
  using ledgerDatabase = await LedgerDatabase.open(path);
  const ledger = ledgerDatabase.ledgerFor(phone, library);
  expect(ledger.runs.continueOrBegin(new Date())).toMatchObject({
    id: runId,
    startedAt: now,
    isContinued: true,
  });
  expect(ledger.batches.openBatches(runId)).toMatchObject([
    { sentTo: { pid: 41, startedAt: now }, itemsBefore: 7, reply: null },
  ]);
  expect(ledger.items.itemsWithFile("aa")[0]?.state).toBe("sent");
});

test("a file is recognised by path, size and time together", async () => {
  using ledgerDatabase = await LedgerDatabase.open(":memory:");
  const ledger = ledgerDatabase.ledgerFor(phone, library);
  ledger.sightings.record(file, "aa");
  expect(ledger.sightings.hashSeen(file)).toBe("aa");
  expect(ledger.sightings.hashSeen({ ...file, sizeBytes: 8 })).toBeNull();
  expect(ledger.sightings.hashSeen({ ...file, modifiedAtMs: now.getTime() + 1 })).toBeNull();
  expect(ledger.sightings.wasSeenWithSize({ ...file, modifiedAtMs: 0 })).toBe(true);
});

test("a library that Photos would not name at first keeps its memory when it is named later", async () => {
  using ledgerDatabase = await LedgerDatabase.open(":memory:");
  const unnamed = ledgerDatabase.ledgerFor(phone, { kind: "photos", key: "" });
  stage(unnamed, unnamed.runs.continueOrBegin(now).id, "aa");
  ledgerDatabase.nameUnnamedLibrary(library.key);
  expect(ledgerDatabase.ledgerFor(phone, library).items.itemsWithFile("aa")).toHaveLength(1);
  expect(ledgerDatabase.lastPhotosKey()).toBe(library.key);
});

test("a damaged ledger is refused, explained, and left byte for byte as it is", async () => {
  const path = join(folder, "ledger.sqlite");
  {
    using ledgerDatabase = await LedgerDatabase.open(path);
    ledgerDatabase.ledgerFor(phone, library);
  }
  const bytes = readFileSync(path);
  bytes.fill(0x5a, 100, bytes.length);
  writeFileSync(path, bytes);
  await expect(LedgerDatabase.open(path)).rejects.toMatchObject({
    code: "LEDGER_DAMAGED",
    remedy: says("left as it is"),
  });
  expect(readFileSync(path)).toEqual(bytes);
});

test("a file that is not a database at all is refused as damaged", async () => {
  const path = join(folder, "ledger.sqlite");
  writeFileSync(path, "this is a letter, not a ledger".repeat(100));
  await expect(LedgerDatabase.open(path)).rejects.toMatchObject({ code: "LEDGER_DAMAGED" });
});

test("a ledger of a newer Rollcall is refused", async () => {
  const path = join(folder, "ledger.sqlite");
  const database = await openLedgerDatabase(path);
  database.exec(`PRAGMA user_version = ${LEDGER_VERSION + 1}`);
  database.close();
  await expect(LedgerDatabase.open(path)).rejects.toMatchObject({ code: "LEDGER_FROM_THE_FUTURE" });
});

test("a data folder that cannot be made is explained", async () => {
  writeFileSync(join(folder, "a file"), "");
  await expect(LedgerDatabase.open(join(folder, "a file", "ledger.sqlite"))).rejects.toMatchObject({
    code: "FOLDER_NOT_WRITABLE",
  });
});

describe("a ledger of an older format is carried over", () => {
  test.each([1, 2, 3, 4, 5, 6] as const)(
    "of format %i: photos, phones, choices, marks and the open run",
    async (format) => {
      const path = join(folder, "ledger.sqlite");
      olderLedger(path, format).close();
      for (const _opening of ["carried over", "opened again"]) {
        using ledgerDatabase = await LedgerDatabase.open(path);
        const ledger = ledgerDatabase.ledgerFor(
          { ...phone, udid: anna },
          { kind: "photos", key: herLibrary },
        );
        expect(ledger.choices.get("confirmed")).toBe("yes");
        expect(
          ledger.sightings.isMarked({
            ...file,
            path: "/DCIM/100APPLE/IMG_0009.JPG",
            sizeBytes: 9,
            modifiedAtMs: 900,
          }),
        ).toBe(true);
        expect(ledger.runs.open()).toMatchObject({ id: "run", startedAt: new Date(1000) });
        expect(ledger.batches.openBatches("run")).toMatchObject([
          { itemIds: [3], event: "plain", itemsBefore: null, reply: null },
        ]);
        expect(ledger.albums.ourAlbumIds()).toEqual(["ALBUM"]);
        expect(ledger.albums.pendingAlbum("run", "extra")).toBeNull();
        expect(ledger.extraCopies.ofRun("run")).toEqual([]);
        expect([ledger.albums.albumTrouble("run"), ledger.albums.unexplained("run")]).toEqual([null, []]);
        expect(ledger.editedBatches.proofFor("11.0").provedItems).toBe(0);
        expect([1, 2, 3].map((id) => ledger.items.get(id))).toMatchObject([
          { state: "imported", attempts: 0, files: [{ photosId: "PHOTO/L0/001", answer: "proved" }] },
          { state: "failed", attempts: 1, files: [{ sha256: "hash 2" }] },
          { state: "sent", attempts: 0 },
        ]);
        expect(ledgerDatabase.libraries.at(herLibrary)).toEqual({
          destination: 7,
          key: herLibrary,
          libraryId: null,
          isDisplaced: false,
        });
        expect(ledgerDatabase.lastPhotosKey()).toBe(herLibrary);
      }
    },
  );

  test("of the first: the Photos it had started", async () => {
    const path = join(folder, "ledger.sqlite");
    const database = olderLedger(path, 1);
    database.exec(`UPDATE run SET launched_pid = 41, launched_ms = ${now.getTime()}`);
    database.close();
    using ledgerDatabase = await LedgerDatabase.open(path);
    expect(ledgerDatabase.startedPhotos()).toEqual({ askedAt: now, instance: { pid: 41, startedAt: now } });
  });

  test("a kill in the middle of it leaves the older one, which is carried over by the next", async () => {
    const path = join(folder, "ledger.sqlite");
    olderLedger(path, 4).close();
    // A child process begins and is killed before it commits: its log lies beside the ledger.
    const script = `
      const { DatabaseSync } = require("@photostructure/sqlite");
      const database = new DatabaseSync(process.argv[1]);
      database.exec("PRAGMA journal_mode = WAL; PRAGMA cache_size = 1; BEGIN IMMEDIATE");
      database.exec(process.argv[2]);
      process.kill(process.pid, "SIGKILL");`;
    const killed = spawnSync(process.execPath, [
      "-e",
      script,
      path,
      `${NEXT_FORMAT[4]} PRAGMA user_version = 5;`,
    ]);
    expect(killed.signal).toBe("SIGKILL");
    using ledgerDatabase = await LedgerDatabase.open(path);
    expect(
      ledgerDatabase.ledgerFor({ ...phone, udid: anna }, { kind: "photos", key: herLibrary }).items.get(2),
    ).toMatchObject({
      state: "failed",
      attempts: 1,
    });
  });
});

test("of edited batches the largest proof and the first bad end are kept, by library and version", async () => {
  using ledgerDatabase = await LedgerDatabase.open(":memory:");
  const { editedBatches } = ledgerDatabase.ledgerFor(phone, library);
  expect(editedBatches.proofFor("11.0")).toEqual({ provedItems: 0, provedAt: null, ended: null });
  const later = new Date(now.getTime() + 60_000);
  editedBatches.recordProved("11.0", 8, now);
  editedBatches.recordProved("11.0", 4, later);
  expect(editedBatches.proofFor("11.0")).toEqual({ provedItems: 8, provedAt: now, ended: null });
  editedBatches.recordEnded("11.0", { items: 16, message: "the first", at: now });
  editedBatches.recordEnded("11.0", { items: 2, message: "the second", at: later });
  expect(editedBatches.proofFor("11.0")).toEqual({
    provedItems: 8,
    provedAt: now,
    ended: { items: 16, message: "the first", at: now },
  });
  expect(editedBatches.proofFor("11.1").ended).toBeNull();
  expect(ledgerDatabase.ledgerFor(otherPhone, library).editedBatches.proofFor("11.0").provedItems).toBe(8);
  const elsewhere = ledgerDatabase.ledgerFor(phone, { ...library, key: "/other" });
  expect(elsewhere.editedBatches.proofFor("11.0").provedItems).toBe(0);
});

test("a photo that no script sees is in the ledger by its id, and in no album", async () => {
  using ledgerDatabase = await LedgerDatabase.open(":memory:");
  const ledger = ledgerDatabase.ledgerFor(phone, library);
  const { id: runId } = ledger.runs.continueOrBegin(now);
  const reason = { code: NOT_IN_ALBUM, message: "x", remedy: "y" } as const;
  for (const [photosId, why] of [
    ["A", null],
    ["B", reason],
  ] as const) {
    const each = { ...file, path: `/DCIM/${photosId}.JPG` };
    const staged = {
      role: "original",
      file: each,
      sha256: photosId,
      fingerprint: "",
      copyPath: photosId,
    } as const;
    const id = ledger.recordStaged(runId, { identity: photosId, key: each.path }, [staged]);
    const finding = {
      path: each.path,
      photosId,
      answer: "proved",
      evidence: [],
      reason: why,
      checkedAt: now,
    } as const;
    ledger.findings.recordOutcome(id, "imported", [finding]);
  }
  expect(ledger.runs.photosIds(runId)).toEqual(["A"]);
  expect(ledger.items.isKnownPhotosId("B")).toBe(true);
});

test("an extra copy is known by its id in its library, belongs to no item, and to the run that saw it", async () => {
  using ledgerDatabase = await LedgerDatabase.open(":memory:");
  const ledger = ledgerDatabase.ledgerFor(phone, library);
  const { id: runId } = ledger.runs.continueOrBegin(now);
  const copy = { photosId: "X", name: "IMG_E0001.JPG", itemId: 7, path: "/DCIM/100APPLE/IMG_E0001.JPG" };
  ledger.extraCopies.record(runId, copy, now);
  ledger.extraCopies.record("another run", copy, now);
  expect(ledger.items.isKnownPhotosId("X")).toBe(true);
  expect(ledger.runs.photosIds(runId)).toEqual([]);
  expect(ledger.items.itemWithPhotosId("X")).toBeUndefined();
  expect(ledgerDatabase.ledgerFor(phone, { ...library, key: "/other" }).items.isKnownPhotosId("X")).toBe(
    false,
  );
  expect(ledger.extraCopies.ofRun(runId)).toEqual([{ ...copy, album: null }]);
  const album = { id: "A", name: "Rollcall: extra copies" };
  ledger.extraCopies.recordGathered(["X", "not one"], album);
  expect(ledger.extraCopies.ofRun(runId)).toEqual([{ ...copy, album }]);
  expect(ledger.extraCopies.ofRun("another run")).toEqual([]);
});

test("a roll is read in whatever order its items are asked for, each with the hash of its file", async () => {
  using ledgerDatabase = await LedgerDatabase.open(":memory:");
  const ledger = ledgerDatabase.ledgerFor(phone, library);
  const run = ledger.runs.continueOrBegin(now);
  const count = 700; // several times as many as are read at a time
  const files = Array.from({ length: count }, (_, at) => ({ ...file, path: `/DCIM/${at}.JPG` }));
  const ids = files.map((each, at) => {
    const staged = {
      role: "original" as const,
      file: each,
      sha256: `hash ${at}`,
      fingerprint: "",
      copyPath: "",
    };
    return ledger.recordStaged(run.id, { identity: `${at}`, key: each.path }, [staged]);
  });
  const order = Array.from({ length: count }, (_, at) => (at * 251) % count);
  const asked = order.map((at) => ids[at]!);
  const reader = ledger.reader(asked);
  for (const at of order) {
    expect(reader.item(ids[at]!)).toEqual(ledger.items.get(ids[at]!));
    expect(reader.hashSeen(files[at]!)).toBe(`hash ${at}`);
  }
  expect(reader.hashSeen({ ...files[0]!, sizeBytes: 8 })).toBeNull();
  expect(reader.item(count + 1)).toBeUndefined();
});

test("every commit waits until the disk has it: SQLite says synchronous = FULL (2), in a write-ahead log", async () => {
  const database = await openLedgerDatabase(join(folder, "ledger.sqlite"));
  try {
    expect(database.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 });
    expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
  } finally {
    database.close();
  }
});

test("what nothing explains in a run is kept until its receipt is, and then no longer", async () => {
  using ledgerDatabase = await LedgerDatabase.open(":memory:");
  const ledger = ledgerDatabase.ledgerFor(phone, library);
  const run = ledger.runs.continueOrBegin(now).id;
  const stranger = { id: "STRANGER/L0/001", filename: "IMG_9999.JPG" };
  ledger.albums.recordSeen(run, { albumTrouble: "too short", unexplained: [stranger] });
  ledger.albums.recordSeen(run, { albumTrouble: null, unexplained: [stranger] });
  expect(ledger.albums.albumTrouble(run)).toBeNull();
  expect(ledger.albums.unexplained(run)).toEqual([stranger]);
  expect(ledger.albums.unexplained("another run")).toEqual([]);
  ledger.runs.finish(run, "/receipt.json", now);
  expect(ledger.albums.unexplained(run)).toEqual([]);
});
