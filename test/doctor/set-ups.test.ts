import { describe, expect, test } from "vitest";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import { CHECKS, checksFrom } from "../../src/doctor/checks.js";
import type { Finding } from "../../src/doctor/finding.js";
import type { AppState } from "../../src/integrations/app/app-state.js";
import type { AgentState } from "../../src/integrations/launchd/agent-state.js";
import { says } from "../says.js";
import { goodParts, goodSetUps, START } from "./good-parts.js";
import { allSetUp } from "./good-set-ups.js";

type Otherwise = Parameters<typeof goodParts>[0];

async function found(id: string, otherwise: Otherwise = {}): Promise<readonly Finding[]> {
  const check = CHECKS.find((one) => one.id === id)!;
  return await check.look(goodParts(otherwise), new AbortController().signal);
}

async function one(id: string, otherwise: Otherwise = {}): Promise<Finding> {
  const findings = await found(id, otherwise);
  expect(findings).toHaveLength(1);
  return findings[0]!;
}

const here = allSetUp();
const agentWith = (state: AgentState, file = here.agent.file) => ({
  setUps: { ...here, agent: { ...here.agent, file, state: async () => state } },
});
const loaded = (await here.agent.state(new AbortController().signal)) as AgentState & { kind: "loaded" };
const asked = (from: "agent" | "automator" | "shortcuts") => ({ from });

test("what only macOS can answer is not on this system, and costs nothing", async () => {
  for (const id of ["agent", "app", "quick-action", "shortcuts", "notifications", "sleep"])
    expect(await one(id, { setUps: null })).toMatchObject({
      status: "note",
      finding: "not on this system",
      remedy: null,
      blocks: null,
    });
});

test("what was not set up is nothing wrong, unless it is what was asked about", async () => {
  for (const [id, place] of [
    ["agent", "agent"],
    ["quick-action", "automator"],
    ["shortcuts", "shortcuts"],
  ] as const) {
    const offers = { action: "setup", what: place };
    expect(await one(id)).toMatchObject({ status: "ok", finding: "not set up", offers });
    expect(await one(id, asked(place))).toMatchObject({
      status: "trouble",
      blocks: "this computer",
      remedy: says(`Run rollcall setup ${place}.`),
    });
  }
});

