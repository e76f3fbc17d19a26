// The five places from which macOS may judge a program otherwise, how the probe is started from each, and how what was
// made for it goes away again. Every name holds the probe's own id.
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parse } from "plist";
import { INFO } from "../../dist/integrations/app/app-bundle.js";
import { buildBundle } from "../../dist/integrations/app/build-bundle.js";
import { KNOWN_METADATA } from "../../dist/integrations/automator/action-metadata.js";
import { workflowFiles } from "../../dist/integrations/automator/workflow-bundle.js";
import { propertyListText } from "../../dist/integrations/property-list.js";
import { runShellScript } from "../../dist/integrations/shortcuts/shortcut-actions.js";

const probeHere = fileURLToPath(new URL("probe-here.mjs", import.meta.url));
/** Longer than the two minutes after which a script of an applet may be cut off. */
export const SLEEP_SECONDS = 150;
const SLEEP_MS = (SLEEP_SECONDS + 20) * 1000;
/** For a person to find a menu. */
const BY_HAND_MS = 180_000;

/**
 * One place. `makes` says for a person, and for a dry run, what comes to lie on this Mac; `start` resolves to how it was
 * started, or throws, also as soon as the signal aborts; `cleanUp` resolves to what could not be taken back, a sentence each.
 */
export function placesFor(probe) {
  return [terminal(probe), agent(probe), applet(probe), shortcut(probe), quickAction(probe)];
}

