import { describe, expect, test } from "vitest";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import { checkElsewhere, timeWords } from "../../src/doctor/check-last-run.js";
import { checksFrom } from "../../src/doctor/checks.js";
import type { Finding } from "../../src/doctor/finding.js";
import type { LastRun } from "../../src/doctor/last-run.js";
import { recordedPhotos } from "../../src/doctor/recorded-photos.js";
import { says } from "../says.js";
import { goodParts, NOW, START } from "./good-parts.js";
import { allSetUp, lastRun, REFUSED } from "./good-set-ups.js";

type Otherwise = NonNullable<Parameters<typeof goodParts>[0]>;
type Place = NonNullable<Otherwise["from"]>;

/** A Mac where these runs were left behind. */
interface Left extends Omit<Otherwise, "from" | "runs"> {
  readonly from: Place;
  readonly last?: readonly LastRun[];
  readonly isAlive?: () => boolean;
}

async function found(id: string, { from, last = [], isAlive = () => false, ...otherwise }: Left) {
  const check = [...checksFrom(from), checkElsewhere].find((one) => one.id === id)!;
  const photos = recordedPhotos(last, "Shortcuts", {
    usualLibrary: async () => null,
    freeSpace: async () => ({ volume: "1", freeBytes: 212e9 }),
  });
  const runs = { isAlive, last: (place: Place) => (place === from ? last : []) };
  const parts = goodParts({ setUps: allSetUp(), photos, ...otherwise, from, runs });
  return await check.look(parts, new AbortController().signal);
}

async function one(id: string, left: Left): Promise<Finding> {
  const findings = await found(id, left);
  expect(findings).toHaveLength(1);
  return findings[0]!;
}

const left = (run: Parameters<typeof lastRun>[0] = {}, more: Partial<Left> = {}): Left => ({
  from: "shortcuts",
  last: [lastRun(run)],
  ...more,
});

describe("a refusal of macOS", () => {
  const refused = (from: Place) => one("automation", { from, last: [lastRun({ ...REFUSED, from })] });

  test("of Rollcall.app may be an earlier build's: the set-up has macOS forget that and ask anew", async () => {
    expect(inCommandWords((await refused("agent")).remedy ?? "")).toMatch(
      /If it is on there, or not listed, run rollcall setup agent again: .* made to forget that and to ask anew\.$/,
    );
  });

  test("from the Quick Action may come without a question in another app's menu: use the Finder's", async () => {
    expect(inCommandWords((await refused("automator")).remedy ?? "")).toMatch(
      /use the Finder's menu: macOS may refuse another app's without a question\./,
    );
  });

  test.each(["shortcuts", "automator", "agent"] as const)(
    "from %s advises no reset of everything",
    async (from) => {
      expect(inCommandWords((await refused(from)).remedy ?? "")).not.toContain("tccutil");
    },
  );
});

describe("the last run", () => {
  test.each([
    ["shortcuts", /never run from Shortcuts/, /^Run "Import from iPhone" .*Allow Running Scripts/],
    ["automator", /never run from the Quick Action/, /^Choose Services > General/],
    ["agent", /never run by the agent/, /^Plug in an iPhone that you approved/],
  ] as const)("from %s that never was: said, with what to do", async (from, words, remedy) => {
    const finding = await one("last-run", { from });
    expect(finding).toMatchObject({ status: "note", blocks: null });
    expect(finding.finding).toMatch(words);
    expect(inCommandWords(finding.remedy ?? "")).toMatch(remedy);
    expect(inCommandWords(finding.remedy ?? "")).toContain(`rollcall doctor --from ${from} again`);
  });

  test("that ended well says when it was", async () => {
    expect(await one("last-run", left())).toMatchObject({
      status: "ok",
      finding: "import, yesterday 18:03: ended well",
    });
  });

  test("to which macOS refused Photos is a missing permission, with its page", async () => {
    const finding = await one("last-run", left(REFUSED));
    expect(finding).toMatchObject({ status: "trouble", blocks: "permission" });
    expect(finding.finding).toMatch(/^import, yesterday 18:03: ended with status 4: .*\(-1743\)$/);
    expect(finding.settings?.url).toMatch(/\?Privacy_Automation$/);
    const failure = { ...REFUSED.failure, code: "LIBRARY_NOT_PERMITTED" };
    const library = await one("last-run", left({ ...REFUSED, failure }));
    expect(library.settings?.url).toMatch(/\?Privacy_Photos$/);
  });

  test.each([
    [1, "trouble", "this computer"],
    [2, "trouble", "this computer"],
    [3, "note", null],
    [5, "note", null],
    [6, "note", null],
    [7, "trouble", "photos"],
    [8, "note", null],
    [143, "note", null],
  ] as const)(
    "that ended with %i is a %s: what comes and goes is looked at as it is now",
    async (status, word, blocks) => {
      const finding = await one("last-run", left({ status }));
      expect(finding).toMatchObject({ status: word, blocks, remedy: says(/\w/) });
    },
  );

  test("of the watch that was stopped, as at each logout, is nothing wrong", async () => {
    const watch = left({ command: "watch", status: 143 }, { from: "agent" });
    expect(await one("last-run", watch)).toMatchObject({
      status: "ok",
      finding: "watch, yesterday 18:03: was stopped",
    });
  });

  test("that did not come to its end was killed, or is at work, or waits for an answer that nobody gives", async () => {
    const open = { status: null, endedAt: null };
    expect((await one("last-run", left(open))).finding).toMatch(/did not finish: it was killed/);
    const alive = { isAlive: () => true };
    const waits = await one("last-run", left(open, alive));
    expect(waits).toMatchObject({ status: "note", remedy: says("asks something") });
    const young = { ...open, startedAt: new Date(NOW.getTime() - 60_000) };
    expect(await one("last-run", left(young, alive))).toMatchObject({
      status: "ok",
      finding: "import, today 18:39: under way, as process 4712",
    });
    const watch = await one("last-run", left({ ...open, command: "watch" }, alive));
    expect(watch.status).toBe("ok");
  });

  test("of each command is told, the youngest first", async () => {
    const runs = [lastRun({ command: "watch" }), lastRun({ status: 5 })];
    const findings = await found("last-run", { from: "agent", last: runs });
    expect(findings.map(({ finding }) => finding.split(",")[0])).toEqual(["watch", "import"]);
  });
});

