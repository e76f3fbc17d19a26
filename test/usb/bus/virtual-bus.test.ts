import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, type TestContext, vi } from "vitest";
import { makeCameraRoll } from "../../../src/virtual/iphone/camera-roll.js";
import { startVirtualIPhone } from "../../../src/virtual/iphone/virtual-iphone.js";
import { startVirtualUsbmuxd } from "../../../src/virtual/iphone/virtual-usbmuxd.js";
import { oneTestIn } from "../../sampled.js";

const test = oneTestIn(2);

const here = import.meta.dirname;
const main = join(here, "../../../dist/main.js");

/** Why there can be no USB bus of our own here, or null. */
function busImpossible(): string | null {
  if (process.platform !== "linux") return "a USB bus of our own can only be made on Linux";
  if (process.getuid?.() !== 0) return "a USB bus of our own needs root";
  const trial = ["-m", "-n", "sh", "-c", "mount -t tmpfs none /sys && python3 -c pass"];
  const { status, error, stderr } = spawnSync("unshare", trial, { encoding: "utf8" });
  return status === 0 ? null : `no USB bus of our own here: ${error?.message ?? stderr.trim()}`;
}
const reason = busImpossible();
const needsBus = (context: TestContext) => context.skip(reason !== null, reason ?? "");

// A busy machine takes longer.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-bus-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Starts a program where the only USB bus, and the system's usbmuxd if it is given, are ours. */
function onVirtualBus(options: readonly string[], program: readonly string[]) {
  const args = [
    "-m",
    "-n",
    "python3",
    join(here, "virtual-bus.py"),
    ...options,
    "--",
    process.execPath,
    ...program,
  ];
  const child = spawn("unshare", args, {
    env: { PATH: process.env.PATH, HOME: folder, ROLLCALL_HOME: join(folder, "data") },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const seen = { stdout: "", stderr: "" };
  const ended = new Promise<typeof seen & { status: number | null }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ ...seen, status }));
  });
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => (seen[name] += text));
  return {
    ended,
    /** As if somebody did it at the cable: "attach anna", "detach anna". */
    act: (line: string) => child.stdin.write(`${line}\n`),
    /** Calls back with each whole line of stdout. */
    onLine(hear: (line: string) => void) {
      let rest = "";
      child.stdout.on("data", (text: string) => {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) hear(line);
      });
    },
    onStderr: (hear: () => void) => child.stderr.on("data", hear),
    seen,
  };
}

const ANNA = { serialNumber: "00008140000C0FFEE0DDF00D", productId: 0x12a8, bitsPerSecond: 480_000_000 };
const BEN = { serialNumber: "00008110000000000000BE11", productId: 0x12a8, bitsPerSecond: 5_000_000_000 };

describe("npm usb as it is, on a bus of our own", () => {
  test("a phone is listed, another one comes, the first one goes; a hub without strings beside them is none", async (context) => {
    needsBus(context);
    const present = ["--present", "hub", "--present", "keyboard", "--present", "anna"];
    const bus = onVirtualBus(present, [join(here, "watch-bus.mjs")]);
    const told: unknown[] = [];
    bus.onLine((line) => {
      told.push(JSON.parse(line));
      if (told.at(-1) === "listening") bus.act("attach ben");
      if (told.length === 3) bus.act("detach anna");
    });
    expect(await bus.ended).toMatchObject({ status: 0, stderr: "" });
    expect(told).toEqual([
      { phones: [ANNA] },
      "listening",
      { phones: [BEN, ANNA] },
      { phones: [BEN] },
      "over",
    ]);
  });

  test("without any bus there is none to ask, listening ends at once, and the process ends well", async (context) => {
    needsBus(context);
    const { stdout, stderr, status } = await onVirtualBus(["--no-bus"], [join(here, "watch-bus.mjs")]).ended;
    expect({ stdout, stderr, status }).toEqual({
      stdout: '{"phones":null}\n"listening"\n"over"\n',
      stderr: "",
      status: 0,
    });
  });
});

describe("the built command between a bus and a usbmuxd of our own", () => {
  test("phones shows both witnesses: one phone ready by USB 2, one on a USB 3 cable that was not let in", async (context) => {
    needsBus(context);
    await using usbmuxd = await startVirtualUsbmuxd({ socketPath: join(folder, "mux") });
    await using _anna = await startVirtualIPhone({
      mediaFolder: folder,
      socketPath: usbmuxd,
      name: "Anna's iPhone",
    });
    const options = [
      "--usbmuxd",
      usbmuxd.socketPath,
      "--present",
      "hub",
      "--present",
      "anna",
      "--present",
      "ben",
    ];
    const { stdout, status } = await onVirtualBus(options, [main, "phones"]).ended;
    expect(status).toBe(0);
    expect(stdout).toBe(
      [
        "Anna's iPhone    iPhone 16, iOS 18.5   ready",
        "  00008140-000C0FFEE0DDF00D",
        "  cable: USB 2 (about 35 MB/s)",
        "an Apple phone                         on the cable, not answering",
        "  00008110000000000000BE11",
        "  cable: USB 3 (about 250 MB/s)",
        "  An Apple phone is on the cable, and it was not let in.",
        "  Unlock it, and allow the accessory to connect if the iPhone or the Mac asks. Then unplug it and plug it in again.",
        "",
      ].join("\n"),
    );
  });

  test("plan waits for an accessory that was not allowed, and goes on when it is; --wait 0 says so, status 5", async (context) => {
    needsBus(context);
    await makeCameraRoll({ folder: join(folder, "media"), photos: 1 });
    await using usbmuxd = await startVirtualUsbmuxd({ socketPath: join(folder, "mux") });
    await using phone = await startVirtualIPhone({
      mediaFolder: join(folder, "media"),
      socketPath: usbmuxd,
      state: "not-allowed",
    });
    const options = ["--usbmuxd", usbmuxd.socketPath, "--present", "anna"];
    const refused = await onVirtualBus(options, [main, "plan", "--wait", "0"]).ended;
    expect(refused.status).toBe(5);
    expect(refused.stderr).toMatch(
      /^error: An Apple phone is on the cable, and it was not let in\.\ndo: {4}Unlock it/,
    );
    const waiting = onVirtualBus(options, [main, "plan"]);
    waiting.onStderr(() => {
      if (waiting.seen.stderr.includes("waiting: An Apple phone is on the cable")) phone.allowAccessory();
    });
    const { status, stdout, stderr } = await waiting.ended;
    expect([status, stderr]).toEqual([0, expect.stringContaining("reading Virtual iPhone")]);
    expect(stdout).toContain("USB 2 cable: about 1 s");
  });
});
