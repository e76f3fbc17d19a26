import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { dataAt } from "../../src/usb/wire/property-list.js";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import type { VirtualPhoneState } from "../../src/virtual/iphone/phone-state.js";
import { startVirtualUsbmuxd } from "../../src/virtual/iphone/virtual-usbmuxd.js";
import { readPairRecord } from "../virtual/iphone/wire-client.js";
import { CommandHarness, main } from "./command-harness.js";

// Each waits for people and phones, a second or two; a busy machine takes longer.
vi.setConfig({ testTimeout: 60_000 });

let harness: CommandHarness;
beforeEach(async () => {
  harness = new CommandHarness();
  await makeCameraRoll({ folder: harness.mediaFolder, photos: 3 });
});
afterEach(async () => await harness[Symbol.asyncDispose]());

/** What `rollcall` says of a phone in this state, what to do, and the state in `phones --json`. */
const STATES: readonly (readonly [VirtualPhoneState, string, RegExp, RegExp])[] = [
  ["locked", "locked", /^error: L is locked\./, /do: {4}Unlock it, leave it plugged in/],
  [
    "before-first-unlock",
    "locked",
    /^error: B is locked\.\nwhy: {3}Its passcode has not been entered since it was last started\./,
    /do: {4}Unlock it with its passcode once/,
  ],
  [
    "not-trusted",
    "not-trusted",
    /^error: N does not trust this computer yet\./,
    /do: {4}Unlock it, tap Trust/,
  ],
  [
    "trust-pending",
    "not-trusted",
    /^error: P does not trust this computer yet\./,
    /do: {4}Unlock it, tap Trust/,
  ],
  [
    "trust-refused",
    "not-trusted",
    /^error: R does not trust this computer yet\./,
    /If it does not ask, plug it in again/,
  ],
  [
    "trust-lost",
    "not-trusted",
    /^error: T does not trust this computer any more\./,
    /do: {4}Unplug it, plug it in again, unlock it, tap Trust/,
  ],
  [
    "network-only",
    "network-only",
    /^error: The iPhone is reachable over Wi-Fi only/,
    /do: {4}Connect it with a cable\./,
  ],
  ["busy", "busy", /^error: Y is busy\./, /do: {4}Close other programs that use the iPhone/],
];
const NAMES = ["L", "B", "N", "P", "R", "T", "W", "Y"];
const udidOf = (place: number) => `00008140-00000000000000${place + 10}`;

describe("a phone that is not ready", () => {
  test("phones shows each state with what to do about it, and --wait 0 fails at once with the same, status 5", async () => {
    await using usbmuxd = await startVirtualUsbmuxd({ socketPath: harness.socketPath });
    for (const [place, [state]] of STATES.entries())
      await harness.plugIn({ socketPath: usbmuxd, state, name: NAMES[place], udid: udidOf(place) });

    const shown = await harness.rollcall(["phones", "--json"]);
    expect(shown.exitCode).toBe(5);
    const { phones } = JSON.parse(shown.stdout) as {
      phones: { udid: string; state: string; reason: { message: string; why?: string; remedy: string } }[];
    };
    const words = (await harness.rollcall(["phones"])).stdout;
    for (const [place, [, state, message, remedy]] of STATES.entries()) {
      const phone = phones.find(({ udid }) => udid === udidOf(place))!;
      expect(phone.state).toBe(state);
      const why = phone.reason.why ?? "";
      expect(`error: ${phone.reason.message}\nwhy:   ${why}`).toMatch(message);
      expect(`do:    ${phone.reason.remedy}`).toMatch(remedy);
      expect(words).toContain(`  ${`${phone.reason.message} ${why}`.trim()}\n  ${phone.reason.remedy}`);
    }
    for (const label of ["locked", "not trusted", "trust lost", "over Wi-Fi only", "busy"])
      expect(words).toMatch(new RegExp(`   ${label}\n`));

    await Promise.all(
      STATES.map(async ([state, , message, remedy], place) => {
        // To one who does not ask the phone, these two are as if nobody had been asked.
        if (state === "trust-pending" || state === "trust-refused") return;
        const args = ["plan", "--wait", "0", "--phone", udidOf(place)];
        const ended = await harness.rollcall(args, { ROLLCALL_HOME: join(harness.folder, state) });
        expect([state, ended.exitCode, ended.stdout]).toEqual([state, 5, ""]);
        expect(ended.stderr).toMatch(message);
        expect(ended.stderr).toMatch(remedy);
        expect(ended.stderr).not.toContain("waiting");
      }),
    );
    expect(usbmuxd.requests.of("SavePairRecord") + usbmuxd.requests.of("Listen")).toBe(0);
  });

  test("charging only: there is no phone, and the remedy names cable and unlocking", async () => {
    await harness.plugIn({ state: "charging-only" });
    const ended = await harness.rollcall(["plan", "--wait", "0"]);
    expect(ended.exitCode).toBe(5);
    expect(ended.stderr).toMatch(
      /^error: There is no iPhone on the cable\.\ndo: {4}Connect it with a cable, unlock it/,
    );
  });
});

