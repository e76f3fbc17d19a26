import { lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { agentSetUp } from "../../src/cli/commands/setup/agent.js";
import { appSetUp } from "../../src/cli/commands/setup/app.js";
import { automatorSetUp } from "../../src/cli/commands/setup/automator.js";
import type { SetUp, SetUpEnd } from "../../src/cli/commands/setup/set-up.js";
import { shortcutsSetUp } from "../../src/cli/commands/setup/shortcuts.js";
import { lockWatch } from "../../src/cli/process/data-folder-lock.js";
import { RollcallError } from "../../src/errors.js";
import { appState } from "../../src/integrations/app/app-state.js";
import { mailboxFolder } from "../../src/integrations/app/mailbox.js";
import { readNoticeSeen } from "../../src/integrations/app/notice-seen.js";
import { readActionMetadata } from "../../src/integrations/automator/action-metadata.js";
import { workflowFiles } from "../../src/integrations/automator/workflow-bundle.js";
import { agentFile } from "../../src/integrations/launchd/agent-plist.js";
import type { MacProgram } from "../../src/integrations/mac-programs.js";
import type { RunProgram } from "../../src/integrations/run-program.js";
import { writeSetUpFile } from "../../src/integrations/set-up-files.js";
import { shortcutDefinitions } from "../../src/integrations/shortcuts/shortcut-definition.js";
import { MARKER } from "../../src/owned-folder.js";
import { FakeMac, type ProgramFault } from "../integrations/fake-mac.js";
import { OrderedClock } from "../phone/ordered-clock.js";
import { says } from "../says.js";
import { main } from "./command-harness.js";

// Each story starts up to twenty small programs, one after another.
vi.setConfig({ testTimeout: 60_000 });

const HOW = { node: process.execPath, program: main, environment: {} };
const TAKE_JOB = join(main, "../integrations/app/take-job.js");
const { HOME } = process.env;
afterEach(() => {
  process.env.HOME = HOME;
});

/** A home as macOS makes it, and one program that does not do what it should. */
class Story implements Disposable {
  readonly mac: FakeMac;
  readonly #sick: RunProgram;
  readonly #program: MacProgram | null;
  readonly #how: ProgramFault | undefined;

  constructor(program: MacProgram | null = null, how?: ProgramFault) {
    this.mac = new FakeMac(program === null ? {} : { [program]: how });
    for (const name of ["Applications", "Library/LaunchAgents", "Library/Services", "Library/Logs"])
      mkdirSync(join(this.mac.home, name), { recursive: true });
    mkdirSync(join(this.mac.home, "Library/Application Support"));
    process.env.HOME = this.mac.home; // an app gets the home of the session it is opened in
    this.#program = program;
    this.#how = how;
    // What hangs is waited for as long as it would be, on a clock that does not take that long.
    this.#sick = this.mac.run(how === "hangs" ? new OrderedClock() : undefined);
  }

  readonly #run: RunProgram = async (program, args, options) => {
    if (program !== this.#program) return await this.mac.run()(program, args, options);
    return await this.#sick(program, args, options);
  };

  async setUp(what: SetUp["name"], askSeen?: () => Promise<boolean>): Promise<SetUp> {
    const parts = { run: this.#run, how: HOW, folders: this.mac.folders };
    if (what === "shortcuts") {
      const clock = { now: () => new Date(), wait: async () => {} };
      return shortcutsSetUp(shortcutDefinitions(HOW), { ...parts, clock });
    }
    if (what === "automator") {
      const files = workflowFiles(HOW, await readActionMetadata(this.#run), this.mac.folders);
      return automatorSetUp(files, parts);
    }
    if (what === "app") return appSetUp({ ...parts, takeJob: TAKE_JOB });
    const clock = this.#program === "open" && this.#how === "hangs" ? { clock: new OrderedClock() } : {};
    const asking = askSeen === undefined ? {} : { askSeen };
    return agentSetUp({ ...parts, ...clock, ...asking, takeJob: TAKE_JOB, note: () => {} });
  }

  /** Every path below the home, with its rights. */
  tree(): string[] {
    const names = readdirSync(this.mac.home, { recursive: true, encoding: "utf8" }).sort();
    return names.map((name) => `${lstatSync(join(this.mac.home, name)).mode.toString(8)} ${name}`);
  }

  [Symbol.dispose](): void {
    this.mac[Symbol.dispose]();
  }
}

/** "done" or "in part", what a person is told besides, or the code of the error and why. */
async function endOf(doing: Promise<SetUpEnd>): Promise<string> {
  try {
    const { lines, toCopy = [], isWhole = true } = await doing;
    return `${isWhole ? "done" : "in part"}: ${[...lines, ...toCopy].join(" ")}`;
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    expect(error.remedy).toEqual(says(/\.$/));
    return `${error.code}: ${error.message} ${error.why}`;
  }
}

const all = ["absent", "writes nothing", "exits 5", "hangs", "killed"] as const;
type Told = Readonly<Record<(typeof all)[number], RegExp>>;
const whyNot = (program: string, code: string): Told => ({
  absent: new RegExp(`^${code}: .* This Mac has no ${program}\\.$`),
  "writes nothing": new RegExp(`^${code}: .*`),
  "exits 5": new RegExp(`^${code}: .* ${program} ended with status 5: it did not work$`),
  hangs: new RegExp(`^${code}: .* ${program} did not end within 60 s, and was ended\\.$`),
  killed: new RegExp(`^${code}: .* ${program} was ended by SIGKILL\\.$`),
});
const same = (told: RegExp): Told => Object.fromEntries(all.map((how) => [how, told])) as unknown as Told;

/** What a set-up says where one program of macOS does not do what it should. */
const STORIES: readonly (readonly [SetUp["name"], MacProgram, Told])[] = [
  ["app", "osacompile", { ...whyNot("osacompile", "SETUP_FAILED"), "writes nothing": /^SETUP_FAILED: / }],
  [
    "app",
    "open",
    {
      ...same(/^done: ~.* is built\. The Finder could not show it: open your own folder, then Applications/),
      "writes nothing": /^done: ~.* is built\. The Finder shows it/,
    },
  ],
  ["app", "launchctl", same(/^done: /)],
  // Signing fails for reasons of its own: the steps by hand are printed, and the person has to do them.
  ["shortcuts", "shortcuts", same(/^in part: .*could not be signed.*To make the shortcut .* by hand/)],
  [
    "shortcuts",
    "open",
    {
      ...same(/^in part: .*could not be opened \(.*open .* in the Finder/),
      "writes nothing": /^done: .*press Add Shortcut/,
    },
  ],
  [
    "automator",
    "plutil",
    {
      ...same(/^done: "Import from iPhone" is in the menu/), // nothing is known against the files
      "exits 5": /^SETUP_FAILED: macOS does not take .*plutil ended with status 5/,
    },
  ],
  [
    "automator",
    "pbs",
    { ...same(/^done: .*may appear only after you logged out and in\. .*pbs/), "writes nothing": /^done: / },
  ],
  [
    "agent",
    "osacompile",
    {
      ...whyNot("osacompile", "SETUP_FAILED"),
      "writes nothing": /^SETUP_FAILED: .*osacompile said that it compiled it, and wrote nothing\.$/,
    },
  ],
  [
    "agent",
    "plutil",
    {
      ...whyNot("plutil", "SETUP_FAILED"),
      "writes nothing": /^SETUP_FAILED: .*plutil said that it changed CFBundleIdentifier, and did not\.$/,
    },
  ],
  // A codesign that does nothing calls its own seal good; macOS does not open such an app.
  [
    "agent",
    "codesign",
    { ...whyNot("codesign", "SETUP_FAILED"), "writes nothing": /^PHOTOS_NOT_PERMITTED: .*open ended with/ },
  ],
  [
    "agent",
    "open",
    {
      ...whyNot("open", "PHOTOS_NOT_PERMITTED"),
      "writes nothing": /^PHOTOS_NOT_PERMITTED: .*did not take the job\.$/,
      hangs: /^PHOTOS_NOT_PERMITTED: .*did not begin within 60 s: look whether macOS asks something/,
    },
  ],
  ["agent", "launchctl", { ...whyNot("launchctl", "SETUP_FAILED"), "writes nothing": /^done: / }],
  // Nothing was to be forgotten on this Mac; that it could not be is said at the removal.
  ["agent", "tccutil", same(/^done: /)],
  ["agent", "lsregister", same(/^done: /)],
];

describe.each(STORIES)("setup %s, where %s", (what, program, told) => {
  test.each(all)("is or does this: %s. It says so, and --remove leaves nothing behind", async (how) => {
    using story = new Story(program, how);
    const before = story.tree();
    const setUp = await story.setUp(what);
    const install = await endOf(setUp.install());
    expect(install).toMatch(told[how]);
    const left = story.tree().filter((line) => !before.includes(line));
    if (!install.startsWith("done")) {
      // Nothing that would start by itself, or stand in a menu.
      expect(left.filter((line) => /LaunchAgents|Services|Logs/.test(line))).toEqual([]);
      expect(story.mac.isAgentLoaded()).toBe(false);
    }
    expect(
      left.filter((line) => /partial|building|unsigned|\.(job|taken|status|result|opening)$/.test(line)),
    ).toEqual([]);
    const removal = await endOf(setUp.remove());
    expect(removal).toMatch(/^done: /);
    expect(story.tree()).toEqual(before);
  });
});

test.each(["app", "shortcuts", "automator", "agent"] as const)(
  "setup %s on a Mac in order, and --remove: the folder tree is as it was",
  async (what) => {
    using story = new Story();
    const before = story.tree();
    const setUp = await story.setUp(what);
    expect(await endOf(setUp.install())).toMatch(/^done: /);
    for (const { path } of setUp.files) expect(lstatSync(path).isFile()).toBe(true);
    expect(await endOf(setUp.remove())).toMatch(/^done: Removed/);
    expect(story.tree()).toEqual(before);
    expect(await endOf(setUp.remove())).toMatch(/^done: There was nothing to remove\./);
  },
);

describe.each([
  ["shortcuts", "shortcuts"],
  ["shortcuts", "open"],
  ["automator", "pbs"],
  ["agent", "osacompile"],
  ["agent", "open"],
  ["agent", "launchctl"],
] as const)("setup %s, where %s asks a person first", (what, program) => {
  test.each(["yes", "no"] as const)("waits for the answer, and goes by it: %s", async (answer) => {
    using story = new Story(program, "asks");
    const before = story.tree();
    const setUp = await story.setUp(what);
    let isOver = false;
    /** As often as it asks. */
    const person = async () => {
      while (!isOver) await story.mac.answer(program, answer).catch(() => {});
    };
    const answering = person();
    const install = await endOf(setUp.install());
    const isFailure = answer === "no" && what === "agent";
    const isPart = answer === "no" && what === "shortcuts";
    expect(install).toMatch(isFailure ? /User canceled/ : isPart ? /^in part: / : /^done: /);
    if (answer === "no" && what === "shortcuts") expect(install).toMatch(/could not be (signed|opened)/);
    expect(await endOf(setUp.remove())).toMatch(/^done: /);
    isOver = true;
    await story.mac.noQuestion(program);
    await answering;
    expect(story.tree()).toEqual(before);
  });
});

test("removal says where launchd may not have stopped the watch, and takes the files away all the same", async () => {
  using story = new Story("launchctl", "hangs");
  const before = story.tree();
  writeSetUpFile(agentFile(HOW, story.mac.folders)); // set up while launchctl still answered
  expect(await endOf((await story.setUp("agent")).remove())).toMatch(
    /^done: Removed .* may run until you log out, and not after that\. launchctl did not end within 60 s/,
  );
  expect(story.tree()).toEqual(before);
});

test.each(["exits 5", "hangs", "absent", "killed"] as const)(
  "removal says where macOS may still list Rollcall (tccutil: %s), and takes the app away all the same",
  async (how) => {
    using story = new Story("tccutil", how);
    const before = story.tree();
    const setUp = await story.setUp("agent");
    expect(await endOf(setUp.install())).toMatch(/^done: /);
    expect(await endOf(setUp.remove())).toMatch(
      /^done: Removed .* macOS may still list Rollcall below Privacy & Security\. .*tccutil/,
    );
    expect(story.tree()).toEqual(before);
  },
);

describe("Rollcall.app, which opens the page and through which the agent imports,", () => {
  test("stays when the agent is removed, where it was set up by itself, and goes with its own removal", async () => {
    using story = new Story();
    const before = story.tree();
    const [app, agent] = [await story.setUp("app"), await story.setUp("agent")];
    await app.install();
    await agent.install();
    expect(await endOf(agent.remove())).toMatch(/Rollcall\.app stays, as it was set up by itself: /);
    expect(appState(story.mac.folders)).toBe("allowed");
    expect(await endOf(app.remove())).toMatch(/^done: Removed .*Rollcall\.app/);
    expect(story.tree()).toEqual(before);
  });

  test("stays when it is removed where the agent needs it, and goes with the agent", async () => {
    using story = new Story();
    const before = story.tree();
    const [app, agent] = [await story.setUp("app"), await story.setUp("agent")];
    await agent.install();
    await app.install();
    expect(story.mac.callsOf("osacompile")).toHaveLength(1);
    expect(await endOf(app.remove())).toMatch(/Rollcall\.app stays, since the agent imports through it: /);
    expect(appState(story.mac.folders)).toBe("allowed");
    expect(await endOf(agent.remove())).toMatch(/^done: Removed .*Rollcall\.app/);
    expect(story.tree()).toEqual(before);
  });

  test("asks macOS for nothing when it is set up, is shown in the Finder, and is built once", async () => {
    using story = new Story();
    const app = await story.setUp("app");
    expect(await endOf(app.install())).toMatch(/is built\. The Finder shows it: double-click it/);
    expect(await endOf(app.install())).toMatch(/is there already, and as it should be\./);
    expect(story.mac.callsOf("osacompile")).toHaveLength(1);
    expect(story.mac.callsOf("open")).toEqual(
      Array(2).fill(["open", "-R", "HOME/Applications/Rollcall.app"]),
    );
    expect(story.mac.questions()).toBe(0);
    expect(story.mac.isAgentLoaded()).toBe(false);
  });

  test("is built anew where an earlier Rollcall made it, and it is said that the agent's has to be allowed", async () => {
    using story = new Story();
    const [app, agent] = [await story.setUp("app"), await story.setUp("agent")];
    await agent.install();
    writeSetUpFile({ path: join(mailboxFolder(story.mac.folders), "built"), text: "of an older Rollcall" });
    expect(await endOf(app.install())).toMatch(
      /macOS has to allow the new one: rollcall setup agent asks it to\./,
    );
    expect(appState(story.mac.folders)).toBe("not-allowed-yet");
    expect(story.mac.shownAsAllowed()).toEqual([]);
  });
});

describe("the notification that setup agent shows", () => {
  const end = async (story: Story, askSeen?: () => Promise<boolean>) =>
    await endOf((await story.setUp("agent", askSeen)).install());

  test.each([
    [true, /When an import fails, a notification says so\./],
    [
      false,
      /When an import fails, a window says so, too\. System Settings > Notifications > Rollcall: allow them/,
    ],
  ])(
    "is asked about once it was shown, and what the person says (%s) is remembered",
    async (isSeen, words) => {
      using story = new Story();
      let shownBefore = 0;
      const askSeen = async () => {
        await vi.waitFor(() => expect(story.mac.notices()).toHaveLength(1), { timeout: 15_000 });
        shownBefore = story.mac.notices().length;
        return isSeen;
      };
      expect(await end(story, askSeen)).toMatch(words);
      expect(shownBefore).toBe(1);
      expect(readNoticeSeen(story.mac.folders)).toMatchObject({ isSeen });
      // Where nobody can be asked, what was said holds.
      expect(await end(story)).toMatch(words);
      expect(readNoticeSeen(story.mac.folders)).toMatchObject({ isSeen });
    },
  );

  test("is asked about by nobody where there is no terminal: a failure stands in a window, too", async () => {
    using story = new Story();
    expect(await end(story)).toMatch(/When an import fails, a window says so, too\. Its log/);
    expect(readNoticeSeen(story.mac.folders)).toBeNull();
  });
});

test("an app of an earlier Rollcall is made anew: its right is forgotten, and the agent stays", async () => {
  using story = new Story();
  const setUp = await story.setUp("agent");
  expect(await endOf(setUp.install())).toMatch(/^done: /);
  story.mac.changeApp("Info.plist", (info) =>
    info.replaceAll("local.rollcall.importer", "local.rollcall.app"),
  );
  writeSetUpFile({ path: join(mailboxFolder(story.mac.folders), "built"), text: "of an older Rollcall" });
  story.mac.rememberAllowed("AppleEvents", "local.rollcall.app");
  expect(await endOf(setUp.install())).toMatch(/^done: /);
  expect(story.mac.shownAsAllowed()).toEqual(["AppleEvents local.rollcall.importer"]);
  expect(story.mac.forgotAll()).toEqual([]);
  expect(story.mac.isAgentLoaded()).toBe(true);
});

test("removal takes away what a watch that was killed left in the data folder, and leaves the ledger", async () => {
  using story = new Story();
  const before = story.tree();
  const setUp = await story.setUp("agent");
  await setUp.install();
  const { data } = story.mac.folders;
  (await lockWatch(data))![Symbol.dispose](); // ended without giving up its post
  writeSetUpFile({ path: join(data, "ledger.sqlite"), text: "" });
  await setUp.remove();
  expect(readdirSync(data)).toEqual([MARKER, "ledger.sqlite"]);
  rmSync(data, { recursive: true });
  expect(story.tree()).toEqual(before);
});

test("a set-up that is cut off anywhere is made good by the next, and by --remove", async () => {
  using story = new Story("open", "exits 5");
  const before = story.tree();
  const setUp = await story.setUp("agent");
  expect(await endOf(setUp.install())).toMatch(/^PHOTOS_NOT_PERMITTED/);
  expect(readdirSync(mailboxFolder(story.mac.folders)).sort()).toEqual([MARKER, "built", "start.sh"]);
  expect(await endOf(setUp.install())).toMatch(/^PHOTOS_NOT_PERMITTED/);
  expect(story.mac.callsOf("osacompile")).toHaveLength(1);
  await setUp.remove();
  expect(story.tree()).toEqual(before);
});
