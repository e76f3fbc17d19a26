import { afterEach, beforeEach, expect, test } from "vitest";
import { doctorDocumentSchema } from "../../src/cli/commands/doctor/document.js";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { FakeMac } from "../integrations/fake-mac.js";
import { CommandHarness, eventOf } from "./command-harness.js";

/** What doctor in a terminal says of runs that Shortcuts started. */

let harness: CommandHarness;
let mac: FakeMac;
beforeEach(async () => {
  harness = new CommandHarness();
  mac = new FakeMac();
  await makeCameraRoll({ folder: harness.mediaFolder, photos: 2 });
});
afterEach(async () => {
  mac[Symbol.dispose]();
  await harness[Symbol.asyncDispose]();
});

/** The command is started many times, one after the other. */
const SLOW_MS = 120_000;
const FROM_SHORTCUTS = { ROLLCALL_STARTED_FROM: "shortcuts" };
const FLAGS = ["--json", "--exit-zero", "--brief", "--wait", "0", "--no-input", "--quiet"];

async function doctorFrom(place: string, ...flags: string[]) {
  const environment = { ROLLCALL_MAC_PROGRAMS: mac.programs };
  const { stdout, exitCode } = await harness.rollcall(
    ["doctor", "--from", place, "--json", ...flags],
    environment,
  );
  const { checks, opened } = doctorDocumentSchema.parse(JSON.parse(stdout));
  return { exitCode, opened, of: (id: string) => checks.find(({ check }) => check === id) };
}

test(
  "an import that was refused Photos is a missing permission, whose page opens; elsewhere it never ran",
  async () => {
    harness.photos.launch();
    harness.photos.faults([{ name: "refuses-events" }]);
    await harness.plugIn();
    const run = await harness.rollcall(["import", ...FLAGS], FROM_SHORTCUTS);
    expect(JSON.parse(run.stdout)).toMatchObject({ status: 4 });

    harness.photos.faults(null);
    const { exitCode, opened, of } = await doctorFrom("shortcuts", "--open");
    expect(exitCode).toBe(4);
    expect(mac.callsOf("open")).toEqual([["open", opened]]);
    expect(of("last-run")).toMatchObject({
      status: "trouble",
      finding: expect.stringMatching(/^import, today .*: ended with status 4: .*\(-1743\)$/),
      settings: { url: opened },
    });
    expect(of("automation")?.remedy).toMatch(/Automation > Shortcuts: switch Photos on/);
    const never = (await doctorFrom("automator")).of("last-run");
    expect(never?.finding).toMatch(/never run from the Quick Action/);
  },
  SLOW_MS,
);

test(
  "an import is told while it is under way there, and did not come to its end where it was killed",
  async () => {
    await harness.plugIn();
    const running = harness.start(["import", "--events"], FROM_SHORTCUTS);
    await eventOf(running, ({ type }) => type === "importing");
    expect((await doctorFrom("shortcuts")).of("last-run")).toMatchObject({
      status: "ok",
      finding: expect.stringContaining("under way"),
    });
    running.kill("SIGKILL");
    await running;
    expect((await doctorFrom("shortcuts")).of("last-run")).toMatchObject({
      status: "note",
      finding: expect.stringMatching(/did not finish: it was killed/),
    });
  },
  SLOW_MS,
);
