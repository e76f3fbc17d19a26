// What is asked from each place. Every step is bounded, and "timed out" is an answer.
import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { programText } from "../../dist/jxa/script-text.js";
import { mayControlPhotos } from "../../dist/jxa/scripts/may-control-photos.js";
import { mayReadLibrary } from "../../dist/jxa/scripts/may-read-library.js";
import { photosRunning } from "../../dist/jxa/scripts/photos-running.js";
import { countAlbums, questionWindows, showNotice, whoIsResponsible } from "./jxa-scripts.mjs";

/** After so long without an answer macOS may be asking a person, so it is looked who has a window. */
const QUIET_MS = 3_000;

/**
 * The touches of a library, one after the other, by a node of its own that can be left behind: a system call that waits
 * for a person cannot be taken back. Each writes its line before the next begins, so that the one that waits is known.
 */
const TOUCH = `
const { appendFileSync, closeSync, lstatSync, openSync, readdirSync } = require("node:fs");
const { join } = require("node:path");
const [path, notes] = process.argv.slice(1);
const touch = (what, act) => {
  const begun = Date.now();
  let code = "done";
  try { act(); } catch (error) { code = String(error.code); }
  appendFileSync(notes, JSON.stringify({ what, code, ms: Date.now() - begun }) + "\\n");
};
touch("lstat", () => lstatSync(path));
touch("readdir", () => readdirSync(path));
touch("open", () => closeSync(openSync(join(path, "database", "Photos.sqlite"), "r")));
`;

/** Makes a folder of its own in Pictures, writes a file, reads it and removes both. */
const STAGE = `
const { mkdirSync, readFileSync, rmdirSync, unlinkSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const [folder] = process.argv.slice(1);
const file = join(folder, "probe.txt");
mkdirSync(folder, { mode: 0o700 });
try {
  writeFileSync(file, "probe", { flag: "wx" });
  if (readFileSync(file, "utf8") !== "probe") throw new Error("it reads otherwise");
  unlinkSync(file);
} finally {
  rmdirSync(folder);
}
console.log("written, read and removed");
`;

/** Asks usbmuxd how many devices it lists. */
const USBMUXD = `
import { UsbmuxClient } from ${JSON.stringify(new URL("../../dist/usb/usbmux/usbmux-client.js", import.meta.url).href)};
import { usbmuxAddress } from ${JSON.stringify(new URL("../../dist/usb/usbmux/usbmux-address.js", import.meta.url).href)};
const asked = new UsbmuxClient(usbmuxAddress(process.env.USBMUXD_SOCKET_ADDRESS)).listDevices();
console.log(await asked.then(({ length }) => length + " devices", ({ code }) => "no: " + code));
process.exit(0);
`;

const VERSION_FILE = "/System/Library/CoreServices/SystemVersion.plist";
const READ_VERSION = `
const text = require("node:fs").readFileSync(${JSON.stringify(VERSION_FILE)}, "utf8");
console.log((/<key>ProductVersion<.key>\\s*<string>([\\d.]+)</.exec(text) ?? [])[1] ?? "not there");
`;

/** @typedef {{ name: string, question: string, asks: readonly string[], scripts?: readonly Function[], ask: Function }} Step */

