import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { appPath, buildApp, removeApp } from "../../src/integrations/app/app-bundle.js";
import { mailboxFolder, takeJob } from "../../src/integrations/app/mailbox.js";
import { requestLibraryRight, requirePhotosRight } from "../../src/integrations/app/photos-right.js";
import { startFile } from "../../src/integrations/app/start-file.js";
import { agentFile, agentPath } from "../../src/integrations/launchd/agent-plist.js";
import { installAgent, removeAgent } from "../../src/integrations/launchd/install-agent.js";
import { partialOf, writeSetUpFile } from "../../src/integrations/set-up-files.js";
import { parseDictionary } from "../../src/usb/wire/property-list.js";
import { OrderedClock } from "../phone/ordered-clock.js";
import { FakeMac, type Misbehaviour } from "./fake-mac.js";
import { FIXED_FOLDERS, FIXED_HOW } from "./fixed-place.js";
import { hasRealFiles, needsRealFiles, realFile } from "./shared-data.js";

const dist = join(import.meta.dirname, "../../dist");
const isBuilt = existsSync(join(dist, "main.js"));
const uid = process.getuid?.() ?? 0;

const partsOf = (mac: FakeMac) => ({ run: mac.run(), folders: mac.folders, uid });
const fileOf = (mac: FakeMac) => agentFile(FIXED_HOW, mac.folders);

describe("the agent", () => {
  const agent = parseDictionary(Buffer.from(agentFile(FIXED_HOW, FIXED_FOLDERS).text));

  test("is started at login in a graphic session, and again only after a failure, half a minute later", () => {
    expect(agent).toMatchObject({
      Label: "local.rollcall.watch",
      RunAtLoad: true,
      KeepAlive: { SuccessfulExit: false },
      ThrottleInterval: 30,
      LimitLoadToSessionType: "Aqua",
      ExitTimeOut: 30,
    });
    expect(agentPath(FIXED_FOLDERS)).toBe(`/Users/anna/Library/LaunchAgents/${agent.Label}.plist`);
  });

  test("names node, program and log by whole paths: launchd expands no tilde and no variable", () => {
    const [node, program, ...words] = agent.ProgramArguments as string[];
    for (const path of [node, program, agent.StandardOutPath, agent.StandardErrorPath])
      expect(path).toMatch(/^\/[^~$]+$/);
    expect(words).toEqual(["watch", "--agent"]);
  });

  test("waits for no USB event: launchd would start it again and again", () => {
    expect(agent.LaunchEvents).toBeUndefined();
  });

  test.skipIf(!hasRealFiles)(`has keys of the kinds that a real agent has${needsRealFiles}`, () => {
    const real = realFile("launchd/export-photos.plist");
    for (const [key, value] of Object.entries(real).filter(([key]) => agent[key] !== undefined)) {
      expect(typeof agent[key], key).toBe(typeof value);
      expect(Array.isArray(agent[key]), key).toBe(Array.isArray(value));
    }
    expect(Object.keys(real).filter((key) => agent[key] === undefined)).toEqual(["StartInterval"]);
  });

  test("is written, loaded into the session of the person, and looked for", async () => {
    using mac = new FakeMac();
    await installAgent(fileOf(mac), partsOf(mac));
    expect(mac.calls()).toEqual([
      ["launchctl", "bootout", "gui/UID/local.rollcall.watch"],
      ["launchctl", "bootstrap", "gui/UID", "HOME/Library/LaunchAgents/local.rollcall.watch.plist"],
      ["launchctl", "print", "gui/UID/local.rollcall.watch"],
    ]);
    expect(statSync(agentPath(mac.folders)).mode & 0o777).toBe(0o644);
    expect(existsSync(join(mac.home, "Library/Logs/Rollcall"))).toBe(true);
  });

  test("takes the place of one that is loaded already", async () => {
    using mac = new FakeMac();
    await installAgent(fileOf(mac), partsOf(mac));
    await installAgent(fileOf(mac), partsOf(mac));
    expect(mac.isAgentLoaded()).toBe(true);
  });

  test.each([
    ["absent", "This Mac has no launchctl."],
    ["exits 5", "launchctl ended with status 5: it did not work"],
  ] satisfies [Misbehaviour, string][])(
    "is not left lying for the next login where launchctl is or does: %s",
    async (launchctl, why) => {
      using mac = new FakeMac({ launchctl });
      await expect(installAgent(fileOf(mac), partsOf(mac))).rejects.toMatchObject({
        code: "SETUP_FAILED",
        why,
      });
      expect(mac.files()).toEqual({});
    },
  );

  test("is not believed to be loaded where bootstrap says so and nothing is there", async () => {
    using mac = new FakeMac();
    const file = fileOf(mac);
    const run = mac.run();
    const lying: typeof run = (program, args, options) =>
      args[0] === "bootstrap"
        ? Promise.resolve({ kind: "ended", status: 0, stdout: "", stderr: "" })
        : run(program, args, options);
    const failing = installAgent(file, { ...partsOf(mac), run: lying });
    await expect(failing).rejects.toMatchObject({ why: "launchctl ended with status 113." });
    expect(mac.files()).toEqual({});
  });

  test("is removed with its log, loaded or not; a second time there is nothing to remove", async () => {
    using mac = new FakeMac();
    await installAgent(fileOf(mac), partsOf(mac));
    writeFileSync(partialOf(agentPath(mac.folders)), "half of it");
    expect(await removeAgent(partsOf(mac))).toMatchObject({ removed: { length: 2 }, mayRun: null });
    expect(mac.isAgentLoaded()).toBe(false);
    expect(mac.files()).toEqual({});
    expect(await removeAgent(partsOf(mac))).toEqual({ removed: [], mayRun: null });
  });
});

