import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { preludeText, type ScriptOutcome } from "../../../src/virtual/photos/prelude.js";
import { bodyText, photosFixture } from "./photos-fixture.js";

const hasJsc = spawnSync("jsc", ["-e", "1"]).status === 0;

describe("the prelude's text", () => {
  it("is ASCII, and refers to nothing that a compiler or a test runner put in", () => {
    expect(preludeText).toMatch(/^[\x09\x0a\x20-\x7e]*$/);
    expect(preludeText).not.toMatch(/__vi|__name|_import|require\(/);
  });
});

describe.skipIf(!hasJsc)("in JavaScriptCore's shell (skipped where jsc is not installed)", () => {
  it("runs the same prelude over the same model, one line of JSON for each question", async () => {
    const { photos, media, folder } = photosFixture();
    const body = `P.make({new: "album", named: "Trip"});
      var items = P.import([Path(input)], {skipCheckDuplicates: true, into: P.albums.byName("Trip")});
      var wrong; try { P.albums[0].flavour(); } catch (e) { wrong = e.errorNumber; }
      return [Automation.getDisplayString(items[0]).slice(0, 40), P.albums[0].mediaItems.filename(), wrong,
        typeof print, typeof readline, typeof quit]`;
    const program = join(folder, "jsc.js");
    const argv = JSON.stringify([JSON.stringify(media.png("IMG_0001.PNG"))]);
    writeFileSync(
      program,
      `(function (print, readline) {
        var perform = ${preludeText}(function (question) { print("?" + question); return readline(); });
        print("=" + perform(${JSON.stringify(bodyText(body))}, ${JSON.stringify(argv)}));
      })(print, readline);`,
    );

    const child = spawn("jsc", [program], { stdio: ["pipe", "pipe", "inherit"] });
    let outcome: ScriptOutcome | undefined;
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("?")) child.stdin.write(`${photos.sendAppleEvent(line.slice(1))}\n`);
      else outcome = JSON.parse(line.slice(1));
    });
    await once(child, "close");
    expect(outcome).toMatchObject({ ok: true });
    expect(JSON.parse(outcome?.ok ? outcome.output : "null")).toEqual([
      expect.stringMatching(/^Application\("Photos"\)\.mediaItems\.byId\("/),
      ["IMG_0001.PNG"],
      -1728,
      "undefined",
      "undefined",
      "undefined",
    ]);
  });
});
