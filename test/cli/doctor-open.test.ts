import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type DoctorDocument, doctorDocumentSchema } from "../../src/cli/commands/doctor/document.js";
import { doctor } from "../../src/cli/commands/doctor/run.js";
import { lastRunPath, writeLastRun } from "../../src/cli/last-run/last-run-file.js";
import { readSettings } from "../../src/cli/process/settings.js";
import { Output } from "../../src/cli/terminal/output.js";
import { lastRun, REFUSED } from "../doctor/good-set-ups.js";
import type { ProgramFault } from "../integrations/fake-mac.js";
import { macAsHome } from "./mac-as-home.js";

/** The command, with all of its parts, over programs in the place of macOS's own. */

const at = macAsHome();

async function run(flags: Parameters<typeof doctor>[1]) {
  const documents: DoctorDocument[] = [];
  const notes: string[] = [];
  class Kept extends Output {
    override async document(value: Readonly<Record<string, unknown>>): Promise<void> {
      documents.push(doctorDocumentSchema.parse(value));
    }
    override note(...lines: readonly string[]): void {
      notes.push(...lines);
    }
  }
  const settings = await readSettings({
    ...at.mac.environment,
    ROLLCALL_OSASCRIPT: join(at.mac.folder, "no osascript"),
    USBMUXD_SOCKET_ADDRESS: join(at.mac.folder, "no usbmuxd"),
  });
  const output = new Kept({ json: true }, { program: "rollcall", from: null });
  const { signal } = new AbortController();
  const status = await doctor({ settings, output, signal, mayAsk: false, typed: [] }, flags, []);
  return { status, document: documents[0]!, notes };
}

function leftFromShortcuts(): void {
  mkdirSync(at.mac.folders.data, { recursive: true });
  writeLastRun(lastRunPath(at.mac.folders.data, "shortcuts", "import"), lastRun(REFUSED));
}

const AUTOMATION =
  "x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?Privacy_Automation";

test("--open opens the first page alone, though others are named; the document says which", async () => {
  leftFromShortcuts();
  const before = readdirSync(at.mac.folder, { recursive: true, encoding: "utf8" });
  const { status, document, notes } = await run({ from: "shortcuts", open: true });
  expect(at.mac.callsOf("open")).toEqual([["open", AUTOMATION]]);
  expect(document).toMatchObject({ from: "shortcuts", opened: AUTOMATION });
  expect(document.checks.filter(({ settings }) => settings !== null).length).toBeGreaterThan(2);
  expect(notes).toEqual(["Opened System Settings > Privacy & Security > Automation."]);
  expect(status).toBe(4);
  const after = readdirSync(at.mac.folder, { recursive: true, encoding: "utf8" });
  expect(after.filter((path) => !before.includes(path))).toEqual([join("state", "calls")]);
});

test("without it nothing is opened, and how to is said", async () => {
  leftFromShortcuts();
  const { document, notes } = await run({ from: "shortcuts" });
  expect(at.mac.callsOf("open")).toEqual([]);
  expect(document.opened).toBeNull();
  expect(notes).toEqual([
    "rollcall doctor --from shortcuts --open opens System Settings > Privacy & Security > Automation.",
  ]);
});

test.each(["absent", "exits 5", "killed"] satisfies ProgramFault[])(
  "where `open` is or does %s, both spellings are tried and the place is named",
  async (open) => {
    at.faults({ open });
    leftFromShortcuts();
    const { document, notes } = await run({ from: "shortcuts", open: true });
    expect(document.opened).toBeNull();
    expect(notes).toEqual([
      "--open: it did not open. It is System Settings > Privacy & Security > Automation.",
    ]);
    if (open !== "absent") expect(at.mac.callsOf("open")).toHaveLength(2);
  },
);

test("from a terminal: set-ups, runs from elsewhere and sleep are lines of their own", async () => {
  leftFromShortcuts();
  const { document } = await run({});
  const of = (id: string) => document.checks.find(({ check }) => check === id);
  expect(document.from).toBeNull();
  expect(of("agent")).toMatchObject({ status: "ok", finding: "not set up (rollcall setup agent)" });
  expect(of("elsewhere")).toMatchObject({ status: "note" });
  expect(of("sleep")?.finding).toMatch(/^this Mac sleeps after 1 min without use/);
});