describe("Rollcall.app", () => {
  test("is compiled on this Mac, given its name, and sealed", async () => {
    using mac = new FakeMac();
    expect(await buildApp(partsOf(mac))).toBe(true);
    const building = "HOME/Library/Application Support/Rollcall/app/building";
    const calls = mac.calls();
    expect(calls[0]).toEqual([
      ...["osacompile", "-l", "JavaScript", "-o", `${building}/Rollcall.app`, `${building}/Rollcall.js`],
    ]);
    expect(calls.filter(([program]) => program === "plutil").map((call) => call.slice(1, 5))).toEqual([
      ["-replace", "CFBundleIdentifier", "-string", "local.rollcall.app"],
      ["-replace", "CFBundleDisplayName", "-string", "Rollcall"],
      ["-replace", "LSUIElement", "-bool", "YES"],
      ["-replace", "NSAppleEventsUsageDescription", "-string", expect.stringContaining("Photos")],
    ]);
    expect(calls.at(-1)).toEqual(["codesign", "--force", "--sign", "-", `${building}/Rollcall.app`]);
    expect(existsSync(join(appPath(mac.folders), "Contents/_CodeSignature"))).toBe(true);
    expect(existsSync(join(mailboxFolder(mac.folders), "building"))).toBe(false);
  });

  test("is not built again while it is as it should be: macOS would ask for every permission anew", async () => {
    using mac = new FakeMac();
    await buildApp(partsOf(mac));
    mac.forgetCalls();
    expect(await buildApp(partsOf(mac))).toBe(false);
    expect(mac.calls()).toEqual([]);
  });

  test("is built again where it was thrown away, or is of another recipe", async () => {
    using mac = new FakeMac();
    await buildApp(partsOf(mac));
    rmSync(appPath(mac.folders), { recursive: true });
    expect(await buildApp(partsOf(mac))).toBe(true);
    writeSetUpFile({ path: join(mailboxFolder(mac.folders), "built"), text: "of an older Rollcall" });
    expect(await buildApp(partsOf(mac))).toBe(true);
  });

  test("that is somebody else's is neither replaced nor removed", async () => {
    using mac = new FakeMac();
    writeSetUpFile({ path: join(appPath(mac.folders), "Contents/Info.plist"), text: "theirs" });
    await expect(buildApp(partsOf(mac))).rejects.toMatchObject({ code: "SETUP_FAILED" });
    await removeApp(partsOf(mac));
    expect(readFileSync(join(appPath(mac.folders), "Contents/Info.plist"), "utf8")).toBe("theirs");
  });

  test.each([
    ["osacompile", "absent", "This Mac has no osacompile."],
    ["osacompile", "writes nothing", "osacompile said that it compiled it, and wrote nothing."],
    ["plutil", "exits 5", "plutil ended with status 5: it did not work"],
    ["codesign", "killed", "codesign was ended by SIGKILL."],
  ] satisfies ["osacompile" | "plutil" | "codesign", Misbehaviour, string][])(
    "leaves nothing behind where it cannot be built: %s, %s",
    async (program, how, why) => {
      using mac = new FakeMac({ [program]: how });
      await expect(buildApp(partsOf(mac))).rejects.toMatchObject({ code: "SETUP_FAILED", why });
      expect(existsSync(appPath(mac.folders))).toBe(false);
      await removeApp(partsOf(mac));
      expect(Object.keys(mac.files())).toEqual(["Library/Application Support/Rollcall"]);
    },
  );

  test("is removed with its folder, and macOS forgets what it was allowed", async () => {
    using mac = new FakeMac();
    await buildApp(partsOf(mac));
    await removeApp(partsOf(mac));
    expect(mac.calls().at(-1)).toEqual(["tccutil", "reset", "AppleEvents", "local.rollcall.app"]);
    expect(Object.keys(mac.files())).toEqual(["Library/Application Support/Rollcall"]);
  });
});

