import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { JxaPhotosLibrary } from "../../dist/jxa/jxa-photos-library.js";
import { JxaPhotosProcess } from "../../dist/jxa/jxa-photos-process.js";
import { runEventWith } from "../../dist/jxa/run-event.js";
import { libraryAccess } from "../../dist/originals/library-access.js";
import { readSettings } from "../../src/cli/process/settings.js";
import { type Clock, systemClock } from "../../src/clock.js";
import type { RunScript } from "../../src/jxa/run-script.js";
import { removeEmpty } from "../../src/owned-folder.js";
import { freeSpace } from "../../src/plan/space-needed.js";
import { photosLibraryContract, SCRATCH_ALBUM, type Sentence } from "../contracts/photos-library-contract.js";
import { ScratchMedia } from "../contracts/scratch-media.js";
import { dryRun } from "./dry-run.js";
import type { Experiment, Mac, ProgramResult } from "./experiment.js";
import { carryExperiments } from "./experiments-carry.js";
import { editExperiments } from "./experiments-edits.js";
import { importExperiments, poisonExperiment } from "./experiments-import.js";
import { largeExperiments } from "./experiments-large.js";
import { libraryExperiments, touchLibrary } from "./experiments-library.js";
import { ABOUT_THE_FILE, type Findings, writeFindings } from "./findings.js";
import { HOW_TO_MAKE_ONE, holdsScratchItemsOnly, openScratchLibrary, Refusal } from "./scratch-library.js";
import { albumsBeginning } from "./scripts.js";

/** What the program is started in. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  /** ROLLCALL_OSASCRIPT and ROLLCALL_PHOTOS_LIBRARY: a stand-in for Photos, and its library. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  /** In osascript's place for everything but what osascript itself prints. */
  readonly runScript?: RunScript;
  readonly clock?: Clock;
  readonly freeBytes?: (folder: string) => Promise<number>;
}

const HELP = `npm run test:mac -- [--dry-run] [--long] [--only NAME,NAME] [--findings FILE]

Tries on a real Mac what Rollcall assumes of Photos, in a scratch library, and writes what it found to a file.
It takes about ten minutes; with --long an hour. Photos is quit and started again a few times.
  --dry-run         prints every script and program that would be sent or run, and sends nothing
  --long            also imports 2,000 pictures in one event, and 60 videos of 300 MB by both events, to see when they
                    time out; that needs 41 GB of free space
  --only NAME,NAME  only these experiments, by the names that the dry run shows, or "contract"
  --findings FILE   where to write what was found; rollcall-mac-findings.json unless given

${HOW_TO_MAKE_ONE}`;

const experiments: readonly Experiment[] = [
  ...importExperiments,
  ...editExperiments,
  ...libraryExperiments,
  ...carryExperiments,
  ...largeExperiments,
];

/**
 * Exit status: 0 when every sentence of the contract holds, 1 when one does not, 2 for usage, 7 when Photos
 * cannot be used or has another library open. Experiments have no wrong outcome.
 */
export async function testMac(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { print, platform, environment } = surroundings;
  const asked = readArguments(args);
  if (asked === null) {
    print(HELP);
    return 2;
  }
  if (asked.help) {
    print(HELP);
    return 0;
  }
  if (asked["dry-run"]) {
    print(await dryRun([...experiments, poisonExperiment]));
    return 0;
  }
  if (platform !== "darwin" && standInOf(environment) === undefined) {
    print(
      `error: Photos can only be used on macOS, and this computer runs ${platform}.\n` +
        "do:    Run this on a Mac, or see what it would send with `npm run test:mac -- --dry-run`.",
    );
    return 7;
  }
  const chosen = choose(asked.only, asked.long === true);
  const folder = mkdtempSync(join(tmpdir(), "rollcall-mac-"));
  const { stagingFolder } = await readSettings(environment);
  // Photos is given what lies where the product stages: macOS may treat places otherwise.
  const mediaFolder = join(stagingFolder, `test-mac-${randomBytes(4).toString("hex")}`);
  const hadStaging = existsSync(stagingFolder);
  try {
    return await tryPhotos(asked.findings ?? "rollcall-mac-findings.json", chosen, {
      ...surroundings,
      folder,
      mediaFolder,
    });
  } catch (error) {
    const { message, why, remedy } = error as { message: string; why?: string; remedy?: string };
    print(`error: ${message}${why === undefined ? "" : ` ${why}`}`);
    print(`do:    ${remedy ?? "Close any message that Photos shows, then run this again."}\n`);
    if (error instanceof Refusal) print(HOW_TO_MAKE_ONE);
    return 7;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(mediaFolder, { recursive: true, force: true });
    if (!hadStaging) removeEmpty(stagingFolder);
  }
}

