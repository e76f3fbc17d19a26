import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildApp } from "../../src/integrations/app/app-bundle.js";
import { MAILBOX, mailboxFolder, putJob, takeJob } from "../../src/integrations/app/mailbox.js";
import { importInApp } from "../../src/integrations/app/run-in-app.js";
import { startFile } from "../../src/integrations/app/start-file.js";
import { writeSetUpFile } from "../../src/integrations/set-up-files.js";
import { LifeLine } from "../jxa/stand-in-osascript.js";
import { FakeMac } from "./fake-mac.js";

const takeJobProgram = join(import.meta.dirname, "../../dist/integrations/app/take-job.js");
const { HOME } = process.env;
let mac: FakeMac;

beforeEach(async () => {
  mac = new FakeMac();
  process.env.HOME = mac.home; // an app gets the home of the session it is opened in
  await buildApp({ run: mac.run(), folders: mac.folders });
});
afterEach(() => {
  process.env.HOME = HOME;
  mac[Symbol.dispose]();
});

/** Has the app start this program in Rollcall's place. */
function over(program: string): { run: ReturnType<FakeMac["run"]>; folders: FakeMac["folders"] } {
  const path = join(mac.folder, "main.cjs");
  writeFileSync(path, program);
  const how = { node: process.execPath, program: path, environment: { ROLLCALL_HOME: "/it's here" } };
  writeSetUpFile(startFile(how, takeJobProgram, mac.folders));
  return { run: mac.run(), folders: mac.folders };
}

describe.skipIf(!existsSync(takeJobProgram))(
  "a job for Rollcall.app (built command needed: npm run build)",
  () => {
    test("reaches the program with its arguments and settings unchanged, and its end comes back", async () => {
      const parts = over(
        "console.log(JSON.stringify([process.argv.slice(2), process.env.ROLLCALL_HOME])); process.exit(3);",
      );
      const end = await importInApp(["--phone", `Anna's "$(iPhone)"`], parts);
      const args = ["import", "--phone", `Anna's "$(iPhone)"`, "--json", "--no-input"];
      expect(end).toEqual({
        kind: "ended",
        exitStatus: 3,
        errorNumber: null,
        document: `${JSON.stringify([args, "/it's here"])}\n`,
      });
      expect(mac.callsOf("open")).toEqual([["open", "-g", "-n", "-W", "HOME/Applications/Rollcall.app"]]);
    });

    test("is asked to stop by file when its run is stopped, and its own end is waited for", async () => {
      await using line = await LifeLine.listen(mac.folder);
      const parts = over(`${line.hold}process.on("SIGTERM", () => process.exit(143));`);
      const controller = new AbortController();
      const ending = importInApp([], { ...parts, signal: controller.signal });
      const { ended } = await line.held(1);
      controller.abort();
      expect(await ending).toMatchObject({ kind: "ended", exitStatus: 143 });
      await ended;
    });

    test("that dies leaves no end, and none is made up from an earlier job", async () => {
      const parts = over("process.exit(0);");
      await importInApp([], parts);
      writeSetUpFile({ path: join(mailboxFolder(mac.folders), MAILBOX.start), text: "exit 0\n" });
      expect(await importInApp([], parts)).toEqual({
        kind: "no-answer",
        why: "Rollcall.app did not take the job.",
      });
      expect(existsSync(join(mailboxFolder(mac.folders), MAILBOX.job))).toBe(false);
    });

    test("that nobody wants is no work: an app that is opened by hand does nothing", async () => {
      const parts = over('require("node:fs").writeFileSync(__filename + ".ran", "");');
      await parts.run("open", [join(mac.home, "Applications/Rollcall.app")]);
      expect(existsSync(join(mac.folder, "main.cjs.ran"))).toBe(false);
    });
  },
);

describe("the folder of jobs", () => {
  const folder = () => mailboxFolder(mac.folders);

  test("gives a job to one taker only", () => {
    const job = putJob(folder(), "import", ["--brief"]);
    expect(takeJob(folder())).toEqual(job);
    expect(takeJob(folder())).toBeNull();
  });

  test.each([
    "",
    "{",
    "null",
    '{"job": 2, "id": "a", "want": "import", "arguments": []}',
    '{"job": 1, "id": "a", "want": "rm", "arguments": []}',
    '{"job": 1, "id": "a", "want": "import", "arguments": [{}]}',
  ])("takes no job that this version does not know: %j", (text) => {
    writeSetUpFile({ path: join(folder(), MAILBOX.job), text });
    expect(takeJob(folder())).toBeNull();
  });

  test("is closed to others, and so is what lies in it", () => {
    putJob(folder(), "ask");
    const rights = mac.files();
    expect(rights["Library/Application Support/Rollcall/app"]).toBe("700");
    expect(rights["Library/Application Support/Rollcall/app/job.json"]).toBe("600");
    expect(readFileSync(join(folder(), MAILBOX.job), "utf8")).toMatch(/^\{"job":1,.*\}\n$/);
  });
});
