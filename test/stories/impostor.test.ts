import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished } from "vitest";
import { impostor } from "../../src/virtual/iphone/iphone-fault.js";
import { jpeg } from "../run/small-phones.js";
import { oneTestIn } from "../sampled.js";
import { CommandHarness } from "./command-harness.js";

const test = oneTestIn(3);

// Another device under the number of a phone that this computer has a record of trust for.
const PLAIN = ["--wait", "2", "--without-phone-library"];
const NOT_PROVED =
  "What calls itself Anna's iPhone did not prove that it is the iPhone that this computer was trusted by.";
const OTHER_KEY = /Anna's iPhone has another key than this computer's record of trust/;

let harness: CommandHarness;
beforeEach(() => {
  harness = new CommandHarness();
  onTestFinished(() => harness[Symbol.asyncDispose]());
  mkdirSync(join(harness.mediaFolder, "DCIM/100APPLE"), { recursive: true });
  writeFileSync(join(harness.mediaFolder, "DCIM/100APPLE/IMG_0001.JPG"), jpeg(1));
});

describe("a device without a secure connection", () => {
  test("is said by phones to have proved nothing", async () => {
    await harness.plugIn({ faults: [impostor("no-tls")] });
    const { stdout, exitCode } = await harness.rollcall(["phones"]);
    expect(exitCode).toBe(5);
    expect(stdout).toContain("   did not prove who it is\n");
    expect(stdout).toContain(NOT_PROVED);
  });

  test.each([
    ["plan", ["plan", ...PLAIN]],
    ["import", ["import", "--yes", ...PLAIN]],
  ])("is not asked for trust by %s, keeps nobody's record, and gives no file", async (_what, command) => {
    const phone = await harness.plugIn({ faults: [impostor("no-tls")] });
    const { stdout, stderr, exitCode } = await harness.rollcall(command);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 5 });
    expect(stderr).toContain(`waiting: ${NOT_PROVED.slice(0, -1)}: unplug it`);
    expect(stderr).toContain(`error: ${NOT_PROVED}\n`);
    expect(stderr).not.toMatch(/says that it trusts|trusts this computer now/);
    expect(phone.counters.lockdown.of("Pair")).toBe(0);
    expect(phone.usbmuxd.requests.of("SavePairRecord")).toBe(0);
    expect(phone.counters.lockdown.of("StartService")).toBe(0);
    await phone[Symbol.asyncDispose]();
    await harness.plugIn();
    expect((await harness.rollcall(["plan", ...PLAIN])).exitCode).toBe(0);
  });
});

describe("a device with another key than the record of trust", () => {
  test("is told of by phones, plan, import and doctor", async () => {
    await harness.plugIn({ faults: [impostor("own-key")] });
    expect((await harness.rollcall(["phones"])).stdout).toContain(
      "Its key is not the one in this computer's",
    );
    const plan = await harness.rollcall(["plan", ...PLAIN]);
    expect(plan.stderr).toMatch(OTHER_KEY);
    expect(plan.stdout).toContain("Anna's iPhone shows 1 photo or video.");
    expect((await harness.rollcall(["import", "--yes", ...PLAIN])).stderr).toMatch(OTHER_KEY);
    expect((await harness.rollcall(["doctor"])).stdout).toMatch(
      /^note +iPhone on the cable +Anna's iPhone, unlocked, with another key/m,
    );
  });

  test("the phone of the record is shown without a word of it", async () => {
    await harness.plugIn();
    expect((await harness.rollcall(["phones"])).stdout).not.toContain("key");
    expect((await harness.rollcall(["plan", ...PLAIN])).stderr).not.toMatch(/key|note:/);
  });
});
