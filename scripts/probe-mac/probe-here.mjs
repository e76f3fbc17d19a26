// Asks all steps from where it was started, and writes after each what it found:
//   node probe-here.mjs PLACE FOLDER MILLISECONDS-FOR-A-PROGRAM
// FOLDER is one of the probe's own, named after the probe; "PLACE.json" comes to lie in it. What macOS lets this do is what it lets whoever
// started it do.
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { answersOf, probeRunner } from "./programs.mjs";
import { STEPS, stagingFolderOf, toolsFor } from "./steps.mjs";

const [place, folder, stepMs] = process.argv.slice(2);
if (!existsSync(folder)) process.exit(0); // left behind by a probe that was cut off: nobody waits for it
const workFolder = join(folder, `work-${place}`);
mkdirSync(workFolder, { recursive: true, mode: 0o700 });
const found = { place, isEnded: false, steps: [] };
write();
const run = probeRunner({ platform: process.platform, standIns: process.env.ROLLCALL_MAC_PROGRAMS });
const tools = toolsFor({
  answer: answersOf(run, Number(stepMs)),
  place,
  workFolder,
  // Whether it is there is not asked here: that would be the first touch, and this process would wait for it.
  libraryPath: join(homedir(), "Pictures", "Photos Library.photoslibrary"),
  stagingFolder: stagingFolderOf(folder, place),
  environment: process.env,
});
for (const { name, ask } of STEPS) {
  const begun = Date.now();
  let answer;
  try {
    answer = await ask(tools);
  } catch (error) {
    answer = { outcome: "failed", said: error instanceof Error ? error.message : String(error) };
  }
  found.steps.push({ name, answer, tookMs: Date.now() - begun });
  write();
}
found.isEnded = true;
write();
process.exit(0); // what was left behind is not waited for

function write() {
  const path = join(folder, `${place}.json`);
  writeFileSync(`${path}.partial`, JSON.stringify(found), { mode: 0o600 });
  renameSync(`${path}.partial`, path);
}
