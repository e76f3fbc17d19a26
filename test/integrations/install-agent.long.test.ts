import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Clock } from "../../src/clock.js";
import { buildApp, removeApp } from "../../src/integrations/app/app-bundle.js";
import { APP_BUNDLE_ID, appPath } from "../../src/integrations/app/app-identity.js";
import type { AppJob } from "../../src/integrations/app/app-job.js";
import { appState } from "../../src/integrations/app/app-state.js";
import { clearJob, mailboxFolder, putJob, putStatus, takeJob } from "../../src/integrations/app/mailbox.js";
import { requestLibraryRight, requirePhotosRight } from "../../src/integrations/app/photos-right.js";
import { startFile } from "../../src/integrations/app/start-file.js";
import { agentFile, agentPath } from "../../src/integrations/launchd/agent-plist.js";
import { installAgent, removeAgent } from "../../src/integrations/launchd/install-agent.js";
import type { MacProgram } from "../../src/integrations/mac-programs.js";
import { writeSetUpFile } from "../../src/integrations/set-up-files.js";
import { partialBeside } from "../../src/owned-file.js";
import { MARKER } from "../../src/owned-folder.js";
import { parseDictionary } from "../../src/usb/wire/property-list.js";
import { OrderedClock } from "../phone/ordered-clock.js";
import { says } from "../says.js";
import { FakeMac, type ProgramFault } from "./fake-mac.js";
import { FIXED_FOLDERS, FIXED_HOW } from "./fixed-place.js";
import { hasRealFiles, needsRealFiles, realFile } from "./shared-data.js";

const DATA = "Library/Application Support/Rollcall";

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
  ] satisfies [ProgramFault, string][])(
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
    writeFileSync(partialBeside(agentPath(mac.folders)), "half of it");
    expect(await removeAgent(partsOf(mac))).toMatchObject({ removed: { length: 2 }, mayRun: null });
    expect(mac.isAgentLoaded()).toBe(false);
    expect(mac.files()).toEqual({});
    expect(await removeAgent(partsOf(mac))).toEqual({ removed: [], mayRun: null });
  });
});

