import { execFile, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { type DoctorDocument, doctorDocumentSchema } from "../../src/cli/commands/doctor/document.js";
import { buildApp } from "../../src/integrations/app/app-bundle.js";
import { importInApp } from "../../src/integrations/app/run-in-app.js";
import { startFile } from "../../src/integrations/app/start-file.js";
import { writeSetUpFile } from "../../src/integrations/set-up-files.js";
import { asDictionary, type PropertyDictionary, parseDictionary } from "../../src/usb/wire/property-list.js";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { FakeMac, type ProgramFault } from "../integrations/fake-mac.js";
import { runShortcut } from "../integrations/run-shortcut.js";
import { atTerminal, hasTerminal } from "./at-terminal.js";
import { CommandHarness } from "./command-harness.js";

const dist = join(import.meta.dirname, "../../dist");
/** Several runs of the command one after another, each with children of its own. */
const SLOW_MS = 180_000;

/** A Mac, and a phone with photos beside it; the set-up finds both as the environment says. */
class ImportHarness extends CommandHarness {
  readonly mac: FakeMac;

  constructor(faulty?: ConstructorParameters<typeof FakeMac>[0]) {
    super();
    this.mac = new FakeMac(faulty);
  }

  override get environment(): Record<string, string> {
    const { ROLLCALL_HOME: _, ...mac } = this.mac.environment;
    return { ...super.environment, ROLLCALL_HOME: this.mac.folders.data, ...mac };
  }

  setUp(what: string, ...flags: string[]) {
    return this.rollcall(["setup", what, ...flags]);
  }

  /** The property lists that `--print` writes. */
  async printed(what: string): Promise<string[]> {
    const { stdout, exitCode } = await this.setUp(what, "--print");
    expect(exitCode).toBe(0);
    return stdout.split(/(?=<\?xml)/);
  }

  /** What `rollcall doctor` in a terminal says of the runs from somewhere else. */
  async doctorFrom(place: string): Promise<DoctorDocument["checks"]> {
    const { stdout } = await this.rollcall(["doctor", "--from", place, "--json"]);
    return doctorDocumentSchema.parse(JSON.parse(stdout)).checks;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    this.mac[Symbol.dispose]();
    await super[Symbol.asyncDispose]();
  }
}

describe("setup shortcuts", () => {
  test(
    "the shortcut that it makes imports, says so in one line, and names the remedy when the phone is gone",
    async () => {
      await using harness = new ImportHarness();
      await makeCameraRoll({ folder: harness.mediaFolder, photos: 2 });
      const phone = await harness.plugIn();
      const setUp = await harness.setUp("shortcuts");
      expect(setUp.exitCode).toBe(0);
      expect(setUp.stdout).toMatch(
        /^"Import from iPhone" is open in Shortcuts: press Add Shortcut\.\n"iPhone: what is new\?"/,
      );
      expect(setUp.stderr).toMatch(/^This writes:\n.*Import from iPhone\.shortcut\n.*\n.*what is new/);
      expect(harness.mac.callsOf("open")).toHaveLength(3);

      const [imports, asks] = await harness.printed("shortcuts");
      const { home } = harness.mac;
      const [plan] = await runShortcut(asks!, home);
      expect(plan).toEqual({
        by: "showresult",
        text: expect.stringMatching(/^\d+ new photos on Anna's iPhone, [\d.]+ (kB|bytes)/),
      });
      expect(harness.itemCount()).toBe(0);
      const [done] = await runShortcut(imports!, home);
      expect(done).toEqual({
        by: "notification",
        text: expect.stringMatching(/^\d+ new photos, all proved/),
      });
      const inAlbum = harness.album("Last Import").length;
      for (const { text } of [plan!, done!]) expect(Number.parseInt(text, 10)).toBe(inAlbum);

      await phone[Symbol.asyncDispose]();
      const [alert] = await runShortcut(imports!, home);
      expect(alert).toEqual({ by: "alert", text: expect.stringMatching(/^[^\n]+\.\n\n[^\n]+/) });

      harness.mac.shortcutsListed("Import from iPhone", "iPhone: what is new?", "Choose photos from iPhone");
      const told = await harness.doctorFrom("shortcuts");
      const runs = told.filter(({ check }) => check === "last-run").map(({ finding }) => finding);
      expect(runs).toEqual([
        expect.stringMatching(/^import, today .*: ended with status 5: /),
        expect.stringMatching(/^plan, today .*: ended well$/),
      ]);
      const fine = told.filter(({ check }) => ["shortcuts", "started-by"].includes(check));
      expect(fine.map(({ status }) => status)).toEqual(["ok", "ok"]);
    },
    SLOW_MS,
  );

  test("removal takes every file away, and says what only a person can delete", async () => {
    await using harness = new ImportHarness();
    await harness.setUp("shortcuts");
    harness.mac.shortcutsListed("Import from iPhone");
    const removal = await harness.setUp("shortcuts", "--remove");
    expect(removal.exitCode).toBe(0);
    expect(removal.stdout).toMatch(
      /^Removed ~\/Library\/Application Support\/Rollcall\/shortcuts\n"Import from iPhone" still in/,
    );
    expect(harness.mac.files()).toEqual({});
    expect((await harness.setUp("shortcuts", "--remove")).stdout).toContain("There was nothing to remove.");
  });

  test.each(["absent", "killed"] satisfies ProgramFault[])(
    "where shortcuts is %s, the steps by hand are printed, and the status is 1",
    async (shortcuts) => {
      await using harness = new ImportHarness({ shortcuts });
      const { stdout, exitCode } = await harness.setUp("shortcuts");
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(
        /could not be signed[\s\S]*To make the shortcut "Import from iPhone" by hand:[\s\S]*import --json --exit-zero/,
      );
      expect(harness.mac.files()).toEqual({});
      const json = await harness.setUp("shortcuts", "--json");
      expect(json.exitCode).toBe(1);
      const { shortcuts: told, stepsByHand } = JSON.parse(json.stdout);
      expect(told.map(({ path }: { path: string | null }) => path)).toEqual([null, null, null]);
      expect(stepsByHand).toHaveLength(3);
    },
  );
});

describe.skipIf(!hasTerminal)("a person at a terminal (script of util-linux needed)", () => {
  const no = "Nothing was written, as you chose.";
  test.each([
    ["shortcuts", "n", 1, "Import from iPhone.shortcut", no],
    ["shortcuts", "y", 0, "Import from iPhone.shortcut", "press Add Shortcut"],
    ["automator", "n", 1, "Import from iPhone.workflow/Contents/document.wflow", no],
    ["automator", "y", 0, "Import from iPhone.workflow/Contents/document.wflow", "Services > General"],
    ["agent", "n", 1, "LaunchAgents/local.rollcall.watch.plist", no],
    ["agent", "y", 0, "LaunchAgents/local.rollcall.watch.plist", "runs now"],
  ])(
    "sees what setup %s will write before anything is, and answers %s",
    async (what, answer, status, file, told) => {
      await using harness = new ImportHarness();
      const words = [process.execPath, join(dist, "main.js"), "setup", what].join("' '");
      const child = spawn("script", ["-qefc", `stty cols 200 rows 50; exec '${words}'`, "/dev/null"], {
        env: { ...harness.environment, TERM: "xterm", SHELL: "/bin/sh" },
        stdio: ["pipe", "pipe", "inherit"],
      });
      let screen = "";
      let before: object | null = null;
      let isICloudAsked = false;
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        screen += text;
        if (screen.includes("Did you see a notification")) child.stdin.end("n");
        if (!isICloudAsked && screen.includes("I do not know")) {
          isICloudAsked = true;
          child.stdin.write("\r");
        }
        if (before !== null || !screen.includes("Go on?")) return;
        before = harness.mac.files();
        child.stdin.write(answer);
      });
      expect(await new Promise((resolve) => child.once("close", resolve))).toBe(status);
      expect(before).toEqual({});
      const asked = screen.indexOf("Go on?");
      const [written, rest] = [screen.slice(screen.indexOf("This writes:"), asked), screen.slice(asked)];
      expect(written).toContain(file);
      expect(written).toMatch(/may control "?Photos/);
      expect(rest).toContain(told);
      expect([isICloudAsked, rest.includes("rollcall config set icloud import")]).toEqual(
        status === 0 ? [true, true] : [false, false],
      );
      // Looking at what Apple says of its action writes nothing.
      expect(harness.mac.calls().some(([program]) => program !== "plutil")).toBe(status === 0);
    },
  );

  test(
    "asks at a terminal whether its notification was seen, and doctor says what the person said",
    async () => {
      await using harness = new ImportHarness();
      const { screen, status } = await atTerminal(
        harness,
        ["setup", "agent"],
        [
          ["Go on?", "y"],
          ["I do not know", "\r"],
          ["Did you see a notification of Rollcall just now", "n"],
        ],
        { environment: harness.environment },
      );
      expect(status).toBe(0);
      expect(screen).toContain("a window says so, too");
      const [finding] = (await harness.doctorFrom("agent")).filter(({ check }) => check === "notifications");
      expect(finding).toMatchObject({
        status: "note",
        finding: expect.stringMatching(/^those of Rollcall are not seen: you said so today/),
      });
    },
    SLOW_MS,
  );

  test(
    "with --yes at a terminal it asks nothing: that is no answer to whether one was seen",
    async () => {
      await using harness = new ImportHarness();
      const { screen, status } = await atTerminal(harness, ["setup", "agent", "--yes"], [], {
        environment: harness.environment,
      });
      expect(status).toBe(0);
      expect(screen).not.toContain("Did you see");
    },
    SLOW_MS,
  );
});

describe("setup automator", () => {
  test("the Quick Action that it makes starts the import, and tells how it ended; removal leaves nothing", async () => {
    await using harness = new ImportHarness();
    const setUp = await harness.setUp("automator");
    expect(setUp).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Services > General") });
    const bundle = "Library/Services/Import from iPhone.workflow";
    expect(Object.keys(harness.mac.files())).toEqual(
      ["", "/Contents", "/Contents/Info.plist", "/Contents/document.wflow"].map((name) => bundle + name),
    );
    expect(harness.mac.callsOf("pbs").map(([, verb]) => verb)).toEqual(["-read_bundle", "-update"]);
    expect(harness.mac.callsOf("plutil").filter(([, verb]) => verb === "-lint")).toHaveLength(2);

    const [, document] = await harness.printed("automator");
    const script = scriptOf(parseDictionary(Buffer.from(document!)));
    harness.mac.forgetCalls();
    const env = { HOME: harness.mac.home, ROLLCALL_MAC_PROGRAMS: harness.mac.programs };
    // Nothing is plugged in. Automator shows what a script that fails has printed on stderr.
    const ran = promisify(execFile)("/bin/sh", ["-c", script], { env });
    await expect(ran).rejects.toMatchObject({
      code: 5,
      stdout: "",
      stderr: expect.stringMatching(/^error: /),
    });
    const [told] = harness.mac.callsOf("osascript");
    expect(told!.slice(-2)).toEqual(["Rollcall", expect.stringMatching(/^[^\n]+\.\n[^\n]+$/)]);

    const checks = await harness.doctorFrom("automator");
    const of = (id: string) => checks.find(({ check }) => check === id);
    expect(of("last-run")?.finding).toMatch(/^import, today .*: ended with status 5: /);
    for (const id of ["quick-action", "started-by"]) expect(of(id)?.status).toBe("ok");

    expect((await harness.setUp("automator", "--remove")).stdout).toContain(`Removed ~/${bundle}`);
    expect(Object.keys(harness.mac.files()).filter((name) => name.startsWith("Library/Services"))).toEqual(
      [],
    );
  });

  test("a Quick Action of the same name that a person made is neither replaced nor removed", async () => {
    await using harness = new ImportHarness();
    const document = join(
      harness.mac.home,
      "Library/Services/Import from iPhone.workflow/Contents/document.wflow",
    );
    mkdirSync(join(document, ".."), { recursive: true });
    writeFileSync(document, "<plist/>");
    for (const flags of [[], ["--remove"]]) {
      const { exitCode, stderr } = await harness.setUp("automator", ...flags);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/error: There is a Quick Action .* that Rollcall did not make/);
    }
    expect(harness.mac.callsOf("pbs")).toEqual([]);
  });

  test("a bundle that macOS does not take is taken away again", async () => {
    await using harness = new ImportHarness({ plutil: "exits 5" });
    const { exitCode, stderr } = await harness.setUp("automator", "--json");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("plutil ended with status 5: it did not work");
    expect(harness.mac.files()).toEqual({});
  });
});

