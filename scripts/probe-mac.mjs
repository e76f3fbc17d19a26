// Writes down what macOS allows and asks, from five places: npm run probe:mac (--help says more; npm run build first).
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const top = new URL("..", import.meta.url);
if (!existsSync(new URL("dist/main.js", top))) {
  console.error("error: there is no built code\ndo:    npm run build");
  process.exit(2);
}
const { dryRun } = await import("./probe-mac/dry-run.mjs");
const { ABOUT_THE_FILE, writeFindings } = await import("./probe-mac/findings.mjs");
const { placesFor } = await import("./probe-mac/places.mjs");
const { answersOf, probeRunner } = await import("./probe-mac/programs.mjs");
const { allStepsMs, STEPS, stagingFolderOf } = await import("./probe-mac/steps.mjs");

const PLACES = ["terminal", "agent", "applet", "shortcut", "quick-action"];
const HELP = `npm run probe:mac -- [--dry-run] [--only PLACE,PLACE] [--yes] [--no-input] [--seconds N]
                        [--findings FILE] [--clean-up]

Asks macOS the same questions from ${PLACES.join(", ")}: who is held responsible, which rights that gives, how long
the first touch of the Photos library takes, whether a notice is shown. It takes about ten minutes with you at the screen.
It reads: nothing in Photos, in its library or on an iPhone is changed. macOS may ask you something: answer as you like, or
not at all. Photos is opened if it is closed. What it makes (an agent, an app, a Quick Action) it takes away again.
  --dry-run      prints everything that it would make and run, on any computer, and does nothing
  --only PLACES  only from these
  --yes          go on without asking
  --no-input     nobody is there: no shortcut, and the Quick Action is run by automator
  --seconds N    how long a program of a step may take (20)
  --findings F   where to write; rollcall-probe-findings.json unless given
  --clean-up     take away what a probe left behind that was cut off`;

process.exitCode = await probeMac(process.argv.slice(2));

/** 0: written, all is taken away; 1: something is left, and named; 2: usage; 7: no Mac; 130: stopped. */
async function probeMac(args) {
  const asked = readArguments(args);
  if (asked === null || asked.help) {
    console.log(HELP);
    return asked === null ? 2 : 0;
  }
  const standIns = process.env.ROLLCALL_MAC_PROGRAMS || undefined;
  const run = probeRunner({ platform: process.platform, standIns });
  const uid = process.getuid?.() ?? 0;
  const stepMs = asked.seconds * 1000;
  const about = {
    run,
    afterwards: answersOf(run, stepMs),
    uid,
    standIns,
    stepMs,
    allStepsMs: allStepsMs(stepMs),
  };
  if (asked["dry-run"]) {
    console.log(
      dryRun(
        placesFor({ ...about, id: "ID", folder: "FOLDER" }).filter(({ name }) => asked.only.includes(name)),
      ),
    );
    return 0;
  }
  if (run === null) {
    console.error(
      `error: this asks macOS, and this computer runs ${process.platform}.\n` +
        "do:    Run it on a Mac, or see what it would do with: npm run probe:mac -- --dry-run",
    );
    return 7;
  }
  const earlier = idsLeftBehind();
  if (asked["clean-up"]) return await cleanUpEarlier(earlier, about);
  for (const id of earlier)
    console.log(`note: probe ${id} was cut off: npm run probe:mac -- --clean-up takes it away.`);

  const inner = mkdtempSync(join(tmpdir(), "rollcall-probe-"));
  const id = inner.slice(-6).toLowerCase();
  const folder = join(inner, `Rollcall probe ${id}`);
  mkdirSync(folder, { mode: 0o700 });
  const stop = new AbortController();
  const { signal } = stop;
  const probe = { ...about, answer: answersOf(run, stepMs, signal), signal, id, folder };
  const places = placesFor(probe).filter(({ name }) => asked.only.includes(name));
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const isPersonThere = isTerminal && asked["no-input"] !== true;
  const file = resolve(asked.findings ?? "rollcall-probe-findings.json");
  for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => stop.abort());
  try {
    for (const line of whatItWillDo(places, file)) console.log(line);
    if (asked.yes !== true) {
      if (!isPersonThere) {
        console.error("error: nobody is there to agree to this.\ndo:    --yes goes on without asking.");
        return 2;
      }
      if (!/^y/i.test((await ask("Go on? [y/N] ", signal)) ?? "")) return 1;
    }
    return await probeAll({ places, probe, file, isPersonThere });
  } finally {
    rmSync(inner, { recursive: true, force: true });
  }
}

