import { describe, expect, test } from "vitest";
import { idleSleepMinutes } from "../../src/integrations/idle-sleep.js";
import { agentFile, agentPath } from "../../src/integrations/launchd/agent-plist.js";
import { agentState } from "../../src/integrations/launchd/agent-state.js";
import { installAgent } from "../../src/integrations/launchd/install-agent.js";
import type { MacProgram } from "../../src/integrations/mac-programs.js";
import type { RunProgram } from "../../src/integrations/run-program.js";
import { listedShortcuts, thoseListed } from "../../src/integrations/shortcuts/listed-shortcuts.js";
import { handClock } from "../jxa/stand-in-osascript.js";
import { FakeMac, type ProgramFault } from "./fake-mac.js";
import { FIXED_HOW } from "./fixed-place.js";

/** What doctor asks the programs of macOS, and what they are known to do instead of answering. */

const uid = process.getuid?.() ?? 0;
const state = (run: RunProgram) => agentState(run, uid);
const listed = (run: RunProgram) => listedShortcuts(run, { deadlineMs: 2_000 });

async function macWithAgent(): Promise<FakeMac> {
  const mac = new FakeMac();
  await installAgent(agentFile(FIXED_HOW, mac.folders), { run: mac.run(), folders: mac.folders, uid });
  mac.forgetCalls();
  return mac;
}

/** Its deadline passes as soon as it waits. */
async function asHangs<Found>(program: MacProgram, ask: (run: RunProgram) => Promise<Found>) {
  using mac = new FakeMac({ [program]: "hangs" });
  const clock = handClock();
  const found = ask(mac.run(clock));
  while (clock.waits.length === 0) await new Promise(setImmediate);
  clock.ringAll();
  return { found: await found, waits: clock.waits };
}

describe("launchd", () => {
  test("tells from which file and with which program the agent was loaded, and that it runs", async () => {
    using mac = await macWithAgent();
    expect(await state(mac.run())).toEqual({
      kind: "loaded",
      path: agentPath(mac.folders),
      command: [FIXED_HOW.node, FIXED_HOW.program, "watch", "--agent"],
      pid: 4711,
      lastStatus: null,
    });
    expect(mac.calls()).toEqual([["launchctl", "print", "gui/UID/local.rollcall.watch"]]);
  });

  test("knows no agent that is not loaded", async () => {
    using mac = new FakeMac();
    expect(await state(mac.run())).toEqual({ kind: "not-loaded" });
  });

  test.each([
    ["last exit code = 78: EX_CONFIG", 78],
    ["last exit code = 0", 0],
    ["last exit code = (never exited)", null],
  ])("says how it ended: %s", async (line, lastStatus) => {
    using mac = await macWithAgent();
    mac.launchdSays(`gui/501/local.rollcall.watch = {\n\tstate = not running\n\t${line}\n}\n`);
    expect(await state(mac.run())).toEqual({
      kind: "loaded",
      path: null,
      command: null,
      pid: null,
      lastStatus,
    });
  });

  test("is read by its first lines: blocks further down have some of the same names", async () => {
    using mac = await macWithAgent();
    mac.launchdSays(
      [
        "gui/501/local.rollcall.watch = {",
        "\tpath = /a.plist",
        "\tstdout path = /log",
        "\tpid = 1",
        "\tendpoints = {",
        "\t\t\tpath = /other",
        "\t\t\tpid = 2",
        "\t}",
        "}",
      ].join("\n"),
    );
    expect(await state(mac.run())).toMatchObject({ path: "/a.plist", pid: 1 });
  });

  test.each([
    ["absent", "This Mac has no launchctl."],
    ["writes nothing", "launchctl said nothing about it."],
    ["exits 5", "launchctl ended with status 5: it did not work"],
    ["killed", "launchctl was ended by SIGKILL."],
  ] satisfies [ProgramFault, string][])("that is or does %s leaves it not known", async (launchctl, why) => {
    using mac = new FakeMac({ launchctl });
    expect(await state(mac.run())).toEqual({ kind: "not-known", why });
  });

  test("that hangs is left after 5 s", async () => {
    expect(await asHangs("launchctl", state)).toEqual({
      found: { kind: "not-known", why: "launchctl did not end within 5 s, and was ended." },
      waits: [5_000],
    });
  });
});

describe("the shortcuts of the app", () => {
  test("are a name a line, also under the Finder's spelling", async () => {
    using mac = new FakeMac();
    mac.shortcutsListed("Something else", "iPhone/ what is new?");
    const found = await listed(mac.run());
    expect(found).toEqual({ names: ["Something else", "iPhone/ what is new?"] });
    expect(
      thoseListed(["Import from iPhone", "iPhone: what is new?"], (found as { names: string[] }).names),
    ).toEqual(["iPhone: what is new?"]);
  });

  test.each([
    ["absent", { why: "This Mac has no shortcuts." }],
    ["writes nothing", { names: [] }],
    ["exits 5", { why: "shortcuts ended with status 5: it did not work" }],
    ["killed", { why: "shortcuts was ended by SIGKILL." }],
  ] satisfies [ProgramFault, object][])("where the program is or does %s", async (shortcuts, found) => {
    using mac = new FakeMac({ shortcuts });
    expect(await listed(mac.run())).toEqual(found);
  });

  test("are not waited for longer than 2 s", async () => {
    const { found, waits } = await asHangs("shortcuts", listed);
    expect(found).toEqual({ why: "shortcuts did not end within 2 s, and was ended." });
    expect(waits).toEqual([2_000]);
  });
});

describe("when this Mac goes to sleep", () => {
  test("is in one line of pmset, and not in those that look like it", async () => {
    using mac = new FakeMac();
    expect(await idleSleepMinutes(mac.run())).toBe(1);
    mac.pmsetSays(" Sleep On Power Button 1\n disksleep 10\n displaysleep 2\n sleep\t\t0\n");
    expect(await idleSleepMinutes(mac.run())).toBe(0);
    mac.pmsetSays(" displaysleep 2\n Sleep On Power Button 1\n sleep never\n");
    expect(await idleSleepMinutes(mac.run())).toBeNull();
  });

  test.each(["absent", "writes nothing", "exits 5", "killed"] satisfies ProgramFault[])(
    "is not known where pmset is or does: %s",
    async (pmset) => {
      using mac = new FakeMac({ pmset });
      expect(await idleSleepMinutes(mac.run())).toBeNull();
    },
  );

  test("is not waited for longer than 2 s", async () => {
    expect(await asHangs("pmset", idleSleepMinutes)).toEqual({ found: null, waits: [2_000] });
  });
});