describe("setup agent", () => {
  test("builds the app, gets its rights, loads the agent; again: asks for nothing; removal leaves nothing", async () => {
    await using harness = new ImportHarness();
    const first = await harness.setUp("agent");
    expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("runs now") });
    const order = [
      "osacompile",
      ...Array(7).fill("plutil"),
      ...["codesign", "codesign"],
      ...["lsregister", "tccutil", "tccutil"],
      ...["open", "open"], // for Photos, then for its library
      ...Array(3).fill("launchctl"),
      "open",
    ];
    expect(harness.mac.calls().map(([program]) => program)).toEqual(order);
    expect(first.stderr).toContain('it asks whether "Rollcall" may access your photos');
    expect(first.stderr).toContain("Rollcall.app may read your Photos library");
    const rights = harness.mac.files();
    expect(rights["Library/LaunchAgents/local.rollcall.watch.plist"]).toBe("644");
    expect(rights["Library/Application Support/Rollcall/app"]).toBe("700");
    expect(rights["Library/Application Support/Rollcall/app/start.sh"]).toBe("600");
    const [agent, app] = (await harness.doctorFrom("agent")).filter(({ check }) =>
      /^a(gent|pp)$/.test(check),
    );
    expect(agent).toMatchObject({ status: "ok", finding: "runs, as process 4711" });
    expect(app).toMatchObject({ status: "ok", finding: "as it was made; macOS let it control Photos" });

    harness.mac.forgetCalls();
    const second = await harness.setUp("agent");
    expect(second.stderr).toContain("is there already, and as it should be");
    expect(harness.mac.calls().map(([program]) => program)).toEqual([
      ...["open", "open"],
      ...Array(3).fill("launchctl"),
      "open",
    ]);
    expect(harness.mac.notices().map(([title]) => title)).toEqual(["Rollcall", "Rollcall"]);

    const removal = await harness.setUp("agent", "--remove");
    expect(removal.exitCode).toBe(0);
    expect(removal.stdout.match(/^Removed /gm)).toHaveLength(4);
    expect(harness.mac.isAgentLoaded()).toBe(false);
    expect(harness.mac.files()).toEqual({});
    expect((await harness.setUp("agent", "--remove")).stdout).toBe("There was nothing to remove.");
  });

  test("loads nothing where the person refuses Rollcall control of Photos: status 4, and where to change it", async () => {
    await using harness = new ImportHarness();
    harness.mac.photosAnswers(-1743);
    const { exitCode, stderr } = await harness.setUp("agent");
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/do: +Run rollcall setup agent again, and press OK: macOS asks anew/);
    expect(harness.mac.callsOf("launchctl")).toEqual([]);
    expect(Object.keys(harness.mac.files())).not.toContain("Library/LaunchAgents/local.rollcall.watch.plist");
  });

  test(
    "an import through the app is Rollcall's own, and its status and document come back by file",
    async () => {
      await using harness = new ImportHarness();
      const { run, folders } = { run: harness.mac.run(), folders: harness.mac.folders };
      const how = {
        node: process.execPath,
        program: join(dist, "main.js"),
        environment: harness.environment,
      };
      await buildApp({ run, folders });
      writeSetUpFile(startFile(how, join(dist, "integrations/app/take-job.js"), folders));
      const { HOME } = process.env;
      process.env.HOME = harness.mac.home; // an app gets the home of the session it is opened in
      try {
        const end = await importInApp({ phone: "0".repeat(40), waitSeconds: 0 }, { run, folders });
        expect(end).toMatchObject({ kind: "ended", exitStatus: 5 }); // nobody approved it
        const document = JSON.parse((end as { document: string }).document) as Record<string, unknown>;
        expect(document).toMatchObject({ status: 5, error: { code: "PHONE_NOT_APPROVED" } });
        const [last] = (await harness.doctorFrom("agent")).filter(({ check }) => check === "last-run");
        expect(last?.finding).toMatch(/^import, today .*: ended with status 5: /);
      } finally {
        process.env.HOME = HOME;
      }
    },
    SLOW_MS,
  );
});

