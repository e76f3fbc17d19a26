import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { buildApp, removeApp } from "../../src/integrations/app/app-bundle.js";
import {
  clearJob,
  jobFile,
  mailboxFolder,
  putJob,
  START_FILE,
  statusOf,
  takeJob,
} from "../../src/integrations/app/mailbox.js";
import { readNoticeSeen, writeNoticeSeen } from "../../src/integrations/app/notice-seen.js";
import { askForPhotos, importInApp } from "../../src/integrations/app/run-in-app.js";
import { startFile } from "../../src/integrations/app/start-file.js";
import { notify, notifyFailure } from "../../src/integrations/notification.js";
import { writeSetUpFile } from "../../src/integrations/set-up-files.js";
import { LifeLine } from "../jxa/stand-in-osascript.js";
import { OrderedClock } from "../phone/ordered-clock.js";
import { FakeMac, type ProgramFault } from "./fake-mac.js";

const takeJobProgram = join(import.meta.dirname, "../../dist/integrations/app/take-job.js");
const isBuilt = existsSync(takeJobProgram);
const { HOME } = process.env;
const ANNA = { phone: "00008140-000C0FFEE0DDF00D", waitSeconds: 20 };
let mac: FakeMac;

async function macWithApp(faulty?: { open: ProgramFault }): Promise<void> {
  mac = new FakeMac(faulty);
  process.env.HOME = mac.home; // an app gets the home of the session it is opened in
  await buildApp({ run: mac.run(), folders: mac.folders });
  mac.forgetCalls();
}
beforeEach(() => macWithApp());
afterEach(() => {
  process.env.HOME = HOME;
  mac[Symbol.dispose]();
});

const folder = () => mailboxFolder(mac.folders);
const jobsLeft = () =>
  readdirSync(folder()).filter((name) => /\.(job|taken|status|result|cancel)$/.test(name));

/** As if no app had been opened for a job lately. */
const clearOpenings = () => {
  for (const name of readdirSync(folder()).filter((one) => one.endsWith(".opening")))
    rmSync(join(folder(), name));
};

/** Has the app start this program in Rollcall's place. */
function over(program: string): { run: ReturnType<FakeMac["run"]>; folders: FakeMac["folders"] } {
  const path = join(mac.folder, "main.cjs");
  writeFileSync(path, program);
  const how = { node: process.execPath, program: path, environment: { ROLLCALL_HOME: "/it's here" } };
  writeSetUpFile(startFile(how, takeJobProgram, mac.folders));
  return { run: mac.run(), folders: mac.folders };
}

