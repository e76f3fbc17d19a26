import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { programText } from "../../../src/jxa/script-text.js";
import { preludeText, type ScriptOutcome } from "../../../src/virtual/photos/prelude.js";
import { bodyText, type PhotosFixture, photosFixture } from "./photos-fixture.js";

const hasJsc = spawnSync("jsc", ["-e", "1"]).status === 0;
const compiled = fileURLToPath(new URL("../../../dist/jxa/scripts/", import.meta.url));

describe("the prelude's text", () => {
  it("is ASCII, and refers to nothing that a compiler or a test runner put in", () => {
    expect(preludeText).toMatch(/^[\x09\x0a\x20-\x7e]*$/);
    expect(preludeText).not.toMatch(/__vi|__name|_import|require\(/);
  });
});

describe.skipIf(!hasJsc)("in JavaScriptCore's shell (skipped where jsc is not installed)", () => {
  it("runs the same prelude over the same model, one line of JSON for each question", async () => {
    const fixture = photosFixture();
    const body = `P.make({new: "album", named: "Trip"});
      var items = P.import([Path(input)], {skipCheckDuplicates: true, into: P.albums.byName("Trip")});
      var wrong; try { P.albums[0].flavour(); } catch (e) { wrong = e.errorNumber; }
      return [Automation.getDisplayString(items[0]).slice(0, 40), P.albums[0].mediaItems.filename(), wrong,
        typeof print, typeof readline, typeof quit]`;
    const outcome = await runInJsc(
      fixture,
      bodyText(body),
      JSON.stringify(fixture.media.png("IMG_0001.PNG")),
    );
    expect(outcome).toMatchObject({ ok: true });
    expect(JSON.parse(outcome.ok ? outcome.output : "null")).toEqual([
      expect.stringMatching(/^Application\("Photos"\)\.mediaItems\.byId\("/),
      ["IMG_0001.PNG"],
      -1728,
      "undefined",
      "undefined",
      "undefined",
    ]);
  });

  describe.skipIf(!existsSync(compiled))("the compiled scripts themselves (skipped without a build)", () => {
    it("parse, every one of them", () => {
      const files = readdirSync(compiled).filter((name) => name.endsWith(".js"));
      expect(files.length).toBeGreaterThan(10);
      for (const file of files) {
        const { status, stderr } = spawnSync("jsc", ["-m", join(compiled, file)], { encoding: "utf8" });
        expect(`${file} ${status} ${stderr}`).toBe(`${file} 0 `);
      }
    });

    it("name nothing that is not there: each answers, and not with an error of its own", async () => {
      const { photos, folder } = photosFixture();
      photos.launch();
      const input = { paths: [], ids: ["x"], itemIds: ["x"], id: "x", albumId: "x", name: "x", pid: 0 };
      const scripts = readdirSync(compiled).filter((name) => name.endsWith(".js") && name !== "envelope.js");
      for (const file of scripts) {
        const program = programText(await functionText(file), "argument");
        const outcome = await runInJsc({ photos, folder }, program, JSON.stringify(input));
        const envelope = JSON.parse(outcome.ok ? outcome.output : "null");
        // The stand-in for the bridge knows nothing of cameras.
        if (file === "eject-phone.js") {
          expect(envelope).toMatchObject({ ok: false, message: expect.stringContaining("ImageCaptureCore") });
          continue;
        }
        // -1728: there is no such album; anything but -2700 came from Photos.
        expect([file, envelope?.ok === true || envelope?.number]).toEqual([
          file,
          expect.toBeOneOf([true, -1728]),
        ]);
      }
    });

    it("run a whole import: launch, album, import of a Live Photo, read back, add, rename, delete", async () => {
      const fixture = photosFixture();
      const { media, photos } = fixture;
      const ask = (name: string, input?: unknown) => askScript(fixture, name, input);

      expect(await ask("launch-photos", { launch: true })).toEqual({ version: "11.0" });
      const running = { running: true, pid: photos.running()?.pid };
      expect(await ask("photos-running")).toMatchObject(running);
      const { id: albumId } = (await ask("create-album", { name: "Journal 1" })) as { id: string };
      const pair = [media.jpeg("IMG_0001.JPG", "A-1"), media.video("IMG_0001.MOV", "A-1")];
      const paths = [...pair, media.png("Gru\u0308\u00dfe \u2600 'a\"b\n.PNG")];
      const { ids, count } = (await ask("import-files", { paths, albumId })) as {
        ids: string[];
        count: number;
      };
      expect([ids.length, count]).toEqual([2, 2]);
      const late = media.png("IMG_0003.PNG");
      const raw = { paths: [late], albumId, timeoutSeconds: 3600 };
      expect(await ask("import-files-raw", raw)).toMatchObject({ count: 1 });
      const contents = (await ask("album-contents", { id: albumId })) as {
        ids: string[];
        filenames: string[];
      };
      expect(contents.filenames).toEqual([
        "IMG_0001.JPG",
        "Gru\u0308\u00dfe \u2600 'a\"b\n.PNG",
        "IMG_0003.PNG",
      ]);
      expect(contents.ids.slice(0, 2)).toEqual(ids);

      const other = (await ask("create-album", { name: "Journal 2" })) as { id: string };
      await ask("add-to-album", { itemIds: contents.ids, albumId: other.id });
      await ask("rename-album", { id: other.id, name: "Last Import" });
      await ask("delete-album", { id: albumId });
      expect(await ask("album-contents", { id: albumId })).toBeNull();
      expect(await ask("describe-album", { id: other.id })).toEqual({ name: "Last Import", length: 3 });
      expect(await ask("find-albums", { name: "Last Import" })).toHaveLength(1);
      expect(await ask("describe-items", { ids })).toHaveLength(2);
      await ask("quit-photos");
      expect(photos.running()).toBeNull();
    });
  });
});

/** The value of one script of `dist/jxa/scripts`. */
async function askScript(fixture: PhotosFixture, name: string, input: unknown): Promise<unknown> {
  const program = programText(await functionText(`${name}.js`), "argument");
  const outcome = await runInJsc(fixture, program, JSON.stringify(input) ?? "null");
  if (!outcome.ok) throw new Error(`${name}: ${outcome.message}`);
  const envelope = JSON.parse(outcome.output) as { ok: boolean; value: unknown };
  expect(envelope).toMatchObject({ ok: true });
  return envelope.value;
}

async function functionText(file: string): Promise<string> {
  const [only] = Object.values(await import(pathToFileURL(join(compiled, file)).href));
  return String(only);
}

/** Runs a program in the shell, which asks the model over its standard streams. */
async function runInJsc(
  { photos, folder }: Pick<PhotosFixture, "photos" | "folder">,
  programText: string,
  argument: string,
): Promise<ScriptOutcome> {
  const program = join(folder, "jsc.js");
  writeFileSync(
    program,
    `(function (print, readline) {
      var perform = ${preludeText}(function (question) { print("?" + question); return readline(); });
      print("=" + perform(${JSON.stringify(programText)}, ${JSON.stringify(JSON.stringify([argument]))}));
    })(print, readline);`,
  );
  const child = spawn("jsc", [program], { stdio: ["pipe", "pipe", "inherit"] });
  let outcome: ScriptOutcome | undefined;
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("?")) child.stdin.write(`${asciiJson(photos.sendAppleEvent(line.slice(1)))}\n`);
    else outcome = JSON.parse(line.slice(1));
  });
  await once(child, "close");
  if (outcome === undefined) throw new Error("the shell ended without an outcome");
  return outcome;
}

/** The shell's `readline` takes each byte for a character. */
function asciiJson(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
