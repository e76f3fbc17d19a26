// In osascript's place, like src/virtual/photos/osascript-main.ts, and a murderer: KILL.json beside the library
// says at which question to Photos (counted over all scripts), on which side of it, and whom: "osascript" itself,
// or "rollcall", which started it. Photos, which is the library, does what it was asked before.
import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { readOsascriptArguments } from "../../dist/virtual/photos/osascript-arguments.js";
import { openVirtualPhotos } from "../../dist/virtual/photos/virtual-photos.js";

const [libraryPath, ...args] = process.argv.slice(2);
const planPath = join(dirname(libraryPath), "KILL.json");
const askedPath = join(dirname(libraryPath), "asked");

let times = 0;
function stillWanted() {
  const isBefore = times++ % 2 === 0;
  if (isBefore) appendFileSync(askedPath, "?");
  if (!existsSync(planPath)) return;
  const { question, when, whom } = JSON.parse(readFileSync(planPath, "utf8"));
  if (statSync(askedPath).size !== question || isBefore !== (when === "before")) return;
  rmSync(planPath);
  process.kill(whom === "osascript" ? process.pid : process.ppid, "SIGKILL");
}

const { scriptText, argv } = readOsascriptArguments(args);
const photos = openVirtualPhotos(libraryPath, { environment: process.env });
const outcome = photos.runText(scriptText, { argv, stillWanted });
if (outcome.ok) writeSync(1, `${outcome.output}\n`);
else writeSync(2, `0:1: execution error: Error: ${outcome.message} (${outcome.number})\n`);
process.exit(outcome.ok ? 0 : 1);