/** Runs the command; when stderr has the text, the person acts. Each act is done once, in this order. */
async function actingOn(
  running: ReturnType<CommandHarness["start"]>,
  acts: readonly (readonly [text: string, act: () => unknown])[],
): Promise<{ stdout: string; stderr: string; exitCode: number | undefined }> {
  const left = [...acts];
  let seen = "";
  running.stderr.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
    while (left[0] !== undefined && seen.includes(left[0][0])) left.shift()![1]();
  });
  const { stdout, stderr, exitCode } = await running;
  expect(left.map(([text]) => text)).toEqual([]);
  return { stdout: String(stdout), stderr: String(stderr), exitCode };
}

describe("a run waits for the person, and goes on by itself", () => {
  test("locked: import says why it waits, and imports everything when it is unlocked", async () => {
    const phone = await harness.plugIn({ state: "locked" });
    const ended = await actingOn(harness.start(["import", "--limit", "2"]), [
      ["waiting: Anna's iPhone is locked: unlock it", () => phone.unlock()],
    ]);
    expect(ended.stderr).toMatch(
      /^waiting: .*: unlock it \((1 min 5\d s|2 min) left\)\nreading Anna's iPhone\n/,
    );
    expect([ended.exitCode, ended.stdout]).toEqual([0, expect.stringContaining("new photos")]);
    expect(ended.stderr).toMatch(
      /copying \d+ items, .*, USB 2 cable: about 1 s to copy; how long Photos takes is not known yet\n/,
    );
  });

  test("no phone: plan waits until it is plugged in, attach, detach, attach", async () => {
    const phone = await harness.plugIn();
    phone.detach();
    const ended = await actingOn(harness.start(["plan"]), [
      ["waiting: There is no iPhone on the cable: plug it in", () => phone.attachAsPhonesDo()],
    ]);
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toMatch(/ {2}import +\d+ .*USB 2 cable: about 1 s\n/);
  });

  test("--events tells why it waits, once for each reason, before anything else", async () => {
    const phone = await harness.plugIn({ state: "before-first-unlock" });
    const running = harness.start(["copy", join(harness.folder, "copy"), "--events", "--wait", "60"]);
    let seen = "";
    running.stdout.on("data", (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes('"type":"waiting"')) phone.unlock();
    });
    const { stdout, exitCode } = await running;
    const events = String(stdout)
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string });
    expect(exitCode).toBe(0);
    expect(events[0]).toEqual({
      type: "waiting",
      code: "PHONE_LOCKED",
      message: "Anna's iPhone is locked.",
      remedy: expect.stringContaining("Unlock it"),
      leftMs: expect.any(Number),
    });
    expect(events[1]).toMatchObject({ type: "phone", cableBitsPerSecond: 480_000_000 });
    expect(events.filter(({ type }) => type === "waiting")).toHaveLength(1);
  });

  test("Ctrl-C ends the waiting at once, status 130; the deadline ends it with status 5", async () => {
    await harness.plugIn({ state: "locked" });
    const running = harness.start(["import", "--wait", "600"]);
    const stopped = await actingOn(running, [["waiting", () => running.kill("SIGINT")]]);
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stderr).toContain("error: Stopped, as asked.");
    const late = await harness.rollcall(["import", "--wait", "1"]);
    expect(late.exitCode).toBe(5);
    expect(late.stderr).toMatch(
      /waiting: .*\nerror: Anna's iPhone is locked\.\nwhy: {3}It does not let this computer in while it is locked\. Rollcall waited 1 s for it\.\ndo: {4}Unlock it/,
    );
  });
});

