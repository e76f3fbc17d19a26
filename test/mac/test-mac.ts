import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { JxaPhotosLibrary } from "../../dist/jxa/jxa-photos-library.js";
import { JxaPhotosProcess } from "../../dist/jxa/jxa-photos-process.js";
import { runEventWith } from "../../dist/jxa/run-event.js";
import { libraryAccess } from "../../dist/originals/library-access.js";
import { type Clock, systemClock } from "../../src/clock.js";
import type { RunScript } from "../../src/jxa/run-script.js";
import { photosLibraryContract, SCRATCH_ALBUM, type Sentence } from "../contracts/photos-library-contract.js";
import { ScratchMedia } from "../contracts/scratch-media.js";
import { dryRun } from "./dry-run.js";
import type { Experiment, Mac, ProgramResult } from "./experiment.js";
import { importExperiments, poisonExperiment } from "./experiments-import.js";
import { libraryExperiments } from "./experiments-library.js";
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
}

const HELP = `npm run test:mac -- [--dry-run] [--long] [--only NAME,NAME] [--findings FILE]

Tries on a real Mac what Rollcall assumes of Photos, in a scratch library, and writes what it found to a file.
It takes about ten minutes; with --long an hour. Photos is quit and started again a few times.
  --dry-run         prints every script and program that would be sent or run, and sends nothing
  --long            also imports 2,000 pictures in one event, to see when it times out
  --only NAME,NAME  only these experiments, by the names that the dry run shows, or "contract"
  --findings FILE   where to write what was found; rollcall-mac-findings.json unless given

${HOW_TO_MAKE_ONE}`;

const experiments: readonly Experiment[] = [...importExperiments, ...libraryExperiments];

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
  try {
    return await tryPhotos(asked.findings ?? "rollcall-mac-findings.json", chosen, folder, surroundings);
  } catch (error) {
    const { message, why, remedy } = error as { message: string; why?: string; remedy?: string };
    print(`error: ${message}${why === undefined ? "" : ` ${why}`}`);
    print(`do:    ${remedy ?? "Look at Photos and close any message it shows, then run this again."}\n`);
    if (error instanceof Refusal) print(HOW_TO_MAKE_ONE);
    return 7;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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

async function tryPhotos(
  file: string,
  chosen: Chosen,
  folder: string,
  surroundings: Surroundings,
): Promise<number> {
  const { print } = surroundings;
  const parts = partsFor(folder, surroundings);
  const libraryPath = await openScratchLibrary(parts);
  const { version } = await parts.photos.makeReady();
  await holdsScratchItemsOnly(parts);
  const mac: Mac = { ...parts, libraryPath };
  await deleteScratchAlbums(mac);

  const findings: Findings = {
    findings: 1,
    about: ABOUT_THE_FILE,
    rollcall: JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version,
    madeAt: mac.clock.now().toISOString(),
    isStandIn: standInOf(surroundings.environment) !== undefined,
    system: {
      macos: (await mac.program("/usr/bin/sw_vers", ["-productVersion"]))?.stdout.trim() ?? null,
      photos: version,
      node: process.version,
      processor: process.arch,
    },
    contract: [],
    experiments: [],
  };
  const write = () => writeFindings(file, findings, { "(scratch library)": libraryPath, "(folder)": folder });
  const tryAll = async ({ sentences, experiments }: Omit<Chosen, "mayAlert">) => {
    for (const { says, holds } of sentences) {
      await keepOpen(mac);
      const trouble = await holds(mac).then(() => null, textOf);
      print(trouble === null ? `holds: Photos ${says}` : `DOES NOT HOLD: Photos ${says}: ${trouble}`);
      findings.contract.push({ says, trouble });
      write();
    }
    for (const { name, question, ask } of experiments) {
      await keepOpen(mac);
      const begun = mac.clock.now().getTime();
      const finding = await ask(mac).catch((error: unknown) => ({
        says: "The experiment itself failed.",
        observed: textOf(error),
      }));
      print(`${question} ${finding.says}`);
      findings.experiments.push({ name, question, ...finding, tookMs: mac.clock.now().getTime() - begun });
      write();
    }
  };
  try {
    await tryAll(chosen);
    await tryAll(chosen.mayAlert);
  } catch (error) {
    print(`Ended before its end; what was found until then is in ${file}.`);
    throw error;
  }
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

function partsFor(folder: string, { environment, runScript, clock = systemClock }: Surroundings) {
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
    media: new ScratchMedia(join(folder, "media")),
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
  };
}

async function runProgram(file: string, args: readonly string[]): Promise<ProgramResult> {
  const { exitCode, stdout, stderr } = await execa(file, args, {
    reject: false,
    stdin: "ignore",
    stripFinalNewline: false,
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  return { status: exitCode ?? null, stdout, stderr };
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
