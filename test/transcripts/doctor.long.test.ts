import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type DoctorDocument, doctorDocumentSchema } from "../../src/cli/commands/doctor/document.js";
import type { VirtualIPhoneOptions } from "../../src/virtual/iphone/virtual-iphone.js";
import type { PhotosFault } from "../../src/virtual/photos/photos-fault.js";
import { CommandHarness } from "../stories/command-harness.js";
import { listedStatuses } from "./command.js";

/** The whole table of a person: Photos open, closed, or with a fault, and a phone on the cable or none. */
async function table(
  how: {
    readonly photos?: "open" | "closed";
    readonly faults?: readonly PhotosFault[];
    readonly phone?: Partial<VirtualIPhoneOptions>;
  } = {},
): Promise<CommandHarness> {
  const all = new CommandHarness();
  if (how.photos !== "closed") all.photos.launch();
  all.photos.faults(how.faults ?? null);
  await all.plugIn(how.phone);
  return all;
}

/** Runs `rollcall doctor`: it sends no event, leaves Photos as it was, and writes nothing. */
async function doctor(
  on: CommandHarness,
  args: readonly string[] = [],
  environment: Record<string, string | undefined> = {},
) {
  const before = everything(on);
  const wasRunning = on.photos.running();
  const ended = await on.rollcall(["doctor", ...args], environment);
  expect(on.photos.counters().total, "Apple events").toBe(0);
  expect(on.photos.running()).toEqual(wasRunning);
  expect(everything(on)).toEqual(before);
  expect(listedStatuses(["doctor"])).toContain(ended.exitCode);
  return ended;
}

async function documentOf(on: CommandHarness, environment: Record<string, string | undefined> = {}) {
  const { stdout, stderr, exitCode } = await doctor(on, ["--json"], environment);
  expect(stderr).toBe("");
  const document = doctorDocumentSchema.parse(JSON.parse(stdout));
  return { exitCode, of: (check: string) => findingOf(document, check) };
}

function findingOf({ checks }: DoctorDocument, check: string): DoctorDocument["checks"][number] {
  const found = checks.filter((one) => one.check === check);
  expect(found).toHaveLength(1);
  return found[0]!;
}

/** All files by their bytes, but for what the virtual parts themselves keep. */
function everything({ folder }: CommandHarness): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isVirtual =
      /\.photoslibrary\/.*(-shm|-wal|\.json)$|\.sqlite$/.test(path) && !path.includes("ledger");
    if (entry.isFile() && !isVirtual)
      files[path] = createHash("sha256").update(readFileSync(path)).digest("hex");
    else if (!entry.isFile()) files[path] = "no file";
  }
  return files;
}

