import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fileToWrite } from "../../src/cli/commands/receipts/file-to-write.js";
import { keepSmall, removeWatchLogs, WatchLog } from "../../src/cli/commands/watch/watch-log.js";
import { makeDemoParts } from "../../src/cli/compose/demo-parts.js";
import { forgetLastRuns, lastRunPath, writeLastRun } from "../../src/cli/last-run/last-run-file.js";
import { LastRunRecorder } from "../../src/cli/last-run/last-run-recorder.js";
import { clearWatchLock, lockDataFolder, lockWatch } from "../../src/cli/process/data-folder-lock.js";
import { claimDataFolder, emptyWorkFolder, openDataFolder } from "../../src/cli/process/folders.js";
import { readSettings } from "../../src/cli/process/settings.js";
import { commandWords } from "../../src/cli/terminal/command-words.js";
import type { LastRun } from "../../src/doctor/last-run.js";
import { RollcallError } from "../../src/errors.js";
import { buildApp, removeApp } from "../../src/integrations/app/app-bundle.js";
import { appPath } from "../../src/integrations/app/app-identity.js";
import { claimMailbox, mailboxFolder, putJob, removeMailbox } from "../../src/integrations/app/mailbox.js";
import { installWorkflow, removeWorkflow } from "../../src/integrations/automator/install-workflow.js";
import { workflowPath } from "../../src/integrations/automator/workflow-bundle.js";
import {
  agentFile,
  agentLogFolder,
  agentOutputPath,
  agentPath,
} from "../../src/integrations/launchd/agent-plist.js";
import { installAgent, removeAgent } from "../../src/integrations/launchd/install-agent.js";
import {
  type PropertyDictionary,
  propertyListText,
  readPropertyList,
} from "../../src/integrations/property-list.js";
import type { RunProgram } from "../../src/integrations/run-program.js";
import { writeSetUpFile } from "../../src/integrations/set-up-files.js";
import {
  installShortcuts,
  isSignedEntry,
  removeShortcuts,
} from "../../src/integrations/shortcuts/install-shortcuts.js";
import {
  IMPORT_SHORTCUT,
  shortcutDefinitions,
} from "../../src/integrations/shortcuts/shortcut-definition.js";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { removeStaged } from "../../src/ledger/run-folder.js";
import { openOwnFile } from "../../src/owned-file.js";
import { claimFolder, makePassingFolder, makeTemporaryFolder } from "../../src/owned-folder.js";
import { CHECKSUM_LIST, updateChecksumList } from "../../src/receipt/checksum-list.js";
import { layOutPictures } from "../../src/receipt/page-pictures.js";
import { writePruned } from "../../src/receipt/pruned-receipts.js";
import { ReceiptFolder } from "../../src/receipt/receipt-folder.js";
import { writeWhole } from "../../src/receipt/receipt-json.js";
import { isSafeToRemovePage } from "../../src/receipt/safe-to-remove-html.js";
import { moveAside } from "../../src/transfer/copy-items.js";
import { DiskThread } from "../../src/transfer/disk-thread.js";
import { InlineDisk } from "../../src/transfer/inline-disk.js";
import { partialCopyName, resumableName } from "../../src/transfer/resumable-copy.js";
import {
  removeEmptyRunFolder,
  removePartialCopies,
  removePartialCopiesOfRuns,
} from "../../src/transfer/staging-folder.js";
import { startVirtualUsbmuxd } from "../../src/virtual/iphone/virtual-usbmuxd.js";
import { openVirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { writeOsascriptExecutable } from "../../src/virtual/photos/write-osascript.js";
import { FIXED_HOW } from "../integrations/fixed-place.js";
import { answer, headOf } from "../receipt/some-answers.js";
import { Home, isRoot, KINDS, type Kind, needsRoot, snapshot } from "./strangers.js";

/**
 * Every place where Rollcall removes, replaces, writes into or changes the mode of something, and what may lie there
 * that is not Rollcall's: it is as it was afterwards, and so is what a link leads to.
 */
interface Place {
  readonly name: string;
  /** What is planted there is a person's. */
  readonly at: (home: Home) => string;
  /** Before it is planted. */
  readonly before?: (home: Home) => unknown;
  readonly act: (home: Home, at: string) => unknown;
  /** Of a marked folder of Rollcall's: a file of this user that has a name of Rollcall's is Rollcall's. */
  readonly mayBeOwn?: readonly Kind[];
  /** The file is moved out of the way, and is otherwise as it was. */
  readonly movedTo?: (home: Home) => string;
}

const UUID = "0a0b0c0d-0000-4000-8000-00000000000e";
const RUN_UUID = "1a0b0c0d-0000-4000-8000-00000000000e";
const STEM = `.${"ab".repeat(12)}`;
const HEAD = headOf([answer("/DCIM/100APPLE/IMG_0001.JPG")]);
const lastRun = { from: "agent", command: "import", pid: 1, startedAt: new Date(0) } as LastRun;

const data = (home: Home) => home.path("data");
const open = (home: Home) => openDataFolder(data(home));
const staging = (home: Home, ...parts: string[]) => home.path("staging", ...parts);
/** What the programs of macOS do to files, without starting any. */
const run: RunProgram = async (program, args) => {
  const after = (flag: string) => args[args.indexOf(flag) + 1]!;
  if (program === "osacompile") {
    mkdirSync(join(after("-o"), "Contents", "Resources"), { recursive: true });
    writeFileSync(join(after("-o"), "Contents", "Info.plist"), "<plist><dict/></plist>");
  }
  if (program === "plutil" && args[0] === "-replace") {
    const [, key = "", type, value = "", file = ""] = args;
    const info = readPropertyList(readFileSync(file)) as PropertyDictionary;
    writeFileSync(file, propertyListText({ ...info, [key]: type === "-bool" ? value === "YES" : value }));
  }
  if (program === "shortcuts" && args[0] === "sign") writeFileSync(after("--output"), "AEA1");
  return { kind: "ended", status: 0, stdout: "", stderr: "" };
};
const withMac =
  (work: (parts: Parameters<typeof installAgent>[1] & { readonly clock: Clock }) => Promise<unknown>) =>
  async (home: Home) => {
    await tolerating(() => work({ run, folders: folders(home), uid: 501, clock: noWait }));
  };
type Clock = typeof noWait;
const noWait = { now: () => new Date(), wait: async () => {} };
const folders = (home: Home) => ({ home: home.path("mac"), data: data(home) });
const definitions = shortcutDefinitions(FIXED_HOW);

/** A refusal is fine, and has words; a bug is not. */
async function tolerating(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    expect(error.code).not.toBe("BUG");
    expect(error.remedy).not.toBe("");
  }
}