/** @type {readonly Step[]} */
export const STEPS = [
  {
    name: "os-version",
    question: "Which macOS is it, by sw_vers and by the file that node is handed?",
    asks: ["sw_vers -productVersion", `node: reads ${VERSION_FILE}`],
    async ask({ answer }) {
      return {
        sw_vers: await answer("sw_vers", ["-productVersion"]),
        file: await answer("node", ["-e", READ_VERSION]),
      };
    },
  },
  {
    name: "responsible",
    question: "Whom does macOS hold responsible for what runs here?",
    asks: ["ps -o comm= -p PID"],
    scripts: [whoIsResponsible],
    async ask(tools) {
      const { answer, script, environment } = tools;
      const asked = await script(whoIsResponsible, { pids: [process.pid] });
      const pid = asked.outcome === "answered" ? asked.said[0]?.responsible : undefined;
      const read = (text) => basename(text.trim());
      return {
        bundleInEnvironment: environment.__CFBundleIdentifier ?? null,
        terminal: environment.TERM_PROGRAM ?? null,
        responsible: asked,
        itsProgram: pid > 0 ? await answer("ps", ["-o", "comm=", "-p", String(pid)], { read }) : null,
      };
    },
  },
  {
    name: "library-first-touch",
    question: "How long does the first touch of the library take, and does macOS ask?",
    asks: ["node: lstat, readdir and open of the library's package and of its database; reads nothing"],
    scripts: [questionWindows],
    async ask({ answer, libraryPath, workFolder, watched }) {
      const notes = join(workFolder, "touched");
      writeFileSync(notes, "");
      const { outcome, questions } = await watched(answer("node", ["-e", TOUCH, libraryPath, notes]));
      const lines = readFileSync(notes, "utf8")
        .split("\n")
        .filter((line) => line !== "");
      return { outcome, touched: lines.map((line) => JSON.parse(line)), questions };
    },
  },
  {
    name: "library-right",
    question: "What does PhotoKit say of the right to the library?",
    asks: [],
    scripts: [mayReadLibrary],
    ask: ({ script }) => script(mayReadLibrary, null),
  },
  {
    name: "automation-and-one-event",
    question: "What is the automation right before and after one harmless event?",
    asks: ["Photos is opened by the event if it is closed, and stays open"],
    scripts: [mayControlPhotos, countAlbums, questionWindows],
    async ask({ script, watched }) {
      const before = await script(mayControlPhotos, null);
      const begun = Date.now();
      const { questions, ...event } = await watched(script(countAlbums, null));
      // How many albums somebody has is nobody's business.
      const said = event.outcome === "answered" ? "a number" : event.said;
      const tookMs = Date.now() - begun;
      return {
        before,
        event: { ...event, said, tookMs, questions },
        after: await script(mayControlPhotos, null),
      };
    },
  },
  {
    name: "launch-date-twice",
    question: "Is Photos' launch date the same when it is asked twice?",
    asks: [],
    scripts: [photosRunning],
    async ask({ script }) {
      const [one, other] = [await script(photosRunning, null), await script(photosRunning, null)];
      const dates = [one, other].map(({ said }) => said?.launchedAtMs ?? null);
      return {
        outcomes: [one.outcome, other.outcome],
        isKnown: dates[0] !== null,
        isSame: dates[0] === dates[1],
      };
    },
  },
  {
    name: "open-databases",
    question: "Which Photos.sqlite do Photos and photolibraryd have open?",
    asks: ["lsof -nP -Fcn -c Photos -c photolibraryd"],
    async ask({ answer }) {
      return await answer("lsof", ["-nP", "-Fcn", "-c", "Photos", "-c", "photolibraryd"], {
        read: openDatabases,
        mayEndWith: 1, // one of the two does not run
      });
    },
  },
  {
    name: "usbmuxd",
    question: "Does usbmuxd answer from here?",
    asks: ["node: asks usbmuxd how many devices it lists"],
    ask: ({ answer }) => answer("node", ["--input-type=module", "-e", USBMUXD]),
  },
  {
    name: "staging",
    question: "May a folder in Pictures be made and written here?",
    asks: ["node: makes a folder of its own in Pictures, writes a file, reads it, removes both"],
    scripts: [questionWindows],
    async ask({ answer, stagingFolder, watched }) {
      return await watched(answer("node", ["-e", STAGE, stagingFolder]));
    },
  },
  {
    name: "notice",
    question: "Is a notice shown, and under whose name?",
    asks: [],
    scripts: [showNotice],
    ask: ({ script, place }) => script(showNotice, { text: `From ${place}.` }),
  },
];

/** Where they lie, in words that name no library. @param text what `lsof -Fcn` prints */
function openDatabases(text) {
  const found = [];
  let command = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("c")) command = line.slice(1);
    if (!line.startsWith("n") || !line.endsWith("/database/Photos.sqlite")) continue;
    const path = line.slice(1);
    const where = path.includes("/Syndication.photoslibrary/")
      ? "Syndication.photoslibrary"
      : path.startsWith(join(homedir(), "Pictures"))
        ? "a library in Pictures"
        : path.startsWith("/Volumes/")
          ? "a library on another volume"
          : "a library elsewhere";
    found.push({ command, where });
  }
  return found;
}

/**
 * What a step works with.
 * @param workFolder for the texts of scripts
 */
export function toolsFor({ answer, place, workFolder, libraryPath, stagingFolder, environment }) {
  const script = async (fn, input) => {
    const file = join(workFolder, `${fn.name}.js`);
    writeFileSync(file, programText(String(fn), "argument"), { mode: 0o600 });
    const heard = await answer("osascript", ["-l", "JavaScript", file, JSON.stringify(input)], {
      read: JSON.parse,
    });
    if (heard.outcome !== "answered") return heard;
    const { ok, value, number } = heard.said;
    return ok ? { outcome: "answered", said: value } : { outcome: "failed", said: number };
  };
  const watched = async (asked) => {
    let questions = null;
    const timer = setTimeout(() => {
      questions = script(questionWindows, null);
    }, QUIET_MS);
    const heard = await asked;
    clearTimeout(timer);
    return { ...heard, questions: (await questions) ?? "answered before anybody could be asked" };
  };
  return { answer, script, watched, place, workFolder, libraryPath, stagingFolder, environment };
}

/** The time that all steps of one place may take together: none runs more than three programs after each other. */
export function allStepsMs(stepMs) {
  return STEPS.length * 3 * stepMs;
}

/** Where a place tries to write; the probe's own name, so that it can be cleaned up from outside. */
export function stagingFolderOf(folder, place) {
  return join(homedir(), "Pictures", `${basename(folder)} ${place}`);
}
