import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { openVirtualPhotos } from "../../../src/virtual/photos/virtual-photos.js";
import { ManualTime } from "../../../src/virtual/photos/virtual-time.js";
import { writeOsascriptExecutable } from "../../../src/virtual/photos/write-osascript.js";
import { GeneratedMedia } from "./generated-media.js";
import { bodyText, runBody, temporaryFolder } from "./photos-fixture.js";

// `npm test` builds first; the executable runs the built program, as it does for a user.
const program =
  process.env.ROLLCALL_TEST_OSASCRIPT_MAIN ??
  fileURLToPath(new URL("../../../dist/virtual/photos/osascript-main.js", import.meta.url));

/** A library and its executable in a folder whose name a shell would stumble over. */
function executable() {
  const folder = join(temporaryFolder(), "it's a $(folder)");
  mkdirSync(folder);
  const libraryPath = join(folder, "Virtual.photoslibrary");
  const file = writeOsascriptExecutable({ file: join(folder, "osascript"), libraryPath, program });
  const run = (args: readonly string[], input = "", env: NodeJS.ProcessEnv = {}) => {
    const { status, stdout, stderr } = spawnSync(file, args, { input, env, encoding: "utf8", cwd: "/" });
    return { status, stdout, stderr };
  };
  return { folder, libraryPath, file, run };
}