/** It gives the command a terminal of its own; the one of macOS takes other flags. */
const hasTerminal = /util-linux/.test(String(spawnSync("script", ["--version"]).stdout));

describe.skipIf(!hasTerminal)("at a terminal (script of util-linux needed)", () => {
  test("one line tells the reason, the remedy and the seconds left, and is gone when the phone is ready", async () => {
    const phone = await harness.plugIn({ state: "locked" });
    const command = `stty cols 100 rows 40; exec '${process.execPath}' '${main}' plan`;
    const child = spawn("script", ["-qefc", command, "/dev/null"], {
      env: { ...harness.environment, TERM: "xterm", SHELL: "/bin/sh" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    let screen = "";
    const line = /waiting {4}Anna's iPhone is locked: unlock it \((?:2 min|1 min 5\d s) left\)/g;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      screen += text;
      // Drawn again with fewer seconds: then it is a line that lives.
      if (new Set(screen.match(line)).size > 1) phone.unlock();
    });
    const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
    expect(status).toBe(0);
    const lastWait = screen.lastIndexOf("waiting");
    expect(screen.indexOf("Anna's iPhone -> Photos")).toBeGreaterThan(lastWait);
    // One line up and everything below taken away.
    expect(screen.slice(lastWait)).toContain("\u001b[1A\u001b[0J");
    expect(screen.slice(lastWait)).toContain("USB 2 cable: about 1 s");
  });
});

/** Every file below the folder that holds the text, in plain or as Base64 or hex of it. */
function filesWith(folder: string, needles: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => {
    const place = join(folder, path);
    if (!statSync(place).isFile()) return false;
    const text = readFileSync(place, "latin1");
    return needles.some((needle) => text.includes(needle));
  });
}