/** What the program is started in, and the two folders that it makes. */
interface Started extends Surroundings {
  readonly folder: string;
  readonly mediaFolder: string;
}

interface Chosen {
  readonly sentences: readonly Sentence[];
  readonly experiments: readonly Experiment[];
  /** After all others: an alert may stand over Photos' window from then on. */
  readonly mayAlert: { readonly sentences: readonly Sentence[]; readonly experiments: readonly Experiment[] };
}

function choose(only: readonly string[] | undefined, isLong: boolean): Chosen {
  const isChosen = (name: string) => only?.includes(name) ?? true;
  const contract = isChosen("contract") ? photosLibraryContract : [];
  return {
    sentences: contract.filter(({ mayAlert }) => !mayAlert),
    experiments: experiments.filter(
      ({ name, isLong: takesLong }) => isChosen(name) && (isLong || only !== undefined || !takesLong),
    ),
    mayAlert: {
      sentences: contract.filter(({ mayAlert }) => mayAlert),
      experiments: [poisonExperiment].filter(({ name }) => isChosen(name)),
    },
  };
}

const names: ReadonlySet<string> = new Set([
  "contract",
  ...[...experiments, poisonExperiment].map(({ name }) => name),
]);

/** Null for what there is not. */
function readArguments(args: readonly string[]) {
  const flag = { type: "boolean" } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        "dry-run": flag,
        long: flag,
        help: flag,
        only: { type: "string" },
        findings: { type: "string" },
      },
    });
    const only = values.only?.split(",");
    return only?.every((name) => names.has(name)) === false ? null : { ...values, only };
  } catch {
    return null;
  }
}

async function tryPhotos(file: string, chosen: Chosen, started: Started): Promise<number> {
  const { print, folder, mediaFolder } = started;
  const parts = partsFor(started);
  const findings: Findings = {
    findings: 1,
    about: ABOUT_THE_FILE,
    rollcall: JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version,
    madeAt: parts.clock.now().toISOString(),
    isStandIn: standInOf(started.environment) !== undefined,
    ended: null,
    system: {
      macos: (await parts.program("/usr/bin/sw_vers", ["-productVersion"]))?.stdout.trim() ?? null,
      photos: null,
      node: process.version,
      processor: process.arch,
    },
    contract: [],
    experiments: [],
  };
  const places: Record<string, string> = { "(folder)": folder, "(staging)": mediaFolder };
  const write = () => writeFindings(file, findings, places);
  try {
    return await tryOn({ parts, findings, chosen, print, places, write, file });
  } catch (error) {
    findings.ended = error instanceof Refusal ? error.forFile : codeOf(error);
    write();
    print(`Ended before its end; what was found until then is in ${file}.`);
    throw error;
  }
}

/** No message of an error gets into the file: it may name a place. */
function codeOf(error: unknown): string {
  const { code, number, name } = error as { code?: unknown; number?: unknown; name?: unknown };
  return String(code ?? number ?? name ?? "an error");
}

async function tryOn(what: {
  readonly parts: ReturnType<typeof partsFor>;
  readonly findings: Findings;
  readonly chosen: Chosen;
  readonly print: Surroundings["print"];
  readonly places: Record<string, string>;
  readonly write: () => void;
  readonly file: string;
}): Promise<number> {
  const { parts, findings, chosen, print, places, write, file } = what;
  const libraryPath = await openScratchLibrary(parts);
  places["(scratch library)"] = libraryPath;
  findings.system.photos = (await parts.photos.makeReady()).version;
  await holdsScratchItemsOnly(parts);
  const mac: Mac = { ...parts, libraryPath };
  await deleteScratchAlbums(mac);
  const tryAll = async ({ sentences, experiments }: Omit<Chosen, "mayAlert">) => {
    for (const { says, holds } of sentences) {
      await keepOpen(mac);
      const trouble = await holds(mac).then(() => null, textOf);
      print(trouble === null ? `holds: Photos ${says}` : `DOES NOT HOLD: Photos ${says}: ${trouble}`);
      findings.contract.push({ says, trouble });
      write();
    }
    for (const { name, question, ask, readsLibrary } of experiments) {
      await keepOpen(mac);
      const begun = mac.clock.now().getTime();
      const mayAsk = readsLibrary !== true || !(await touchLibrary(mac)).timedOut;
      const finding = await (mayAsk ? ask(mac) : Promise.resolve(LIBRARY_WAITS)).catch((error: unknown) => ({
        says: "The experiment itself failed.",
        observed: textOf(error),
      }));
      print(`${question} ${finding.says}`);
      findings.experiments.push({ name, question, ...finding, tookMs: mac.clock.now().getTime() - begun });
      write();
    }
  };
  await tryAll(chosen);
  await tryAll(chosen.mayAlert);
  await deleteScratchAlbums(mac).catch(() => print("Some albums are left; the next run deletes them."));

  const broken = findings.contract.filter(({ trouble }) => trouble !== null).length;
  print(`\n${findings.contract.length - broken} sentences of the contract hold, ${broken} do not.`);
  print(`Written to ${file}: please send it in. ${ABOUT_THE_FILE}`);
  print("The pictures stay in the scratch library, because a script cannot delete them.");
  return broken === 0 ? 0 : 1;
}