describe("on a system that is not macOS", () => {
  const elsewhere = { ROLLCALL_MAC_PROGRAMS: undefined };

  test.skipIf(process.platform === "darwin").each([
    ["shortcuts", 3],
    ["automator", 2],
    ["agent", 1],
  ] as const)(
    "setup %s ends with status 7 and one clear error; --print works and writes nothing",
    async (what, count) => {
      await using harness = new ImportHarness();
      const { exitCode, stdout, stderr } = await harness.rollcall(["setup", what], elsewhere);
      expect([exitCode, stdout]).toEqual([7, ""]);
      expect(stderr).toMatch(/^error: .*another system\.\ndo: {4}Nothing was written\..*--print/);
      const print = await harness.rollcall(["setup", what, "--print"], elsewhere);
      expect(print.exitCode).toBe(0);
      expect(await harness.rollcall(["setup", what, "--print"], elsewhere)).toEqual(print);
      const files = print.stdout.split(/(?=<\?xml)/);
      for (const file of files) expect(parseDictionary(Buffer.from(file))).toBeDefined();
      expect(files).toHaveLength(count);
      expect(harness.mac.files()).toEqual({});
    },
  );

  test("--print --json has every file, also the one that is not XML", async () => {
    await using harness = new ImportHarness();
    const { stdout } = await harness.rollcall(["setup", "agent", "--print", "--json"], elsewhere);
    const { files } = JSON.parse(stdout) as { files: { path: string; text: string }[] };
    expect(files.map(({ path, text }) => [path.replace(harness.mac.home, "~"), text.slice(0, 9)])).toEqual([
      ["~/Library/LaunchAgents/local.rollcall.watch.plist", "<?xml ver"],
      ["~/Library/Application Support/Rollcall/app/start.sh", "# Written"],
    ]);
  });

  test("--print and --remove together are refused in one line", async () => {
    await using harness = new ImportHarness();
    const { exitCode, stderr } = await harness.setUp("agent", "--print", "--remove");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error: [^\n]*$/);
  });
});

function scriptOf(workflow: PropertyDictionary): string {
  const [first] = workflow.actions as PropertyDictionary[];
  return String(asDictionary(asDictionary(first!.action)!.ActionParameters)!.COMMAND_STRING);
}
