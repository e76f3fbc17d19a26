import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { doctorParts } from "../../src/cli/compose/doctor-parts.js";
import { lockDataFolder } from "../../src/cli/process/data-folder-lock.js";
import { type Environment, readSettings } from "../../src/cli/process/settings.js";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import { systemClock } from "../../src/clock.js";
import { CHECKS } from "../../src/doctor/checks.js";
import { type Examined, examine } from "../../src/doctor/examine.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { startVirtualIPhone } from "../../src/virtual/iphone/virtual-iphone.js";
import { startVirtualUsbmuxd } from "../../src/virtual/iphone/virtual-usbmuxd.js";

/** What the checks find through the real parts of this computer, without Photos. */

let folder: string;
let data: string;
let socketPath: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-"));
  data = join(folder, "data");
  socketPath = join(folder, "s");
});
afterEach(() => rmSync(folder, { recursive: true }));

async function found(ids: readonly string[], environment: Environment = {}, wantedPhone?: string) {
  const env = { ROLLCALL_HOME: data, USBMUXD_SOCKET_ADDRESS: socketPath, ...environment };
  const parts = await doctorParts(await readSettings(env), { wantedPhone });
  const options = { clock: systemClock, signal: new AbortController().signal };
  const checks = CHECKS.filter(({ id }) => ids.includes(id));
  const examined: Examined[] = [];
  const before = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for await (const one of examine(checks, { ...parts, photos: null }, options)) examined.push(one);
  // SQLite takes its own files of the ledger away when the last connection is collected.
  const made = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => !before.includes(name),
  );
  expect(made, "nothing is made by looking").toEqual([]);
  return examined;
}

describe("the cable", () => {
  test("no usbmuxd where one was named is a trouble, said once", async () => {
    const [usbmuxd, phone] = await found(["usbmuxd", "phone"]);
    expect(usbmuxd).toMatchObject({ status: "trouble", blocks: "phone" });
    expect(usbmuxd?.finding).toMatch(/^No iPhone service/);
    expect(phone).toMatchObject({ status: "note", finding: expect.stringMatching(/^not known: usbmuxd/) });
  });

  test("no phone on it is a note; one that was named and is not there is a trouble", async () => {
    await using _usbmuxd = await startVirtualUsbmuxd({ socketPath });
    const [usbmuxd, phone] = await found(["usbmuxd", "phone"]);
    expect(usbmuxd).toMatchObject({ status: "ok", finding: expect.stringContaining("0 devices") });
    expect(phone).toMatchObject({ status: "note", finding: "none" });
    const [named] = await found(["phone"], {}, "Anna's iPhone");
    expect(named).toMatchObject({ status: "trouble", blocks: "phone" });
  });

  test.each([
    ["locked", /^Virtual iPhone, locked: /],
    ["not-trusted", /^Virtual iPhone, not trusted: /],
    ["ready", /^Virtual iPhone, trusted, unlocked$/],
  ] as const)("a phone that is %s is told as such, with what to do on it", async (state, finding) => {
    await using _phone = await startVirtualIPhone({ mediaFolder: folder, socketPath, state });
    const [phone] = await found(["phone"]);
    expect(phone?.finding).toMatch(finding);
    expect(phone?.status).toBe(state === "ready" ? "ok" : "trouble");
    if (state !== "ready") expect(phone?.remedy).toMatch(/^Unlock it/);
  });
});

test("a run is not at work whose process ended, or which began before this computer was started", async () => {
  const { runs } = await doctorParts(await readSettings({ ROLLCALL_HOME: data }), {});
  expect(runs.isAlive(process.pid, new Date())).toBe(true);
  expect(runs.isAlive(999_999_999, new Date())).toBe(false);
  expect(runs.isAlive(process.pid, new Date(0))).toBe(false);
});

describe("this computer", () => {
  const ledger = () => join(data, "ledger.sqlite");

  test("a data folder that is not there is not made; one with a ledger is told to be whole", async () => {
    expect((await found(["data-folder"]))[0]?.finding).toContain("not there yet");
    mkdirSync(data);
    expect((await found(["data-folder"]))[0]?.finding).toMatch(/no ledger yet$/);
    (await LedgerDatabase.open(ledger()))[Symbol.dispose]();
    expect((await found(["data-folder"]))[0]).toMatchObject({
      status: "ok",
      finding: expect.stringMatching(/the ledger is whole$/),
    });
  });

  test("a damaged ledger is a trouble, and stays as it was", async () => {
    mkdirSync(data);
    const garbage = Buffer.alloc(9000, "no database");
    writeFileSync(ledger(), garbage);
    const [finding] = await found(["data-folder"]);
    expect(finding).toMatchObject({ status: "trouble", blocks: "this computer" });
    expect(inCommandWords(finding!.remedy!)).toContain("backup");
    expect(readFileSync(ledger()).equals(garbage)).toBe(true);
  });

  test("a note of a process that ended keeps nobody away; this one's own neither", async () => {
    mkdirSync(data);
    writeFileSync(join(data, "at-work.json"), '{"pid":999999999}');
    expect((await found(["data-folder"]))[0]?.status).toBe("ok");
    using _ours = await lockDataFolder(data);
    expect((await found(["data-folder"]))[0]?.status).toBe("ok");
  });

  test("while another process is at work its ledger is left alone", async () => {
    mkdirSync(data);
    writeFileSync(join(data, "at-work.json"), `{"pid":${process.ppid}}`);
    writeFileSync(ledger(), "damaged, or half written");
    expect((await found(["data-folder"]))[0]).toMatchObject({
      status: "note",
      finding: expect.stringContaining(`process ${process.ppid}`),
    });
  });

  test("a data or staging folder that cannot be made is a trouble, with how to name another", async () => {
    writeFileSync(join(folder, "file"), "");
    const below = join(folder, "file", "below");
    for (const environment of [{ ROLLCALL_HOME: below }, { ROLLCALL_STAGING: below }]) {
      const [finding] = await found(["data-folder"], environment);
      expect(finding).toMatchObject({ status: "trouble", blocks: "this computer" });
      expect(finding?.finding).toContain(`cannot write to ${below}`);
      expect(finding?.remedy).toMatch(/ROLLCALL_HOME and ROLLCALL_STAGING/);
    }
  });

  test("space is told for folders that are not there yet", async () => {
    expect((await found(["space"]))[0]?.finding).toMatch(/^staging [\d.]+ GB free$/);
  });
});