const inDataFolder = (name: string): Place => ({
  name: `data folder, ${name}, before it is Rollcall's`,
  at: (home) => join(data(home), name),
  act: async (home) => {
    await tolerating(() => open(home).then(emptyWorkFolder));
    await tolerating(() => open(home).then(emptyWorkFolder));
    await tolerating(async () => (await lockWatch(data(home)))?.release());
  },
});

const inOwnDataFolder = (name: string, mayBeOwn: readonly Kind[] = []): Place => ({
  name: `data folder, ${name}, in one of Rollcall's`,
  before: (home) => claimDataFolder(data(home)),
  at: (home) => join(data(home), name),
  act: async (home) => {
    await tolerating(() => open(home).then(emptyWorkFolder));
    await tolerating(async () => {
      using _lock = await lockDataFolder(data(home));
    });
    await tolerating(async () => (await lockWatch(data(home)))?.release());
    await tolerating(() => clearWatchLock(data(home)));
    await tolerating(async () =>
      (await LedgerDatabase.open(join(data(home), "ledger.sqlite")))[Symbol.dispose](),
    );
  },
  mayBeOwn,
});

const FILE: readonly Kind[] = ["a file"];

/** As a copy of the first three bytes of the letter that links lead to: whoever believes it cuts the rest off. */
const LETTER = { sizeBytes: 3, hashStart: createHash("sha256").update("a l").digest("hex").slice(0, 16) };

