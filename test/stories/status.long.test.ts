import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDataFolder } from "../../src/cli/process/data-folder-lock.js";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { CommandHarness, eventOf } from "./command-harness.js";

const SLOW_MS = 240_000;

let harness: CommandHarness;
beforeEach(async () => {
  harness = new CommandHarness();
  await makeCameraRoll({ folder: harness.mediaFolder, photos: 3 });
});
afterEach(async () => await harness[Symbol.asyncDispose]());

/** Every file of the data folder and its bytes; locks and who had them last are no data. */
function dataNow(): Record<string, string> {
  const data = harness.environment.ROLLCALL_HOME!;
  const names = readdirSync(data, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => /\.\w+$/.test(name) && !/^at-work\.|\.sqlite-/.test(name));
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(data, name), "hex")]));
}

async function status(): Promise<string> {
  const { stdout, stderr, exitCode } = await harness.rollcall(["status"]);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  expect(stdout.split("\n").length).toBeLessThan(24);
  return stdout;
}

test(
  "without a phone and without a data folder status says so, and makes none",
  async () => {
    const told = await status();
    expect(told).toMatch(/^phone {8}(none on the cable|.*usbmuxd.*)$/m);
    expect(told).toMatch(/^last run {5}none yet$/m);
    expect(told).toMatch(/^agent {8}./m);
    expect(told).not.toMatch(/^interrupted|^ledger|^at work/m);
    expect(existsSync(harness.environment.ROLLCALL_HOME!)).toBe(false);
  },
  SLOW_MS,
);

test(
  "new is what plan says, then nothing, and the last run is named; the data folder is unchanged",
  async () => {
    await harness.plugIn();
    const planned = JSON.parse((await harness.rollcall(["plan", "--json"])).stdout);
    const before = dataNow();
    const told = await status();
    expect(told).toContain(`phone        ${planned.summary}\n`);
    expect(planned.summary).toMatch(/^\d+ new photos on Anna's iPhone, /);
    expect(dataNow()).toEqual(before);

    const { id, ...run } = await harness.receiptOf("import");
    const after = JSON.parse((await harness.rollcall(["status", "--json"])).stdout);
    expect(after).toMatchObject({ atWork: null, cable: null, ledger: null, interrupted: [] });
    expect(after.lastRun).toMatchObject({ id, summary: (run as { summary?: string }).summary });
    expect(after.phones).toMatchObject([
      { name: "Anna's iPhone", state: "ready", new: { items: 0 }, trouble: null },
    ]);
    expect(await status()).toMatch(/^last run {5}.*Anna's iPhone: \d+ new photos, all proved/m);
  },
  SLOW_MS,
);

test(
  "status counts as an import by the config file does",
  async () => {
    await harness.plugIn();
    mkdirSync(harness.environment.ROLLCALL_HOME!);
    const config = join(harness.environment.ROLLCALL_HOME!, "config.json");
    writeFileSync(config, JSON.stringify({ kind: ["video"] }));
    const planned = JSON.parse((await harness.rollcall(["plan", "--json"])).stdout);
    const now = JSON.parse((await harness.rollcall(["status", "--json"])).stdout);
    expect(now.phones).toMatchObject([
      { trouble: null, summary: planned.summary, new: planned.totals.toImport },
    ]);
  },
  SLOW_MS,
);

test(
  "a locked phone says so",
  async () => {
    await harness.plugIn({ state: "locked" });
    const told = await status();
    expect(told).toMatch(/^phone {8}Anna's iPhone is locked\..*nlock/m);
  },
  SLOW_MS,
);

test(
  "a run that was killed is interrupted, with its phone and since when, until the next import",
  async () => {
    await harness.plugIn();
    const running = harness.start(["import", "--events"]);
    await eventOf(running, ({ type }) => type === "copied");
    running.kill("SIGKILL");
    await running;
    expect(await status()).toMatch(
      /^interrupted {2}import from Anna's iPhone, begun \d\d:\d\d: the next rollcall import resumes it$/m,
    );
    await harness.rollcall(["import"]);
    expect(await status()).not.toMatch(/^interrupted/m);
  },
  SLOW_MS,
);

test(
  "while another Rollcall is running no phone is read, and the status is 0",
  async () => {
    await harness.plugIn();
    await harness.rollcall(["import"]);
    using _lock = await lockDataFolder(harness.environment.ROLLCALL_HOME!);
    const told = await status();
    expect(told).toMatch(/^at work {6}Another Rollcall is running here.*Phones are not read meanwhile\.$/m);
    expect(told).toMatch(/^phone {8}Anna's iPhone: on the cable, not read$/m);
    expect(told).toMatch(/^last run {5}.*all proved/m);
  },
  SLOW_MS,
);

test(
  "a ledger that cannot be read is said so, and the rest is told",
  async () => {
    await harness.plugIn();
    await harness.rollcall(["import"]);
    writeFileSync(join(harness.environment.ROLLCALL_HOME!, "ledger.sqlite"), "no database");
    const told = await status();
    expect(told).toMatch(/^ledger {7}.+\.$/m);
    expect(told).toMatch(/^phone {8}Anna's iPhone: on the cable, not read$/m);
    expect(told).toMatch(/^last run {5}.*all proved/m);
  },
  SLOW_MS,
);