/** The command of one place, for a shell, with its own place as its name. */
export function shellCommand({ folder, standIns, stepMs }, place) {
  const quoted = (word) => `'${word.replaceAll("'", `'\\''`)}'`;
  const settings = standIns === undefined ? "" : `ROLLCALL_MAC_PROGRAMS=${quoted(standIns)} `;
  const words = [process.execPath, probeHere, place, folder, String(stepMs)].map(quoted).join(" ");
  return `${settings}${words} >/dev/null 2>&1`;
}

function terminal({ answer, folder, stepMs, allStepsMs }) {
  return {
    name: "terminal",
    makes: [],
    isByHand: false,
    start: async () => {
      const end = await answer("node", [probeHere, "terminal", folder, String(stepMs)], {
        deadlineMs: allStepsMs,
      });
      if (end.outcome !== "answered") throw new Error(`node: ${end.outcome} ${end.said ?? ""}`);
      return "by this terminal";
    },
    cleanUp: async () => [],
  };
}

function agent(probe) {
  const { run, answer, id, uid, folder, standIns, stepMs } = probe;
  const label = `local.rollcall.probe.${id}`;
  const path = join(homedir(), "Library", "LaunchAgents", `${label}.plist`);
  const text = propertyListText({
    Label: label,
    ...(standIns !== undefined && { EnvironmentVariables: { ROLLCALL_MAC_PROGRAMS: standIns } }),
    LimitLoadToSessionType: "Aqua",
    ProgramArguments: [process.execPath, probeHere, "agent", folder, String(stepMs)],
    RunAtLoad: true,
  });
  return {
    name: "agent",
    makes: [{ path, text, what: "a LaunchAgent that runs once; macOS may tell you that it was added" }],
    programs: [`launchctl bootstrap gui/${uid} FILE`, `launchctl bootout gui/${uid}/${label}`],
    isByHand: false,
    start: async () => {
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, text, { flag: "wx" });
      await must(answer, "launchctl", ["bootstrap", `gui/${uid}`, path]);
      return "by launchd";
    },
    cleanUp: async () => {
      if (!isOwn(path)) return [];
      await run("launchctl", ["bootout", `gui/${uid}/${label}`]);
      rmSync(path, { force: true });
      // It ends with the session in any case, and nothing starts it again.
      const { outcome } = await probe.afterwards("launchctl", ["print", `gui/${uid}/${label}`]);
      return outcome === "answered" ? [`launchd still knows ${label}; it is gone after you log out.`] : [];
    },
  };
}

/** Sealed as `rollcall setup agent` seals Rollcall.app. What it is called and allowed goes with its bundle id. */
function applet(probe) {
  const { run, answer, id, folder } = probe;
  const bundleId = `local.rollcall.probe.applet-${id}`;
  const app = join(homedir(), "Applications", `Rollcall probe ${id}.app`);
  const text = appletText(probe);
  const own = {
    CFBundleIdentifier: bundleId,
    CFBundleDisplayName: "Rollcall probe",
    NSAppleEventsUsageDescription: "Rollcall's probe counts the albums in Photos.",
    NSPhotoLibraryUsageDescription: "Rollcall's probe looks whether your library can be read.",
  };
  const info = INFO.map(([key, type, value]) => [key, type, own[key] ?? value]);
  return {
    name: "applet",
    makes: [
      { path: app, text, what: "an app made by osacompile from this script, with a name of its own, sealed" },
    ],
    programs: [
      "osacompile -s",
      "plutil -replace",
      "codesign --force --sign -, codesign --verify --strict",
      "open",
      "lsregister -f",
      "tccutil reset",
    ],
    isByHand: false,
    start: async () => {
      const request = { script: text, info, workshop: join(folder, "building"), name: "probe" };
      const built = await buildBundle(request, { run, signal: probe.signal }).catch((error) => {
        throw new Error(`${error.message} ${error.why ?? ""}`);
      });
      mkdirSync(join(app, ".."), { recursive: true });
      renameSync(built, app);
      await must(answer, "open", ["-g", app]);
      return "as an app";
    },
    /** What the app itself found besides the steps: a script of more than two minutes, and a notice of its own. */
    async more() {
      const marks = ["slept", "cut-off", "notice"].map((name) => [name, join(folder, `applet-${name}`)]);
      await comes(async () => existsSync(marks[0][1]) || existsSync(marks[1][1]), SLEEP_MS, probe.signal);
      const read = ([name, path]) => [name, existsSync(path) ? readFileSync(path, "utf8").trim() : null];
      const { slept, "cut-off": cutOff, notice } = Object.fromEntries(marks.map(read));
      const said = slept ?? cutOff;
      const outcome = said === null ? "timed out" : slept === null ? "failed" : "answered";
      return [
        { name: `sleep-${SLEEP_SECONDS}-in-the-applet`, answer: { outcome, said } },
        {
          name: "notice-of-the-applet",
          answer: { outcome: notice === null ? "failed" : "answered", said: notice },
        },
      ];
    },
    cleanUp: async () => {
      if (!isOwn(app)) return [];
      // While LaunchServices knows it: a reset of an app that is gone fails, and its grants stay.
      await run("lsregister", ["-f", app]);
      const left = [];
      for (const service of ["AppleEvents", "Photos"]) {
        const { outcome } = await probe.afterwards("tccutil", ["reset", service, bundleId]);
        if (outcome !== "answered") left.push(`macOS may remember ${bundleId} under ${service}.`);
      }
      await run("lsregister", ["-u", app]);
      rmSync(app, { recursive: true, force: true });
      return left;
    },
  };
}

/** The steps run beside it, started in a way that leaves them its children; then it waits in a script itself. */
function appletText(probe) {
  const mark = (name) => JSON.stringify(`'${join(probe.folder, `applet-${name}`).replaceAll("'", `'\\''`)}'`);
  return `function run() {
  var app = Application.currentApplication();
  app.includeStandardAdditions = true;
  var begun = Date.now();
  var seconds = function () { return Math.round((Date.now() - begun) / 1000) + " s"; };
  try {
    app.doShellScript(${JSON.stringify(`${shellCommand(probe, "applet")} &`)});
    app.displayNotification("From the applet itself.", { withTitle: "Rollcall probe" });
    app.doShellScript("echo sent > " + ${mark("notice")});
    app.doShellScript("sleep ${SLEEP_SECONDS}");
    app.doShellScript("echo whole after " + seconds() + " > " + ${mark("slept")});
  } catch (error) {
    var number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
    app.doShellScript("echo error " + number + " after " + seconds() + " > " + ${mark("cut-off")});
  }
  app.quit(); // it is built as one that stays open
}
`;
}