const resume = (disk: () => InlineDisk | DiskThread, name: string): Place => ({
  name: `a video that is gone on with (${name})`,
  at: (home) => home.path("copy", resumableName(STEM, LETTER)),
  act: async (_home, path) => {
    const own = disk();
    const resumable = { path, ...LETTER };
    await own.resume(resumable).then(
      (file) => file?.discard(),
      () => null,
    );
    if (own instanceof DiskThread) await own[Symbol.asyncDispose]();
  },
  mayBeOwn: FILE,
});

const PLACES: readonly Place[] = [
  // the data folder, and what lies in it
  {
    name: "the data folder itself",
    at: data,
    act: async (home) => {
      await tolerating(() => open(home));
      await tolerating(() => open(home));
      const settings = await readSettings({ ROLLCALL_HOME: data(home), ROLLCALL_STARTED_FROM: "agent" });
      await (await LastRunRecorder.begin(settings, "import"))?.ended({
        status: 0,
        error: null,
        isStopped: false,
      });
    },
  },
  ...["work", "rollcall-work", "receipts", "logs", "shortcuts", "app", "staging", "last-runs"].map(
    inDataFolder,
  ),
  ...["ledger.sqlite", "at-work.lock", "at-work.json", "watching.lock", "config.json", "a.txt"].map(
    inDataFolder,
  ),
  ...["rollcall-work", "receipts", "work"].map((name) => inOwnDataFolder(name)),
  inOwnDataFolder("ledger.sqlite", ["a link to a file"]),
  ...["at-work.lock", "at-work.json", "watching.lock", "watching.json"].map((name) =>
    inOwnDataFolder(name, FILE),
  ),
  ...[`library-${UUID}`, `phone-library-${UUID}`, "notes", `answers-${UUID}`].map(
    (name): Place => ({
      name: `work folder, ${name.replace(UUID, "UUID")}`,
      before: open,
      at: (home) => join(data(home), "rollcall-work", name),
      act: (home) => open(home).then(emptyWorkFolder),
      mayBeOwn: name === "notes" ? [] : ["a file", "a folder"],
    }),
  ),
  // what a run leaves for doctor
  ...["agent-import.json", "agent-orange.json", "agent-import.json.1.partial"].map(
    (name): Place => ({
      name: `last-runs, ${name}`,
      before: (home) => writeLastRun(lastRunPath(data(home), "shortcuts", "plan"), lastRun),
      at: (home) => join(data(home), "last-runs", name),
      act: async (home) => {
        await tolerating(() => writeLastRun(lastRunPath(data(home), "agent", "import"), lastRun));
        forgetLastRuns(data(home), "agent");
      },
      mayBeOwn: name === "agent-orange.json" ? [] : FILE,
    }),
  ),
  {
    name: "last-runs, a folder of that name",
    at: (home) => join(data(home), "last-runs"),
    act: async (home) => {
      await tolerating(() => writeLastRun(lastRunPath(data(home), "agent", "import"), lastRun));
      forgetLastRuns(data(home), "agent");
    },
  },
  // logs
  ...["watch.log", "watch.1.log", "other.log"].map(
    (name): Place => ({
      name: `logs, ${name}`,
      before: (home) => new WatchLog(home.path("logs")),
      at: (home) => home.path("logs", name),
      act: (home) => {
        const log = new WatchLog(home.path("logs"), 10);
        for (const line of ["one line", "another", "a third"]) log.write(line);
        removeWatchLogs(home.path("logs"));
      },
      mayBeOwn: name === "other.log" ? [] : FILE,
    }),
  ),
  {
    name: "logs, watch.1.log, in the way of a watch.log that has become large",
    before: (home) => new WatchLog(home.path("logs")).write("a line that is too long"),
    at: (home) => home.path("logs", "watch.1.log"),
    act: (home) => new WatchLog(home.path("logs"), 10).write("another"),
    mayBeOwn: FILE,
  },
  {
    name: "logs, a folder of that name",
    at: (home) => home.path("logs"),
    act: async (home) => {
      await tolerating(() => new WatchLog(home.path("logs"), 10).write("a line"));
      removeWatchLogs(home.path("logs"));
    },
  },
  {
    name: "agent.log, which launchd writes",
    at: (home) => home.path("agent.log"),
    act: (_home, path) => keepSmall(path, 1),
    mayBeOwn: FILE,
  },
  // receipts
  ...[".txt", ".html", ".json", " pictures"].map(
    (ending): Place => ({
      name: `receipts, STEM${ending}`,
      before: (home) => mkdirSync(home.path("receipts"), { recursive: true }),
      at: (home) => home.path("receipts", `${stemOf(HEAD.startedAt)} Anna's iPhone${ending}`),
      act: async (home) => {
        const receipts = new ReceiptFolder(home.path("receipts"), commandWords);
        for (const _again of [1, 2])
          await receipts.write(HEAD, () => [answer("/DCIM/100APPLE/IMG_0001.JPG")]);
      },
    }),
  ),
  {
    name: "receipts, .rollcall-pruned",
    before: (home) => mkdirSync(home.path("receipts"), { recursive: true }),
    at: (home) => home.path("receipts", ".rollcall-pruned"),
    act: (home) => tolerating(() => writePruned(home.path("receipts"), [])),
  },
  {
    name: "the pictures of a receipt's page",
    at: (home) => home.path("receipts", "page pictures"),
    act: (home, path) => {
      writeFileSync(home.path("picture"), "jpeg");
      const one = { type: "jpeg", filePath: home.path("picture") } as const;
      return tolerating(() =>
        layOutPictures(new Map(Array.from({ length: 501 }, (_, at) => [`${at}`, one])), path),
      );
    },
  },
  {
    name: "safe-to-remove --html FILE",
    at: (home) => home.path("page.html"),
    act: async (_home, path) => {
      await tolerating(() => fileToWrite("--html", path, isSafeToRemovePage));
      await tolerating(() => writeWhole(path, ["a page"], isSafeToRemovePage));
    },
  },
  // copies into a folder
  {
    name: "the list of hashes of a copy",
    at: (home) => home.path("copy", CHECKSUM_LIST),
    act: (home) => tolerating(() => updateList(home)),
    movedTo: (home) => home.path("copy", "Replaced", CHECKSUM_LIST),
  },
  {
    name: "what was moved out of a copy's way before",
    before: (home) => {
      mkdirSync(home.path("copy"), { recursive: true });
      writeFileSync(home.path("copy", "IMG_0001.JPG"), "another");
    },
    at: (home) => home.path("copy", "Replaced", "IMG_0001.JPG"),
    act: (home) =>
      moveAside(home.path("copy", "IMG_0001.JPG"), { folder: home.path("copy"), replacedFolder: "Replaced" }),
  },
  ...["half.rollcall-partial", partialCopyName(), "100APPLE"].map(
    (name): Place => ({
      name: `copies that were cut off, ${name.replace(/[0-9a-f-]{36}/, "UUID")}`,
      at: (home) => home.path("copy", "DCIM", name),
      act: (home) => removePartialCopies(home.path("copy", "DCIM")),
      mayBeOwn: name.startsWith(".") ? FILE : [],
    }),
  ),
  {
    name: "copies that were cut off, DCIM",
    before: (home) => writeFileSync(home.path("own", "album", partialCopyName()), "half"),
    at: (home) => home.path("copy", "DCIM"),
    act: (home) => removePartialCopies(home.path("copy", "DCIM")),
  },
  resume(() => new InlineDisk({ hasFingerprints: false }), "the same thread"),
  resume(() => new DiskThread({ hasFingerprints: false }), "a thread of its own"),
  // staging
  ...["Vacation", RUN_UUID].map(
    (name): Place => ({
      name: `staging, ${name.replace(RUN_UUID, "RUN")}`,
      before: (home) => writeFileSync(home.path("own", "album", partialCopyName()), "half"),
      at: (home) => staging(home, name),
      act: async (home) => {
        await removePartialCopiesOfRuns(staging(home));
        await removeEmptyRunFolder(staging(home, RUN_UUID));
        removeStaged(staging(home, name, "photo.jpg"));
      },
    }),
  ),
  {
    name: "staging, a folder below a run's",
    at: (home) => staging(home, RUN_UUID, "DCIM"),
    act: async (home) => {
      removeStaged(staging(home, RUN_UUID, "DCIM", "photo.jpg"));
      await removeEmptyRunFolder(staging(home, RUN_UUID));
    },
  },
  {
    name: "staging, a file of a run's",
    at: (home) => staging(home, RUN_UUID, "IMG_0001.JPG"),
    act: (_home, path) => removeStaged(path),
    mayBeOwn: FILE, // the ledger knows it, and its content was read in the library
  },
  // set-ups
  {
    name: "the LaunchAgent's file",
    at: (home) => agentPath(folders(home)),
    act: withMac(async (parts) => {
      await tolerating(() => installAgent(agentFile(FIXED_HOW, parts.folders), parts));
      await removeAgent(parts);
    }),
  },
  ...["agent.log", "watch.log", "notes.txt", ""].map(
    (name): Place => ({
      name: `the agent's folder of logs, ${name || "itself"}`,
      at: (home) => join(agentLogFolder(folders(home)), name),
      act: withMac(async (parts) => {
        await tolerating(() => installAgent(agentFile(FIXED_HOW, parts.folders), parts));
        keepSmall(agentOutputPath(parts.folders), 1);
        await removeAgent(parts);
      }),
      // An earlier version made it, if nothing but such files lies in it.
      mayBeOwn: name.endsWith(".log") ? FILE : [],
    }),
  ),
  {
    name: "Rollcall.app",
    at: (home) => appPath(folders(home)),
    act: withMac(async (parts) => {
      await tolerating(() => buildApp(parts));
      await removeApp(parts);
    }),
  },
  {
    name: "Rollcall.app, in place of one that was built",
    before: withMac(async (parts) => {
      await buildApp(parts);
      renameSync(appPath(parts.folders), join(parts.folders.home, "moved away.app"));
    }),
    at: (home) => appPath(folders(home)),
    act: withMac(async (parts) => {
      writeSetUpFile({ path: join(mailboxFolder(parts.folders), "built"), text: "another recipe" });
      await tolerating(() => buildApp(parts));
      await removeApp(parts);
    }),
  },
  ...["notes.txt", "building", "log.txt", "start.sh", `${UUID}.job`, `${UUID}.result`].map(
    (name): Place => ({
      name: `Rollcall.app's folder, ${name.replace(UUID, "UUID")}`,
      before: (home) => claimMailbox(folders(home)),
      at: (home) => join(mailboxFolder(folders(home)), name),
      act: withMac(async (parts) => {
        const folder = mailboxFolder(parts.folders);
        await tolerating(() => buildApp(parts));
        await tolerating(() => writeSetUpFile({ path: join(folder, "start.sh"), text: "#!/bin/sh\n" }));
        await tolerating(() => openOwnFile(join(folder, "log.txt"), "empty"));
        await tolerating(() => putJob(folder, { want: "ask" }));
        removeMailbox(parts.folders);
      }),
      mayBeOwn: ["notes.txt", "building"].includes(name) ? [] : FILE,
    }),
  ),
  {
    name: "Rollcall.app's folder itself",
    at: (home) => mailboxFolder(folders(home)),
    act: withMac(async (parts) => {
      await tolerating(() => buildApp(parts));
      await removeApp(parts);
    }),
  },
  ...["", "Contents", "Contents/document.wflow", "Contents/notes.txt", "notes.txt"].map(
    (name): Place => ({
      name: `the Quick Action, ${name || "itself"}`,
      at: (home) => join(workflowPath(folders(home)), name),
      act: withMac(async (parts) => {
        const text = propertyListText({ a: "b" });
        const file = { path: join(workflowPath(parts.folders), "Contents", "Info.plist"), text, what: "" };
        await tolerating(() => installWorkflow([file], parts));
        await tolerating(() => removeWorkflow(parts));
      }),
    }),
  ),
  ...[`${IMPORT_SHORTCUT}.shortcut`, "unsigned", "My own.shortcut", ""].map(
    (name): Place => ({
      name: `shortcuts, ${name || "a folder of that name"}`,
      at: (home) => join(data(home), "shortcuts", name),
      act: withMac(async (parts) => {
        await tolerating(() => installShortcuts(definitions, parts));
        await removeShortcuts([IMPORT_SHORTCUT], parts);
      }),
      mayBeOwn: name === `${IMPORT_SHORTCUT}.shortcut` ? FILE : [],
    }),
  ),
  {
    name: "shortcuts, where Rollcall's own lies",
    before: (home) => claimFolder(join(data(home), "shortcuts"), isSignedEntry),
    at: (home) => join(data(home), "shortcuts", `${IMPORT_SHORTCUT}.shortcut`),
    act: withMac(async (parts) => {
      await tolerating(() => installShortcuts(definitions, parts));
      await removeShortcuts([IMPORT_SHORTCUT], parts);
    }),
    mayBeOwn: FILE,
  },
  // the demo, and what stands in for a phone and for Photos
  {
    name: "the folder of the demo's library",
    at: (home) => home.path("demo", "Demo.photoslibrary"),
    act: (_home, path) => tolerating(() => openVirtualPhotos(path).close()),
  },
  {
    name: "the demo's osascript",
    at: (home) => home.path("osascript"),
    act: (home, file) =>
      tolerating(() => writeOsascriptExecutable({ file, libraryPath: home.path("Demo.photoslibrary") })),
  },
  {
    name: "the socket of a virtual phone",
    at: (home) => home.path("usbmuxd"),
    act: (_home, socketPath) =>
      tolerating(async () => (await startVirtualUsbmuxd({ socketPath }))[Symbol.asyncDispose]()),
    // bind makes the file that a link leads to, where there is none; that file is the phone's own, and goes with it
    mayBeOwn: ["a link to nothing"],
  },
  // temporary folders
  ...[makePassingFolder, (parent: string, what: string) => makeTemporaryFolder(what, parent)].map(
    (make, at): Place => ({
      name: `a temporary folder (${at === 0 ? "work" : "system"}) in whose place something else came`,
      before: (home) => mkdirSync(home.path("tmp"), { recursive: true }),
      at: (home) => home.path("tmp", "taken"),
      act: async (home, path) => {
        const made = make(home.path("tmp"), "library");
        renameSync(made.path, home.path("moved"));
        renameSync(path, made.path);
        made.remove();
        renameSync(made.path, path);
      },
    }),
  ),
];

