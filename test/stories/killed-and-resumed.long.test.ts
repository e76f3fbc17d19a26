import { mkdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { endState } from "../run/end-state.js";
import { twelveItems } from "../run/twelve-items.js";
import { CommandHarness } from "./command-harness.js";

/** At every question to Photos, in some minutes, with ROLLCALL_TEST_EVERY_STOP=1; at two otherwise. */
const isEveryStop = process.env.ROLLCALL_TEST_EVERY_STOP === "1";
/** Most of the time is spent waiting for a Photos that does not answer. */
const AT_ONCE = isEveryStop ? 3 : 2;

const murderer = join(import.meta.dirname, "dying-osascript.mjs");
const importing = ["import", "--without-phone-library", "--batch-items", "4"];

/** What is killed, and when: at a question to Photos, or after a line of what `--events` prints. */
type Kill =
  | { readonly whom: "osascript" | "rollcall"; readonly question: number; readonly when: "before" | "after" }
  | { readonly whom: "rollcall"; readonly line: number };

async function tableWithTwelveItems(): Promise<CommandHarness> {
  const harness = new CommandHarness(murderer);
  for (const [path, { bytes, modifiedAt }] of twelveItems().files) {
    const file = join(harness.mediaFolder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    utimesSync(file, modifiedAt, modifiedAt);
  }
  await harness.plugIn();
  return harness;
}

function stateOf(harness: CommandHarness) {
  const data = join(harness.folder, "data");
  return endState({
    libraryPath: harness.photos.library.path,
    ledgerPath: join(data, "ledger.sqlite"),
    receiptFolder: join(data, "receipts"),
  });
}

async function undisturbed() {
  await using harness = await tableWithTwelveItems();
  const { stdout, exitCode } = await harness.rollcall([...importing, "--events"]);
  expect(exitCode).toBe(3); // one file is no picture
  const questions = statSync(join(harness.folder, "asked")).size;
  return { state: stateOf(harness), questions, lines: stdout.split("\n").length };
}

/** One killed run and as many more as it takes, two at most. */
async function stateAfter(kill: Kill): Promise<ReturnType<typeof stateOf>> {
  await using harness = await tableWithTwelveItems();
  const isOver = () => stateOf(harness).ledger.runs.some(({ isFinished }) => isFinished);
  if ("question" in kill) {
    writeFileSync(join(harness.folder, "KILL.json"), JSON.stringify(kill));
    const { exitCode } = await harness.rollcall(importing);
    if (kill.whom === "rollcall") expect(exitCode).toBeUndefined();
  } else {
    const running = harness.start([...importing, "--events"]);
    let lines = 0;
    running.stdout.on("data", (chunk: Buffer) => {
      lines += chunk.toString().split("\n").length - 1;
      if (lines >= kill.line) running.kill("SIGKILL");
    });
    await running;
  }
  for (let time = 0; time < 2 && !isOver(); time += 1) await harness.rollcall(importing);
  const state = stateOf(harness);
  if (!state.isPhotosOpen) return state;
  // A kill just before Photos is asked to quit leaves that to the run after, whatever else that one does.
  await harness.rollcall(importing);
  return { ...state, isPhotosOpen: stateOf(harness).isPhotosOpen };
}

test("rollcall or osascript killed at moments all over an import: this run or the next ends as undisturbed", async () => {
  const { state, questions, lines } = await undisturbed();
  const kills: Kill[] = [
    { whom: "rollcall", question: Math.floor(questions / 2), when: "after" },
    { whom: "osascript", question: 1, when: "before" },
  ];
  if (isEveryStop) {
    // Every moment of each is played without processes, by stopped-and-resumed.
    for (let question = 1; question <= questions; question += 1) {
      const whom = question % 2 === 0 ? "rollcall" : "osascript";
      kills.push({ whom, question, when: question % 4 < 2 ? "before" : "after" });
    }
    for (let line = 1; line < lines; line += 9) kills.push({ whom: "rollcall", line });
  }
  const waiting = [...kills];
  const worker = async () => {
    for (let kill = waiting.shift(); kill !== undefined; kill = waiting.shift())
      expect(await stateAfter(kill), JSON.stringify(kill)).toEqual(state);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}, 2_400_000);
