// What a Mac does when an applet is opened: LaunchServices comes to know it, a broken seal is refused, and its handlers are
// called, in the environment of the login session: run, then idle again and again where it stays open, and quit. Strict:
// of `Application` there is what the applet is known to need. A second of it takes 20 ms.
//
// Arguments: the bundle, and the folder in which this Mac keeps what it knows. There:
//   photos-answers   0, -1743 (the person refuses), or the number of an error that Photos gives
//   grants           what macOS remembers: service, bundle id, seal, answer; separated by tabs
//   questions        a line for each time that the person was asked
//   quit-asked       is there once the session ends; not-quitting once the app refused that
//   scripts          the last words of each script that has ended
//   begun            a line for each app that has begun
//   gone             a line for each app that has ended
//   quit-is-deaf     is there where the app's own quit does nothing
//   reopen-asked     is there once the person opened the app again; one copy of it takes that
//   windows          a line for each window that the app showed
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import vm from "node:vm";

const SECOND_MS = 20;
const NOT_PERMITTED = -1743;
const [app, state] = process.argv.slice(2);
const told = (name) => {
  const path = join(state, name);
  return existsSync(path) ? readFileSync(path, "utf8") : null;
};

const info = readFileSync(join(app, "Contents/Info.plist"), "utf8");
const inInfo = (key) => new RegExp(`<key>${key}</key>\\s*<(.*?)/?>([^<]*)`).exec(info)?.slice(1) ?? [];
const [, id] = inInfo("CFBundleIdentifier");
const staysOpen = inInfo("OSAAppletStayOpen")[0] === "true";
const source = readFileSync(join(app, "Contents/Resources/Scripts/main.scpt"), "utf8");
if (/[^\x00-\x7f]/.test(source)) process.exit(65);
if (readFileSync(join(app, "Contents/_CodeSignature/CodeResources"), "utf8") !== info + source)
  process.exit(9);
const seal = createHash("sha256").update(info).update(source).digest("hex");
appendFileSync(join(state, "known-apps"), `${id}\t${app}\n`);

appendFileSync(join(state, "begun"), `${id}\n`);
process.on("exit", () => appendFileSync(join(state, "gone"), `${id}\n`));

const fail = (number) => {
  throw Object.assign(new Error("Error"), { errorNumber: number });
};

/** What TCC does: an answer stands for one build, and one that it has for another build is a refusal without a question. */
function mayControlPhotos(personSays) {
  const rows = (told("grants") ?? "").split("\n").map((row) => row.split("\t"));
  const row = rows.find(([service, of]) => service === "AppleEvents" && of === id);
  if (row !== undefined) return row[2] === seal && row[3] === "allowed";
  appendFileSync(join(state, "questions"), `${id}\n`);
  const answer = personSays ? "allowed" : "refused";
  appendFileSync(join(state, "grants"), `AppleEvents\t${id}\t${seal}\t${answer}\n`);
  return personSays;
}

let nowMs = 0;
let hasAdditions = false;
const Application = (name) => {
  if (name !== "Photos") fail(-2700);
  const number = Number(told("photos-answers"));
  if (number !== 0 && number !== NOT_PERMITTED) fail(number);
  if (!mayControlPhotos(number === 0)) fail(NOT_PERMITTED);
  return { albums: { length: 3 } };
};
const current = {
  set includeStandardAdditions(value) {
    hasAdditions = value === true;
  },
  doShellScript(command) {
    if (!hasAdditions) fail(-1708);
    try {
      return execFileSync("/bin/sh", ["-c", command], {
        encoding: "utf8",
        env: { HOME: process.env.HOME, PATH: "/usr/bin:/bin:/usr/sbin:/sbin" },
      }).replace(/\n$/, "");
    } catch (error) {
      return fail(error.status ?? -2700);
    } finally {
      appendFileSync(join(state, "scripts"), `${command.replace(/^.*" ?/, "")}\n`);
    }
  },
  displayNotification(body, { withTitle }) {
    if (!hasAdditions) fail(-1708);
    appendFileSync(join(state, "notices"), `${JSON.stringify([withTitle, body])}\n`);
  },
  activate() {},
  displayAlert(title, { message, givingUpAfter }) {
    if (!hasAdditions) fail(-1708);
    if (!(givingUpAfter > 0)) fail(-1712);
    appendFileSync(join(state, "windows"), `${JSON.stringify([title, message])}\n`);
  },
  quit: () => {
    if (told("quit-is-deaf") === null) quit();
  },
};
Application.currentApplication = () => current;

const context = vm.createContext({
  Application,
  Date: { now: () => nowMs },
  ObjC: { import: (name) => name === "stdlib" || fail(-2700) },
  $: { exit: (status) => process.exit(status) },
});
const call = (handler) =>
  vm.runInContext(`typeof ${handler} === "function" ? ${handler}() : undefined`, context);

/** @returns only where the app would rather stay */
function quit() {
  const answer = call("quit");
  if (answer === true || answer === undefined) process.exit(0);
  writeFileSync(join(state, "not-quitting"), "");
}

function isReopened() {
  try {
    unlinkSync(join(state, "reopen-asked"));
    return true;
  } catch {
    return false;
  }
}

vm.runInContext(source, context);
call("run");
while (staysOpen) {
  if (told("quit-asked") !== null) quit();
  if (isReopened()) call("reopen");
  const seconds = call("idle");
  const passed = typeof seconds === "number" && seconds > 0 ? seconds : 30;
  nowMs += passed * 1000;
  await wait(passed * SECOND_MS);
}
