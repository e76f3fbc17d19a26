import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect, test } from "vitest";
import { RollcallError } from "../../src/errors.js";
import { scriptFailed } from "../../src/jxa/osascript-answer.js";
import { runInProcess } from "../../src/virtual/photos/run-in-process.js";
import type { VirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { sampled } from "../sampled.js";
import { endState } from "./end-state.js";
import { EveryStop, putBack } from "./every-stop.js";
import { ImportHarness } from "./import-harness.js";
import { inBatchesOfFour, twelveItems } from "./twelve-items.js";

/** In the normal run a sample of the moments at which osascript dies; all of them with ROLLCALL_TEST_EVERY_STOP=1. */
const isEveryStop = process.env.ROLLCALL_TEST_EVERY_STOP === "1";

function stateOf(harness: ImportHarness) {
  return endState({
    libraryPath: harness.photos.library.path,
    ledgerPath: harness.ledgerPath,
    receiptFolder: join(harness.folder, "receipts"),
  });
}

/** An undisturbed run, and one more after it: the file that is no picture is tried again. */
async function undisturbed() {
  using harness = new ImportHarness();
  const phone = twelveItems();
  await harness.import(phone, inBatchesOfFour);
  const once = stateOf(harness);
  await harness.import(phone, inBatchesOfFour);
  return { once, twice: stateOf(harness) };
}

function isFinished({ ledgerPath }: ImportHarness): boolean {
  const database = new DatabaseSync(ledgerPath, { readOnly: true });
  try {
    return (
      database.prepare("SELECT 1 FROM sqlite_master, run WHERE finished_ms IS NOT NULL").get() !== undefined
    );
  } catch {
    return false; // killed before there were tables
  } finally {
    database.close();
  }
}

test("killed after any ledger write, or around any event, and started again: it ends as if undisturbed", async () => {
  const { once, twice } = await undisturbed();
  expect(once.items).toHaveLength(10);
  expect(once.albums).toEqual([{ title: "Last Import", members: once.items.map(({ name }) => name).sort() }]);

  const phone = twelveItems();
  using harness = new ImportHarness();
  using every = new EveryStop(harness);
  await harness.import(phone, inBatchesOfFour);
  harness.photos.close();
  expect(stateOf(harness)).toEqual(once);
  expect(every.writes).toBeGreaterThan(50);
  expect(every.asks).toBeGreaterThan(40);

  for (const stop of sampled(every.stops, 25)) {
    putBack(stop, harness.folder);
    const wasFinished = isFinished(harness);
    const resumed = new ImportHarness(harness.folder);
    resumed.clock.pass(stop.at.getTime() - resumed.clock.now().getTime() + 60_000);
    await resumed.import(phone, inBatchesOfFour).catch((error: unknown) => {
      throw new Error(`killed ${stop.where}: ${(error as Error).message}`, { cause: error });
    });
    resumed.photos.close();
    const expected = wasFinished ? twice : once;
    expect({ killed: stop.where, ...stateOf(resumed) }).toEqual({ killed: stop.where, ...expected });
  }
}, 600_000);

/** osascript dies at one question, before Photos hears it or after it has answered; Rollcall lives on. */
function childDiesAt(
  harness: ImportHarness,
  question: number,
  when: "before" | "after",
): () => string | null {
  let asks = 0;
  let died: string | null = null;
  let running = "";
  const dying: VirtualPhotos = {
    ...harness.photos,
    runText: (text, options) => {
      let times = 0;
      let isDead = false;
      const stillWanted = () => {
        options?.stillWanted?.();
        const isBefore = times++ % 2 === 0;
        if (isBefore) asks += 1;
        if (died === null && asks === question && isBefore === (when === "before")) {
          died = running;
          isDead = true;
        }
        if (isDead) throw new Error("dead");
      };
      const outcome = harness.photos.runText(text, { ...options, stillWanted });
      if (isDead) throw scriptFailed(running, "osascript was ended by SIGKILL.");
      return outcome;
    },
  };
  const run = runInProcess(dying, harness.clock);
  harness.runScript = (script, input, options) => {
    running = script.name;
    return run(script, input, options);
  };
  return () => died;
}

test("osascript killed before or after any event: this run or the next ends as if undisturbed", async () => {
  const { once } = await undisturbed();
  let died: string | null = "";
  for (let half = 0; died !== null; half += isEveryStop ? 1 : 7) {
    using harness = new ImportHarness();
    const phone = twelveItems();
    const question = 1 + Math.floor(half / 2);
    const when = half % 2 === 0 ? "before" : "after";
    const whoDied = childDiesAt(harness, question, when);
    const isFinished = await harness.import(phone, inBatchesOfFour).then(
      () => true,
      (error: unknown) => {
        if (error instanceof RollcallError && error.code === "PHOTOS_UNAVAILABLE") return false;
        throw error;
      },
    );
    died = whoDied();
    if (!isFinished) await harness.import(phone, inBatchesOfFour);
    const killed = `${when} question ${question}, in ${died}`;
    expect({ killed, ...stateOf(harness) }).toEqual({ killed, ...once });
  }
}, 600_000);

test("osascript killed in an import into the person's Photos: unknown, and not sent again unasked", async () => {
  const { once } = await undisturbed();
  using harness = new ImportHarness();
  harness.photos.launch();
  const phone = twelveItems();
  let question = 0;
  const whole = harness.runScript;
  harness.runScript = (script, input, options) => {
    if (script.name === "importFiles" && question++ === 0)
      throw scriptFailed(script.name, "osascript was ended by SIGKILL.");
    return whole(script, input, options);
  };
  await harness.import(phone, inBatchesOfFour);
  const unknown = stateOf(harness).receipts[0]![0]!.answers.filter(({ answer }) => answer === "unknown");
  expect(unknown.length).toBeGreaterThan(0);
  expect(new Set(unknown.map(({ reason }) => reason?.code))).toEqual(new Set(["PHOTOS_WOULD_NOT_SAY"]));

  await harness.import(phone, { ...inBatchesOfFour, again: true });
  expect(stateOf(harness).items).toEqual(once.items);
  expect(stateOf(harness).albums.map(({ title }) => title)).toEqual(["Last Import"]);
});