describe("Rollcall.app", () => {
  const WORKSHOP = "HOME/Library/Application Support/Rollcall/app/building";
  const infoOf = (mac: FakeMac) =>
    parseDictionary(readFileSync(join(appPath(mac.folders), "Contents/Info.plist")));

  test("is compiled on this Mac to stay open, given its name, sealed, and the seal verified", async () => {
    using mac = new FakeMac();
    expect(await buildApp(partsOf(mac))).toEqual({ isNew: true, notForgotten: null });
    const calls = mac.calls();
    expect(calls[0]).toEqual([
      ...["osacompile", "-l", "JavaScript", "-s"],
      ...["-o", `${WORKSHOP}/Rollcall.app`, `${WORKSHOP}/Rollcall.js`],
    ]);
    expect(calls.slice(-2)).toEqual([
      ["codesign", "--force", "--sign", "-", `${WORKSHOP}/Rollcall.app`],
      ["codesign", "--verify", "--strict", `${WORKSHOP}/Rollcall.app`],
    ]);
    expect(existsSync(join(appPath(mac.folders), "Contents/_CodeSignature"))).toBe(true);
    expect(existsSync(join(mailboxFolder(mac.folders), "building"))).toBe(false);
  });

  test("has an id that is no folder of an app, own words for what macOS asks, and no rest while it waits", async () => {
    using mac = new FakeMac();
    await buildApp(partsOf(mac));
    expect(infoOf(mac)).toMatchObject({
      CFBundleIdentifier: "local.rollcall.importer",
      CFBundleDisplayName: "Rollcall",
      LSUIElement: true,
      LSAppNapIsDisabled: true,
      OSAAppletStayOpen: true,
      NSAppleEventsUsageDescription: expect.stringMatching(/^Rollcall imports .* into Photos\.$/),
      NSPhotoLibraryUsageDescription: expect.stringMatching(/^Rollcall compares .* changes nothing/),
    });
    expect(APP_BUNDLE_ID).not.toMatch(/\.app$/);
  });

  test("is not built again while it is as it should be: macOS would ask for every permission anew", async () => {
    using mac = new FakeMac();
    await buildApp(partsOf(mac));
    mac.forgetCalls();
    expect(await buildApp(partsOf(mac))).toEqual({ isNew: false, notForgotten: null });
    expect(mac.calls()).toEqual([]);
  });

  test("is built again where it was thrown away, or is of another recipe", async () => {
    using mac = new FakeMac();
    await buildApp(partsOf(mac));
    rmSync(appPath(mac.folders), { recursive: true });
    expect((await buildApp(partsOf(mac))).isNew).toBe(true);
    makeEarlier(mac);
    expect((await buildApp(partsOf(mac))).isNew).toBe(true);
  });

  /** What was set up counts as an earlier Rollcall's. */
  const makeEarlier = (mac: FakeMac) =>
    writeSetUpFile({ path: join(mailboxFolder(mac.folders), "built"), text: "of an older Rollcall" });

  test("is not replaced while it imports: macOS would refuse Photos in the middle", async () => {
    using mac = new FakeMac();
    await buildApp(partsOf(mac));
    makeEarlier(mac);
    const folder = mailboxFolder(mac.folders);
    const job = putJob(folder, { want: "import", phone: "00008140-000C0FFEE0DDF00D", waitSeconds: 0 });
    takeJob(folder, new Date());
    putStatus(folder, { job: job.id, state: "started", pid: process.pid, startedAt: job.askedAt });
    mac.forgetCalls();
    await expect(buildApp(partsOf(mac))).rejects.toMatchObject({
      code: "SETUP_FAILED",
      message: "Rollcall.app is at work just now.",
    });
    expect(mac.calls()).toEqual([]);
    clearJob(folder, job.id);
    expect((await buildApp(partsOf(mac))).isNew).toBe(true);
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
    ["plutil", "writes nothing", "plutil said that it changed CFBundleIdentifier, and did not."],
    ["codesign", "killed", "codesign was ended by SIGKILL."],
  ] satisfies ["osacompile" | "plutil" | "codesign", ProgramFault, string][])(
    "leaves nothing behind where it cannot be built: %s, %s",
    async (program, how, why) => {
      using mac = new FakeMac({ [program]: how });
      await expect(buildApp(partsOf(mac))).rejects.toMatchObject({ code: "SETUP_FAILED", why });
      expect(existsSync(appPath(mac.folders))).toBe(false);
      await removeApp(partsOf(mac));
      expect(Object.keys(mac.files())).toEqual([DATA, `${DATA}/${MARKER}`]);
    },
  );

  test("is removed with its folder, after macOS forgot what that app, and no other, was allowed", async () => {
    using mac = new FakeMac();
    await buildApp(partsOf(mac));
    mac.rememberAllowed("AppleEvents", APP_BUNDLE_ID);
    mac.rememberAllowed("Photos", APP_BUNDLE_ID);
    mac.rememberAllowed("AppleEvents", "com.apple.Terminal");
    mac.forgetCalls();
    expect(await removeApp(partsOf(mac))).toMatchObject({ removed: { length: 2 }, notForgotten: null });
    expect(mac.calls()).toEqual([
      ["lsregister", "-f", "HOME/Applications/Rollcall.app"],
      ["tccutil", "reset", "AppleEvents", "local.rollcall.importer"],
      ["tccutil", "reset", "Photos", "local.rollcall.importer"],
    ]);
    expect(mac.shownAsAllowed()).toEqual(["AppleEvents com.apple.Terminal"]);
    expect(Object.keys(mac.files())).toEqual([DATA, `${DATA}/${MARKER}`]);
  });

  test.each([
    [{ tccutil: "exits 5" }, "tccutil ended with status 5: it did not work"],
    [{ tccutil: "absent" }, "This Mac has no tccutil."],
    [{ lsregister: "exits 5" }, /^tccutil ended .*-10814.* lsregister ended with status 5: it did not work$/],
  ] satisfies [Partial<Record<MacProgram, ProgramFault>>, string | RegExp][])(
    "that macOS does not forget is removed all the same, and why is said: %j",
    async (faulty, why) => {
      using mac = new FakeMac(faulty);
      await buildApp(partsOf(mac));
      const { notForgotten } = await removeApp(partsOf(mac));
      expect(notForgotten).toMatch(why);
      expect(existsSync(appPath(mac.folders))).toBe(false);
    },
  );

  test("of another id, put in its place by somebody, loses no right by our hand", async () => {
    using mac = new FakeMac();
    await buildApp(partsOf(mac));
    const info = join(appPath(mac.folders), "Contents/Info.plist");
    writeFileSync(info, readFileSync(info, "utf8").replaceAll(APP_BUNDLE_ID, "com.apple.Terminal"));
    mac.rememberAllowed("AppleEvents", "com.apple.Terminal");
    mac.forgetCalls();
    expect((await removeApp(partsOf(mac))).notForgotten).toMatch(/does not say which app it is/);
    expect(mac.callsOf("tccutil")).toEqual([]);
    expect(mac.shownAsAllowed()).toEqual(["AppleEvents com.apple.Terminal"]);
  });
});

