import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { RunScript } from "../../src/jxa/run-script.js";
import { runInProcess } from "../../src/virtual/photos/run-in-process.js";
import { openVirtualPhotos } from "../../src/virtual/photos/virtual-photos.js";
import { ManualTime } from "../../src/virtual/photos/virtual-time.js";
import { writeOsascriptExecutable } from "../../src/virtual/photos/write-osascript.js";
import { testMac } from "../mac/test-mac.js";
import { GeneratedMedia } from "../virtual/photos/generated-media.js";
import { bodyText, temporaryFolder } from "../virtual/photos/photos-fixture.js";
import { photosLibraryContract, SCRATCH_ALBUM } from "./photos-library-contract.js";

const repository = join(import.meta.dirname, "../..");

/** The virtual Photos, open with a library of that name, in Photos' place. */
function standIn(name = "Rollcall Scratch") {
  const folder = temporaryFolder();
  const time = new ManualTime();
  const libraryPath = join(folder, `${name}.photoslibrary`);
  const photos = openVirtualPhotos(libraryPath, { time });
  onTestFinished(() => photos.close());
  photos.launch();
  const program = join(repository, "dist/virtual/photos/osascript-main.js");
  const file = join(folder, "osascript");
  const environment: Record<string, string | undefined> = {
    ROLLCALL_OSASCRIPT: writeOsascriptExecutable({ file, libraryPath, program }),
    ROLLCALL_PHOTOS_LIBRARY: libraryPath,
    ROLLCALL_STAGING: join(folder, "staging"),
  };
  const sent = new Set<string>();
  const inProcess = runInProcess(photos, time);
  const runScript: RunScript = (script, ...rest) => {
    sent.add(script.toString());
    return inProcess(script, ...rest);
  };
  const findingsFile = join(folder, "findings.json");
  const lines: string[] = [];
  return {
    photos,
    folder,
    libraryPath,
    environment,
    findingsFile,
    /** Texts of all scripts. */
    sent,
    lines,
    async run(
      onLine: (line: string) => void = () => {},
      { args = [], freeBytes }: { args?: string[]; freeBytes?: () => Promise<number> } = {},
    ) {
      const print = (line: string) => {
        lines.push(line);
        onLine(line);
      };
      const surroundings = {
        platform: "linux" as const,
        environment,
        print,
        runScript,
        clock: time,
        ...(freeBytes && { freeBytes }),
      };
      const status = await testMac(["--findings", findingsFile, ...args], surroundings);
      return { status, printed: lines.join("\n") };
    },
    script: (body: string, input: unknown = null) =>
      JSON.parse(
        (photos.runText(bodyText(body), { argv: [JSON.stringify(input)] }) as { output: string }).output,
      ),
  };
}

async function dryRun(): Promise<string> {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  expect(await testMac(["--dry-run"], { platform: "linux", environment: {}, print })).toBe(0);
  return lines.join("\n");
}

