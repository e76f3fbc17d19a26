// What starting costs, and what `rollcall watch` costs while nothing happens:
//   bench-resident.mjs FOLDER IDLE_SECONDS     the folder is there, and cleared by whoever made it
// Two watches run side by side: one with a phone that it has imported from, one with a phone that stays locked.
import { execFile, fork } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { makeCameraRoll } from "../dist/virtual/iphone/camera-roll.js";
import { startVirtualIPhone } from "../dist/virtual/iphone/virtual-iphone.js";
import { openVirtualPhotos } from "../dist/virtual/photos/virtual-photos.js";
import { writeOsascriptExecutable } from "../dist/virtual/photos/write-osascript.js";

const [folder, idleSeconds] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, "..", "dist", "main.js");
const usage = join(here, "bench-usage.mjs");
const ROUNDS = 5;

/** Processor time of a whole process, the least of some; a status other than 0 is its own affair. */
async function startCost(args, env) {
  const peak = join(folder, "peak");
  const program = ["--import", join(here, "bench-peak.mjs"), ...args];
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    await promisify(execFile)(process.execPath, program, { env: { ...env, BENCH_PEAK_FILE: peak } }).catch(
      () => {},
    );
    least = Math.min(least, Number((await readFile(peak, "utf8")).split(" ")[1]));
  }
  return least;
}

async function watchOf(name, state, until) {
  const place = join(folder, name);
  const mediaFolder = join(place, "media");
  await mkdir(place);
  await makeCameraRoll({ folder: mediaFolder, photos: 100 });
  const libraryPath = join(place, "Bench.photoslibrary");
  openVirtualPhotos(libraryPath).close();
  const osascript = writeOsascriptExecutable({ file: join(place, "osascript"), libraryPath });
  const phone = await startVirtualIPhone({ mediaFolder, socketPath: join(place, "s"), state });
  const env = {
    ...process.env,
    HOME: place,
    ROLLCALL_HOME: join(place, "data"),
    USBMUXD_SOCKET_ADDRESS: phone.address,
    ROLLCALL_OSASCRIPT: osascript,
    ROLLCALL_PHOTOS_LIBRARY: libraryPath,
  };
  await promisify(execFile)(process.execPath, [main, "watch", "--approve", phone.udid], { env });
  const child = fork(main, ["watch", "--json"], { env, execArgv: ["--import", usage], silent: true });
  await new Promise((resolve, reject) => {
    let told = "";
    child.stdout.on("data", (piece) => {
      told += piece;
      if (told.includes(`"type":"${until}"`)) resolve();
    });
    child.once("exit", () => reject(new Error("the watch ended")));
  });
  return { phone, env, child };
}

async function usageOf(child) {
  const answer = new Promise((resolve) => child.once("message", resolve));
  child.send("?");
  return await answer;
}

async function idleCost({ child }) {
  await setTimeout(5_000); // what it has just done is not what it costs
  const before = await usageOf(child);
  await setTimeout(1_000 * Number(idleSeconds));
  const after = await usageOf(child);
  return { cpuSeconds: after.cpuSeconds - before.cpuSeconds, residentBytes: after.residentBytes };
}

const imported = await watchOf("imported", "ready", "imported");
const locked = await watchOf("locked", "locked", "here");
const starts = {
  node: await startCost(["-e", "0"], imported.env),
  version: await startCost([main, "--version"], imported.env),
  phones: await startCost([main, "phones"], imported.env),
};
const [afterImport, whileLocked] = await Promise.all([idleCost(imported), idleCost(locked)]);
console.log(JSON.stringify({ starts, afterImport, whileLocked }));
for (const { child, phone } of [imported, locked]) {
  child.kill("SIGTERM");
  await phone[Symbol.asyncDispose]();
}
process.exit();