describe.skipIf(!isBuilt)("a job for Rollcall.app (built command needed: npm run build)", () => {
  test("is an import of one phone with the settings of the set-up; its end comes back, and no file stays", async () => {
    const parts = over(
      "console.log(JSON.stringify([process.argv.slice(2), process.env.ROLLCALL_HOME])); process.exit(3);",
    );
    const end = await importInApp(ANNA, parts);
    const flags = `--unattended --phone ${ANNA.phone} --wait 20 --brief --quiet --json --no-input`;
    expect(end).toEqual({
      kind: "ended",
      exitStatus: 3,
      errorNumber: null,
      document: `${JSON.stringify([["import", ...flags.split(" ")], "/it's here"])}\n`,
    });
    expect(mac.callsOf("open")).toEqual([["open", "-g", "-n", "-W", "HOME/Applications/Rollcall.app"]]);
    expect(jobsLeft()).toEqual([]);
  });

  test("is asked to stop by file when its run is stopped, and its own end is waited for", async () => {
    await using line = await LifeLine.listen(mac.folder);
    const parts = over(`${line.hold}process.on("SIGTERM", () => process.exit(143));`);
    const controller = new AbortController();
    const ending = importInApp(ANNA, { ...parts, signal: controller.signal });
    const { ended } = await line.held(1);
    controller.abort();
    expect(await ending).toMatchObject({ kind: "ended", exitStatus: 143 });
    await ended;
  });

  test("that dies leaves no end, and none is made up from an earlier job", async () => {
    const parts = over("process.exit(0);");
    await importInApp(ANNA, parts);
    // While it is there it would take the next job.
    await vi.waitFor(() => expect(mac.appsGone()).toBe(1), { timeout: 15_000 });
    writeSetUpFile({ path: join(folder(), START_FILE), text: "exit 0\n" });
    expect(await importInApp(ANNA, parts)).toEqual({
      kind: "no-answer",
      why: "Rollcall.app did not take the job.",
    });
    expect(jobsLeft()).toEqual([]);
  });

  test("is known to have ended though another copy of the app took it, and though open never returns", async () => {
    const parts = over('console.log("{}");');
    // The copy that is opened for this job does nothing; another one, opened by somebody, takes it.
    const opened = (which: string[]) =>
      parts.run("open", ["-n", "-W", join(mac.home, "Applications/Rollcall.app"), ...which].slice(0, 3));
    const run: typeof parts.run = async () => {
      await opened([]);
      return new Promise(() => {});
    };
    expect(await importInApp(ANNA, { ...parts, run })).toMatchObject({ kind: "ended", exitStatus: 0 });
  });

  test("of a watch that died is not done when the app is opened later, and is cleared by the next job", async () => {
    const parts = over('require("node:fs").writeFileSync(__filename + ".ran", process.argv[2]);');
    const ran = () => readFileSync(join(mac.folder, "main.cjs.ran"), "utf8");
    const dead = spawn(process.execPath, ["-e", ""]);
    await once(dead, "exit");
    const job = { ...putJob(folder(), { want: "import", ...ANNA }), asker: dead.pid };
    const left = () =>
      writeSetUpFile({ path: jobFile(folder(), job.id, "job"), text: JSON.stringify(job) }, 0o600);
    left();
    clearOpenings(); // that watch died a while ago
    await parts.run("open", [join(mac.home, "Applications/Rollcall.app")]);
    expect(ran()).toBe("gui");
    expect(jobsLeft()).toEqual([]);
    left();
    await notify(parts, "A", "B");
    expect(jobsLeft()).toEqual([]);
  });

  test("two at a time, an import and a notification, each come to their own end", async () => {
    const parts = over('console.log("{}"); process.exit(0);');
    const [end, isShown] = await Promise.all([importInApp(ANNA, parts), notify(parts, "Rollcall", "B")]);
    expect(end).toMatchObject({ kind: "ended", exitStatus: 0, document: "{}\n" });
    expect(isShown).toBe(true);
    // The app notes that it has the notification, and shows it then.
    await vi.waitFor(() => expect(mac.notices()).toEqual([["Rollcall", "B"]]), { timeout: 15_000 });
    expect(jobsLeft()).toEqual([]);
  });
});