async function probeAll({ places, probe, file, isPersonThere }) {
  const { folder, afterwards, signal } = probe;
  const findings = {
    probe: 1,
    about: ABOUT_THE_FILE,
    rollcall: JSON.parse(readFileSync(new URL("package.json", top), "utf8")).version,
    madeAt: new Date().toISOString().slice(0, 10),
    isStandIn: probe.standIns !== undefined,
    system: { node: process.version, processor: process.arch, darwin: (await import("node:os")).release() },
    places: [],
    left: [],
  };
  const write = () =>
    writeFindings(file, findings, { "(folder)": folder, "(checkout)": fileURLToPath(top).slice(0, -1) });
  write();
  for (const place of places) {
    if (signal.aborted) break;
    console.log(`\nFrom ${place.name} ...`);
    const found = { place: place.name, started: null, why: null, steps: [], seen: {} };
    findings.places.push(found);
    try {
      if (place.isByHand && !isPersonThere) throw new Error("nobody is there to do it");
      found.started = await place.start(console.log, { isPersonThere });
      found.steps = await stepsOf(place.name, probe, signal);
      if (place.more !== undefined && !signal.aborted) found.steps.push(...(await place.more()));
    } catch (error) {
      found.why = signal.aborted ? "stopped" : error instanceof Error ? error.message : String(error);
      found.steps = stepsSoFar(place.name, folder);
    } finally {
      findings.left.push(...(await place.cleanUp().catch((error) => [`${place.name}: ${error.message}`])));
      findings.left.push(...(await cleanUpStaging(afterwards, stagingFolderOf(folder, place.name))));
      write();
    }
    for (const { name, answer } of found.steps) console.log(`  ${name}: ${inShort(answer)}`);
    if (found.why !== null) console.log(`  not started: ${found.why}`);
    if (isPersonThere && found.started !== null && !signal.aborted) {
      const question = "Did macOS ask you something meanwhile? [y/n/Enter: do not know] ";
      found.seen.question = wordOf(await ask(question, signal));
      found.seen.notice = wordOf(
        await ask(`Did you see a notice "From ${place.name}."? [y/n/Enter] `, signal),
      );
      write();
    }
  }
  for (const sentence of findings.left) console.log(`left: ${sentence}`);
  console.log(`\nWritten to ${file}: please read it, and send it in. ${ABOUT_THE_FILE}`);
  if (signal.aborted) return 130;
  return findings.left.length === 0 ? 0 : 1;
}

/**
 * Waits for the end of what was started there; what never came is "timed out".
 * @throws where it does not even begin
 */
async function stepsOf(place, { folder, stepMs, allStepsMs: withinMs }, signal) {
  for (let waitedMs = 0; waitedMs < withinMs && !signal.aborted; waitedMs += 200) {
    const found = readPlace(place, folder);
    if (found?.isEnded) break;
    if (found === null && waitedMs > 3 * stepMs) throw new Error("it was started, and did not begin");
    await wait(200, undefined, { signal }).catch(() => {});
  }
  return stepsSoFar(place, folder);
}

function stepsSoFar(place, folder) {
  const steps = readPlace(place, folder)?.steps ?? [];
  const missing = STEPS.slice(steps.length).map(({ name }) => ({ name, answer: { outcome: "timed out" } }));
  return [...steps, ...missing];
}

function readPlace(place, folder) {
  try {
    return JSON.parse(readFileSync(join(folder, `${place}.json`), "utf8"));
  } catch {
    return null;
  }
}

/** By a node of its own, since Pictures may be what waits for a person. Only its own two names. */
async function cleanUpStaging(answer, path) {
  const text = `const fs = require("node:fs"), [folder] = process.argv.slice(1);
if (fs.lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
  fs.rmSync(folder + "/probe.txt", { force: true });
  fs.rmdirSync(folder);
}`;
  const { outcome } = await answer("node", ["-e", text, path]);
  return outcome === "answered"
    ? []
    : ["A folder of the probe may lie in Pictures: its name begins with Rollcall probe."];
}