describe.skipIf(!isBuilt)("the right to control Photos (built command needed: npm run build)", () => {
  async function macWithApp(
    faulty: Partial<Record<MacProgram, ProgramFault>> = {},
    program = join(dist, "main.js"),
  ): Promise<FakeMac> {
    const mac = new FakeMac(faulty);
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

  test("is asked for by the app itself, in front, and remembered for that build", async () => {
    using mac = await macWithApp();
    using _ = inHome(mac);
    mac.forgetCalls();
    expect(appState(mac.folders)).toBe("not-allowed-yet");
    await requirePhotosRight(partsOf(mac));
    expect(mac.calls()).toEqual([
      ["lsregister", "-f", "HOME/Applications/Rollcall.app"],
      ["tccutil", "reset", "AppleEvents", "local.rollcall.importer"],
      ["tccutil", "reset", "Photos", "local.rollcall.importer"],
      ["open", "-n", "-W", "HOME/Applications/Rollcall.app"],
    ]);
    expect(appState(mac.folders)).toBe("allowed");
    mac.forgetCalls();
    await requirePhotosRight(partsOf(mac));
    expect(mac.calls().map(([program]) => program)).toEqual(["open"]);
    expect(mac.questions()).toBe(1);
  });

  test("that was refused is asked for anew by the next set-up", async () => {
    using mac = await macWithApp();
    using _ = inHome(mac);
    mac.photosAnswers(-1743);
    await expect(requirePhotosRight(partsOf(mac))).rejects.toMatchObject({
      code: "PHOTOS_NOT_PERMITTED",
      remedy: says("Run rollcall setup agent again, and press OK: macOS asks anew."),
    });
    expect(mac.questions()).toBe(1);
    mac.photosAnswers(0);
    await requirePhotosRight(partsOf(mac));
    expect(mac.questions()).toBe(2);
  });

  test("that was refused names the place and the command where macOS could not be made to forget it", async () => {
    using mac = await macWithApp({ tccutil: "exits 5" });
    using _ = inHome(mac);
    mac.photosAnswers(-1743);
    await expect(requirePhotosRight(partsOf(mac))).rejects.toMatchObject({
      why: expect.stringContaining("tccutil ended with status 5"),
      remedy: says(
        /Automation > Rollcall: switch Photos on\. .* run tccutil reset AppleEvents local\.rollcall\.importer in Terminal/,
      ),
    });
  });

  test("that macOS shows and refuses, since it was another build's, is forgotten first and asked for", async () => {
    using mac = await macWithApp();
    using _ = inHome(mac);
    mac.rememberAllowed("AppleEvents", APP_BUNDLE_ID); // of an app that somebody threw away
    await requirePhotosRight(partsOf(mac));
    expect(mac.questions()).toBe(1);
    expect(mac.shownAsAllowed()).toEqual([`AppleEvents ${APP_BUNDLE_ID}`]);
  });

  test("that was switched off since is asked for anew", async () => {
    using mac = await macWithApp();
    using _ = inHome(mac);
    await requirePhotosRight(partsOf(mac));
    mac.forgetRights();
    mac.rememberAllowed("AppleEvents", APP_BUNDLE_ID);
    await requirePhotosRight(partsOf(mac));
    expect(mac.questions()).toBe(2);
  });

  test("of an app of an earlier Rollcall is forgotten with its id, before that app is replaced", async () => {
    using mac = await macWithApp();
    using _ = inHome(mac);
    const info = join(appPath(mac.folders), "Contents/Info.plist");
    writeFileSync(info, readFileSync(info, "utf8").replaceAll(APP_BUNDLE_ID, "local.rollcall.app"));
    writeSetUpFile({ path: join(mailboxFolder(mac.folders), "built"), text: "of an older Rollcall" });
    for (const service of ["AppleEvents", "Photos"]) mac.rememberAllowed(service, "local.rollcall.app");
    expect(appState(mac.folders)).toBe("earlier");
    expect(await buildApp(partsOf(mac))).toEqual({ isNew: true, notForgotten: null });
    expect(mac.shownAsAllowed()).toEqual([]);
    await requirePhotosRight(partsOf(mac));
    expect(mac.shownAsAllowed()).toEqual(["AppleEvents local.rollcall.importer"]);
    expect(appState(mac.folders)).toBe("allowed");
  });

  test("is doubted by doctor where the app is not the build that got it", async () => {
    using mac = await macWithApp();
    using _ = inHome(mac);
    await requirePhotosRight(partsOf(mac));
    const info = join(appPath(mac.folders), "Contents/Info.plist");
    writeFileSync(info, readFileSync(info, "utf8").replace("<dict>", "<dict>\n"));
    expect(appState(mac.folders)).toBe("changed");
    rmSync(join(mailboxFolder(mac.folders), "built"));
    expect(appState(mac.folders)).toBe("of-somebody-else");
    rmSync(appPath(mac.folders), { recursive: true });
    expect(appState(mac.folders)).toBe("absent");
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
      using mac = await macWithApp({}, program);
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
    let taken: AppJob | null = null;
    const clock = new OrderedClock();
    const looking: Clock = {
      now: () => clock.now(),
      wait: async (ms, signal) => {
        if (begins) taken ??= takeJob(mailboxFolder(mac.folders), new Date());
        await clock.wait(ms, signal);
      },
    };
    const asking = requirePhotosRight({ ...partsOf(mac), clock: looking });
    await expect(asking).rejects.toMatchObject({
      code: "PHOTOS_NOT_PERMITTED",
      why,
      remedy: says("press OK"),
    });
    if (begins) expect(taken).toMatchObject({ want: "ask" });
    expect(Object.keys(mac.files()).filter((name) => /\.(job|taken|status)$/.test(name))).toEqual([]);
  });
});