describe.skipIf(!isBuilt)("Rollcall.app at work (built command needed: npm run build)", () => {
  const unlessStayingOpen = (info: string) =>
    info.replace(/(<key>OSAAppletStayOpen<.key>\s*)<true\/>/, "$1<false/>");
  const earlierApplet = () => readFileSync(join(import.meta.dirname, "golden/earlier-applet.txt"), "utf8");

  test("has ended each script of its while the import goes on: no limit on their time cuts it off", async () => {
    await using line = await LifeLine.listen(mac.folder);
    const parts = over(`${line.hold}process.on("SIGTERM", () => process.exit(143));`);
    const controller = new AbortController();
    const ending = importInApp(ANNA, { ...parts, signal: controller.signal });
    await line.held(1);
    await vi.waitFor(
      () => expect(mac.scriptsEnded().filter((words) => words.startsWith("poll"))).not.toEqual([]),
      {
        timeout: 15_000,
      },
    );
    expect(mac.scriptsEnded()[0]).toBe("opened");
    expect(mac.appsGone()).toBe(0);
    controller.abort();
    expect(await ending).toMatchObject({ kind: "ended", exitStatus: 143 });
  });

  test("quits at logout, and the import stops at its next safe point", async () => {
    await using line = await LifeLine.listen(mac.folder);
    const parts = over(`${line.hold}process.on("SIGTERM", () => process.exit(143));`);
    const ending = importInApp(ANNA, parts);
    await line.held(1);
    mac.endSession();
    expect(await ending).toMatchObject({ kind: "ended", exitStatus: 143 });
    expect(mac.isLogoutStopped()).toBe(false);
    expect(mac.scriptsEnded().at(-1)).toMatch(/^quit /);
  });

  test.each([false, true])(
    "is gone when there is nothing to do, also where its own quit does nothing (%s)",
    async (isDeaf) => {
      if (isDeaf) mac.makeQuitDeaf();
      const parts = over("");
      putJob(folder(), { want: "show", title: "Rollcall", body: "B" });
      takeJob(folder(), new Date());
      const { kind } = await parts.run("open", ["-W", join(mac.home, "Applications/Rollcall.app")]);
      expect(kind).toBe("ended");
      expect(mac.scriptsEnded()).toEqual(["opened"]);
    },
  );

  test("that macOS does not let stay open ends, and the import goes on to its end", async () => {
    mac.changeApp("Info.plist", unlessStayingOpen);
    const parts = over('console.log("{}"); process.exit(3);');
    expect(await importInApp(ANNA, parts)).toMatchObject({ kind: "ended", exitStatus: 3, document: "{}\n" });
  });

  test("of an earlier Rollcall is there until the end of its import, by which macOS judges it", async () => {
    mac.changeApp("main.scpt", earlierApplet);
    mac.changeApp("Info.plist", unlessStayingOpen);
    await using line = await LifeLine.listen(mac.folder);
    const parts = over(`${line.hold}process.on("SIGTERM", () => process.exit(143));`);
    const controller = new AbortController();
    const ending = importInApp(ANNA, { ...parts, signal: controller.signal });
    await line.held(1);
    expect([mac.scriptsEnded(), mac.appsGone()]).toEqual([[], 0]);
    controller.abort();
    expect(await ending).toMatchObject({ kind: "ended", exitStatus: 143 });
  });

  test("of an earlier Rollcall goes on importing and notifying", async () => {
    mac.changeApp("main.scpt", earlierApplet);
    mac.changeApp("Info.plist", unlessStayingOpen);
    const parts = over('console.log("{}"); process.exit(3);');
    expect(await importInApp(ANNA, parts)).toMatchObject({ kind: "ended", exitStatus: 3, document: "{}\n" });
    expect(await notify(parts, "Rollcall", "B")).toBe(true);
    await vi.waitFor(() => expect(mac.notices()).toEqual([["Rollcall", "B"]]), { timeout: 15_000 });
    expect(await askForPhotos(parts)).toMatchObject({ kind: "ended", errorNumber: 0 });
    expect(jobsLeft()).toEqual([]);
  });

  test("waits for no import that nobody waits for, nor begins it: a process number may be another's by now", async () => {
    const parts = over('require("node:fs").writeFileSync(__filename + ".ran", "");');
    const reply = (...words: string[]) =>
      spawnSync(process.execPath, [takeJobProgram, folder(), join(mac.folder, "main.cjs"), ...words], {
        encoding: "utf8",
      }).stdout;
    const job = putJob(folder(), { want: "import", ...ANNA });
    takeJob(folder(), new Date());
    expect(reply("poll", job.id, String(process.pid))).toBe(`poll 5 ${job.id} ${process.pid}`);
    expect(reply("poll", job.id, "999999999")).toBe("");
    expect(reply("poll", "../x", String(process.pid))).toBe("");
    clearJob(folder(), job.id);
    expect(reply("poll", job.id, String(process.pid))).toBe("");
    expect(reply("run", job.id)).toBe("");
    expect(existsSync(join(mac.folder, "main.cjs.ran"))).toBe(false);
    expect(jobsLeft()).toEqual([]);
    expect((await parts.run("open", ["-W", join(mac.home, "Applications/Rollcall.app")])).kind).toBe("ended");
    expect(existsSync(join(mac.folder, "main.cjs.ran"))).toBe(false);
  });

  test("takes the next job when it has done one", async () => {
    const parts = over("");
    const jobs = [1, 2].map((number) =>
      putJob(folder(), { want: "show", title: "Rollcall", body: `${number}` }),
    );
    await parts.run("open", ["-W", join(mac.home, "Applications/Rollcall.app")]);
    expect(mac.notices()).toEqual([
      ["Rollcall", "1"],
      ["Rollcall", "2"],
    ]);
    for (const job of jobs) expect(statusOf(folder(), job)).toMatchObject({ state: "ended" });
  });
});