test("nothing is wrong: every part and right, one line each, status 0; no folder is made for it", async () => {
  await using on = await table();
  const { stdout, exitCode } = await doctor(on, [], { TERM_PROGRAM: "Apple_Terminal" });
  expect(stdout).not.toContain("trouble");
  expect(stdout).toMatch(/^ok {7}osascript answers +yes: .*; Photos is open$/m);
  expect(stdout).toMatch(/^ok {7}Photos may be controlled +Automation: Terminal -> Photos$/m);
  expect(stdout).toMatch(/^ok {7}library can be read +yes: ~\/Test\.photoslibrary$/m);
  expect(stdout).toMatch(/^ok {7}data folder and ledger +~\/data is not there yet/m);
  expect(stdout).toMatch(/^(ok|note) +space +staging [\d.]+ GB free, library [\d.]+ GB free, on one volume/m);
  expect(stdout).toMatch(/^ok {7}usbmuxd answers +yes, at ~\/usbmuxd: it lists 1 device$/m);
  expect(stdout).toMatch(/^ok {7}iPhone on the cable +Anna's iPhone, trusted, unlocked$/m);
  expect(exitCode).toBe(0);
  expect(existsSync(join(on.folder, "data"))).toBe(false);
});

test("the right to control Photos was refused: status 4, where to switch it on, no page opens here", async () => {
  await using on = await table({ faults: [{ name: "refuses-events" }] });
  const { stdout, stderr, exitCode } = await doctor(on, ["--open"], { TERM_PROGRAM: "Apple_Terminal" });
  expect(exitCode).toBe(4);
  expect(stdout).toMatch(
    /^trouble {2}Photos may be controlled +no: macOS refuses it \(-1743\), Automation for Terminal -> Photos is off\n {9}System Settings > Privacy & Security > Automation > Terminal: switch Photos on\./m,
  );
  if (process.platform !== "darwin") expect(stderr).toBe("--open: System Settings is on a Mac only.");
});

test("the right was not asked for yet: status 4, nobody is asked now; --exit-zero puts it in the document", async () => {
  await using on = await table({ faults: [{ name: "asks-permission", answer: "nobody" }] });
  const { stdout, exitCode } = await doctor(on, ["--json", "--exit-zero"]);
  expect(exitCode).toBe(0);
  const { status, ...document } = JSON.parse(stdout);
  expect(status).toBe(4);
  expect(findingOf(doctorDocumentSchema.parse(document), "automation")).toMatchObject({
    status: "trouble",
    finding: expect.stringContaining("-1744"),
    remedy: expect.stringMatching(/^Run rollcall import once/),
    settings: null,
  });
});

test("Photos stays closed and the library is unreadable: notes say what is not known and what it costs", async () => {
  await using on = await table({ photos: "closed", faults: [{ name: "refuses-events" }] });
  const other = join(on.folder, "Other.photoslibrary");
  mkdirSync(other);
  const { exitCode, of } = await documentOf(on, { ROLLCALL_PHOTOS_LIBRARY: other });
  expect(exitCode).toBe(0);
  expect(of("automation")).toMatchObject({
    status: "note",
    finding: expect.stringContaining("while Photos is closed"),
  });
  expect(of("library")).toMatchObject({
    status: "note",
    finding: expect.stringMatching(/^no: proofs stop at "present" \(.*Other\.photoslibrary/),
    remedy: expect.any(String),
  });
});

test("no osascript where one was named: status 7, and a locked phone is found all the same", async () => {
  await using on = await table({ phone: { state: "locked" } });
  const { exitCode, of } = await documentOf(on, { ROLLCALL_OSASCRIPT: join(on.folder, "none") });
  expect(exitCode).toBe(7);
  expect(of("osascript")).toMatchObject({
    status: "trouble",
    finding: expect.stringMatching(/none could not be started/),
    remedy: expect.stringContaining("ROLLCALL_OSASCRIPT"),
  });
  expect(of("automation")).toMatchObject({ status: "note", remedy: null });
  expect(of("phone")).toMatchObject({
    status: "trouble",
    finding: expect.stringMatching(/^Anna's iPhone, locked: /),
    remedy: expect.stringMatching(/^Unlock it/),
  });
});

test.skipIf(process.platform === "darwin")(
  "this is no Mac: status 7 as import gives, said once, and what can be done here",
  async () => {
    await using on = await table();
    const none = { ROLLCALL_OSASCRIPT: undefined, ROLLCALL_PHOTOS_LIBRARY: undefined };
    const { stdout, exitCode } = await doctor(on, [], none);
    expect(exitCode).toBe(7);
    expect(stdout).toMatch(
      /^trouble {2}macOS and Photos +Photos is on a Mac only, and this is \w+\n {9}rollcall copy DIR .*rollcall demo/,
    );
    expect(stdout.match(/^note .*not on this system$/gm)).toHaveLength(10);
    expect(stdout.match(/^trouble/gm)).toHaveLength(1);
  },
);

test("a named library that is not there is one finding, and the other checks go on", async () => {
  await using on = await table();
  const { exitCode, stdout } = await doctor(on, [], {
    ROLLCALL_PHOTOS_LIBRARY: join(on.folder, "none.photoslibrary"),
  });
  expect(exitCode).toBe(7);
  expect(stdout).toContain("ROLLCALL_PHOTOS_LIBRARY: there is no library package at ~/none.photoslibrary.");
  expect(stdout).toMatch(/^ok {7}data folder and ledger/m);
});

test("a flag or a setting that cannot be used is status 2, in one line", async () => {
  await using on = await table();
  for (const [args, environment] of [
    [["--phone", ""], {}],
    [["--from", "cron"], {}],
    [[], { USBMUXD_SOCKET_ADDRESS: "nonsense" }],
  ] as const) {
    const refused = await doctor(on, args, environment);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/^error: [^\n]+$/);
  }
});