describe.skipIf(process.platform === "darwin")(
  "where Rollcall pairs itself (not on a Mac, where the system does)",
  () => {
    test("a copy asks for trust, goes on when it is given, and no private key is in any output or file", async () => {
      const phone = await harness.plugIn({ state: "not-trusted" });
      const copy = ["copy", join(harness.folder, "copy"), "--verbose"];
      // What a program leaves in the system's temporary folder is a file too; all that Node itself tells is told.
      const TMPDIR = join(harness.folder, "tmp");
      mkdirSync(TMPDIR);
      const everything = { TMPDIR, NODE_DEBUG: "net,tls,fs,child_process" };
      const ended = await actingOn(harness.start(copy, everything), [
        ["is asking whether it may trust this computer: tap Trust on it", () => void phone.tapTrust()],
      ]);
      expect([ended.exitCode, ended.stderr]).toEqual([
        0,
        expect.stringContaining("says that it trusts this computer now"),
      ]);
      expect(phone.counters.lockdown.of("Pair")).toBe(2);

      const record = await readPairRecord(harness.socketPath, phone.udid);
      const pems = ["HostPrivateKey", "RootPrivateKey"].map((key) =>
        Buffer.from(dataAt(record, key)!).toString(),
      );
      const needles = pems.flatMap((pem) => {
        const [line = ""] = pem.split("\n").slice(10);
        expect(line).toHaveLength(64);
        const der = Buffer.from(pem.replaceAll(/-----.*-----|\s/g, ""), "base64");
        const middle = der.subarray(300, 330);
        return [
          line,
          middle.toString("hex"),
          middle.toString("latin1"),
          Buffer.from(line).toString("base64").slice(4, 60),
        ];
      });
      const escrow = Buffer.from(dataAt(record, "EscrowBag")!);
      needles.push(escrow.toString("base64").slice(0, 24), escrow.toString("hex"), "PRIVATE KEY");
      // The trusted phone again, and one that took its trust back, with everything told that can be told.
      const again = await harness.rollcall(["plan", "--json", "--verbose"], everything);
      phone.forgetComputers();
      const lost = await harness.rollcall(
        ["copy", join(harness.folder, "copy"), "--verbose", "--events", "--wait", "0"],
        everything,
      );
      expect([again.exitCode, lost.exitCode]).toEqual([0, 5]);
      expect(lost.stderr).toContain("does not trust this computer any more");
      for (const text of [ended, again, lost].flatMap(({ stdout, stderr }) => [stdout, stderr]))
        for (const needle of needles) expect(text).not.toContain(needle);
      expect(filesWith(harness.folder, needles)).toEqual([]);
    });

    test("the person taps Don't Trust: said as it is, and nothing is asked again", async () => {
      const phone = await harness.plugIn({ state: "not-trusted" });
      const running = harness.start(["plan"]);
      const ended = await actingOn(running, [
        ["is asking whether", () => phone.tapDontTrust()],
        [
          "was told not to trust this computer: unplug it, plug it in again, and tap Trust",
          () => running.kill("SIGINT"),
        ],
      ]);
      expect(ended.exitCode).toBe(130);
      expect(phone.counters.lockdown.of("Pair")).toBe(2);
      expect(phone.usbmuxd.requests.of("SavePairRecord")).toBe(0);
    });
  },
);

describe("phones --watch", () => {
  test("tells each coming once, survives a usbmuxd that is restarted, and ends with Ctrl-C, status 130", async () => {
    const first = await startVirtualUsbmuxd({ socketPath: harness.socketPath });
    const phone = await harness.plugIn({ socketPath: first, state: "before-first-unlock" });
    const running = harness.start(["phones", "--watch", "--json"]);
    const lines: { type: string; phone?: { state: string; identity: { name: string } }; code?: string }[] =
      [];
    const acts: Record<string, () => unknown> = {
      // 1: here, locked. Unlocked and plugged in anew, as phones do it, within a second.
      here: () => {
        phone.unlock();
        phone.detach();
        phone.attachAsPhonesDo();
      },
      // 2: nothing but its state has changed. Now usbmuxd goes away, with its phone.
      changed: async () => await first[Symbol.asyncDispose](),
      // 3: a new one, with another phone.
      "no-service": async () => {
        const second = await startVirtualUsbmuxd({ socketPath: harness.socketPath });
        await harness.plugIn({ socketPath: second, name: "Ben's iPhone", udid: udidOf(9) });
      },
      came: () => running.kill("SIGINT"),
    };
    let rest = "";
    running.stdout.on("data", (chunk: Buffer) => {
      const whole = (rest + chunk.toString()).split("\n");
      rest = whole.pop() ?? "";
      for (const line of whole) {
        const change = JSON.parse(line);
        lines.push(change);
        void acts[change.type]?.();
      }
    });
    const { exitCode } = await running;
    expect(exitCode).toBe(130);
    expect(lines.pop()).toMatchObject({ error: { code: "STOPPED" } });
    expect(lines.map(({ type, phone, code }) => [type, phone?.identity.name ?? code, phone?.state])).toEqual([
      ["here", "Anna's iPhone", "locked"],
      ["changed", "Anna's iPhone", "ready"],
      ["no-service", "USBMUXD_ABSENT", undefined],
      ["left", "Anna's iPhone", "ready"],
      ["came", "Ben's iPhone", "ready"],
    ]);
  });
});
