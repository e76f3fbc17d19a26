import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect } from "vitest";
import { lockDataFolder } from "../../src/cli/process/data-folder-lock.js";
import { CHECKSUM_LIST } from "../../src/receipt/checksum-list.js";
import { partialCopyName } from "../../src/transfer/resumable-copy.js";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { cablePulled, slowAnswers } from "../../src/virtual/iphone/iphone-fault.js";
import {
  startVirtualIPhone,
  type VirtualIPhone,
  type VirtualIPhoneOptions,
} from "../../src/virtual/iphone/virtual-iphone.js";
import { startVirtualUsbmuxd } from "../../src/virtual/iphone/virtual-usbmuxd.js";
import { openVirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { oneTestIn } from "../sampled.js";
import { isBuilt, rollcall } from "./command.js";

const test = oneTestIn(5);

let folder: string;
let mediaFolder: string;
let count = 0;
const open: AsyncDisposable[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rc-"));
  mediaFolder = join(folder, "iphone");
  await makeCameraRoll({ folder: mediaFolder });
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]();
});
afterAll(() => rmSync(folder, { recursive: true }));

const newPath = (name: string) => join(folder, `${name}${(count += 1)}`);
async function plugIn(options: Partial<VirtualIPhoneOptions> = {}): Promise<VirtualIPhone> {
  const phone = await startVirtualIPhone({ mediaFolder, socketPath: newPath("s"), ...options });
  open.push(phone);
  return phone;
}
const envOf = (address: string, home = newPath("home")) => ({
  USBMUXD_SOCKET_ADDRESS: address,
  ROLLCALL_HOME: home,
});

/** Virtual Photos as the command offers it: what `demo photos` prints is what the import is given. */
async function demoPhotos(): Promise<{ libraryPath: string; env: Record<string, string> }> {
  const libraryPath = newPath("Demo .photoslibrary");
  const { status, stdout } = await rollcall(["demo", "photos", "--library", libraryPath], {
    ROLLCALL_HOME: folder,
  });
  expect(status).toBe(0);
  const lines = [...stdout.matchAll(/^export (\w+)="(.*)"$/gm)];
  expect(lines.map(([, name]) => name)).toEqual(["ROLLCALL_OSASCRIPT", "ROLLCALL_PHOTOS_LIBRARY"]);
  return { libraryPath, env: Object.fromEntries(lines.map(([, name, value]) => [name!, value!])) };
}

