import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { APPLET } from "../../src/integrations/app/applet.js";
import { startFile } from "../../src/integrations/app/start-file.js";
import { KNOWN_METADATA } from "../../src/integrations/automator/action-metadata.js";
import { workflowFiles } from "../../src/integrations/automator/workflow-bundle.js";
import { agentFile } from "../../src/integrations/launchd/agent-plist.js";
import { shortcutFiles } from "../../src/integrations/shortcuts/install-shortcuts.js";
import { shortcutDefinitions } from "../../src/integrations/shortcuts/shortcut-definition.js";
import { FIXED_FOLDERS, FIXED_HOW } from "./fixed-place.js";

const takeJob = "/opt/homebrew/lib/node_modules/rollcall/dist/integrations/app/take-job.js";
const files = [
  ...shortcutFiles(shortcutDefinitions(FIXED_HOW), FIXED_FOLDERS),
  ...workflowFiles(FIXED_HOW, KNOWN_METADATA, FIXED_FOLDERS),
  agentFile(FIXED_HOW, FIXED_FOLDERS),
  startFile(FIXED_HOW, takeJob, FIXED_FOLDERS),
].map(({ path, text }) => [path, text] as const);

describe("byte for byte the same each time", () => {
  test.each([...files, ["Rollcall.app's script", APPLET] as const])("%s", async (path, text) => {
    const name = basename(path)
      .replace("?", "")
      .replace(":", "")
      .replace("Rollcall.app's script", "applet.txt");
    await expect(text).toMatchFileSnapshot(`golden/${name}`);
  });

  test("the applet is ASCII, since how osacompile reads anything else is not documented", () => {
    expect(APPLET).toMatch(/^[\n\x20-\x7e]*$/);
  });
});

test("settings in force at the set-up are written into it, so that it uses the same ledger", () => {
  const environment = { ROLLCALL_HOME: "/Volumes/Anna's disk/$(rm)" };
  const how = { ...FIXED_HOW, environment };
  for (const { script } of shortcutDefinitions(how))
    expect(script).toContain(`export ROLLCALL_HOME='/Volumes/Anna'\\''s disk/$(rm)'\n`);
  expect(agentFile(how, FIXED_FOLDERS).text).toContain(
    "<key>ROLLCALL_HOME</key>\n\t\t\t<string>/Volumes/Anna's disk/$(rm)</string>",
  );
});

test("no file names a path by which something would have to be searched for", () => {
  for (const [, text] of files) {
    expect(text).not.toContain("#!");
    expect(text).not.toMatch(/\bPATH\b/);
    expect(text).not.toMatch(/\/usr\/bin\/env|~\//);
  }
});
