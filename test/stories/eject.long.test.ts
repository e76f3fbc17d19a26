import { afterEach, beforeEach, expect, test } from "vitest";
import { AFC_STATUS } from "../../src/usb/afc/afc-packet.js";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { CommandHarness, eventOf } from "./command-harness.js";

let harness: CommandHarness;
beforeEach(async () => {
  harness = new CommandHarness();
  await makeCameraRoll({ folder: harness.mediaFolder, photos: 2 });
});
afterEach(async () => await harness[Symbol.asyncDispose]());
const SLOW_MS = 180_000;

test(
  "eject says that it is safe to unplug a phone in any state, and that macOS could not be asked",
  async () => {
    const phone = await harness.plugIn({ state: "locked" });
    const { stdout, exitCode } = await harness.rollcall(["eject"]);
    expect(stdout).toMatch(/^Safe to unplug: Rollcall has nothing open on Anna's iPhone\./);
    expect(stdout).toMatch(
      /could not be asked to eject Anna's iPhone\. It can be unplugged without ejecting\.$/,
    );
    expect(exitCode).toBe(0);
    phone.detach();
    const without = await harness.rollcall(["eject"]);
    expect(without.exitCode).toBe(5);
    expect(without.stderr).toMatch(/^error: There is no iPhone on the cable\./);
  },
  SLOW_MS,
);

test(
  "eject does not say so while an import is at work",
  async () => {
    await harness.plugIn();
    const running = harness.start(["import", "--events"]);
    await eventOf(running, ({ type }) => type === "importing");
    const { stdout, stderr, exitCode } = await harness.rollcall(["eject"]);
    expect([stdout, exitCode]).toEqual(["", 8]);
    expect(stderr).toMatch(/^error: Not safe to unplug: another Rollcall is running/);
    expect((await running).exitCode).toBe(0);
  },
  SLOW_MS,
);

test(
  "an import that did not import everything does not eject, in words and in the document",
  async () => {
    const refused = (operation: string, path: string) =>
      operation === "file-open" && path.startsWith("/DCIM/") ? AFC_STATUS.permissionDenied : null;
    await harness.plugIn({ faults: [{ name: "refuses-files", statusFor: refused }] });
    const { stdout, exitCode, stderr } = await harness.rollcall(["import", "--eject", "--json", "--brief"]);
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ safeToUnplug: false, eject: "not-asked" });
    expect(stderr).not.toContain("--eject");
  },
  SLOW_MS,
);

test(
  "import --open shows the album, and --eject asks; what cannot be done is said and changes no status",
  async () => {
    await harness.plugIn();
    const first = await harness.rollcall(["import", "--open", "--eject"]);
    expect(first.exitCode).toBe(0);
    expect(first.stderr).toMatch(/could not be asked to eject Anna's iPhone/);
    expect(first.stderr).not.toMatch(/--open/);
    const document = JSON.parse(
      (await harness.rollcall(["import", "--eject", "--json", "--brief"])).stdout,
    ) as object;
    expect(document).toMatchObject({ safeToUnplug: true, eject: "no-answer" });
    const second = await harness.rollcall(["import", "--open"]);
    expect(second.exitCode).toBe(0);
    expect(second.stderr).toMatch(/--open: this run made no album/);
  },
  SLOW_MS,
);
