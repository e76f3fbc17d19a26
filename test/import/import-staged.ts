import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { JournalAlbum } from "../../src/album/journal-album.js";
import { EditedBatches } from "../../src/import/edited-batches.js";
import { importItems } from "../../src/import/import-items.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { PhotosSession } from "../../src/session/photos-session.js";
import type { StagedItem } from "../../src/transfer/staged-item.js";
import type { ImportHarness } from "../run/import-harness.js";
import { mov, phoneWith } from "../run/small-phones.js";

/** An import event, as it was sent. */
export interface SentEvent {
  readonly by: "plain" | "by-hand";
  readonly bytes: number;
  /** How long osascript may take. */
  readonly deadlineMs: number;
}

/** Videos in staging that are as long as they say, and take next to no room on the disk. */
export interface StagedVideos {
  /** Of each video, in the order in which they come. */
  readonly sizes: readonly number[];
  /** How long Photos takes for so many bytes, before it answers well. */
  readonly msFor?: (bytes: number) => number;
  /** Comes before each event. */
  readonly onEvent?: (event: SentEvent) => void;
}

let numbers = 0;

/** One run of the import stage over videos that lie in staging. Photos is given small ones of the same names. */
export async function importStaged(
  harness: ImportHarness,
  { sizes, msFor = () => 0, onEvent }: StagedVideos,
) {
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const sent: SentEvent[] = [];
  const sizeOf = new Map<string, number>();
  const whole = harness.runScript;
  harness.runScript = (script, input, options) => {
    if (!script.name.startsWith("importFiles")) return whole(script, input, options);
    const { paths } = input as { paths: string[] };
    const bytes = paths.reduce((sum, path) => sum + sizeOf.get(path)!, 0);
    const by = script.name === "importFilesRaw" ? "by-hand" : "plain";
    const event = { by, bytes, deadlineMs: options.deadlineMs } as const;
    sent.push(event);
    onEvent?.(event);
    harness.clock.pass(msFor(bytes));
    return whole(script, input, options);
  };
  const folder = join(harness.stagingFolder, "videos");
  mkdirSync(folder, { recursive: true });
  const phone = phoneWith({});
  const parts = await harness.parts(phone, ledgerDatabase);
  const ledger = ledgerDatabase.ledgerFor(phone.identity, {
    kind: "photos",
    key: harness.photos.library.path,
  });
  const { id: runId } = ledger.runs.continueOrBegin(harness.clock.now());
  const staged = sizes.map((sizeBytes): StagedItem => {
    numbers += 1;
    const name = `IMG_${String(numbers).padStart(4, "0")}.MOV`;
    const copyPath = join(folder, name);
    writeFileSync(copyPath, mov(numbers));
    sizeOf.set(copyPath, sizeBytes);
    const path = `/DCIM/100APPLE/${name}`;
    const file = { path, sizeBytes, modifiedAtMs: harness.clock.now().getTime(), bornAtMs: null };
    const one = { role: "original" as const, file, sha256: name, fingerprint: "A", copyPath };
    const ledgerId = ledger.recordStaged(runId, { identity: name, key: path }, [one]);
    const item = { files: [one] } as unknown as StagedItem["item"];
    return { ledgerId, item, identity: name, files: [one], sizeBytes };
  });
  const session = await PhotosSession.open(parts, { mayRelaunch: false });
  const { clock, process } = parts;
  const journal = new JournalAlbum({ session, ledger, runId, clock });
  const edited = await EditedBatches.begin({
    ledger,
    runId,
    clock: harness.clock,
    photosVersion: "11.0",
    rows: null,
  });
  const outcomes: string[] = [];
  const batches = importItems(
    (async function* () {
      yield* staged;
    })(),
    {
      session,
      process,
      journal,
      ledger,
      runId,
      clock,
      limits: { items: 50, bytes: 1024 ** 3 },
      libraryBytes: async () => null,
      isStarved: () => new Promise<void>(() => undefined),
      failedBefore: () => false,
      edited,
    },
  );
  const startedMs = harness.clock.now().getTime();
  try {
    for await (const one of batches) outcomes.push(...one.outcomes.map(({ state }) => state));
  } finally {
    harness.runScript = whole;
  }
  return { outcomes, sent, minutes: (harness.clock.now().getTime() - startedMs) / 60_000 };
}