describe.skipIf(!isBuilt)("phones (built command needed: npm run build)", () => {
  test("usbmuxd absent: said with where it was looked for, status 5", async () => {
    const { status, stdout, stderr } = await rollcall(["plan"], envOf(join(folder, "nobody")));
    expect(status).toBe(5);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^error: .*nobody\.\nwhy: {3}.*\ndo: {4}.*USBMUXD_SOCKET_ADDRESS.*\n$/);
  });

  test("no phone: status 5, and what to do", async () => {
    const usbmuxd = await startVirtualUsbmuxd({ socketPath: newPath("s") });
    open.push(usbmuxd);
    const { status, stderr } = await rollcall(["import", "--wait", "0"], envOf(usbmuxd.address));
    expect(status).toBe(5);
    expect(stderr).toMatch(/^error: There is no iPhone on the cable\.\ndo: {4}Connect it/);
    const phones = await rollcall(["phones", "--json"], envOf(usbmuxd.address));
    expect(JSON.parse(phones.stdout)).toEqual({ phones: [] });
    expect(phones.status).toBe(5);
    const quiet = await rollcall(["phones", "--quiet"], envOf(usbmuxd.address));
    expect(quiet.status).toBe(5);
    expect(quiet.stderr).toMatch(/^error: There is no iPhone on the cable\.\ndo: {4}Connect it/);
  });

  test("two phones and no choice: both are named, status 5; --phone by name chooses", async () => {
    const usbmuxd = await startVirtualUsbmuxd({ socketPath: newPath("s") });
    open.push(usbmuxd);
    await plugIn({ socketPath: usbmuxd, name: "Anna's iPhone", udid: "00008140-000000000000000A" });
    await plugIn({ socketPath: usbmuxd, name: "Ben's iPhone", udid: "00008140-000000000000000B" });
    const env = envOf(usbmuxd.address);
    const refused = await rollcall(["plan"], env);
    expect(refused.status).toBe(5);
    expect(refused.stderr).toMatch(/^error: There are 2 iPhones/);
    expect(refused.stderr).toContain("Anna's iPhone");
    expect(refused.stderr).toContain("00008140-000000000000000B");
    const chosen = await rollcall(["plan", "--phone", "ben's iphone"], env);
    expect(chosen.status).toBe(0);
    expect(chosen.stdout).toContain("Ben's iPhone shows 17 photos and videos.");
    expect(chosen.stdout).toContain("\n  In its Photos grid: 16. Not in it: 1 hidden.\n");
  });

  test("an album that the phone does not have: one line that names the near one, status 2", async () => {
    const phone = await plugIn();
    for (const command of [["plan"], ["copy", newPath("copied")]]) {
      const refused = await rollcall([...command, "--album", "Laek"], envOf(phone.address));
      expect(refused.status).toBe(2);
      expect(refused.stdout).toBe("");
      expect(refused.stderr).toContain(
        'error: --album: the phone has no album "Laek". Did you mean "Lake"?\n',
      );
    }
    const { stdout, status } = await rollcall(["plan", "--album", "lake"], envOf(phone.address));
    expect([status, /not chosen +(\d+)/.exec(stdout)?.[1]]).toEqual([0, "13"]);
  });

  test.each([
    ["locked", /^error: .* is locked\.[^\n]*\n(why:[^\n]*\n)?do: {4}Unlock it/],
    [
      "not-trusted",
      /^error: .* does not trust this computer yet[^\n]*\n(why:[^\n]*\n)?do: {4}Unlock it, tap Trust/,
    ],
  ] as const)("%s: explained with what to do on the phone, status 5", async (state, message) => {
    const phone = await plugIn({ state });
    const { status, stderr } = await rollcall(["copy", newPath("copy"), "--wait", "0"], envOf(phone.address));
    expect(status).toBe(5);
    expect(stderr).toMatch(message);
    const phones = await rollcall(["phones", "--json"], envOf(phone.address));
    expect(JSON.parse(phones.stdout)).toMatchObject({
      phones: [{ state, reason: { remedy: expect.any(String) } }],
    });
  });

  test("unplugged in the middle: status 5, and the next run goes on and ends as if it had not been", async () => {
    const env = envOf("");
    const copy = newPath("copy");
    // Not all of it is read, so the cable is pulled while photos are copied.
    const databaseBytes = statSync(join(mediaFolder, "PhotoData", "Photos.sqlite")).size;
    const first = await plugIn({ faults: [cablePulled(databaseBytes)] });
    const cut = await rollcall(["copy", copy, "--wait", "0"], {
      ...env,
      USBMUXD_SOCKET_ADDRESS: first.address,
    });
    expect(cut.status).toBe(5);
    expect(cut.stderr).toMatch(/^error: .+\n(why:.+\n)?do: .+/m);
    const second = await plugIn();
    const whole = await rollcall(["copy", copy, "--json"], {
      ...env,
      USBMUXD_SOCKET_ADDRESS: second.address,
    });
    expect(whole.status).toBe(0);
    expect(JSON.parse(whole.stdout)).toMatchObject({ totals: { byAnswer: { proved: 25, failed: 0 } } });
  });
});