describe("the agent", () => {
  test("that runs is named with its process, and with how it ended before", async () => {
    expect(await one("agent", agentWith(loaded))).toMatchObject({
      status: "ok",
      finding: "runs, as process 4711",
    });
    expect((await one("agent", agentWith({ ...loaded, lastStatus: 1 }))).finding).toBe(
      "runs, as process 4711, after it ended with status 1",
    );
  });

  test("that launchd has not loaded was perhaps switched off in Login Items, whose page opens", async () => {
    const finding = await one("agent", agentWith({ kind: "not-loaded" }));
    expect(finding).toMatchObject({ status: "note", blocks: null });
    expect(inCommandWords(finding.remedy ?? "")).toMatch(
      /^System Settings > General > Login Items: switch on "node" or "Node\.js Foundation" .*rollcall setup agent again/,
    );
    expect(finding.settings?.url).toBe("x-apple.systempreferences:com.apple.LoginItems-Settings.extension");
    const meant = { ...agentWith({ kind: "not-loaded" }), ...asked("agent") };
    expect(await one("agent", meant)).toMatchObject({ status: "trouble", blocks: "this computer" });
  });

  test.each([
    [{ pid: null, lastStatus: 78 }, /^loaded, and not running: it ended with status 78$/],
    [{ pid: null, lastStatus: 0 }, /^loaded, and not running: .*only you can fix/],
    [{ path: "/old.plist" }, /^launchd has loaded another file: \/old\.plist$/],
    [
      { command: ["/old/node", START.program, "watch", "--agent"] },
      /^launchd still runs what an earlier set-up wrote: \/old\/node \/opt\/rollcall/,
    ],
  ])("%j is told, with what to do", async (otherwise, words) => {
    const finding = await one("agent", agentWith({ ...loaded, ...otherwise }));
    expect(finding).toMatchObject({
      status: "note",
      finding: expect.stringMatching(words),
      remedy: says("rollcall setup agent again"),
    });
  });

  test("of which launchd says nothing that is understood is believed to be there", async () => {
    const unsaid = { ...loaded, path: null, command: null, pid: null };
    expect(await one("agent", agentWith(unsaid))).toMatchObject({
      status: "ok",
      finding: "set up and loaded",
    });
    const unknown = await one("agent", agentWith({ kind: "not-known", why: "This Mac has no launchctl." }));
    expect(unknown).toMatchObject({ status: "note", finding: expect.stringContaining("no launchctl.") });
  });

  test("whose file is gone, or is not Rollcall's, or starts what is gone", async () => {
    const without = await one(
      "agent",
      agentWith(loaded, () => null),
    );
    expect(without).toMatchObject({ status: "note", remedy: says("--remove") });
    const odd = await one(
      "agent",
      agentWith(loaded, () => ({ path: "/a.plist", start: null })),
    );
    expect(odd.finding).toBe("/a.plist is not as Rollcall wrote it");
    const setUps = { ...here, goneOf: async () => [START.node] };
    expect(await one("agent", { setUps })).toMatchObject({
      status: "note",
      finding: `it starts ${START.node}, and that is gone`,
      remedy: says("Run rollcall setup agent again: it writes the paths of today."),
    });
  });

  test("with another data folder than this terminal's keeps another ledger: that is said", async () => {
    const start = { ...START, environment: { ROLLCALL_HOME: "/other" } };
    const file = () => ({ path: here.agent.file()!.path, start });
    const [runs, other] = await found("agent", agentWith(loaded, file));
    expect(runs?.status).toBe("ok");
    expect(other).toMatchObject({
      status: "note",
      finding: "it has other settings than this terminal: ROLLCALL_HOME",
    });
  });
});

describe("Rollcall.app", () => {
  const with_ = (state: AppState, file = here.agent.file) => ({
    setUps: { ...here, agent: { ...here.agent, file }, app: { ...here.app, state: () => state } },
  });

  test("that macOS allowed is as it should be; where nobody set it up nothing is missing", async () => {
    expect(await one("app", with_("allowed"))).toMatchObject({
      status: "ok",
      finding: "as it was made; macOS let it control Photos",
    });
    expect(
      await one(
        "app",
        with_("absent", () => null),
      ),
    ).toMatchObject({
      status: "ok",
      finding: "not set up",
      offers: { action: "setup", what: "app" },
    });
  });

  test.each([
    [
      "changed",
      /System Settings shows it as allowed, and macOS refuses it$/,
      /^Run .*forget the earlier build, and ask anew\.$/,
    ],
    ["not-allowed-yet", /^macOS has not let it control Photos yet$/, /press OK when macOS asks\.$/],
    ["absent", /^gone: most likely macOS refuses Photos/, /^Run rollcall setup agent again\.$/],
  ] as const)(
    "that is %s is a note, and to who asked about the agent a missing permission",
    async (state, words, remedy) => {
      const finding = await one("app", with_(state));
      expect(finding).toMatchObject({ status: "note", blocks: null });
      expect(finding.finding).toMatch(words);
      expect(inCommandWords(finding.remedy ?? "")).toMatch(remedy);
      expect(finding.settings?.url).toMatch(/Privacy_Automation$/);
      const check = checksFrom("agent").find(({ id }) => id === "app")!;
      const [meant] = await check.look(
        goodParts({ ...with_(state), from: "agent" }),
        new AbortController().signal,
      );
      expect(meant).toMatchObject({ status: "trouble", blocks: "permission" });
    },
  );

  test("of an earlier Rollcall still works, and is made anew by the set-up", async () => {
    const finding = await one("app", with_("earlier"));
    expect(finding).toMatchObject({
      status: "note",
      finding: "made by an earlier Rollcall; it still imports",
    });
    expect(inCommandWords(finding.remedy ?? "")).toMatch(/macOS asks once more about Photos/);
  });

  test("without the agent is as it should be before macOS was asked; setup app makes it anew", async () => {
    const alone = (state: AppState) => with_(state, () => null);
    expect(await one("app", alone("not-allowed-yet"))).toMatchObject({
      status: "ok",
      finding: "as it was made; macOS asks about Photos at its first import",
    });
    expect(inCommandWords((await one("app", alone("earlier"))).remedy ?? "")).toMatch(
      /^Run rollcall setup app again/,
    );
    expect(inCommandWords((await one("app", alone("changed"))).remedy ?? "")).toMatch(
      /^Run rollcall setup app --remove, then/,
    );
  });

  test("that somebody else made is named, and nothing is said against it", async () => {
    expect(await one("app", with_("of-somebody-else"))).toMatchObject({
      status: "note",
      finding: "/Users/anna/Applications/Rollcall.app is not one that Rollcall made",
    });
  });
});

