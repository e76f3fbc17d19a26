import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { setUpsToExamine } from "../../src/cli/compose/set-ups-to-examine.js";
import { readSettings } from "../../src/cli/process/settings.js";
import { buildApp } from "../../src/integrations/app/app-bundle.js";
import { KNOWN_METADATA } from "../../src/integrations/automator/action-metadata.js";
import { workflowFiles } from "../../src/integrations/automator/workflow-bundle.js";
import type { HowToStart } from "../../src/integrations/how-to-start.js";
import { agentFile, agentPath } from "../../src/integrations/launchd/agent-plist.js";
import { writeSetUpFile } from "../../src/integrations/set-up-files.js";
import { installShortcuts } from "../../src/integrations/shortcuts/install-shortcuts.js";
import { shortcutDefinitions } from "../../src/integrations/shortcuts/shortcut-definition.js";
import { handClock } from "../jxa/stand-in-osascript.js";
import { macAsHome } from "./mac-as-home.js";

/** What doctor reads back of the files that the set-ups write. */

const at = macAsHome();

const seen = async () => setUpsToExamine(await readSettings(at.mac.environment))!;
const how: HowToStart = {
  node: "/Users/anna/it's <here> & there/node",
  program: "/opt/rollcall/dist/main.js",
  environment: { ROLLCALL_HOME: "/Volumes/Anna's disk/$(rm)" },
};

test.skipIf(process.platform === "darwin")(
  "there is nothing to examine where there is no macOS",
  async () => {
    expect(setUpsToExamine(await readSettings({ ROLLCALL_HOME: at.mac.folders.data }))).toBeNull();
  },
);

test("nothing is set up on a Mac where nothing was", async () => {
  const { agent, quickAction, shortcuts } = await seen();
  expect([agent.file(), quickAction.file(), shortcuts.isMade()]).toEqual([null, null, false]);
});

describe("what starts Rollcall", () => {
  test("is read from the agent, whatever is in its paths", async () => {
    writeSetUpFile(agentFile(how, at.mac.folders));
    expect((await seen()).agent.file()).toEqual({ path: agentPath(at.mac.folders), start: how });
  });

  test("is read from the script inside the Quick Action", async () => {
    for (const file of workflowFiles(how, KNOWN_METADATA, at.mac.folders)) writeSetUpFile(file);
    expect((await seen()).quickAction.file()).toEqual({
      path: join(at.mac.home, "Library/Services/Import from iPhone.workflow"),
      start: how,
    });
  });

  test.each(["", "<plist/>", "bplist00", "no property list", '<plist version="1.0"><array/></plist>'])(
    "is not known where somebody changed the files: %j",
    async (text) => {
      for (const file of [
        agentFile(how, at.mac.folders),
        ...workflowFiles(how, KNOWN_METADATA, at.mac.folders),
      ])
        writeSetUpFile({ ...file, text });
      const { agent, quickAction } = await seen();
      for (const file of [agent.file(), quickAction.file()]) expect(file).toMatchObject({ start: null });
    },
  );

  test("is not known where the agent does something else", async () => {
    const file = agentFile(how, at.mac.folders);
    writeSetUpFile({ ...file, text: file.text.replace("<string>watch</string>", "<string>other</string>") });
    expect((await seen()).agent.file()).toMatchObject({ start: null });
  });

  test("is gone where node cannot be started any more, or the program not be read", async () => {
    const { goneOf } = await seen();
    const node = join(at.mac.folder, "node");
    expect(await goneOf({ node, program: import.meta.filename })).toEqual([node]);
    writeFileSync(node, "");
    chmodSync(node, 0o644);
    expect(await goneOf({ node, program: "/none.js" })).toEqual([node, "/none.js"]);
    chmodSync(node, 0o755);
    expect(await goneOf({ node, program: import.meta.filename })).toEqual([]);
  });
});

test("signed shortcuts were made; which are in the app is asked of it", async () => {
  await installShortcuts(shortcutDefinitions(how), {
    run: at.mac.run(),
    clock: handClock(),
    folders: at.mac.folders,
  });
  at.mac.shortcutsListed("iPhone/ what is new?", "Another");
  const { shortcuts } = await seen();
  expect(shortcuts.isMade()).toBe(true);
  expect(await shortcuts.listed(new AbortController().signal)).toEqual({ names: ["iPhone: what is new?"] });
});

test("notifications are Script Editor's, and Rollcall's own where its app is installed", async () => {
  expect((await seen()).notifiesAs).toBe("Script Editor");
  await buildApp({ run: at.mac.run(), folders: at.mac.folders });
  expect((await seen()).notifiesAs).toBe("Rollcall");
});

test("what keeps a Mac awake is there, or is not; it is not started to find out", async () => {
  expect(await (await seen()).sleep.isCaffeinateThere()).toBe(true);
  expect(at.mac.calls()).toEqual([]);
  chmodSync(join(at.mac.programs, "caffeinate"), 0o644);
  expect(await (await seen()).sleep.isCaffeinateThere()).toBe(false);
  expect(readFileSync(join(at.mac.programs, "caffeinate"), "utf8")).toContain("exit 0");
});
