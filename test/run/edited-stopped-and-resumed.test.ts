import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect, test } from "vitest";
import type { ImportRequest } from "../../src/run/run-parts.js";
import { sampled } from "../sampled.js";
import { photosWithEdits } from "./edited-photos.js";
import { endState } from "./end-state.js";
import { EveryStop, putBack, type Stop } from "./every-stop.js";
import { ImportHarness } from "./import-harness.js";
import { phoneWith } from "./small-phones.js";

/** In the normal run a sample of the moments; all of them with ROLLCALL_TEST_EVERY_STOP=1. */
const isEveryStop = process.env.ROLLCALL_TEST_EVERY_STOP === "1";
const plain = { withoutPhoneLibrary: true } as const;

function stateOf(harness: ImportHarness) {
  return endState({
    libraryPath: harness.photos.library.path,
    ledgerPath: harness.ledgerPath,
    receiptFolder: join(harness.folder, "receipts"),
  });
}

function isGrowthEnded({ ledgerPath }: ImportHarness): boolean {
  const ledger = new DatabaseSync(ledgerPath, { readOnly: true });
  try {
    return ledger.prepare("SELECT 1 FROM edited_batches WHERE ended_ms IS NOT NULL").get() !== undefined;
  } finally {
    ledger.close();
  }
}

/** Runs on from every moment of a run at which it might be killed. */
async function atEveryStop(
  harness: ImportHarness,
  files: Record<string, Buffer>,
  request: Partial<ImportRequest>,
  check: (resumed: ImportHarness, stop: Stop, finished: Awaited<ReturnType<ImportHarness["import"]>>) => void,
): Promise<void> {
  using every = new EveryStop(harness);
  await harness.import(phoneWith(files), request);
  harness.photos.close();
  const some = every.stops.filter((_stop, at) => isEveryStop || at % 4 === 0);
  for (const stop of sampled(some, 10)) {
    putBack(stop, harness.folder);
    const resumed = new ImportHarness(harness.folder);
    resumed.clock.pass(stop.at.getTime() - resumed.clock.now().getTime() + 60_000);
    const finished = await resumed.import(phoneWith(files), request).catch((error: unknown) => {
      throw new Error(`killed ${stop.where}: ${(error as Error).message}`, { cause: error });
    });
    check(resumed, stop, finished);
    resumed.photos.close();
  }
}

test("killed at any moment of a growing batch, a run started again ends as if it had not been", async () => {
  const files = photosWithEdits(3);
  const undisturbed = async () => {
    using harness = new ImportHarness();
    await harness.import(phoneWith(files), plain);
    return stateOf(harness);
  };
  const expected = await undisturbed();
  expect(expected.items).toHaveLength(3);
  using harness = new ImportHarness();
  await atEveryStop(harness, files, plain, (resumed, { where }) => {
    const { receipts: _one, ledger, ...rest } = stateOf(resumed);
    const { receipts: _other, ledger: wanted, ...expectedRest } = expected;
    expect(rest, `killed ${where}`).toEqual(expectedRest);
    expect(ledger.files, `killed ${where}`).toEqual(wanted.files);
  });
}, 300_000);

test("killed at any moment while edits come apart, a run names and gathers the extra copies", async () => {
  const files = photosWithEdits(2);
  using harness = new ImportHarness();
  harness.photos.faults({ name: "edits-come-apart" });
  const request = { ...plain, editedBatchItems: 2 };
  await atEveryStop(harness, files, request, (resumed, { where }, { answersByPath }) => {
    const at = `killed ${where}`;
    const albums = resumed.albums();
    expect(albums["Last Import"], at).toEqual(["IMG_0001.JPG", "IMG_0002.JPG"]);
    const came = resumed.itemCount();
    // After a kill each may have gone alone, and then it comes whole.
    expect([2, 4], at).toContain(came);
    const apart = ["IMG_E0001.JPG", "IMG_E0002.JPG"];
    expect(albums["Rollcall: extra copies"] ?? [], at).toEqual(came === 4 ? apart : []);
    expect(isGrowthEnded(resumed), at).toBe(came === 4);
    for (const [path, answer] of answersByPath) {
      const isSpoilt = came === 4 && (path.includes("IMG_E") || path.endsWith(".AAE"));
      expect(answer === "proved", `${path}, ${at}`).toBe(!isSpoilt);
    }
    expect(
      Object.keys(albums).filter((title) => title.startsWith("Rollcall ")),
      at,
    ).toEqual([]);
  });
}, 300_000);
