import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { impostor } from "../../src/virtual/iphone/iphone-misbehaviour.js";
import { jpeg } from "../run/small-phones.js";
import { Table } from "./built-command.js";

// Another device under the number of a phone that this computer has a record of trust for.
const PLAIN = ["--wait", "2", "--without-phone-library"];
const NOT_PROVED =
  "What calls itself Anna's iPhone did not prove that it is the iPhone that this computer was trusted by.";
const OTHER_KEY = /Anna's iPhone has another key than this computer's record of trust/;

let table: Table;
beforeEach(() => {
  table = new Table();
  onTestFinished(() => table[Symbol.asyncDispose]());
  mkdirSync(join(table.mediaFolder, "DCIM/100APPLE"), { recursive: true });
  writeFileSync(join(table.mediaFolder, "DCIM/100APPLE/IMG_0001.JPG"), jpeg(1));
});

describe("a device without a secure connection", () => {
  test("is said by phones to have proved nothing", async () => {
    await table.plugIn({ misbehave: [impostor("no-tls")] });
    const { stdout, exitCode } = await table.rollcall(["phones"]);
    expect(exitCode).toBe(5);
    expect(stdout).toContain("   did not prove who it is\n");
    expect(stdout).toContain(NOT_PROVED);
  });

  test.each([
    ["plan", ["plan", ...PLAIN]],
    ["import", ["import", "--yes", ...PLAIN]],
  ])("is not asked for trust by %s, keeps nobody's record, and gives no file", async (_what, command) => {
    const phone = await table.plugIn({ misbehave: [impostor("no-tls")] });
    const { stdout, stderr, exitCode } = await table.rollcall(command);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 5 });
    expect(stderr).toContain(`waiting: ${NOT_PROVED.slice(0, -1)}: unplug it`);
    expect(stderr).toContain(`error: ${NOT_PROVED}\n`);
    expect(stderr).not.toMatch(/says that it trusts|trusts this computer now/);
    expect(phone.counters.lockdown.of("Pair")).toBe(0);
    expect(phone.usbmuxd.requests.of("SavePairRecord")).toBe(0);
    expect(phone.counters.lockdown.of("StartService")).toBe(0);
    await phone[Symbol.asyncDispose]();
    await table.plugIn();
    expect((await table.rollcall(["plan", ...PLAIN])).exitCode).toBe(0);
  });
});

describe("a device with another key than the record of trust", () => {
  test("is told of by phones, plan, import and doctor", async () => {
    await table.plugIn({ misbehave: [impostor("own-key")] });
    expect((await table.rollcall(["phones"])).stdout).toContain("Its key is not the one in this computer's");
    const plan = await table.rollcall(["plan", ...PLAIN]);
    expect(plan.stderr).toMatch(OTHER_KEY);
    expect(plan.stdout).toContain("Anna's iPhone shows 1 photo or video.");
    expect((await table.rollcall(["import", "--yes", ...PLAIN])).stderr).toMatch(OTHER_KEY);
    expect((await table.rollcall(["doctor"])).stdout).toMatch(
      /^note +iPhone on the cable +Anna's iPhone, unlocked, with another key/m,
    );
  });

  test("the phone of the record is shown without a word of it", async () => {
    await table.plugIn();
    expect((await table.rollcall(["phones"])).stdout).not.toContain("key");
    expect((await table.rollcall(["plan", ...PLAIN])).stderr).not.toMatch(/key|note:/);
  });
});