describe.skipIf(!isBuilt)("stopping (built command needed: npm run build)", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 143],
    ["SIGKILL", null],
  ] as const)(
    "%s while copying ends with %s; the same command goes on, and the folder is as on the phone",
    async (signal, expected) => {
      const copy = newPath("copy");
      const slow = await plugIn({ faults: [slowAnswers(60)] });
      const env = envOf(slow.address);
      const cut = await rollcall(["copy", copy], env, { kills: [{ at: "copying", signal }] });
      expect(cut.status).toBe(expected);
      if (expected !== null)
        expect(cut.stderr).toMatch(
          /Stopping at the next safe point.*\nerror: Stopped, as asked\.\ndo: .*resumes/,
        );
      const quick = await plugIn();
      const whole = await rollcall(["copy", copy, "--json"], {
        ...env,
        USBMUXD_SOCKET_ADDRESS: quick.address,
      });
      expect(JSON.parse(whole.stdout)).toMatchObject({ totals: { byAnswer: { proved: 25, failed: 0 } } });
      const names = (top: string) =>
        readdirSync(join(top, "DCIM"), { recursive: true, encoding: "utf8" }).sort();
      expect(names(copy)).toEqual(names(mediaFolder));
    },
  );

  test("a second Ctrl-C stops at once", async () => {
    const slow = await plugIn({ faults: [slowAnswers(5_000)] });
    const { status, stderr } = await rollcall(["copy", newPath("copy")], envOf(slow.address), {
      kills: [
        { at: "reading", signal: "SIGINT" },
        { at: "Stopping at the next safe point", signal: "SIGINT" },
      ],
    });
    expect(status).toBe(130);
    expect(stderr).toContain("reading");
  });
});