describe("the iPhones that the agent may import from", () => {
  const approved = async (data: NonNullable<Otherwise>["data"] & {}) => {
    const check = checksFrom("agent").find(({ id }) => id === "approved")!;
    const [finding] = await check.look(goodParts({ data, from: "agent" }), new AbortController().signal);
    return finding!;
  };

  test("are named; without one nothing is ever imported, and how to approve one is said", async () => {
    expect(await approved({ approvedPhones: async () => ["Anna's iPhone", "Ben's"] })).toMatchObject({
      status: "ok",
      finding: "Anna's iPhone, Ben's",
    });
    expect(await approved({ approvedPhones: async () => [] })).toMatchObject({
      status: "trouble",
      blocks: "this computer",
      remedy: says("rollcall watch --approve"),
    });
  });

  test("are not asked for while another Rollcall is running, and not known where that would write", async () => {
    const never = async () => {
      throw new Error("this is not to be asked");
    };
    const busy = await approved({ processAtWork: async () => 4711, approvedPhones: never });
    expect(busy).toMatchObject({ status: "note", finding: expect.stringContaining("process 4711") });
    const cut = await approved({ approvedPhones: async () => null });
    expect(cut).toMatchObject({ status: "note", finding: expect.stringMatching(/^not known/) });
  });
});

describe("the Quick Action", () => {
  test("is where it can be found in a menu", async () => {
    expect((await one("quick-action", { setUps: here })).finding).toBe(
      "below Services > General: use the Finder's menu",
    );
  });

  test("that starts what is gone has to be made again", async () => {
    const setUps = { ...here, goneOf: async () => [START.program] };
    expect(inCommandWords((await one("quick-action", { setUps })).remedy ?? "")).toMatch(
      /^Run rollcall setup automator again/,
    );
  });
});

describe("the shortcuts", () => {
  const with_ = (names: readonly string[], isMade = true) => ({
    setUps: {
      ...here,
      shortcuts: { ...here.shortcuts, isMade: () => isMade, listed: async () => ({ names }) },
    },
  });

  test("are in the app; one that is missing is named, with the button that adds it", async () => {
    expect(await one("shortcuts", { setUps: here })).toMatchObject({
      status: "ok",
      finding: '"Import from iPhone" and "iPhone: what is new?" in the app',
    });
    expect(await one("shortcuts", with_(["Import from iPhone"]))).toMatchObject({
      status: "note",
      finding: '"iPhone: what is new?" not in the app',
      remedy: says("press Add Shortcut"),
    });
    expect((await one("shortcuts", with_([]))).status).toBe("note");
    expect((await one("shortcuts", with_([], false))).status).toBe("ok");
  });

  test("that cannot be listed are not known, and a trouble to nobody", async () => {
    const listed = async () => ({ why: "shortcuts did not end within 2 s, and was ended." });
    const setUps = { ...here, shortcuts: { ...here.shortcuts, listed } };
    expect(await one("shortcuts", { setUps, ...asked("shortcuts") })).toMatchObject({
      status: "note",
      finding: "not known: shortcuts did not end within 2 s, and was ended.",
      remedy: says(/^Look for "Import from iPhone"/),
    });
  });
});

