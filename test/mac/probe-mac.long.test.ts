import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasTerminal } from "../stories/at-terminal.js";
import { ProbeMac } from "./probe-stand-ins.js";

/** Many small programs one after another, on a machine that may do other things as well. */
const SLOW_MS = 240_000;
const repository = join(import.meta.dirname, "../..");

describe("probe:mac, among stand-ins of the programs of macOS,", () => {
  test(
    "runs each step from the terminal, an agent, an app and a Quick Action, records it and cleans up",
    () => {
      using mac = new ProbeMac();
      const before = mac.files();
      const { status, stderr } = mac.probe();
      expect(stderr).toBe("");
      const { places, left, isStandIn } = mac.findings();
      expect({ left, isStandIn }).toEqual({ left: [], isStandIn: true });
      expect(places.map(({ place, started }) => [place, started])).toEqual([
        ["terminal", "by this terminal"],
        ["agent", "by launchd"],
        ["applet", "as an app"],
        ["shortcut", null],
        ["quick-action", "by automator, from this terminal"],
      ]);
      expect(status).toBe(0);
      for (const { place, steps } of places.filter(({ started }) => started !== null)) {
        const named = Object.fromEntries(steps.map(({ name, answer }) => [name, answer]));
        expect(named["os-version"]?.sw_vers, place).toEqual({ outcome: "answered", said: "26.1" });
        expect(named["library-first-touch"]?.touched?.map(({ what, code }) => `${what} ${code}`)).toEqual([
          ...["lstat done", "readdir done", "open done"],
        ]);
        expect(named["automation-and-one-event"]).toMatchObject({
          before: { said: { answer: -1744 } },
          event: { outcome: "failed", said: -1743, questions: "answered before anybody could be asked" },
          after: { outcome: "answered" },
        });
        expect(named["launch-date-twice"]).toMatchObject({ isKnown: true, isSame: true });
        expect(named["open-databases"]?.said).toEqual([
          { command: "Photos", where: "a library in Pictures" },
          { command: "photolibraryd", where: "Syndication.photoslibrary" },
        ]);
        expect(named.staging).toMatchObject({ said: "written, read and removed" });
        expect(named.responsible?.bundleInEnvironment ?? null).toBe(
          place === "terminal" ? "com.apple.Terminal" : null,
        );
      }
      const applet = places.find(({ place }) => place === "applet")!.steps;
      expect(applet.map(({ name }) => name)).toContain("sleep-150-in-the-applet");
      expect(applet.at(-2)?.answer).toMatchObject({ outcome: "answered" });
      expect(mac.files()).toEqual(before);
      const forget = mac.told().filter((line) => /^(lsregister|tccutil)/.test(line));
      expect(forget).toEqual([
        "lsregister -f",
        "tccutil reset AppleEvents",
        "tccutil reset Photos",
        "lsregister -u",
      ]);
      expect(mac.told().filter((line) => line.startsWith("launchctl"))).toEqual([
        ...["launchctl bootstrap", "launchctl bootout", "launchctl print"],
      ]);
    },
    SLOW_MS,
  );

  test(
    "says nothing of the person in the file: no user, no computer, no home, no library",
    () => {
      using mac = new ProbeMac({ launchctl: "exits 5" }); // which names a path of theirs
      expect(mac.probe("--only", "terminal,agent").status).toBe(0);
      const text = readFileSync(mac.findingsFile, "utf8");
      for (const own of [mac.home, mac.folder, userInfo().username, hostname(), repository, "Photos Library"])
        expect(text).not.toContain(own);
      expect(text).toContain("~/Library/LaunchAgents/local.rollcall.probe.");
    },
    SLOW_MS,
  );

  test(
    "a program that hangs is answered with 'timed out', and all others are asked all the same",
    () => {
      using mac = new ProbeMac({ osascript: "hangs", lsof: "hangs", sw_vers: "hangs" });
      const { status } = mac.probe("--only", "terminal", "--seconds", "2");
      expect(status).toBe(0);
      const [place] = mac.findings().places;
      const named = Object.fromEntries(place!.steps.map(({ name, answer }) => [name, answer]));
      expect(named["os-version"]?.sw_vers?.outcome).toBe("timed out");
      expect(named.responsible?.responsible?.outcome).toBe("timed out");
      expect(named["automation-and-one-event"]?.event?.outcome).toBe("timed out");
      expect(named["open-databases"]?.outcome).toBe("timed out");
      expect(named.notice?.outcome).toBe("timed out");
      expect(place!.steps).toHaveLength(10);
    },
    SLOW_MS,
  );

  test(
    "a library whose first touch waits for a person is named by that touch, with who shows a window",
    () => {
      using mac = new ProbeMac();
      rmSync(mac.database);
      execFileSync("mkfifo", [mac.database]); // an open that nobody answers
      expect(mac.probe("--only", "terminal", "--seconds", "8").status).toBe(0);
      const { steps } = mac.findings().places[0]!;
      const { answer } = steps.find(({ name }) => name === "library-first-touch")!;
      expect(answer.outcome).toBe("timed out");
      expect(answer.touched?.map(({ what }) => what)).toEqual(["lstat", "readdir"]);
      expect(answer.questions).toEqual({ outcome: "answered", said: ["UserNotificationCenter"] });
    },
    SLOW_MS,
  );

  test(
    "an agent that launchd refuses and a Quick Action that never begins say why, and leave nothing behind",
    () => {
      using mac = new ProbeMac({ launchctl: "exits 5", automator: "absent" });
      const before = mac.files();
      const { status } = mac.probe("--only", "agent,quick-action", "--seconds", "1");
      const [agent, quickAction] = mac.findings().places;
      expect([agent!.started, agent!.why]).toEqual([null, expect.stringContaining("launchctl: failed")]);
      expect(quickAction!.why).toBe("it was started, and did not begin");
      expect(quickAction!.steps.every(({ answer }) => answer.outcome === "timed out")).toBe(true);
      expect(mac.files()).toEqual(before);
      expect(status).toBe(0);
    },
    SLOW_MS,
  );

  test(
    "what macOS does not forget is named, with status 1",
    () => {
      using mac = new ProbeMac({ tccutil: "exits 5" });
      const { status, stdout } = mac.probe("--only", "applet");
      expect(mac.findings().left.join()).toMatch(
        /macOS may remember local\.rollcall\.probe\.applet-\w+ under AppleEvents/,
      );
      expect(stdout).toContain("left: macOS may remember");
      expect(status).toBe(1);
    },
    SLOW_MS,
  );

  test("what a probe left that was cut off is named, taken away by --clean-up, and nothing else is", () => {
    using mac = new ProbeMac();
    const agents = join(mac.home, "Library", "LaunchAgents");
    mkdirSync(agents, { recursive: true });
    const theirs = join(mac.home, "theirs");
    mkdirSync(theirs);
    writeFileSync(join(theirs, "photo"), "theirs");
    writeFileSync(join(agents, "local.rollcall.probe.abc123.plist"), "left");
    writeFileSync(join(agents, "local.rollcall.watch.plist"), "theirs");
    mkdirSync(join(mac.home, "Library", "Services"));
    symlinkSync(theirs, join(mac.home, "Library", "Services", "Rollcall probe fff000.workflow"));
    const { stdout, status } = mac.probe("--clean-up");
    expect([stdout, status]).toEqual([expect.stringContaining("Taken away: abc123."), 1]);
    expect(stdout).toContain("left: fff000");
    expect(readdirSync(agents)).toEqual(["local.rollcall.watch.plist"]);
    expect(readdirSync(theirs)).toEqual(["photo"]);
    expect(readdirSync(join(mac.home, "Library", "Services"))).toEqual(["Rollcall probe fff000.workflow"]);
  });

  test(
    "stopped in the middle it takes away what it made, and writes what it found",
    async () => {
      using mac = new ProbeMac({ osascript: "hangs" });
      const before = mac.files();
      const { status } = await mac.probeStoppedOnce(
        () => mac.told().includes("launchctl bootstrap"),
        "--only",
        "agent,applet",
      );
      expect(status).toBe(130);
      expect(mac.told().filter((line) => line.startsWith("launchctl"))).toContain("launchctl bootout");
      expect(mac.files()).toEqual(before);
      expect(mac.findings().places.map(({ place }) => place)).toEqual(["agent"]);
    },
    SLOW_MS,
  );

  test.runIf(hasTerminal)(
    "with a person there the shortcut is added by them and run, and what they saw is in the file",
    async () => {
      using mac = new ProbeMac();
      const { screen, status, left } = await mac.probeAtTerminal(
        ["--only", "terminal,shortcut"],
        [
          ["Go on? [y/N]", "y\n"],
          ["Did macOS ask you something meanwhile?", "y\n"],
          ['Did you see a notice "From terminal."?', "n\n"],
          ["Did macOS ask you something meanwhile?", "\n"],
          ['Did you see a notice "From shortcut."?', "y\n"],
        ],
      );
      expect(left, screen).toEqual([]);
      const { places, left: kept } = mac.findings();
      expect(places.map(({ place, started, seen }) => [place, started, seen])).toEqual([
        ["terminal", "by this terminal", { question: "yes", notice: "no" }],
        ["shortcut", "by shortcuts run", { question: "not known", notice: "yes" }],
      ]);
      // macOS has no command that deletes a shortcut: the person is told.
      expect(kept).toEqual([
        expect.stringMatching(/^Delete the shortcut "Rollcall probe \w+" in the Shortcuts app/),
      ]);
      expect(status).toBe(1);
    },
    SLOW_MS,
  );
});