describe("test:mac, with the virtual Photos in the place of Photos,", () => {
  it("the contract holds, each experiment asks and writes its file, and only what a dry run shows is sent", async () => {
    const { run, environment, findingsFile, sent, folder, script } = standIn();
    script("P.make({new: 'album', named: input})", `${SCRATCH_ALBUM}of a run that was cut off`);
    script("P.make({new: 'album', named: 'Holidays'})");
    const { status, printed } = await run();
    expect(printed).not.toMatch(/DOES NOT HOLD|error:/);
    expect(status).toBe(0);

    const text = readFileSync(findingsFile, "utf8");
    const findings = JSON.parse(text);
    expect(findings).toMatchObject({ findings: 1, isStandIn: true, system: { photos: "11.0", macos: null } });
    const expected = photosLibraryContract.map(({ says }) => ({ says, trouble: null }));
    expect(findings.contract).toEqual(expected);
    expect(findings.experiments.length).toBeGreaterThan(25);
    expect(
      findings.experiments.filter(({ says }: { says: string }) => says.includes("itself failed")),
    ).toEqual([]);
    expect(text).not.toContain("-2700"); // no script failed by itself
    for (const secret of [folder, environment.ROLLCALL_OSASCRIPT, homedir()].filter((place) => place !== "/"))
      expect(text).not.toContain(secret);

    expect(script("return P.albums.name()")).toEqual(["Holidays"]);
    const shown = await dryRun();
    for (const script of sent) expect(shown).toContain(script);
    for (const { question } of findings.experiments) expect(shown).toContain(question);
  }, 60_000);

  it("has an experiment for everything that docs/unverified-on-mac.md says it tests, and names each there", async () => {
    const page = readFileSync(join(repository, "docs/unverified-on-mac.md"), "utf8");
    const part = page.slice(0, page.indexOf("## What `npm run probe:mac` settles"));
    const cells = [...part.matchAll(/^\| .* \| ([^|]*) \|$/gm)].map(([, cell = ""]) => cell).join();
    const named = [...cells.matchAll(/`([a-z-]+)`/g)].map(([, name = ""]) => name);
    const there = [...(await dryRun()).matchAll(/^=== ([a-z-]+)(?: \(with --long only\))?$/gm)].map(
      ([, name]) => name,
    );
    expect(named.filter((name) => name !== "--long").sort()).toEqual(there.sort());
  });

  it("gives Photos files that lie in the staging folder, and leaves none there", async () => {
    const table = standIn();
    const staging = join(table.folder, "staging");
    let seen: string[] = [];
    await table.run((line) => {
      if (existsSync(staging))
        seen = [...seen, ...readdirSync(staging, { recursive: true, encoding: "utf8" })];
      expect(line).not.toContain("DOES NOT HOLD");
    });
    expect(seen.some((name) => /^test-mac-[0-9a-f]{8}\/RSC_\d{4}\.JPG$/.test(name))).toBe(true);
    expect(existsSync(staging)).toBe(false);
  }, 60_000);

  const largeOnes = ["--only", "large-batch-plain,large-batch-raw"];

  it("sends a large batch by both events when it is asked to, and removes the videos", async () => {
    const table = standIn();
    expect((await table.run(undefined, { args: largeOnes })).status).toBe(0);
    const { experiments } = JSON.parse(readFileSync(table.findingsFile, "utf8"));
    expect(experiments.map(({ says }: { says: string }) => says)).toEqual([
      expect.stringMatching(/^It answered after \d+ s; 6 of 6 came in\.$/),
      expect.stringMatching(/^It answered after \d+ s; 6 of 6 came in\.$/),
    ]);
    expect(existsSync(join(table.folder, "staging"))).toBe(false);
  }, 60_000);

  it("sends no large batch where it does not fit on the disk", async () => {
    const table = standIn();
    await table.run(undefined, { args: largeOnes, freeBytes: async () => 1e9 });
    const { experiments } = JSON.parse(readFileSync(table.findingsFile, "utf8"));
    for (const { says } of experiments)
      expect(says).toBe("Not asked: it needs 5.0 GB free, and there are 1.0 GB.");
    expect(table.photos.counters().events.import).toBeUndefined();
  });

  it("a library whose touch waits for a person is told, bounded, and not touched by any other experiment", async () => {
    const table = standIn();
    const args = ["--only", "library-question,kept-originals"];
    const database = join(table.libraryPath, "database", "Photos.sqlite");
    renameSync(database, `${database} of before`);
    execFileSync("mkfifo", [database]); // an open that nobody answers
    const { status } = await table.run(undefined, { args });
    expect(status).toBe(0);
    const { experiments } = JSON.parse(readFileSync(table.findingsFile, "utf8"));
    expect(experiments.map(({ says }: { says: string }) => says)).toEqual([
      expect.stringMatching(/^It waits at the touch after 2 of 3/),
      "Not asked: macOS waits for somebody to answer whether the library may be read.",
    ]);
  }, 120_000);

  it("runs as a command, with an osascript that is a process of its own", () => {
    const { environment, findingsFile } = standIn();
    const args = ["scripts/test-mac.mjs", "--only", "display-string", "--findings", findingsFile];
    const options = { cwd: repository, encoding: "utf8", env: { ...process.env, ...environment } } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("Does the display string of a returned item hold its id? Yes");
    const { experiments } = JSON.parse(readFileSync(findingsFile, "utf8"));
    expect(experiments).toMatchObject([{ name: "display-string", says: "Yes, at its end, as byId." }]);
  }, 60_000);
});