function whatItWillDo(places, file) {
  return [
    "This asks macOS the same questions from several places, and writes what it answered to a file.",
    "Nothing in Photos, in its library or on an iPhone is changed. macOS may ask you something: answer as you like.",
    "Photos is opened if it is closed, and stays open. What you allow your terminal, node or Shortcuts stays allowed.",
    ...places.flatMap(({ name, makes }) => [
      `  from ${name}${makes.length === 0 ? "" : ":"}`,
      ...makes.map(({ path, what }) => `    makes ${path.replace(homedir(), "~")}: ${what}`),
    ]),
    ...guardedNote(),
    `It writes ${file.replace(homedir(), "~")}. npm run probe:mac -- --dry-run shows all of it.`,
  ];
}

/** macOS keeps these folders from what it starts itself, and the probe lies in the checkout. */
function guardedNote() {
  const folder = fileURLToPath(top);
  const guarded = ["Desktop", "Documents", "Downloads"].find((name) =>
    folder.startsWith(join(homedir(), name, "/")),
  );
  return guarded === undefined
    ? []
    : [`note: this checkout lies in ${guarded}, where other places may not start it.`];
}

/** Names of a probe's own in the three folders where it makes something. */
function idsLeftBehind() {
  const shapes = [
    ["Library/LaunchAgents", /^local\.rollcall\.probe\.([a-z0-9]{6})\.plist$/],
    ["Applications", /^Rollcall probe ([a-z0-9]{6})\.app$/],
    ["Library/Services", /^Rollcall probe ([a-z0-9]{6})\.workflow$/],
  ];
  const ids = shapes.flatMap(([folder, shape]) => {
    const path = join(homedir(), folder);
    if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
    return readdirSync(path).flatMap((name) => shape.exec(name)?.[1] ?? []);
  });
  return [...new Set(ids)];
}

async function cleanUpEarlier(ids, about) {
  const left = [];
  for (const id of ids) {
    const folder = join(tmpdir(), `Rollcall probe ${id}`);
    for (const place of placesFor({ ...about, id, folder })) {
      left.push(...(await place.cleanUp()));
      left.push(...(await cleanUpStaging(about.afterwards, stagingFolderOf(folder, place.name))));
    }
  }
  const stay = idsLeftBehind();
  const gone = ids.filter((id) => !stay.includes(id));
  for (const id of stay) left.push(`${id}: something bears a probe's name and is a link, or another user's.`);
  console.log(gone.length === 0 ? "Nothing was taken away." : `Taken away: ${gone.join(", ")}.`);
  for (const sentence of left) console.log(`left: ${sentence}`);
  return left.length === 0 ? 0 : 1;
}

function readArguments(args) {
  const flag = { type: "boolean" };
  try {
    const { values } = parseArgs({
      args,
      options: {
        ...{ "dry-run": flag, help: flag, yes: flag, "no-input": flag, "clean-up": flag },
        ...{ only: { type: "string" }, findings: { type: "string" }, seconds: { type: "string" } },
      },
    });
    const only = values.only?.split(",") ?? PLACES;
    const seconds = /^[1-9]\d{0,2}$/.test(values.seconds ?? "20") ? Number(values.seconds ?? 20) : null;
    return only.every((name) => PLACES.includes(name)) && seconds !== null
      ? { ...values, only, seconds }
      : null;
  } catch {
    return null;
  }
}

/** Null where the person presses Ctrl-C or ends the input instead. */
async function ask(question, signal) {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await lines.question(question, { signal });
  } catch {
    return null;
  } finally {
    lines.close();
  }
}

function wordOf(answer) {
  return /^y/i.test(answer ?? "") ? "yes" : /^n/i.test(answer ?? "") ? "no" : "not known";
}

function inShort(answer) {
  if (typeof answer?.outcome === "string")
    return `${answer.outcome}${answer.said == null ? "" : `: ${JSON.stringify(answer.said).slice(0, 100)}`}`;
  return JSON.stringify(answer).slice(0, 140);
}
