import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeCameraRoll } from "../../src/virtual/iphone/camera-roll.js";
import { FakeMac } from "../integrations/fake-mac.js";
import { atTerminal, hasTerminal } from "./at-terminal.js";
import { Table } from "./built-command.js";

test.skipIf(!hasTerminal)(
  "a set-up asks about iCloud Photos as the look suggests, and what it starts does so",
  async () => {
    await using table = new Table();
    using mac = new FakeMac();
    const environment = {
      ...table.environment,
      ...mac.environment,
      ROLLCALL_HOME: join(table.folder, "data"),
    };
    await makeCameraRoll({ folder: table.mediaFolder, photos: 3, isSyncedWithICloud: true });
    await table.plugIn();
    const left = await table.rollcall(["import", "--json", "--brief"], {
      ROLLCALL_STARTED_FROM: "shortcuts",
    });
    expect(JSON.parse(left.stdout)).toMatchObject({
      summary: expect.stringMatching(
        /new photos? .*NOT imported: the phone keeps (it|them) in iCloud Photos/,
      ),
      remedy: expect.stringMatching(
        /open Terminal, run: .*config set icloud bring\. Then start the shortcut again\./,
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
    expect(JSON.parse(readFileSync(join(table.folder, "data", "config.json"), "utf8"))).toEqual({
      icloud: "bring",
    });
    const brought = await table.rollcall(["import", "--json", "--brief"], {
      ROLLCALL_STARTED_FROM: "shortcuts",
    });
    expect(JSON.parse(brought.stdout)).toMatchObject({
      summary: expect.stringMatching(/^\d+ new photos, all proved/),
    });
  },
  120_000,
);

test.skipIf(!hasTerminal)(
  "watch --approve asks about iCloud Photos for its phone and library, and config shows the answer",
  async () => {
    await using table = new Table();
    await makeCameraRoll({ folder: table.mediaFolder, photos: 3, isSyncedWithICloud: true });
    await table.plugIn();
    const { screen, status } = await atTerminal(
      table,
      ["watch", "--approve", "Anna"],
      [["No, import them", "\r"]],
    );
    expect([status, screen]).toEqual([0, expect.stringContaining("are imported")]);
    expect(existsSync(join(table.folder, "data", "config.json"))).toBe(false);
    expect(JSON.parse((await table.rollcall(["config", "--json"])).stdout)).toMatchObject({
      iCloudAnswers: [{ phone: "Anna's iPhone", library: table.photos.library.path, choice: "bring" }],
    });
  },
  120_000,
);