describe.skipIf(!isBuilt)("a double click on Rollcall.app (built command needed: npm run build)", () => {
  const app = () => join(mac.home, "Applications/Rollcall.app");
  /** Each `rollcall gui` says how it was called; the first holds until it is asked to stop, as the page's server does. */
  const gui = (line: LifeLine) =>
    over(`
      const fs = require("node:fs");
      fs.appendFileSync(__filename + ".calls", JSON.stringify([process.argv.slice(2), process.env.ROLLCALL_STARTED_FROM, process.env.ROLLCALL_HOME]) + "\\n");
      if (process.argv[2] === "import") process.exit(3);
      let isFirst = true;
      try { fs.writeFileSync(__filename + ".serves", "", { flag: "wx" }); } catch { isFirst = false; }
      if (isFirst) { ${line.hold} process.on("SIGTERM", () => { fs.unlinkSync(__filename + ".serves"); process.exit(0); }); }`);
  const calls = () => {
    const path = join(mac.folder, "main.cjs.calls");
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line)[0].join(" "));
  };
  const waiting = { timeout: 15_000 };

  test("runs rollcall gui with the settings of the set-up, and the app stays while the page is there", async () => {
    await using line = await LifeLine.listen(mac.folder);
    const parts = gui(line);
    const opening = parts.run("open", ["-W", app()]);
    await line.held(1);
    const [first = ""] = readFileSync(join(mac.folder, "main.cjs.calls"), "utf8").split("\n");
    // It is no run of the agent's, whose start file it is.
    expect(JSON.parse(first)).toEqual([["gui"], null, "/it's here"]);
    await vi.waitFor(() => expect(mac.scriptsEnded().at(-1)).toMatch(/^poll/), waiting);
    expect(mac.appsGone()).toBe(0);
    mac.endSession();
    expect((await opening).kind).toBe("ended");
    // What the app is told at logout reaches the page, and nothing of it stays.
    await vi.waitFor(() => expect(jobsLeft()).toEqual([]), waiting);
    expect(existsSync(join(mac.folder, "main.cjs.serves"))).toBe(false);
    expect(mac.windows()).toEqual([]);
  });

  test("while it is open opens the page again, and the app waits for the first one still", async () => {
    await using line = await LifeLine.listen(mac.folder);
    const parts = gui(line);
    const opening = parts.run("open", ["-W", app()]);
    await line.held(1);
    await parts.run("open", [app()]);
    await vi.waitFor(() => expect(calls()).toEqual(["gui", "gui"]), waiting);
    await vi.waitFor(
      () => expect(mac.scriptsEnded().some((words) => words.startsWith("reopened"))).toBe(true),
      waiting,
    );
    const polls = mac.scriptsEnded().length;
    await vi.waitFor(() => expect(mac.scriptsEnded().length).toBeGreaterThan(polls + 1), waiting);
    expect(mac.appsGone()).toBe(0);
    mac.endSession();
    await opening;
    await vi.waitFor(() => expect(jobsLeft()).toEqual([]), waiting);
  });

  test("that cannot open the page says why in a window", async () => {
    const parts = over(
      'console.error("error: The config file cannot be read.\\ndo:    Correct \u201cit\u201d."); process.exit(2);',
    );
    await parts.run("open", ["-W", app()]);
    expect(mac.windows()).toEqual([
      ["Rollcall could not open its page.", "The config file cannot be read.\nCorrect \u201cit\u201d."],
    ]);
    expect(jobsLeft()).toEqual([]);
  });

  test("says so in a window where Rollcall has moved, once", async () => {
    const how = { node: join(mac.folder, "gone"), program: join(mac.folder, "gone.js"), environment: {} };
    writeSetUpFile(startFile(how, takeJobProgram, mac.folders));
    await mac.run()("open", ["-W", app()]);
    expect(mac.windows()).toEqual([
      [
        "Rollcall is no longer where it was.",
        "Install it again, in the way in which it was installed before.",
      ],
    ]);
  });

  test("serves the page of the real command until the app quits", async () => {
    const how = {
      node: process.execPath,
      program: join(takeJobProgram, "../../../main.js"),
      environment: {
        ROLLCALL_HOME: mac.folders.data,
        USBMUXD_SOCKET_ADDRESS: join(mac.folder, "no-usbmuxd"),
        ROLLCALL_OSASCRIPT: "/usr/bin/false",
      },
    };
    writeSetUpFile(startFile(how, takeJobProgram, mac.folders));
    const opening = mac.run()("open", ["-W", app()]);
    const opener = join(mac.folders.data, "open-page.html");
    await vi.waitFor(() => expect(existsSync(opener)).toBe(true), { timeout: 60_000 });
    const [, address, token] = /"(http:.*)\/#t=([\w-]+)"/.exec(readFileSync(opener, "utf8")) ?? [];
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${address}/api/state`, { headers })).ok).toBe(true);
    mac.endSession();
    await opening;
    await vi.waitFor(() => expect([jobsLeft(), existsSync(opener)]).toEqual([[], false]), {
      timeout: 60_000,
    });
    await expect(fetch(`${address}/api/state`, { headers })).rejects.toThrow();
    expect(mac.windows()).toEqual([]);
  });

  test("opens the page once, and an import that is begun meanwhile none, whichever copy is first", async () => {
    await using line = await LifeLine.listen(mac.folder);
    const parts = gui(line);
    // The person's copy begins when the import's job lies there already, and its own copy is still to come.
    let personsCopy: Promise<unknown> = Promise.resolve();
    const run: typeof parts.run = async (...call) => {
      if (call[0] === "open") personsCopy = parts.run("open", ["-n", "-W", app()]);
      await vi.waitFor(() => expect(calls()).not.toEqual([]), waiting);
      return await parts.run(...call);
    };
    expect(await importInApp(ANNA, { ...parts, run })).toMatchObject({ exitStatus: 3 });
    await line.held(1);
    expect(
      calls()
        .map((words) => words.split(" ")[0])
        .sort(),
    ).toEqual(["gui", "import"]);
    mac.endSession();
    await personsCopy;
    await vi.waitFor(() => expect(jobsLeft()).toEqual([]), waiting);
  });

  test("is not what a copy is that comes for a job which another copy has done by then", async () => {
    const parts = over('require("node:fs").writeFileSync(__filename + ".ran", "");');
    const job = putJob(folder(), { want: "show", title: "Rollcall", body: "B" });
    takeJob(folder(), new Date());
    clearJob(folder(), job.id);
    await parts.run("open", ["-g", "-n", "-W", app()]);
    expect(existsSync(join(mac.folder, "main.cjs.ran"))).toBe(false);
    // The next one is a person's.
    await parts.run("open", ["-W", app()]);
    expect(existsSync(join(mac.folder, "main.cjs.ran"))).toBe(true);
  });
});

describe("a failure of what nobody watches", () => {
  const parts = () => ({ run: mac.run(), folders: mac.folders, clock: new OrderedClock() });
  const windows = () => mac.callsOf("osascript").filter((call) => call.join(" ").includes("displayAlert"));
  const askedAt = new Date();

  test.skipIf(!isBuilt)("is a notification alone where a person has said that those are seen", async () => {
    const real = over("");
    writeNoticeSeen(mac.folders, { isSeen: true, askedAt });
    await notifyFailure(real, "Rollcall", "Photos is not permitted.");
    await vi.waitFor(() => expect(mac.notices()).toHaveLength(1), { timeout: 15_000 });
    expect(mac.callsOf("osascript")).toEqual([]);
  });

  test.skipIf(!isBuilt)("stands in a window, too, where nobody was asked", async () => {
    const real = over("");
    await notifyFailure(real, "Rollcall", "Photos is not permitted.");
    await vi.waitFor(() => expect(mac.notices()).toHaveLength(1), { timeout: 15_000 });
    expect(windows().map((call) => call.slice(-2))).toEqual([["Rollcall", "Photos is not permitted."]]);
  });

  test("stands in a window, and is Script Editor's notification, where those of the app are not seen", async () => {
    writeNoticeSeen(mac.folders, { isSeen: false, askedAt });
    await notifyFailure(parts(), "Rollcall", "Photos is not permitted.");
    expect(windows()).toHaveLength(1);
    expect(mac.callsOf("osascript")).toHaveLength(2);
    expect(mac.callsOf("open")).toEqual([]);
  });

  test("stands in a window where the app of which they are seen is another build now", async () => {
    writeNoticeSeen(mac.folders, { isSeen: true, askedAt });
    mac.changeApp("Info.plist", (info) => info.replace("<dict>", "<dict>\n"));
    expect(readNoticeSeen(mac.folders)).toBeNull();
    await removeApp({ run: mac.run(), folders: mac.folders });
    await notifyFailure(parts(), "Rollcall", "Photos is not permitted.");
    expect(windows()).toHaveLength(1);
  });
});

describe("where the app hangs", () => {
  beforeEach(async () => {
    mac[Symbol.dispose]();
    await macWithApp({ open: "hangs" });
  });

  const parts = () => ({ run: mac.run(), folders: mac.folders, clock: new OrderedClock() });

  test("before it takes the job, that is said after a minute, and it cannot take it any more", async () => {
    expect(await importInApp(ANNA, parts())).toEqual({
      kind: "no-answer",
      why: "Rollcall.app did not begin within 60 s: look whether macOS asks something about it.",
    });
    expect(takeJob(folder(), new Date())).toBeNull();
  });

  test("after it took the job, that is said as well", async () => {
    const importing = importInApp(ANNA, parts());
    expect(takeJob(folder(), new Date())).toMatchObject({ want: "import", ...ANNA });
    expect(await importing).toEqual({
      kind: "no-answer",
      why: "Rollcall.app took the job and did not begin it.",
    });
    expect(jobsLeft()).toEqual([]);
  });

  test("a notification is shown by osascript instead", async () => {
    expect(await notify(parts(), "Rollcall", "Done")).toBe(true);
    expect(mac.callsOf("osascript").map((call) => call.slice(-2))).toEqual([["Rollcall", "Done"]]);
  });
});

describe("a notification", () => {
  test.skipIf(!isBuilt)(
    "is Rollcall.app's own where that is installed, whatever is in its words",
    async () => {
      const parts = over("");
      const words = `412 new photos, all "proved" \u{1f4f7}\n$(rm) \\ 'Anna\u2019s'`;
      expect(await notify(parts, "Rollcall", words)).toBe(true);
      await vi.waitFor(() => expect(mac.notices()).toEqual([["Rollcall", words]]), { timeout: 15_000 });
      expect(mac.callsOf("osascript")).toEqual([]);
    },
  );

  test("is osascript's where there is no Rollcall.app", async () => {
    await removeApp({ run: mac.run(), folders: mac.folders });
    mac.forgetCalls();
    expect(await notify({ run: mac.run(), folders: mac.folders }, "Rollcall", "Done")).toBe(true);
    expect(mac.calls().map(([program]) => program)).toEqual(["osascript"]);
  });
});