describe.skipIf(!isBuilt)("this computer (built command needed: npm run build)", () => {
  test.skipIf(process.platform === "darwin")(
    "not macOS: import stops before copying anything, status 7",
    async () => {
      const phone = await plugIn();
      const env = envOf(phone.address);
      const { status, stderr } = await rollcall(["import"], env);
      expect(status).toBe(7);
      expect(stderr).toMatch(
        /error: Photos can only be used on macOS\.\n.*\ndo: .*rollcall demo.*rollcall copy/,
      );
      expect(stderr).not.toContain("copying");
      const staging = await rollcall(["staging", "--json"], env);
      expect(JSON.parse(staging.stdout)).toMatchObject({ files: [] });
    },
  );

  test("Photos refuses (-1743): status 4, with where to switch it on", async () => {
    const phone = await plugIn();
    const { libraryPath, env } = await demoPhotos();
    const photos = openVirtualPhotos(libraryPath);
    photos.faults({ name: "refuses-events" });
    photos.close();
    const { status, stderr } = await rollcall(["import"], { ...envOf(phone.address), ...env });
    expect(status).toBe(4);
    expect(stderr).toMatch(/error: .+\nwhy: .*-1743.*\ndo: .*Automation/);
  });

  test("a data folder that cannot be made: status 1, and how to name another", async () => {
    const file = newPath("file");
    writeFileSync(file, "");
    const { status, stderr } = await rollcall(["plan"], envOf(join(folder, "nobody"), join(file, "below")));
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^error: Rollcall cannot write to its data folder.*\nwhy: .*\ndo: .*ROLLCALL_HOME/,
    );
  });

  test("a damaged ledger is refused, explained, and left as it was", async () => {
    const home = newPath("home");
    mkdirSync(home);
    const garbage = Buffer.alloc(9000, "no database");
    writeFileSync(join(home, "ledger.sqlite"), garbage);
    const { status, stderr } = await rollcall(["plan"], envOf(join(folder, "nobody"), home));
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: The ledger.*cannot be read\.\nwhy: .*\ndo: .*--assume-imported/);
    expect(readFileSync(join(home, "ledger.sqlite")).equals(garbage)).toBe(true);
  });

  test("another Rollcall at work: status 8, and its process is named", async () => {
    const home = newPath("home");
    mkdirSync(home);
    {
      using _other = await lockDataFolder(home);
      const { status, stderr } = await rollcall(["plan"], envOf(join(folder, "nobody"), home));
      expect(status).toBe(8);
      expect(stderr).toContain(`error: Another Rollcall is running here (process ${process.pid}, since `);
    }
    const after = await rollcall(["plan"], envOf(join(folder, "nobody"), home));
    expect(after.status, "the lock ends with its holder").toBe(5);
  });

  test("verify of a copied folder from elsewhere goes by its list: missing, changed, extra; status 3", async () => {
    const folder = newPath("copy");
    const hash = (text: string) => createHash("sha256").update(text).digest("hex");
    mkdirSync(join(folder, "DCIM"), { recursive: true });
    for (const name of ["a", "b", "d"]) writeFileSync(join(folder, "DCIM", name), name);
    writeFileSync(
      join(folder, CHECKSUM_LIST),
      `${hash("a")}  DCIM/a\n${hash("other")}  DCIM/b\n${hash("c")}  DCIM/c\n`,
    );
    const { status, stdout } = await rollcall(["verify", folder], envOf("nobody"));
    expect(status).toBe(3);
    expect(stdout.split("\n")).toEqual([
      "error: of 3 files 2 are not as copied.",
      "  DCIM/c   missing",
      "  DCIM/b   changed",
      "If the phone still has them, rollcall copy copies them again.",
      "note: 1 file lies there besides, which no copy made:",
      "  DCIM/d",
      "",
    ]);
    const asJson = await rollcall(["verify", folder, "--json"], envOf("nobody"));
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      totals: { ok: 1, missing: 1, changed: 1, unreadable: 0, extra: 1 },
      missing: ["DCIM/c"],
      changed: ["DCIM/b"],
      extra: ["DCIM/d"],
    });
    rmSync(join(folder, CHECKSUM_LIST));
    expect((await rollcall(["verify", folder], envOf("nobody"))).status).toBe(2);
  });

  test("verify, copy and staging clear keep away from another Rollcall at work too: status 8", async () => {
    const phone = await plugIn();
    const env = envOf(phone.address);
    const copy = newPath("copy");
    expect((await rollcall(["copy", copy, "--limit", "1"], env)).status).toBe(0);
    using _other = await lockDataFolder(env.ROLLCALL_HOME);
    for (const args of [["verify"], ["copy", copy], ["staging", "clear", "--yes"]])
      expect((await rollcall(args, env)).status).toBe(8);
  });

  test("a receipt from the future, a damaged one, and one that is not there: status 2", async () => {
    const future = newPath("future.json");
    writeFileSync(future, JSON.stringify({ receipt: 2 }));
    const damaged = newPath("damaged.json");
    writeFileSync(damaged, '{"receipt": 1');
    const env = envOf(join(folder, "nobody"));
    for (const [path, message] of [
      [future, /was written by a newer Rollcall\.\nwhy: .*\ndo: .*Update Rollcall/],
      [damaged, /is not a receipt of Rollcall's, or it is damaged/],
      [join(folder, "none.json"), /There is no receipt at/],
    ] as const) {
      const { status, stderr } = await rollcall(["verify", path], env);
      expect(status).toBe(2);
      expect(stderr).toMatch(message);
    }
  });

  test("yes in the config file agrees to an import, and never to removing staged files", async () => {
    const home = newPath("home");
    const partial = join(home, "staging", randomUUID(), partialCopyName());
    mkdirSync(dirname(partial), { recursive: true });
    writeFileSync(partial, "half");
    writeFileSync(join(home, "config.json"), '{"yes": true}');
    const env = envOf(join(folder, "nobody"), home);
    const asked = await rollcall(["staging", "clear", "--library", folder], env);
    expect(asked.status).toBe(2);
    expect(asked.stderr).toMatch(/^error: Nobody can be asked .*Nothing was removed\. --yes /);
    expect(existsSync(partial)).toBe(true);
    const typed = await rollcall(["staging", "clear", "--library", folder, "--yes"], env);
    expect(typed.status).toBe(0);
    expect(existsSync(partial)).toBe(false);
  });

  test("a config file with an unknown name is refused in one line, status 2", async () => {
    const home = newPath("home");
    mkdirSync(home);
    writeFileSync(join(home, "config.json"), '{"keep_albums": true}');
    const { status, stderr } = await rollcall(["plan"], envOf(join(folder, "nobody"), home));
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: .*config\.json: "keep_albums" is not a name that it may hold[^\n]*\n$/);
  });
});