/** Local time, as a receipt's name has it. */
function stemOf(startedAt: string): string {
  const at = new Date(startedAt);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}.${two(at.getMinutes())}`;
}

async function updateList(home: Home): Promise<unknown> {
  writeFileSync(home.path("copy", "a"), "a");
  const place = { folder: home.path("copy"), replacedFolder: "Replaced" };
  return await updateChecksumList(place.folder, [{ place: "a", sha256: "0".repeat(64) }], (path) =>
    moveAside(path, place),
  );
}

describe.each(PLACES)("$name", ({ at, before, act, mayBeOwn = [], movedTo }) => {
  test.each(KINDS.filter((kind) => !mayBeOwn.includes(kind)))("%s is as it was", async (kind) => {
    if (needsRoot(kind) && !isRoot) return; // see the test at the end
    using home = new Home();
    await before?.(home);
    const path = at(home);
    home.plant(kind, path);
    const own = snapshot(home.own);
    const planted = snapshot(path);
    await act(home, path);
    expect(snapshot(home.own)).toEqual(own);
    // A name of Rollcall's may go; what bears it too, elsewhere, stays what it is.
    if (kind === "a second name of a file" && mayBeOwn.includes("a file")) return;
    const now = movedTo === undefined ? null : movedTo(home);
    expect(now === null ? snapshot(path) : movedBack(now, path)).toEqual(planted);
  });
});

/** What lies there now, under the paths that it had. Where it stayed, as it is. */
function movedBack(now: string, path: string): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(snapshot(now)).map(([key, value]) => [key.replace(now, path), value]),
    );
  } catch {
    return snapshot(path);
  }
}

test("a LaunchAgent of the same name that a person made is said before launchd is asked anything", async () => {
  using home = new Home();
  home.plant("a file", agentPath(folders(home)));
  const asked: string[] = [];
  const parts = {
    folders: folders(home),
    uid: 501,
    run: (async (program) => {
      asked.push(program);
      return { kind: "absent" };
    }) satisfies RunProgram,
  };
  await expect(installAgent(agentFile(FIXED_HOW, parts.folders), parts)).rejects.toMatchObject({
    code: "SETUP_FAILED",
    remedy: expect.stringContaining("Move it away"),
  });
  expect(asked).toEqual([]);
});

test("a link to an app that set-up made elsewhere is neither replaced nor removed", async () => {
  using home = new Home();
  const parts = { run, folders: folders(home), uid: 501, clock: noWait };
  await buildApp(parts);
  const elsewhere = home.path("Rollcall.app");
  renameSync(appPath(parts.folders), elsewhere);
  symlinkSync(elsewhere, appPath(parts.folders));
  writeSetUpFile({ path: join(mailboxFolder(parts.folders), "built"), text: "another recipe" });
  const before = [snapshot(elsewhere), snapshot(appPath(parts.folders))];
  await expect(buildApp(parts)).rejects.toMatchObject({ code: "SETUP_FAILED" });
  await removeApp(parts);
  expect([snapshot(elsewhere), snapshot(appPath(parts.folders))]).toEqual(before);
});

test("the demo's parts lie in its own folder, and its socket's folder is gone afterwards", async () => {
  using home = new Home();
  mkdirSync(home.path("demo"));
  utimesSync(home.own, 1, 1);
  const own = snapshot(home.own);
  (await makeDemoParts(home.path("demo"), 1))[Symbol.asyncDispose]();
  expect(snapshot(home.own)).toEqual(own);
});

test.skipIf(!isRoot)("a socket of another user that nobody serves is left to them", async () => {
  using home = new Home();
  const socketPath = home.path("usbmuxd");
  const serve = `require("node:net").createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", serve]);
  chownSync(socketPath, 54_321, 54_321);
  const before = snapshot(socketPath);
  await expect(startVirtualUsbmuxd({ socketPath })).rejects.toMatchObject({ code: "BAD_USAGE" });
  expect(snapshot(socketPath)).toEqual(before);
});

test.skipIf(isRoot)(
  "other users' files are tested where the tests run as root: only root can make them",
  () => {
    expect(KINDS.filter(needsRoot)).not.toEqual([]);
  },
);

test("each place is named once", () => {
  const names = PLACES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
