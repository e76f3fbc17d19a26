import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { impostor } from "../../src/virtual/iphone/iphone-fault.js";
import { startVirtualUsbmuxd } from "../../src/virtual/iphone/virtual-usbmuxd.js";
import { openVirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { FakeMac } from "../integrations/fake-mac.js";
import { atTerminal, hasTerminal } from "./at-terminal.js";
import { CommandHarness } from "./command-harness.js";

// A plug-in is looked at when it has been quiet for a second and a half; a busy machine takes longer.
vi.setConfig({ testTimeout: 180_000 });

const ANNA = "00008140-000C0FFEE0DDF00D";
const BEN = "00008140-000C0FFEE0DDBEEF";

interface Told {
  readonly type: string;
  readonly phone?: { readonly udid: string; readonly state: string };
  readonly code?: string;
  readonly message?: string;
  readonly summary?: string;
}

/** `rollcall watch --json`, and everything that it tells. */
class Watch implements AsyncDisposable {
  readonly told: Told[] = [];
  readonly running: ReturnType<CommandHarness["start"]>;
  #rest = "";
  #taken = 0;
  #hear = () => {};
  #hasEnded = false;

  constructor(
    harness: CommandHarness,
    args: readonly string[] = [],
    environment: Record<string, string> = {},
  ) {
    this.running = harness.start(["watch", "--json", ...args], environment);
    this.running.stdout.on("data", (chunk: Buffer) => {
      const lines = (this.#rest + chunk.toString()).split("\n");
      this.#rest = lines.pop() ?? "";
      this.told.push(...lines.map((line) => JSON.parse(line) as Told));
      this.#hear();
    });
    this.running.stdout.on("end", () => {
      this.#hasEnded = true;
      this.#hear();
    });
  }

  /** The next event of this type, of this phone; what is told before it is passed over. */
  async next(type: string, udid?: string): Promise<Told> {
    for (;;) {
      while (this.#taken < this.told.length) {
        const event = this.told[this.#taken]!;
        this.#taken += 1;
        if (event.type === type && (udid === undefined || event.phone?.udid === udid)) return event;
      }
      if (this.#hasEnded) throw new Error(`it ended without ${type}`);
      await new Promise<void>((resolve) => {
        this.#hear = resolve;
      });
    }
  }

  count(type: string): number {
    return this.told.filter((event) => event.type === type).length;
  }

  /** How long it took to end after SIGTERM, and with which status. */
  async stop(): Promise<{ seconds: number; status: number | undefined }> {
    const begun = performance.now();
    this.running.kill("SIGTERM");
    const { exitCode } = await this.running;
    return { seconds: (performance.now() - begun) / 1000, status: exitCode };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.running.kill("SIGKILL");
    await this.running;
  }
}

let harness: CommandHarness;
beforeEach(async () => {
  harness = new CommandHarness();
  await makeCameraRoll({ folder: harness.mediaFolder, photos: 3 });
});
afterEach(async () => await harness[Symbol.asyncDispose]());

describe("rollcall watch", () => {
  test("imports once for each arrival of an approved phone: through unlocking, a guest, a restarted usbmuxd", async () => {
    let usbmuxd = await startVirtualUsbmuxd({ socketPath: harness.socketPath });
    const anna = await harness.plugIn({ socketPath: usbmuxd, udid: ANNA });
    expect((await harness.rollcall(["watch", "--approve", "anna's iphone"])).exitCode).toBe(0);
    anna.detach();

    await using watch = new Watch(harness);
    await vi.waitFor(() => expect(usbmuxd.requests.of("Listen")).toBe(1), 20_000);
    anna.attachAsPhonesDo();
    expect((await watch.next("came", ANNA)).phone?.state).toBe("ready");
    expect((await watch.next("imported", ANNA)).summary).toMatch(/^\d+ new photos, all (read back|proved)/);
    const photos = harness.itemCount();
    expect(photos).toBeGreaterThan(0);

    anna.detach();
    await watch.next("left", ANNA);
    anna.attach();
    expect((await watch.next("imported", ANNA)).summary).toMatch(/^Nothing new on Anna's iPhone/);

    anna.detach();
    await watch.next("left", ANNA);
    anna.lock();
    anna.attach();
    expect((await watch.next("came", ANNA)).phone?.state).toBe("locked");
    anna.unlock();
    await watch.next("imported", ANNA);

    const benMedia = join(harness.folder, "ben");
    await makeCameraRoll({ folder: benMedia, photos: 2 });
    const ben = await harness.plugIn({
      socketPath: usbmuxd,
      udid: BEN,
      name: "Ben's iPhone",
      mediaFolder: benMedia,
    });
    await watch.next("not-approved", BEN);
    expect(ben.counters.bytesRead).toBe(0);

    // usbmuxd is restarted, and Anna's iPhone is there when it is back.
    await usbmuxd[Symbol.asyncDispose]();
    await watch.next("no-service");
    usbmuxd = await startVirtualUsbmuxd({ socketPath: `${harness.socketPath}2` });
    const again = await harness.plugIn({ socketPath: usbmuxd, udid: ANNA });
    renameSync(`${harness.socketPath}2`, harness.socketPath);
    await watch.next("left", BEN);
    expect(watch.count("importing")).toBe(3);

    again.detach();
    await watch.next("left", ANNA);
    again.attach();
    await watch.next("imported", ANNA);

    const { seconds, status } = await watch.stop();
    expect(seconds).toBeLessThan(2);
    expect(status).toBe(143);
    expect(watch.count("importing")).toBe(4);
    expect(watch.count("imported")).toBe(4);
    expect(harness.itemCount()).toBe(photos);
    const log = readFileSync(join(harness.folder, "data", "logs", "watch.log"), "utf8");
    expect(log).toMatch(/ {2}imported {3}Anna's iPhone: \d+ new photos/);
    expect(log).toMatch(/ {2}left alone Ben's iPhone: not approved/);
    expect(log.trimEnd()).toMatch(/ {2}stopped {4}as asked$/);
    await usbmuxd[Symbol.asyncDispose]();
  });

  test("imports nothing from a device under the number of an approved phone that does not prove its key", async () => {
    await using usbmuxd = await startVirtualUsbmuxd({ socketPath: harness.socketPath });
    const anna = await harness.plugIn({ socketPath: usbmuxd, udid: ANNA });
    expect((await harness.rollcall(["watch", "--approve", ANNA])).exitCode).toBe(0);
    anna.detach();
    await using watch = new Watch(harness);
    await vi.waitFor(() => expect(usbmuxd.requests.of("Listen")).toBe(1), 20_000);
    const plain = await harness.plugIn({ socketPath: usbmuxd, udid: ANNA, faults: [impostor("no-tls")] });
    expect(await watch.next("came", ANNA)).toMatchObject({
      phone: { state: "trouble", reason: { code: "PHONE_NOT_PROVED" } },
    });
    plain.detach();
    await watch.next("left", ANNA);
    await harness.plugIn({ socketPath: usbmuxd, udid: ANNA, faults: [impostor("own-key")] });
    expect(await watch.next("failed", ANNA)).toMatchObject({ code: "PHONE_NOT_APPROVED", retryInMs: null });
    expect(plain.counters.lockdown.of("Pair")).toBe(0);
    expect(harness.itemCount()).toBe(0);
    await watch.stop();
    const log = readFileSync(join(harness.folder, "data", "logs", "watch.log"), "utf8");
    expect(log).toMatch(/: did not prove who it is/);
    expect(log).toMatch(/did not prove that it is the iPhone that was approved/);
  });

  test("imports from a phone that is approved while it is plugged in; a usbmuxd that comes later is found", async () => {
    await using watch = new Watch(harness);
    await watch.next("no-service");
    await using usbmuxd = await startVirtualUsbmuxd({ socketPath: harness.socketPath });
    await harness.plugIn({ socketPath: usbmuxd, udid: ANNA });
    await watch.next("not-approved", ANNA);
    expect((await harness.rollcall(["watch", "--approve", ANNA])).stdout).toMatch(
      /at once where a watch runs/,
    );
    expect((await watch.next("imported", ANNA)).summary).toMatch(/^\d+ new photos/);
    expect(watch.count("not-approved")).toBe(1);
    expect(watch.count("importing")).toBe(1);
  });

  test("a second watch names the first and its start, with status 8; a killed watch blocks nobody", async () => {
    await harness.plugIn({ udid: ANNA });
    await harness.rollcall(["watch", "--approve", ANNA]);
    const first = new Watch(harness);
    await first.next("imported", ANNA);
    const second = await harness.rollcall(["watch"]);
    expect(second).toMatchObject({ exitCode: 8, stdout: "" });
    expect(second.stderr).toMatch(
      new RegExp(
        `^error: A rollcall watch runs here already \\(process ${first.running.pid}, since \\d\\d:\\d\\d\\)\\.\n`,
      ),
    );
    expect(second.stderr).toMatch(/^do: .*watch\.log.*setup agent --remove/m);
    await first[Symbol.asyncDispose](); // SIGKILL
    await using third = new Watch(harness);
    expect((await third.next("imported", ANNA)).summary).toMatch(/^Nothing new/);
    expect((await third.stop()).status).toBe(143);
    expect(readdirSync(join(harness.folder, "data")).filter((name) => name.startsWith("watching"))).toEqual(
      [],
    );
  });

  test("the agent waits for its turn where another watch runs, and takes over when that has ended", async () => {
    await using first = new Watch(harness);
    await first.next("no-service");
    const agent = harness.start(["watch", "--agent"]);
    const log = join(harness.folder, "data", "logs", "watch.log");
    await vi.waitFor(
      () =>
        expect(readFileSync(log, "utf8")).toMatch(
          /waiting {4}A rollcall watch runs here already \(process \d+/,
        ),
      { timeout: 60_000 },
    );
    await first.stop();
    await vi.waitFor(() => expect(readFileSync(log, "utf8")).toContain(`watching   process ${agent.pid}`), {
      timeout: 90_000,
      interval: 500,
    });
    agent.kill("SIGTERM");
    expect((await agent).exitCode).toBe(143);
  });

  test("a typed import while the watch imports names the process; a killed import blocks nobody", async () => {
    await makeCameraRoll({ folder: join(harness.folder, "more"), photos: 60 });
    await harness.plugIn({ udid: ANNA, mediaFolder: join(harness.folder, "more") });
    await harness.rollcall(["watch", "--approve", ANNA]);
    await using watch = new Watch(harness);
    await watch.next("importing", ANNA);
    await vi.waitFor(() => expect(harness.itemCount()).toBeGreaterThan(0), { timeout: 60_000, interval: 20 });
    const typed = await harness.rollcall(["import"]);
    expect(typed.exitCode).toBe(8);
    const [, pid] = /running here \(process (\d+), since \d\d:\d\d\)/.exec(typed.stderr) ?? [];
    process.kill(Number(pid), "SIGKILL");
    expect(await watch.next("failed", ANNA)).toMatchObject({ code: "NO_DOCUMENT" });
    expect((await harness.rollcall(["import", "--quiet"])).exitCode).toBe(0);
    expect(harness.album("Last Import")).toHaveLength(harness.itemCount());
  });

  test("a watch that sleeps through an unplugging and a plugging in hears of it, and imports what is new", async () => {
    const phone = await harness.plugIn({ udid: ANNA });
    await harness.rollcall(["watch", "--approve", ANNA]);
    await using watch = new Watch(harness);
    await watch.next("imported", ANNA);
    watch.running.kill("SIGSTOP");
    phone.detach();
    watch.running.kill("SIGCONT");
    await watch.next("left", ANNA);
    phone.attach();
    expect((await watch.next("imported", ANNA)).summary).toMatch(/^Nothing new/);
    expect(watch.count("importing")).toBe(2);
  });

  test("is stopped in the middle of an import within 2 s; the import ends cleanly, and the next goes on", async () => {
    await makeCameraRoll({ folder: join(harness.folder, "more"), photos: 60 });
    await harness.plugIn({ udid: ANNA, mediaFolder: join(harness.folder, "more") });
    await harness.rollcall(["watch", "--approve", ANNA]);
    await using watch = new Watch(harness);
    await watch.next("importing", ANNA);
    await vi.waitFor(() => expect(harness.itemCount()).toBeGreaterThan(0), { timeout: 60_000, interval: 20 });
    const { seconds, status } = await watch.stop();
    expect(seconds).toBeLessThan(2);
    expect(status).toBe(143);
    const end = await vi.waitFor(
      async () => {
        const tried = await harness.rollcall(["import", "--json", "--brief"]);
        expect(tried.exitCode).toBe(0);
        return JSON.parse(tried.stdout) as { totals: { thisRun: { items: number } } };
      },
      { timeout: 120_000, interval: 500 },
    );
    expect(harness.itemCount()).toBe(end.totals.thisRun.items);
    expect(harness.album("Last Import")).toHaveLength(end.totals.thisRun.items);
  });

  test("imports nothing into another library than the one that the phone was approved for", async () => {
    await harness.plugIn({ udid: ANNA });
    await harness.rollcall(["watch", "--approve", ANNA]);
    const other = join(harness.folder, "Other.photoslibrary");
    openVirtualPhotos(other).close();
    await using watch = new Watch(harness, [], { ROLLCALL_PHOTOS_LIBRARY: other });
    expect(await watch.next("failed")).toMatchObject({ code: "PHOTOS_LIBRARY_SWITCHED" });
    expect(harness.itemCount()).toBe(0);
  });

  test("stops where the phone's database cannot be read, whatever the config file says", async () => {
    writeFileSync(join(harness.mediaFolder, "PhotoData/Photos.sqlite"), "no database");
    await harness.plugIn({ udid: ANNA });
    mkdirSync(join(harness.folder, "data"), { recursive: true });
    writeFileSync(join(harness.folder, "data/config.json"), '{"without-phone-library": true, "yes": true}');
    await harness.rollcall(["watch", "--approve", ANNA]);
    await using watch = new Watch(harness);
    expect(await watch.next("failed")).toMatchObject({ code: "PHONE_LIBRARY_UNREADABLE", retryInMs: null });
    expect(harness.itemCount()).toBe(0);
  });

  test.skipIf(!hasTerminal)(
    "imports from a phone to whose first import somebody said yes (script of util-linux needed)",
    async () => {
      await harness.plugIn({ udid: ANNA });
      const { status } = await atTerminal(harness, ["import"], [["This is the first import", "y"]]);
      expect(status).toBe(0);
      await using watch = new Watch(harness);
      expect((await watch.next("imported", ANNA)).summary).toMatch(/^Nothing new/);
    },
  );

  test("leaves a phone alone that is no longer approved", async () => {
    await harness.plugIn({ udid: ANNA });
    await harness.rollcall(["watch", "--approve", ANNA]);
    expect((await harness.rollcall(["watch", "--disapprove", "Anna's iPhone"])).stdout).toMatch(/left alone/);
    await using watch = new Watch(harness);
    await watch.next("not-approved", ANNA);
    expect(watch.count("importing")).toBe(0);
  });

  test("as the agent it imports through Rollcall.app, by its job files, and writes nothing but its log", async () => {
    using mac = new FakeMac();
    const environment = { ...mac.environment, ROLLCALL_HOME: join(harness.folder, "data") };
    expect((await harness.rollcall(["setup", "agent"], environment)).exitCode).toBe(0);
    await harness.plugIn({ udid: ANNA });
    await harness.rollcall(["watch", "--approve", ANNA], environment);
    mac.forgetCalls();
    const running = harness.start(["watch", "--agent"], environment);
    const log = join(harness.folder, "data", "logs", "watch.log");
    await vi.waitFor(() => expect(readFileSync(log, "utf8")).toMatch(/imported {3}Anna's iPhone: \d+ new/), {
      timeout: 60_000,
    });
    await vi.waitFor(() => expect(mac.notices()).toHaveLength(2), { timeout: 60_000 }); // one is of the set-up
    running.kill("SIGTERM");
    expect(await running).toMatchObject({ exitCode: 143, stdout: "" });
    // The import, and the notification of its end.
    const open = ["open", "-g", "-n", "-W", "HOME/Applications/Rollcall.app"];
    expect(mac.callsOf("open")).toEqual([open, open]);
    expect(mac.notices().at(-1)).toEqual(["Rollcall", expect.stringMatching(/^\d+ new photos, all/)]);
    expect(mac.callsOf("osascript")).toEqual([]);
    expect(harness.album("Last Import").length).toBeGreaterThan(0);
  });

  test("a failure of the agent stands in a window: nobody has said that notifications are seen", async () => {
    using mac = new FakeMac();
    const environment = { ...mac.environment, ROLLCALL_HOME: join(harness.folder, "data") };
    expect((await harness.rollcall(["setup", "agent"], environment)).exitCode).toBe(0);
    await harness.plugIn({ udid: ANNA });
    await harness.rollcall(["watch", "--approve", ANNA], environment);
    // The app takes no job any more.
    writeFileSync(join(mac.home, "Library/Application Support/Rollcall/app/start.sh"), "exit 0\n");
    mac.forgetCalls();
    const running = harness.start(["watch", "--agent"], environment);
    const windows = () => mac.callsOf("osascript").filter((call) => call.join(" ").includes("displayAlert"));
    await vi.waitFor(() => expect(windows()).toHaveLength(1), { timeout: 60_000 });
    expect(windows()[0]!.slice(-2)).toEqual(["Rollcall", expect.stringContaining("did not take the job")]);
    running.kill("SIGTERM");
    expect(await running).toMatchObject({ exitCode: 143 });
  });
});
