import { mkdirSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { JournalAlbum } from "../../src/album/journal-album.js";
import { importItems } from "../../src/import/import-items.js";
import { patientPhotos } from "../../src/import/patient-photos.js";
import { Ledger } from "../../src/ledger/ledger.js";
import { OpenPhotos } from "../../src/run/open-photos.js";
import type { StagedItem } from "../../src/transfer/staged-item.js";
import type { PhotosMisbehaviour } from "../../src/virtual/photos/photos-misbehaviour.js";
import { Desk } from "../run/one-desk.js";
import { mov, phoneWith } from "../run/small-phones.js";

const MINUTE_MS = 60_000;
const FILM_BYTES = 6 * 1024 ** 3;
const filmPath = "/DCIM/100APPLE/IMG_0001.MOV";

/** A film of 6 GB in staging that takes no room on the disk, and a small one that Photos takes in its place. */
function makeFilm(desk: Desk): { sparse: string; small: string } {
  const [sparse, small] = ["sparse", "small"].map((name) => {
    const folder = join(desk.stagingFolder, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "IMG_0001.MOV"), mov(1));
    return join(folder, "IMG_0001.MOV");
  }) as [string, string];
  truncateSync(sparse, FILM_BYTES);
  utimesSync(sparse, 0, 0);
  return { sparse, small };
}

/** Imports the film; Photos does with its event what `how` says. */
async function importFilm(how: PhotosMisbehaviour) {
  using desk = new Desk();
  using ledger = await Ledger.open(desk.ledgerPath);
  const { sparse, small } = makeFilm(desk);
  const asked: { name: string; deadlineMs: number }[] = [];
  const whole = desk.runScript;
  desk.runScript = (script, input, options) => {
    if (!script.name.startsWith("importFiles")) return whole(script, input, options);
    const sent = input as { paths: string[]; timeoutSeconds?: number };
    expect(sent.paths).toEqual([sparse]);
    asked.push({ name: script.name, deadlineMs: options.deadlineMs });
    desk.photos.misbehave({ ...how, atEvent: 1, times: 1 } as PhotosMisbehaviour);
    return whole(script, { ...input, paths: [small] }, options);
  };
  const phone = phoneWith({ [filmPath]: mov(1) });
  const parts = await desk.parts(phone, ledger);
  const between = ledger.between(phone.identity, { kind: "photos", key: desk.photos.library.path });
  const { id: runId } = between.continueOrBeginRun(desk.clock.now());
  const file = {
    path: filmPath,
    sizeBytes: FILM_BYTES,
    modifiedAtMs: desk.clock.now().getTime(),
    bornAtMs: null,
  };
  const staged = { role: "original" as const, file, sha256: "aa", fingerprint: "A", copyPath: sparse };
  const identity = { identity: "the film", key: filmPath };
  const ledgerId = between.recordStaged(runId, identity, [staged]);
  const item = { files: [staged] } as unknown as StagedItem["item"];
  const minder = await OpenPhotos.open(parts, { mayRelaunch: false });
  const patient = patientPhotos(minder.library, minder, parts);
  const common = { ...parts, photos: minder.library, ledger: between, runId, minder };
  const journal = new JournalAlbum({ ...common, photos: patient });
  const startedMs = desk.clock.now().getTime();
  const outcomes: string[] = [];
  const film = async function* () {
    yield { ledgerId, item, identity: "the film", files: [staged], sizeBytes: FILM_BYTES };
  };
  const limits = { items: 50, bytes: 1024 ** 3 };
  const waiting = { isStarved: () => new Promise<void>(() => undefined), isSuspect: () => false };
  const libraryBytes = async () => null;
  for await (const one of importItems(film(), {
    ...common,
    patient,
    journal,
    limits,
    libraryBytes,
    ...waiting,
  }))
    outcomes.push(...one.outcomes.map(({ state }) => state));
  return {
    outcomes,
    asked,
    minutes: (desk.clock.now().getTime() - startedMs) / MINUTE_MS,
    items: desk.itemCount(),
  };
}

test("a film of 6 GB that a slow disk takes in 50 minutes is waited for, by one event with a time-out that fits its size", async () => {
  const slow = { name: "wears-out", afterItems: 0, failsAfterItems: 1e9, slowByMs: 50 * MINUTE_MS } as const;
  const { outcomes, asked, minutes, items } = await importFilm(slow);
  expect(outcomes).toEqual(["imported"]);
  expect(asked.map(({ name }) => name)).toEqual(["importFilesRaw"]);
  // 2 MB/s is what a network disk over Wi-Fi does at its worst.
  expect(asked[0]!.deadlineMs / MINUTE_MS).toBeGreaterThan(FILM_BYTES / 2e6 / 60);
  expect(asked[0]!.deadlineMs / MINUTE_MS).toBeLessThan(75);
  expect(minutes).toBeGreaterThanOrEqual(50);
  expect(items).toBe(1);
});

test("a film of 6 GB whose event gives up early is waited for as long as a slow disk takes, and is not sent again", async () => {
  const early = { name: "import-times-out", waitMs: 2 * MINUTE_MS, lateByMs: 45 * MINUTE_MS } as const;
  const { outcomes, asked, minutes, items } = await importFilm(early);
  expect(outcomes).toEqual(["imported"]);
  expect(asked).toHaveLength(1);
  expect(minutes).toBeGreaterThanOrEqual(47);
  expect(items).toBe(1);
});
