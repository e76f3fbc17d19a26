// What only a Mac can tell of the files that Rollcall makes for it:
//
//   node scripts/check-mac.mjs [files] [scripts] [app] [workflow] [agent] [doctor]     (all of them unless named; npm run build first)
//
//   files      plutil -lint of every file that rollcall setup writes
//   scripts    osacompile of every script for Photos
//   app        an app as rollcall setup makes it: compiled, its Info.plist changed, sealed, verified and opened; it asks, stays
//              open, asks again, notices that it is opened once more, and quits
//   workflow   pbs -read_bundle of the Quick Action
//   agent      launchd runs rollcall watch, which imports from the virtual iPhone into the virtual Photos
//   doctor     the words in which macOS answers rollcall doctor are the ones that it understands
//
// Needs no phone and no permission, opens nothing but an app of its own without a window, and leaves nothing behind: all is
// written into a temporary folder but the agent's file in ~/Library/LaunchAgents, and its log. Where there is one of them
// already, nothing is touched.
import { execFile, execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const main = join(dist, "main.js");
if (!existsSync(main)) fail("there is no built code", "npm run build");
const built = (name) => import(new URL(`../dist/${name}`, import.meta.url).href);

/** What a careless program would take for its own text. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: as it says
const HOSTILE_INPUT = JSON.stringify({ name: '");\u2028\'`${x}\\"*/ Ünï' });

const STEPS = { files, scripts, app, workflow, agent, doctor };
const unknown = process.argv.slice(2).filter((name) => !Object.hasOwn(STEPS, name));
if (unknown.length > 0)
  fail(`no such step: ${unknown.join(", ")}`, `there are ${Object.keys(STEPS).join(", ")}`);

const { macPrograms } = await built("cli/compose/mac-programs.js");
const { readSettings } = await built("cli/process/settings.js");
const run = macPrograms(await readSettings(process.env));
if (run === null)
  fail("this is no Mac", "ROLLCALL_MAC_PROGRAMS names a folder with programs in place of its own");

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(STEPS);
const folder = mkdtempSync(join(tmpdir(), "rollcall-check-"));
let failures = 0;
try {
  for (const name of chosen) {
    const before = failures;
    const count = await STEPS[name]();
    console.log(`${name}: ${count} looked at, ${failures - before} wrong`);
    if (count === 0) wrong(name, "nothing was looked at");
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;

async function files() {
  let count = 0;
  for (const what of ["shortcuts", "automator", "agent"]) {
    for (const { path, text } of printed(what).filter(({ text }) => text.startsWith("<?xml"))) {
      const file = join(folder, what, basename(path));
      write(file, text);
      count += 1;
      await must(`${what}: ${basename(path)}`, "plutil", ["-lint", file]);
    }
  }
  return count;
}

async function scripts() {
  const { programWithInput } = await built("jxa/script-text.js");
  let count = 0;
  for (const module of readdirSync(join(dist, "jxa", "scripts")).filter((name) => name.endsWith(".js"))) {
    for (const [name, script] of Object.entries(await built(`jxa/scripts/${module}`))) {
      if (typeof script !== "function") continue;
      for (const from of ["argument", "file"]) {
        const source = join(folder, "scripts", `${name}-${from}.js`);
        const compiled = source.replace(/js$/, "scpt");
        write(source, programWithInput(String(script), { from, argument: HOSTILE_INPUT }));
        count += 1;
        await must(`${module}, input from ${from}`, "osacompile", [
          "-l",
          "JavaScript",
          "-o",
          compiled,
          source,
        ]);
        if (!existsSync(compiled)) wrong(module, "osacompile wrote nothing");
      }
    }
  }
  return count;
}

/**
 * Through the same code as `rollcall setup agent`, under a name and an id of its own, so that no right of the person's
 * Rollcall.app is touched. It sends no Apple event, so that macOS asks nothing.
 */
async function app() {
  const { APPLET } = await built("integrations/app/applet.js");
  const { INFO } = await built("integrations/app/app-bundle.js");
  const { buildBundle } = await built("integrations/app/build-bundle.js");
  const start = join(folder, "app", "start.sh");
  const answer = join(folder, "app", "answer");
  const again = join(folder, "app", "again");
  // It goes on asking until it was opened once more, or for half a minute.
  const text = `case $1 in
  opened) echo "poll 1 one" ;;
  reopened) echo "$2" > '${again}'; echo "poll 1 two" ;;
  poll) echo "$2" >> '${answer}'
    [ "$2" = two ] || [ "$(wc -l < '${answer}')" -ge 30 ] || echo "poll 1 one" ;;
esac
`;
  write(start, text);
  const script = APPLET.replace("$HOME/Library/Application Support/Rollcall/app/start.sh", start);
  const info = INFO.map(([key, type, value]) => [
    key,
    type,
    key === "CFBundleIdentifier" ? "local.rollcall.check" : value,
  ]);
  const workshop = join(folder, "app", "workshop");
  try {
    const bundle = await buildBundle({ script, info, workshop, name: "Rollcall check" }, { run });
    await must("LaunchServices", "lsregister", ["-f", bundle]);
    const ending = must("the app", "open", ["-g", "-n", "-W", bundle]);
    const isOver = ending.then(() => true);
    while (!existsSync(answer) && !(await Promise.race([isOver, wait(100, false)])));
    // As a double click does.
    if (existsSync(answer)) await run("open", ["-g", bundle]);
    await ending;
    const said = (path) => (existsSync(path) ? readFileSync(path, "utf8") : "nothing");
    if (!said(answer).startsWith("one\n"))
      wrong("the app", `it was to answer "one" once it is idle, and answered: ${said(answer)}`);
    else if (said(again) !== "one\n")
      wrong("the app", `it was to say "reopened one" when it was opened again, and said: ${said(again)}`);
    await run("lsregister", ["-u", bundle]);
  } catch (error) {
    wrong("the app", `${error.message} ${error.why ?? ""}`);
  }
  return 1;
}

async function workflow() {
  const written = printed("automator");
  for (const { path, text } of written) {
    const [inBundle] = /[^/]+\.workflow\/.*$/.exec(path) ?? [];
    if (inBundle === undefined) wrong(path, "it lies in no bundle");
    else write(join(folder, inBundle), text);
  }
  const bundles = readdirSync(folder).filter((name) => name.endsWith(".workflow"));
  for (const bundle of bundles) await must(bundle, "pbs", ["-read_bundle", join(folder, bundle)]);
  return bundles.length;
}

/** Through the same code as `rollcall setup agent`, but for Rollcall.app: without it the watch imports by itself. */
async function agent() {
  const { agentFile, agentLogFolder } = await built("integrations/launchd/agent-plist.js");
  const { installAgent, removeAgent } = await built("integrations/launchd/install-agent.js");
  const { readLastRuns } = await built("cli/last-run/read-last-runs.js");
  const { makeDemoParts } = await built("cli/compose/demo-parts.js");
  const { appPath } = await built("integrations/app/app-identity.js");
  const { setUpFolders } = await built("cli/compose/mac-programs.js");

  const demo = await makeDemoParts(join(folder, "demo"), 0);
  try {
    const { dataFolder, stagingFolder, usbmuxdAddress, osascript, photosLibrary } = demo.settings;
    const environment = {
      ROLLCALL_HOME: dataFolder,
      ROLLCALL_STAGING: stagingFolder,
      USBMUXD_SOCKET_ADDRESS: usbmuxdAddress,
      ROLLCALL_OSASCRIPT: osascript,
      ROLLCALL_PHOTOS_LIBRARY: photosLibrary,
    };
    const folders = setUpFolders(demo.settings);
    const file = agentFile({ node: process.execPath, program: main, environment }, folders);
    const { home } = folders;
    for (const path of [file.path, agentLogFolder(folders), appPath(folders)]) {
      if (!existsSync(path)) continue;
      wrong(
        "the agent",
        `${relative(home, path)} is there already: rollcall setup agent --remove, then try again`,
      );
      return 1;
    }
    // Not waited for in this thread: the virtual iPhone lives in it.
    const approval = promisify(execFile)(process.execPath, [main, "watch", "--approve", demo.phone.udid], {
      env: { ...process.env, ...environment },
    });
    await approval.catch((error) => wrong("watch --approve", error.stderr));

    const parts = { run, folders, uid: process.getuid() };
    try {
      await installAgent(file, parts);
      const receipt = await receiptIn(join(dataFolder, "receipts"), 180_000);
      if (receipt === null) wrong("the agent", `no receipt came.\n${logs(dataFolder, folders)}`);
      else if (receipt.totals.thisRun.items === 0) wrong("the agent", "its receipt has nothing in it");
      else console.log(`launchd ran it, and it imported ${receipt.totals.thisRun.items} items`);
      await isUnderstood(file.path, parts.uid);
      if (readLastRuns(dataFolder, "agent").length === 0) wrong("the agent", "its run left nothing behind");
    } catch (error) {
      wrong("the agent", `${error.message} ${error.why ?? ""}`);
    } finally {
      await removeAgent(parts);
    }
    if (existsSync(file.path)) wrong("the agent", "its file is still there");
    const left = await run("launchctl", ["print", `gui/${parts.uid}/local.rollcall.watch`]);
    if (left.kind === "ended" && left.status === 0) wrong("the agent", "launchd still knows it");
    return 1;
  } finally {
    await demo[Symbol.asyncDispose]();
  }
}

/** What launchctl prints of an agent is no stable format: are its lines still those that doctor looks for? */
async function isUnderstood(path, uid) {
  const { agentState } = await built("integrations/launchd/agent-state.js");
  const state = await agentState(run, uid);
  const [node, program] = state.command ?? [];
  const isAsWritten = state.path === path && node === process.execPath && program === main;
  if (!isAsWritten || state.pid === null)
    wrong("launchctl print", `it is not understood: ${JSON.stringify(state)}`);
}

async function doctor() {
  const { idleSleepMinutes } = await built("integrations/idle-sleep.js");
  const { listedShortcuts } = await built("integrations/shortcuts/listed-shortcuts.js");
  const minutes = await idleSleepMinutes(run);
  if (minutes === null) wrong("pmset -g", "no line says when this Mac sleeps");
  const listed = await listedShortcuts(run, { deadlineMs: 20_000 });
  // That it cannot be run is known of some Macs.
  console.log(
    "why" in listed ? `shortcuts list: ${listed.why}` : `shortcuts list: ${listed.names.length} names`,
  );
  return 2;
}

async function receiptIn(receipts, withinMs) {
  for (const untilMs = Date.now() + withinMs; Date.now() < untilMs; await wait(500)) {
    const names = existsSync(receipts) ? readdirSync(receipts) : [];
    const name = names.find((one) => one.endsWith(".json"));
    if (name !== undefined) return JSON.parse(readFileSync(join(receipts, name), "utf8"));
  }
  return null;
}

function logs(dataFolder, { home }) {
  const all = [join(dataFolder, "logs", "watch.log"), join(home, "Library", "Logs", "Rollcall", "agent.log")];
  return all
    .map((path) => (existsSync(path) ? `${path}:\n${readFileSync(path, "utf8")}` : `no ${path}`))
    .join("\n");
}

/** The files that a set-up would write. */
function printed(what) {
  const args = [main, "setup", what, "--print", "--json"];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })).files;
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function must(what, program, args) {
  const end = await run(program, args);
  if (end.kind !== "ended") wrong(what, `${program}: ${end.kind}`);
  else if (end.status !== 0) wrong(what, `${program} ended with ${end.status}: ${end.stdout} ${end.stderr}`);
}

function wrong(what, why) {
  failures += 1;
  console.error(`wrong: ${what}: ${why.trim()}`);
}

function fail(what, hint) {
  console.error(`error: ${what}\nhint:  ${hint}`);
  process.exit(2);
}