function shortcut(probe) {
  const { run, answer, id, folder } = probe;
  const name = `Rollcall probe ${id}`;
  const [unsigned, signed] = ["unsigned", "signed"].map((which) => join(folder, which, `${name}.shortcut`));
  const text = propertyListText({
    WFWorkflowActions: [runShellScript(PROBE_UUID, shellCommand(probe, "shortcut"))],
    WFWorkflowClientVersion: "4033.0.4.3",
    WFWorkflowHasOutputFallback: false,
    WFWorkflowHasShortcutInputVariables: false,
    WFWorkflowIcon: { WFWorkflowIconGlyphNumber: 61440, WFWorkflowIconStartColor: 463140863 },
    WFWorkflowImportQuestions: [],
    WFWorkflowInputContentItemClasses: [],
    WFWorkflowMinimumClientVersion: 900,
    WFWorkflowMinimumClientVersionString: "900",
    WFWorkflowNoInputBehavior: {},
    WFWorkflowOutputContentItemClasses: [],
    WFWorkflowTypes: [],
  });
  return {
    name: "shortcut",
    makes: [
      {
        path: signed,
        text,
        what: `the shortcut "${name}": you press Add Shortcut, and delete it afterwards`,
      },
    ],
    programs: ["shortcuts sign", "open", "shortcuts list", `shortcuts run "${name}"`],
    isByHand: true,
    start: async (tell) => {
      for (const path of [unsigned, signed]) mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(unsigned, text);
      await must(
        answer,
        "shortcuts",
        ["sign", "--mode", "anyone", "--input", unsigned, "--output", signed],
        60_000,
      );
      if (!existsSync(signed)) throw new Error("shortcuts said that it signed it, and wrote nothing");
      await must(answer, "open", [signed]);
      tell(`Press Add Shortcut in the window of Shortcuts ("${name}").`);
      const isAdded = async () => {
        const { said } = await answer("shortcuts", ["list"]);
        return String(said).split("\n").includes(name);
      };
      if (!(await comes(isAdded, BY_HAND_MS, probe.signal))) throw new Error("it was not added in time");
      // It is not waited for: what it finds comes to lie in the probe's folder.
      run("shortcuts", ["run", name], { deadlineMs: probe.allStepsMs }).catch(() => {});
      return "by shortcuts run";
    },
    cleanUp: async () => {
      const { outcome, said } = await probe.afterwards("shortcuts", ["list"]);
      if (outcome !== "answered" || !said.split("\n").includes(name)) return [];
      return [`Delete the shortcut "${name}" in the Shortcuts app: macOS has no command for that.`];
    },
  };
}

const PROBE_UUID = "5A1B0A51-6E0C-4D29-8D1C-3F0E6B7C9A10";

/** The bundle of `rollcall setup automator` with another name and another script. */
function quickAction(probe) {
  const { run, answer, id } = probe;
  const name = `Rollcall probe ${id}`;
  const bundle = join(homedir(), "Library", "Services", `${name}.workflow`);
  const how = { node: process.execPath, program: probeHere, environment: {} };
  const [info, document] = workflowFiles(how, KNOWN_METADATA, { home: homedir(), data: probe.folder }).map(
    ({ text }) => parse(text),
  );
  info.NSServices[0].NSMenuItem.default = name;
  document.actions[0].action.ActionParameters.COMMAND_STRING = shellCommand(probe, "quick-action");
  const files = [
    ["Info.plist", propertyListText(info)],
    ["document.wflow", propertyListText(document)],
  ].map(([file, text]) => ({
    path: join(bundle, "Contents", file),
    text,
    what: `the Quick Action "${name}"`,
  }));
  return {
    name: "quick-action",
    makes: files,
    programs: ["pbs -update", "automator BUNDLE (where nobody is there to choose it in the Finder)"],
    isByHand: false,
    start: async (tell, { isPersonThere }) => {
      mkdirSync(join(bundle, "Contents"), { recursive: true });
      for (const { path, text } of files) writeFileSync(path, text, { flag: "wx" });
      await must(answer, "pbs", ["-update"]);
      if (isPersonThere) {
        tell(`In the Finder choose the menu Finder > Services > "${name}".`);
        const hasBegun = async () => existsSync(join(probe.folder, "quick-action.json"));
        if (await comes(hasBegun, BY_HAND_MS, probe.signal)) return "from the Finder's menu";
      }
      run("automator", [bundle], { deadlineMs: probe.allStepsMs }).catch(() => {});
      return "by automator, from this terminal";
    },
    cleanUp: async () => {
      if (!isOwn(bundle)) return [];
      rmSync(bundle, { recursive: true, force: true });
      await run("pbs", ["-update"]);
      return [];
    },
  };
}

/** There, no link, and this user's: nothing else is taken away, whatever its name is. */
function isOwn(path) {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isSymbolicLink() && found.uid === process.getuid();
}

async function comes(isThere, withinMs, signal) {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += 500) {
    if (await isThere()) return true;
    await wait(500, undefined, { signal });
  }
  return false;
}

async function must(answer, program, args, deadlineMs) {
  const { outcome, said } = await answer(program, args, deadlineMs === undefined ? {} : { deadlineMs });
  if (outcome !== "answered") throw new Error(`${program}: ${outcome}${said === null ? "" : `, ${said}`}`);
}