describe.skipIf(!isBuilt)("the right to control Photos (built command needed: npm run build)", () => {
  async function macWithApp(program = join(dist, "main.js")): Promise<FakeMac> {
    const mac = new FakeMac();
    await buildApp(partsOf(mac));
    const how = { node: process.execPath, program, environment: {} };
    writeSetUpFile(startFile(how, join(dist, "integrations/app/take-job.js"), mac.folders));
    return mac;
  }
  const inHome = (mac: FakeMac) => {
    // An app gets the home of the session it is opened in.
    const { HOME } = process.env;
    process.env.HOME = mac.home;
    return { [Symbol.dispose]: () => void (process.env.HOME = HOME) };
  };

  test("is asked for by the app itself, in front", async () => {
    using mac = await macWithApp();
    using _ = inHome(mac);
    mac.forgetCalls();
    await requirePhotosRight(partsOf(mac));
    expect(mac.calls()).toEqual([["open", "-n", "-W", "HOME/Applications/Rollcall.app"]]);
  });

  test("that was refused is named with the place where it can be given", async () => {
    using mac = await macWithApp();
    using _ = inHome(mac);
    mac.photosAnswers(-1743);
    await expect(requirePhotosRight(partsOf(mac))).rejects.toMatchObject({
      code: "PHOTOS_NOT_PERMITTED",
      remedy: expect.stringContaining("Automation > Rollcall"),
    });
  });

  test("is not taken for given where Photos answers something else", async () => {
    using mac = await macWithApp();
    using _ = inHome(mac);
    mac.photosAnswers(-1712);
    await expect(requirePhotosRight(partsOf(mac))).rejects.toMatchObject({
      code: "SETUP_FAILED",
      why: "The error of its Apple event is -1712.",
    });
  });

  test.each([
    [0, "allowed"],
    [4, "refused"],
    [7, "unknown"],
  ])(
    "to read the library is asked for by what the app starts, which ends with %d: %s",
    async (status, right) => {
      const program = join(mkdtempSync(join(tmpdir(), "rc-program-")), "main.js");
      writeFileSync(program, `process.exit(process.argv[2] === "ask-library" ? ${status} : 1);`);
      using mac = await macWithApp(program);
      using _ = inHome(mac);
      mac.forgetCalls();
      expect(await requestLibraryRight(partsOf(mac))).toBe(right);
      expect(mac.calls()).toEqual([["open", "-n", "-W", "HOME/Applications/Rollcall.app"]]);
      rmSync(dirname(program), { recursive: true });
    },
  );

  test("to read the library is not known where the app hangs, and the set-up goes on", async () => {
    using mac = new FakeMac({ open: "hangs" });
    expect(await requestLibraryRight({ ...partsOf(mac), clock: new OrderedClock() })).toBe("unknown");
  });

  test.each([
    [true, "Rollcall.app did not answer within 180 s."],
    [false, "Rollcall.app did not begin within 60 s: look whether macOS asks something about it."],
  ])("that nobody gives (the app begins: %s) is asked for at the next set-up", async (begins, why) => {
    using mac = new FakeMac({ open: "hangs" });
    const asking = requirePhotosRight({ ...partsOf(mac), clock: new OrderedClock() });
    if (begins) expect(takeJob(mailboxFolder(mac.folders), new Date())).toMatchObject({ want: "ask" });
    await expect(asking).rejects.toMatchObject({
      code: "PHOTOS_NOT_PERMITTED",
      why,
      remedy: expect.stringContaining("press OK"),
    });
    expect(Object.keys(mac.files()).filter((name) => /\.(job|taken|status)$/.test(name))).toEqual([]);
  });
});
