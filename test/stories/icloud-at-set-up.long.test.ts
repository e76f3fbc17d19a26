import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { FakeMac } from "../integrations/fake-mac.js";
import { atTerminal, hasTerminal } from "./at-terminal.js";
import { CommandHarness } from "./command-harness.js";

test.skipIf(!hasTerminal)(
  "a set-up asks about iCloud Photos as the look suggests, and what it starts does so",
  async () => {
    await using harness = new CommandHarness();
    using mac = new FakeMac();
    const environment = {
      ...harness.environment,
      ...mac.environment,
      ROLLCALL_HOME: join(harness.folder, "data"),
    };
    await makeCameraRoll({ folder: harness.mediaFolder, photos: 3, isSyncedWithICloud: true });
    await harness.plugIn();
    const left = await harness.rollcall(["import", "--json", "--brief"], {
      ROLLCALL_STARTED_FROM: "shortcuts",
    });
    expect(JSON.parse(left.stdout)).toMatchObject({
      summary: expect.stringMatching(
        /new photos? .*NOT imported: the phone keeps (it|them) in iCloud Photos/,
      ),
      remedy: expect.stringMatching(
        /open Terminal, run: .*config set icloud import\. Then start the shortcut again\./,
      ),
      safeToUnplug: true,
    });
    const { screen } = await atTerminal(
      { environment },
      ["setup", "shortcuts"],
      [
        ["Go on?", "\r"],
        ["No, import them", "\r"],
      ],
    );
    expect(screen).toContain("are imported");
    expect(JSON.parse(readFileSync(join(harness.folder, "data", "config.json"), "utf8"))).toEqual({
      icloud: "import",
    });
    const imported = await harness.rollcall(["import", "--json", "--brief"], {
      ROLLCALL_STARTED_FROM: "shortcuts",
    });
    expect(JSON.parse(imported.stdout)).toMatchObject({
      summary: expect.stringMatching(/^\d+ new photos, all proved/),
    });
  },
  120_000,
);

test.skipIf(!hasTerminal)(
  "watch --approve asks about iCloud Photos for its phone and library, and config shows the answer",
  async () => {
    await using harness = new CommandHarness();
    await makeCameraRoll({ folder: harness.mediaFolder, photos: 3, isSyncedWithICloud: true });
    await harness.plugIn();
    const { screen, status } = await atTerminal(
      harness,
      ["watch", "--approve", "Anna"],
      [["No, import them", "\r"]],
    );
    expect([status, screen]).toEqual([0, expect.stringContaining("are imported")]);
    expect(existsSync(join(harness.folder, "data", "config.json"))).toBe(false);
    expect(JSON.parse((await harness.rollcall(["config", "--json"])).stdout)).toMatchObject({
      iCloudAnswers: [{ phone: "Anna's iPhone", library: harness.photos.library.path, choice: "import" }],
    });
  },
  120_000,
);