test("from a terminal, how runs from elsewhere ended is told in one line each, with where to look further", async () => {
  expect(await one("elsewhere", left({}, { last: [] }))).toMatchObject({ status: "ok", finding: "none yet" });
  expect(await one("elsewhere", left())).toMatchObject({
    status: "ok",
    finding: "from Shortcuts: import, yesterday 18:03: ended well",
  });
  const watch = lastRun({ command: "watch", startedAt: NOW, endedAt: null, status: null });
  const refused = left({}, { last: [watch, lastRun(REFUSED)] });
  expect(await one("elsewhere", refused)).toMatchObject({
    status: "note",
    blocks: null,
    finding: "from Shortcuts: import, yesterday 18:03: ended with status 4: Rollcall may not control Photos.",
    remedy: says("rollcall doctor --from shortcuts says more."),
  });
});

describe("its rights", () => {
  const rights = (run: Parameters<typeof lastRun>[0]) =>
    Promise.all([one("automation", left(run)), one("library", left(run))]);

  test("are told in the words of that place", async () => {
    const [control, library] = await rights({});
    expect(control.finding).toBe("Automation: Shortcuts -> Photos");
    expect(library.finding).toBe("yes: /Pictures/Photos Library.photoslibrary");
  });

  test("that were refused name the app of that place in the remedy", async () => {
    const [control, library] = await rights(REFUSED);
    expect(control).toMatchObject({ status: "trouble", blocks: "permission" });
    expect(inCommandWords(control.remedy ?? "")).toMatch(
      /^System Settings > .* > Automation > Shortcuts: switch Photos on/,
    );
    expect(inCommandWords(library.remedy ?? "")).toMatch(/switch Shortcuts on/);
  });

  test("that it did not find out are not known, and no trouble", async () => {
    const nothing = { control: null, library: null, libraryPath: "/a.photoslibrary" };
    for (const photos of [null, nothing])
      for (const finding of await rights({ photos }))
        expect(finding).toMatchObject({ status: "note", finding: expect.stringMatching(/^not known: /) });
  });

  test("that macOS did not tell, since Photos was closed, need an import while it is open", async () => {
    const photos = { control: "photos-closed", library: "allowed", libraryPath: null } as const;
    const [control] = await rights({ photos });
    expect(control).toMatchObject({
      status: "note",
      remedy: says(/^Open Photos and run an import from there again, .* under Shortcuts in/),
    });
  });
});

describe("node and program there", () => {
  const agent = (run: Parameters<typeof lastRun>[0] = {}) =>
    left({}, { from: "agent", last: [lastRun({ from: "agent", ...run })] });

  test("are those of here", async () => {
    expect(await one("started-by", left())).toMatchObject({
      status: "ok",
      finding: `Node 20.19.4 at ${START.node}, Rollcall 0.1.0 at ${START.program}`,
    });
    expect((await one("started-by", { from: "shortcuts" })).finding).toBe("not known before the first run");
  });

  test("that are gone since, by an upgrade of Homebrew or a move, are a trouble with what mends it", async () => {
    const cellar = "/opt/homebrew/Cellar/node/20.19.4/bin/node";
    const setUps = { ...allSetUp(), goneOf: async () => [cellar] };
    expect(await one("started-by", left({ nodePath: cellar }, { setUps }))).toMatchObject({
      status: "trouble",
      blocks: "this computer",
      finding: `${cellar} is gone since the last run`,
      remedy: says("Run rollcall setup shortcuts again: it writes the paths of today."),
    });
  });

  test("that are others than in the file of today are a note: it was set up again since", async () => {
    const finding = await one("started-by", agent({ programPath: "/old/main.js" }));
    expect(finding).toMatchObject({ status: "note" });
    expect(finding.finding).toContain(`since then it was set up with ${START.node} and ${START.program}`);
  });

  test("that are another Rollcall than this one are a note", async () => {
    const finding = await one("started-by", left({ programPath: "/old/main.js", version: "0.0.9" }));
    expect(finding).toMatchObject({ status: "note" });
    expect(finding.finding).toMatch(/Rollcall 0\.0\.9 at \/old\/main\.js; here it is/);
  });

  test("that lie where macOS starts nothing are a note that says so", async () => {
    const placeTroubles = () => ["It lies in Downloads: install Rollcall elsewhere."];
    expect(await one("started-by", left({}, { setUps: { ...allSetUp(), placeTroubles } }))).toMatchObject({
      status: "note",
      remedy: "It lies in Downloads: install Rollcall elsewhere.",
    });
  });
});

test("a time is told by its day, as a person would", () => {
  expect(timeWords(new Date(2026, 10, 22, 0, 0), NOW)).toBe("today 00:00");
  expect(timeWords(new Date(2026, 10, 21, 23, 59), NOW)).toBe("yesterday 23:59");
  expect(timeWords(new Date(2026, 10, 1, 7, 5), NOW)).toBe("1 Nov 2026 07:05");
});
