import { expect, test } from "vitest";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import type { Clock } from "../../src/clock.js";
import type { Check } from "../../src/doctor/check.js";
import { CHECKS } from "../../src/doctor/checks.js";
import { type Examined, examine } from "../../src/doctor/examine.js";
import { RollcallError } from "../../src/errors.js";
import { goodParts, rightsOf } from "./good-parts.js";

const standing: Clock = { now: () => new Date(0), wait: () => new Promise(() => {}) };
const hurried: Clock = { now: () => new Date(0), wait: async () => {} };

async function all(
  checks: readonly Check[],
  parts = goodParts(),
  clock = standing,
  signal = new AbortController().signal,
): Promise<Examined[]> {
  const examined: Examined[] = [];
  for await (const one of examine(checks, parts, { clock, signal })) examined.push(one);
  return examined;
}

const silence = () => new Promise<never>(() => {});

test("a check that fails, in whatever way, is told, and hides none that comes after it", async () => {
  const failures = [
    () => Promise.reject(new Error("broken\n    at somewhere")),
    () => Promise.reject("no error at all"),
    () => {
      throw new RollcallError("LEDGER_DAMAGED", { message: "It is damaged.", remedy: "Restore it." });
    },
  ];
  const checks = CHECKS.map((check, at) => ({ ...check, look: failures[at % failures.length]! }));
  const examined = await all(checks);
  expect(examined.map(({ check }) => check)).toEqual(CHECKS.map(({ id }) => id));
  for (const [at, { status, finding, remedy, blocks }] of examined.entries()) {
    expect(blocks).toBe(CHECKS[at]!.blocks);
    expect(status).toBe(blocks === null ? "note" : "trouble");
    expect(["broken", "no error at all", "It is damaged."]).toContain(finding);
    expect(inCommandWords(remedy ?? "")).toMatch(
      finding === "It is damaged." ? /^Restore it\.$/ : /^Run rollcall doctor again/,
    );
  }
});

test("where nothing answers, every check is told as silent after its deadline", async () => {
  const waits: number[] = [];
  const clock: Clock = { ...hurried, wait: async (ms) => void waits.push(ms) };
  const rights = rightsOf({ isRunning: silence, mayControl: silence, mayReadLibrary: silence });
  const parts = goodParts({
    mac: { macosVersion: silence, photosVersion: silence },
    photos: { rights, process: { openLibrary: silence }, hasFullDiskAccess: silence },
    data: { requireWritable: silence, freeSpace: silence },
    cable: { phonesOnBus: silence, devicesListed: silence, finder: { look: silence } },
  });
  const checks = CHECKS.filter(({ id }) => id !== "program"); // asks nobody
  const examined = await all(checks, parts, clock);
  expect(waits).toEqual(checks.map(({ deadlineMs }) => deadlineMs));
  expect(examined.map(({ check }) => check)).toEqual(checks.map(({ id }) => id));
  for (const { finding, remedy } of examined) {
    expect(finding).toMatch(/^no answer within \d+ s$/);
    expect(inCommandWords(remedy ?? "")).toContain("Run rollcall doctor again");
  }
});

test("what a check had started is told to end when nobody waits for it any longer", async () => {
  let given: AbortSignal | undefined;
  const check: Check = {
    ...CHECKS[0]!,
    look: (_parts, signal) => {
      given = signal;
      return silence();
    },
  };
  await all([check], goodParts(), hurried);
  expect(given?.aborted).toBe(true);
});

test("each finding is told as soon as it is there", async () => {
  const examined = examine([CHECKS[0]!, { ...CHECKS[1]!, look: silence }], goodParts(), {
    clock: standing,
    signal: new AbortController().signal,
  });
  expect((await examined.next()).value).toMatchObject({ check: "versions", status: "ok" });
});

test("a stop ends it at once, before a check and in the middle of one that does not heed it", async () => {
  await expect(all(CHECKS, goodParts(), standing, AbortSignal.abort())).rejects.toMatchObject({
    code: "STOPPED",
  });
  const stop = new AbortController();
  const check: Check = {
    ...CHECKS[0]!,
    look: () => {
      stop.abort();
      return silence();
    },
  };
  await expect(all([check], goodParts(), standing, stop.signal)).rejects.toMatchObject({ code: "STOPPED" });
});
