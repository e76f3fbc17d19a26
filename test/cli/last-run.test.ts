import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { forgetLastRuns } from "../../src/cli/last-run/last-run-file.js";
import { LastRunRecorder } from "../../src/cli/last-run/last-run-recorder.js";
import { readLastRuns } from "../../src/cli/last-run/read-last-runs.js";
import { readSettings } from "../../src/cli/process/settings.js";
import { RollcallError } from "../../src/errors.js";
import { MARKER } from "../../src/owned-folder.js";
import type { ReceiptHead } from "../../src/receipt/receipt.js";

/** What a run that was started from elsewhere leaves behind, for doctor to read. */

let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-left-"));
  data = join(folder, "data");
});
afterEach(() => rmSync(folder, { recursive: true }));

const settingsOf = (from: string | undefined) =>
  readSettings({ ROLLCALL_HOME: data, ROLLCALL_STARTED_FROM: from });
const begin = async (command = "import", from = "shortcuts") =>
  (await LastRunRecorder.begin(await settingsOf(from), command))!;
const well = { status: 0, error: null, isStopped: false };
const left = () => readLastRuns(data, "shortcuts");
const path = () => join(data, "last-runs", "shortcuts-import.json");

const head = (items: number, rung: number) =>
  ({
    destination: { kind: "photos", library: "/a.photoslibrary", album: null },
    totals: { thisRun: { items } },
    evidence: { rung },
  }) as ReceiptHead;

test("a terminal, a word that no set-up writes, and any other command leave nothing", async () => {
  for (const [from, command] of [
    [undefined, "import"],
    ["", "import"],
    ["elsewhere", "import"],
    ["shortcuts", "receipts"],
  ] as const)
    expect(await LastRunRecorder.begin(await settingsOf(from), command)).toBeNull();
  expect(existsSync(data)).toBe(false);
});

test("it is there from the beginning, so that a run which never ends is found too; for this user alone", async () => {
  const before = new Date();
  await begin();
  const [run, ...others] = left();
  expect(others).toEqual([]);
  expect(run).toMatchObject({
    from: "shortcuts",
    command: "import",
    pid: process.pid,
    endedAt: null,
    status: null,
    nodeVersion: process.versions.node,
    programPath: process.argv[1],
  });
  expect(run!.startedAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  expect(statSync(join(data, "last-runs")).mode & 0o777).toBe(0o700);
  expect(statSync(data).mode & 0o777).toBe(0o700);
});

test("the next run takes its place, other commands and places have their own: it does not grow", async () => {
  for (let run = 0; run < 3; run += 1) {
    for (const command of ["import", "plan", "watch"]) {
      for (const from of ["shortcuts", "agent"])
        await (await begin(command, from)).ended({ ...well, isStopped: true });
    }
  }
  expect(readdirSync(join(data, "last-runs")).sort()).toEqual([
    MARKER,
    ...["agent", "shortcuts"].flatMap((from) =>
      ["import", "plan", "watch"].map((one) => `${from}-${one}.json`),
    ),
  ]);
  expect(left().map(({ command }) => command)).toHaveLength(3);
});

describe("the end", () => {
  test("is the real status, and the error with what to do, cut short", async () => {
    const error = new RollcallError("PHONE_LOCKED", {
      message: "It is locked.",
      why: "x".repeat(10_000),
      remedy: "Unlock it.",
    });
    await (await begin()).ended({ status: 5, error, isStopped: false });
    const [run] = left();
    expect(run).toMatchObject({
      status: 5,
      failure: { code: "PHONE_LOCKED", message: "It is locked.", remedy: "Unlock it." },
    });
    expect(run!.failure!.why).toMatch(/^x{497}\.\.\.$/);
    expect(statSync(path()).size).toBeLessThan(4_000);
    expect(run!.endedAt).not.toBeNull();
  });

  test("of an import with new photos shows that Photos could be driven, and its library read", async () => {
    const leaving = await begin();
    leaving.sawImport(head(3, 4));
    await leaving.ended(well);
    expect(left()[0]!.photos).toEqual({
      control: "allowed",
      library: "allowed",
      libraryPath: "/a.photoslibrary",
    });
  });

  test("of one with nothing new shows neither: what an earlier run proved is no evidence", async () => {
    const leaving = await begin();
    leaving.sawImport(head(0, 4));
    await leaving.ended(well);
    expect(left()[0]!.photos).toMatchObject({ control: null, library: null });
  });

  test("by a refusal shows that it may not", async () => {
    const leaving = await begin();
    const error = new RollcallError("PHOTOS_NOT_PERMITTED", { message: "No.", remedy: "Allow it." });
    await leaving.ended({ status: 4, error, isStopped: false });
    expect(left()[0]!.photos).toMatchObject({ control: "refused" });
  });

  test("of a run whose set-up was removed meanwhile leaves nothing again", async () => {
    const leaving = await begin();
    forgetLastRuns(data, "shortcuts");
    await leaving.ended(well);
    expect(readdirSync(data)).toEqual([MARKER]);
  });

  test("is no trouble of the run where the folder cannot be written to", async () => {
    writeFileSync(data, "a file stands in its place");
    await (await begin()).ended(well);
    expect(readFileSync(data, "utf8")).toBe("a file stands in its place");
  });
});

test("with a set-up goes what its runs left behind, and what others left stays", async () => {
  await begin();
  await begin("import", "agent");
  writeFileSync(join(data, "last-runs", "shortcuts-plan.json.4711.partial"), "{");
  forgetLastRuns(data, "shortcuts");
  expect(readdirSync(join(data, "last-runs"))).toEqual([MARKER, "agent-import.json"]);
  forgetLastRuns(data, "agent");
  expect(existsSync(join(data, "last-runs"))).toBe(false);
  forgetLastRuns(data, "agent");
});

test.each([
  ["nothing", ""],
  ["half of it", '{"lastRun":1,'],
  ["a later format", '{"lastRun":2}'],
  ["nonsense", '{"lastRun":1,"pid":-1}'],
  ["a megabyte", "\0".repeat(1 << 20)],
])("a file that holds %s counts as none", async (_, text) => {
  await begin();
  writeFileSync(path(), text);
  expect(left()).toEqual([]);
});

test("no argument, no setting and no file of the phone is in it", async () => {
  await (await begin()).ended(well);
  const { lastRun, ...fields } = JSON.parse(readFileSync(path(), "utf8"));
  expect(lastRun).toBe(1);
  expect(Object.keys(fields).sort()).toEqual(
    [
      ...["command", "endedAt", "failure", "from", "nodePath", "nodeVersion", "photos", "pid"],
      ...["programPath", "startedAt", "status", "version"],
    ].sort(),
  );
});