/** What takes osascript's place; macOS' own by its name is the real one, and no word about its library is taken. */
function standInOf({ ROLLCALL_OSASCRIPT }: Surroundings["environment"]): string | undefined {
  return ROLLCALL_OSASCRIPT === "/usr/bin/osascript" ? undefined : ROLLCALL_OSASCRIPT;
}

const LIBRARY_WAITS = {
  says: "Not asked: macOS waits for somebody to answer whether the library may be read.",
  observed: null,
};

function partsFor(started: Started) {
  const { environment, runScript, clock = systemClock, folder, mediaFolder } = started;
  const osascript = standInOf(environment);
  const runEvent: RunScript = runScript ?? runEventWith({ osascript });
  const process = new JxaPhotosProcess({
    runScript: runEvent,
    access: libraryAccess({ app: null }),
    // Of a real Photos nobody's word is taken: only what lsof shows.
    ...(osascript === undefined
      ? {}
      : { macPrograms: null, configuredLibrary: environment.ROLLCALL_PHOTOS_LIBRARY }),
  });
  return {
    photos: new JxaPhotosLibrary({ runScript: runEvent, photosProcess: process, clock }),
    process,
    clock,
    media: new ScratchMedia(mediaFolder),
    large: osascript === undefined ? { count: 60, bytes: 300e6 } : { count: 6, bytes: 300e3 },
    freeBytes: started.freeBytes ?? (async (place: string) => (await freeSpace(place)).freeBytes),
    workFolder: folder,
    settleMs: osascript === undefined ? 5_000 : 0,
    run: ((script, input, deadlineMs = 150_000) =>
      runEvent(script, input, { deadlineMs }).catch((error: unknown) => ({
        ok: false,
        number: -1712,
        message: textOf(error),
        step: "osascript",
      }))) as Mac["run"],
    evaluate: (text: string) =>
      runProgram(osascript ?? "/usr/bin/osascript", ["-l", "JavaScript", "-e", text]),
    program: async (file: string, args: readonly string[]) =>
      osascript === undefined ? await runProgram(file, args) : null,
    node: (script: string, last: string) => runProgram(execPath, ["-e", script, last]),
  };
}

/** macOS may ask a person, who is not there. */
const PROGRAM_MS = 20_000;

async function runProgram(file: string, args: readonly string[]): Promise<ProgramResult> {
  const child = execa(file, args, {
    reject: false,
    stdin: "ignore",
    stripFinalNewline: false,
    cleanup: false,
  });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((settle) => {
    timer = setTimeout(() => settle(null), PROGRAM_MS);
  });
  const ended = await Promise.race([child, late]);
  clearTimeout(timer);
  if (ended !== null)
    return { status: ended.exitCode ?? null, timedOut: false, stdout: ended.stdout, stderr: ended.stderr };
  // What waits in a system call for a person does not end by this either, and is left behind.
  child.kill("SIGKILL");
  child.unref();
  return { status: null, timedOut: true, stdout: printed, stderr: "" };
}

/**
 * Before each step. A Photos that has ended opens the library again that it had.
 * @throws Refusal as soon as another library is open
 */
async function keepOpen(mac: Mac): Promise<void> {
  if ((await mac.process.running()) === null) {
    await mac.process.start();
    await mac.photos.makeReady();
  }
  const path = await openScratchLibrary(mac);
  if (path !== mac.libraryPath) throw new Refusal(`Photos has another library open now: ${path}.`);
}

/** Those of this run, and of one that was cut off. */
async function deleteScratchAlbums(mac: Mac): Promise<void> {
  const left = await mac.run(albumsBeginning, { start: SCRATCH_ALBUM });
  for (const id of left.ok ? left.value : []) await mac.photos.deleteAlbum(id);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