describe.skipIf(!isBuilt)("an import from end to end (built command needed: npm run build)", () => {
  test("imports everything once; the second run says nothing new, sends no event and leaves the album", async () => {
    const phone = await plugIn({ name: "Anna's iPhone" });
    const { libraryPath, env: photosEnv } = await demoPhotos();
    const env = { ...envOf(phone.address), ...photosEnv };

    const first = await rollcall(["import"], env);
    expect(first.stdout).toMatch(
      /^15 new photos, all .+\nThey are in the album "Last Import"\..*Safe to unplug\.\nReceipt: .+\n$/,
    );
    expect(first.status).toBe(0);
    expect(statSync(env.ROLLCALL_HOME).mode & 0o777).toBe(0o700);

    const photos = openVirtualPhotos(libraryPath);
    const eventsBefore = photos.counters().total;
    photos.close();
    for (const _again of [1, 2]) {
      const again = await rollcall(["import"], env);
      expect(again.stdout).toMatch(
        /^Nothing new on Anna's iPhone\. \d+ photos \(22 files\) were imported before/,
      );
      expect(again.status).toBe(0);
    }
    const after = openVirtualPhotos(libraryPath);
    expect(after.counters().total).toBe(eventsBefore);
    after.close();

    const plan = await rollcall(["plan", "--json"], env);
    expect(JSON.parse(plan.stdout)).toMatchObject({
      phone: { name: "Anna's iPhone" },
      totals: {
        items: 18,
        already: 15,
        hidden: 1,
        inTrash: 1,
        inICloudOnly: 1,
        setAside: 1,
        toImport: { items: 0 },
      },
    });
    const verified = await rollcall(["verify", "--json", "--exit-zero"], env);
    expect(verified.status).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ status: 0, receipt: 1 });

    // Every file was read inside the library, so the run let its staged copies go.
    const staged = await rollcall(["staging", "--json"], env);
    expect(JSON.parse(staged.stdout).files).toEqual([]);
    const cleared = await rollcall(["staging", "clear", "--yes"], env);
    expect(cleared.status).toBe(0);
    expect(cleared.stdout).toContain("Nothing could be removed.");
  });

  test("--events prints one JSON object per line, the last with the status", async () => {
    const phone = await plugIn();
    const { env } = await demoPhotos();
    const { status, stdout } = await rollcall(["import", "--events", "--limit", "3"], {
      ...envOf(phone.address),
      ...env,
    });
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string });
    expect(status).toBe(0);
    expect(events[0]).toMatchObject({ type: "phone" });
    expect(events.at(-1)).toEqual({ type: "end", status: 0 });
    expect(events.map(({ type }) => type)).toContain("receipt");
  });

  test("plan's table closes: its rows add up to the number under the line", async () => {
    const phone = await plugIn({ name: "Anna's iPhone" });
    const { status, stdout } = await rollcall(
      ["plan", "--since", "7d", "--limit", "2"],
      envOf(phone.address),
    );
    expect(status).toBe(0);
    const [table, sum] = stdout.split("-----");
    const rows = [...table!.matchAll(/^ {2}[a-z].*? (\d+)(?: {3}|$)/gim)].map(([, number]) => Number(number));
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.reduce((total, number) => total + number, 0)).toBe(Number.parseInt(sum!, 10));
    expect(stdout).toContain("Nothing was changed. rollcall import --since 7d --limit 2 does it.");
  });
});