describe("test:mac changes nothing", () => {
  const changesNothing = (table: ReturnType<typeof standIn>) => {
    const { events } = table.photos.counters();
    expect(Object.keys(events).filter((event) => !["get", "count"].includes(event))).toEqual([]);
    expect(existsSync(join(table.folder, "staging"))).toBe(false);
    // That it refused, and why, is worth sending in too.
    const text = readFileSync(table.findingsFile, "utf8");
    const { ended, contract, experiments } = JSON.parse(text);
    expect([contract, experiments]).toEqual([[], []]);
    expect(text).not.toContain("Anna");
    return ended as string;
  };

  it("on a computer that is no Mac, and says what can be done there", async () => {
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    expect(await testMac([], { platform: "linux", environment: {}, print })).toBe(7);
    expect(lines.join()).toMatch(/only be used on macOS, and this computer runs linux.*--dry-run/s);
  });

  it.each([["--dryrun"], ["--only=everything"]])("for %s, which there is not", async (arg) => {
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    expect(await testMac([arg], { platform: "darwin", environment: {}, print })).toBe(2);
    expect(lines.join()).toContain("npm run test:mac -- [--dry-run]");
  });

  it("in a library of another name, and explains how to make a scratch library", async () => {
    const table = standIn("Anna's Rollcall Scratch");
    const { status, printed } = await table.run();
    expect(status).toBe(7);
    expect(printed).toMatch(/Anna's Rollcall Scratch.photoslibrary open\. Only .*Hold Option/s);
    expect(changesNothing(table)).toBe("Photos has a library open that is no scratch library by its name.");
  });

  it("where the open library cannot be found out", async () => {
    const table = standIn();
    delete table.environment.ROLLCALL_PHOTOS_LIBRARY;
    const { status, printed } = await table.run();
    expect(status).toBe(7);
    expect(printed).toContain("cannot be found out here, so none is touched");
    expect(changesNothing(table)).toContain("cannot be found out");
  });

  it("while Photos is not open, and does not open it", async () => {
    const table = standIn();
    table.photos.end();
    const { status, printed } = await table.run();
    expect(status).toBe(7);
    expect(printed).toContain("Photos is not open");
    expect(table.photos.running()).toBeNull();
    expect(changesNothing(table)).toContain("Photos is not open");
  });

  it("in a library that holds more than a handful of other items, whatever its name is", async () => {
    const table = standIn();
    const media = new GeneratedMedia(join(table.folder, "holidays"));
    const paths = Array.from({ length: 6 }, (_, index) => media.jpeg(`IMG_000${index}.JPG`));
    table.script("P.import(input.map(function (p) { return Path(p) }), {skipCheckDuplicates: true})", paths);
    table.photos.resetCounters();
    const { status, printed } = await table.run();
    expect(status).toBe(7);
    expect(printed).toContain("holds 6 items that were not made here");
    expect(changesNothing(table)).toContain("holds 6 items");
  });

  it("any more, once another library is open in the middle", async () => {
    const table = standIn();
    const link = join(table.folder, "open.photoslibrary");
    symlinkSync(table.libraryPath, link);
    table.environment.ROLLCALL_PHOTOS_LIBRARY = link;
    const { status, printed } = await table.run((line) => {
      if (!line.startsWith("holds: Photos makes an album")) return;
      rmSync(link);
      mkdirSync(join(table.folder, "Rollcall Scratch 2.photoslibrary"));
      symlinkSync(join(table.folder, "Rollcall Scratch 2.photoslibrary"), link);
      table.photos.resetCounters();
    });
    expect(status).toBe(7);
    expect(printed).toContain("Photos has another library open now");
    const findings = JSON.parse(readFileSync(table.findingsFile, "utf8"));
    expect(findings.contract).toHaveLength(4);
    expect(findings.ended).toContain("another library open now");
    expect(table.photos.counters().total).toBe(0);
  });
});
