import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommanderError } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FORMER_FLAGS } from "../../src/cli/former-words.js";
import { configValue, readConfig } from "../../src/cli/process/config-file.js";
import { makeProgram } from "../../src/cli/program.js";
import { icloudChoiceOf } from "../../src/ledger/ledger-entry.js";

/** What a command makes of its flags, without running it. */
function parsedBy(name: string, ...flags: string[]): Record<string, unknown> {
  const command = name.split(" ").reduce(
    (above, word) => above.commands.find((one) => one.name() === word)!,
    makeProgram(() => {}),
  );
  command.action(() => {}).parse(flags, { from: "user" });
  return command.opts();
}

describe("words that were renamed", () => {
  test.each(Object.entries(FORMER_FLAGS))("the flag --%s means --%s", (former, now) => {
    const [command = "import", ...value] =
      { "mark-known": ["plan"], misbehave: ["demo phone", "usb2"] }[former] ?? [];
    const needed = command === "demo phone" ? ["--media", "m", "--socket", "s"] : [];
    const meant = parsedBy(command, `--${now}`, ...value, ...needed);
    expect(parsedBy(command, `--${former}`, ...value, ...needed)).toMatchObject(meant);
    expect(meant).not.toEqual(parsedBy(command, ...needed));
  });

  test("help shows the new names alone", () => {
    for (const command of makeProgram(() => {}).commands)
      for (const former of Object.keys(FORMER_FLAGS))
        expect(command.helpInformation()).not.toMatch(new RegExp(`--${former}(?![-\\w])`));
  });

  test("--icloud bring means --icloud import, and no other word is taken", () => {
    expect(parsedBy("import", "--icloud", "bring")).toMatchObject({ icloud: "import" });
    expect(() => parsedBy("import", "--icloud", "copy")).toThrow(CommanderError);
  });

  test("the ledger's answer of an earlier version counts", () => {
    expect(["bring", "import", "skip", "other", null].map(icloudChoiceOf)).toEqual([
      ...["import", "import", "skip"],
      ...[null, null],
    ]);
  });

  describe("in config.json", () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "rc-former-"));
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "config.json"), '{"edits": true, "relaunch": false, "icloud": "bring"}');
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    test("are read as the words of now", async () => {
      expect(await readConfig(folder)).toEqual({
        "reimport-edited": true,
        "restart-photos": false,
        icloud: "import",
      });
      expect(configValue("icloud", "bring")).toBe("import");
    });
  });
});