describe.skipIf(!existsSync(program))("the executable in osascript's place (skipped without a build)", () => {
  it("is executable, and runs -e, a file and standard input, with arguments for run", () => {
    const { folder, file, run } = executable();
    expect(statSync(file).mode & 0o111).toBe(0o111);
    expect(run(["-l", "JavaScript", "-e", "1 + 1"])).toEqual({ status: 0, stdout: "2\n", stderr: "" });
    const text = "function run(argv) { return argv.join('|'); }";
    const script = join(folder, "a.js");
    writeFileSync(script, text);
    expect(run(["-l", "JavaScript", script, "a b", "ü"]).stdout).toBe("a b|ü\n");
    expect(run(["-l", "JavaScript", "-", "x"], text).stdout).toBe("x\n");
  });

  it("prints the last statement's value, and console.log on stderr", () => {
    const { run } = executable();
    const text = "console.log('to', 'you'); 'result'";
    expect(run(["-l", "JavaScript"], text)).toEqual({ status: 0, stdout: "result\n", stderr: "to you\n" });
  });

  it("ends with 1 and one line that holds the number after an error", () => {
    const { run } = executable();
    const { status, stdout, stderr } = run(["-l", "JavaScript", "-e", "Application('Photos').flavour()"]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^\S+: execution error: Error: Error: Can't get object\. \(-1728\)\n$/);
    expect(run(["-l", "JavaScript", "-e", "nowhere"]).stderr).toMatch(/ReferenceError: .*\(-2700\)\n$/);
    expect(run(["-l", "JavaScript", "-e", "var ="]).stderr).toMatch(/SyntaxError: .*\(-2700\)\n$/);
  });

  it("understands nothing but JavaScript, and says so", () => {
    const { run } = executable();
    expect(run(["-e", 'tell application "Photos" to quit']).status).toBe(1);
    expect(run(["-l", "JavaScript", "/nowhere.js"]).stderr).toBe(
      "osascript: /nowhere.js: No such file or directory\n",
    );
  });

  it("reads the environment and ends with a status of the script's own", () => {
    const { run } = executable();
    const text = "ObjC.import('stdlib'); console.log($.getenv('GREETING')); $.exit(5)";
    expect(run(["-l", "JavaScript", "-e", text], "", { GREETING: "hello" })).toEqual({
      status: 5,
      stdout: "",
      stderr: "hello\n",
    });
  });

  it("keeps album, items, counters and the running program from one call to the next", () => {
    const { folder, libraryPath, run } = executable();
    const media = new GeneratedMedia(join(folder, "media"));
    const call = (body: string, input: unknown) =>
      JSON.parse(run(["-l", "JavaScript", "-", JSON.stringify(input)], bodyText(body)).stdout);
    call("P.make({new: 'album', named: input})", "Reise ☀");
    call(
      "P.import([Path(input)], {skipCheckDuplicates: true, into: P.albums.byName('Reise ☀')})",
      media.png("Grüße.png"),
    );
    expect(call("return [P.albums.name(), P.albums[0].mediaItems.filename(), P.running()]", null)).toEqual([
      ["Reise ☀"],
      ["Grüße.png"],
      true,
    ]);
    const photos = openVirtualPhotos(libraryPath);
    expect(photos.counters().events).toEqual({ get: 2, import: 1, make: 1 });
    expect(photos.library.application.launches).toBe(1);
    photos.close();
  });

  it("loses nothing that was answered, and keeps no half of what was not, when it is killed", async () => {
    const { folder, libraryPath, file } = executable();
    const media = new GeneratedMedia(join(folder, "media"));
    const paths = Array.from({ length: 40 }, (_, index) => media.png(`IMG_${1000 + index}.PNG`));
    // Says on stderr when each batch of ten is in, and never ends by itself.
    const body = `for (var i = 0; ; i = (i + 10) % 40) {
        P.import(input.slice(i, i + 10).map(function (p) { return Path(p); }), {skipCheckDuplicates: true});
        console.log("in");
      }`;
    const child = spawn(file, ["-l", "JavaScript", "-", JSON.stringify(paths)], {
      stdio: ["pipe", "ignore", "pipe"],
    });
    child.stdin?.end(bodyText(body));
    const answered = await killAfterLines(child, 3);

    const photos = openVirtualPhotos(libraryPath);
    const length = runBody(photos, "return P.mediaItems.length", null) as number;
    expect(length % 10).toBe(0);
    expect(length / 10).toBeGreaterThanOrEqual(answered);
    const missing = photos.library.database
      .prepare("SELECT ZDIRECTORY || '/' || ZFILENAME place FROM ZASSET")
      .all() as { place: string }[];
    expect(missing.filter(({ place }) => !existsSync(join(libraryPath, "originals", place)))).toEqual([]);
    expect(photos.library.database.prepare("PRAGMA integrity_check").get()).toEqual({
      integrity_check: "ok",
    });
    photos.close();
  });
});

// A build from before these manners existed would not show them.
const hasBehavior = existsSync(join(dirname(program), "faults"));

describe.skipIf(!hasBehavior)(
  "the executable when Photos has a fault (skipped without a build of today)",
  () => {
    it("is killed while it waits, and Photos goes on with the import all the same", async () => {
      const { folder, libraryPath, file } = executable();
      const media = new GeneratedMedia(join(folder, "media"));
      const photos = openVirtualPhotos(libraryPath);
      photos.faults({ name: "import-times-out", lateByMs: 1000, waitMs: 120_000, times: 1 });
      const body = "P.import([Path(input)], {skipCheckDuplicates: true})";
      const argument = JSON.stringify(media.png("IMG_0001.PNG"));
      const child = spawn(file, ["-l", "JavaScript", "-", argument], { stdio: ["pipe", "ignore", "ignore"] });
      const closed = once(child, "close");
      child.stdin.end(bodyText(body));
      await vi.waitFor(() => expect(photos.library.application.recall("postponed")).toHaveLength(1), 10_000);
      child.kill("SIGKILL");
      await closed;
      expect(runBody(photos, "return P.mediaItems.length", null)).toBe(0);
      photos.close();

      const later = openVirtualPhotos(libraryPath, { time: new ManualTime(new Date(Date.now() + 600_000)) });
      expect(runBody(later, "return P.mediaItems.filename()", null)).toEqual(["IMG_0001.PNG"]);
      later.close();
    });

    it("tells errors in the language it is told to, with the number at the end", () => {
      const { libraryPath, run } = executable();
      const photos = openVirtualPhotos(libraryPath);
      photos.faults({ name: "speaks", language: "de" });
      photos.close();
      const { stderr } = run(["-l", "JavaScript", "-e", "Application('Photos').flavour()"]);
      expect(stderr).toMatch(/^\S+: Ausführungsfehler: Error: Error: Objekt .*\. \(-1728\)\n$/);
    });
  },
);

/** Kills the child with SIGKILL when it has written so many lines on stderr; returns how many it wrote in all. */
async function killAfterLines(child: ChildProcess, lines: number): Promise<number> {
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
    if (text.split("\n").length > lines) child.kill("SIGKILL");
  });
  await once(child, "close");
  return text.split("\n").length - 1;
}