describe("notifications", () => {
  test("are asked about where something that was set up shows any: only a person can answer, and where", async () => {
    const finding = await one("notifications", { setUps: here });
    expect(finding).toMatchObject({ status: "note", blocks: null });
    expect(finding.finding).toMatch(/^only you can see whether Shortcuts and Rollcall may show them/);
    expect(finding.settings?.url).toMatch(/com\.apple\.Notifications-Settings\.extension$/);
    expect((await one("notifications", { setUps: here, ...asked("agent") })).finding).toMatch(
      /whether Rollcall may/,
    );
    expect((await one("notifications", { setUps: goodSetUps() })).status).toBe("ok");
  });
});

describe("notifications of Rollcall.app", () => {
  const with_ = (isSeen: boolean) => ({
    setUps: {
      ...here,
      app: { ...here.app, noticeSeen: () => ({ isSeen, askedAt: new Date(2026, 10, 21, 18, 3) }) },
    },
  });

  test("that a person saw during the set-up are asked about no more", async () => {
    const [said, shortcuts, ...more] = await found("notifications", with_(true));
    expect(said).toMatchObject({
      status: "ok",
      finding: "those of Rollcall are seen: you said so yesterday 18:03",
    });
    expect(shortcuts?.finding).toMatch(/^only you can see whether Shortcuts may/);
    expect(more).toEqual([]);
    expect(await one("notifications", { ...with_(true), ...asked("agent") })).toMatchObject({ status: "ok" });
  });

  test("that a person did not see are a note with the place to allow them; a window tells a failure", async () => {
    const finding = await one("notifications", { ...with_(false), ...asked("agent") });
    expect(finding).toMatchObject({
      status: "note",
      finding: expect.stringMatching(/^those of Rollcall are not seen: .* a window says so, too$/),
      remedy: says("rollcall setup agent again, which asks again"),
    });
    expect(finding.settings?.url).toMatch(/Notifications-Settings\.extension$/);
  });
});

describe("sleep", () => {
  const with_ = (minutes: number | null, isThere: boolean) => ({
    setUps: {
      ...here,
      sleep: { idleMinutes: async () => minutes, isCaffeinateThere: async () => isThere },
    },
  });

  test.each([
    [10, "this Mac sleeps after 10 min without use; a run keeps it awake, but for a closed lid"],
    [0, "this Mac does not sleep by itself; a run keeps it awake, but for a closed lid"],
    [null, "it is not known when this Mac sleeps; a run keeps it awake, but for a closed lid"],
  ])("after %s minutes is nothing wrong where a run can keep the Mac awake", async (minutes, words) => {
    expect(await one("sleep", with_(minutes, true))).toMatchObject({ status: "ok", finding: words });
  });

  test("is a note where nothing keeps it awake, and none where it never sleeps", async () => {
    expect(await one("sleep", with_(10, false))).toMatchObject({
      status: "note",
      remedy: says("resumes when it is run again"),
    });
    expect((await one("sleep", with_(0, false))).status).toBe("ok");
  });
});

test("from each place its own set-up is examined, and not what only this terminal has", () => {
  const ids = (place: "agent" | "automator" | "shortcuts") => checksFrom(place).map(({ id }) => id);
  expect(ids("agent")).toContain("agent");
  expect(ids("automator")).toContain("quick-action");
  expect(ids("shortcuts")).toContain("shortcuts");
  for (const place of ["agent", "automator", "shortcuts"] as const) {
    expect(ids(place)).toEqual(expect.arrayContaining(["last-run", "automation", "library", "started-by"]));
    expect(ids(place)).not.toContain("program");
  }
});
