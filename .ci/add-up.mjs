// Adds up what the runners reported: add-up.mjs FOLDER RUN...
// In FOLDER: RUN.json (vitest's JSON report) and RUN.status (its exit status) for each run; failed-checks and
// skipped-steps, a line for each. Says what failed and what was skipped and why; the last line is the sum.
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const [folder, ...runs] = process.argv.slice(2);
const linesOf = (name) => readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean);

const failed = linesOf("failed-checks").map((check) => `check: ${check}`);
/** Reports of the same test by another run: npm test skips costly stories that npm run test:long plays. */
const passed = new Set();
const skipped = [];
let passedTests = 0;

for (const run of runs) {
  const report = readReport(run);
  if (report === null) continue;
  const failedBefore = failed.length;
  for (const file of report.testResults) {
    const path = relative(process.cwd(), file.name);
    const failedInFile = failed.length;
    for (const { status, fullName, meta } of file.assertionResults) {
      const title = `${path}: ${fullName.trim()}`;
      if (status === "passed") {
        passedTests += 1;
        passed.add(title);
      } else if (status === "failed") failed.push(title);
      // Begun or waiting when the runner ended.
      else if (status === "pending") failed.push(`${title} (did not come to its end)`);
      else skipped.push({ title, reason: meta?.skipReason });
    }
    if (file.status === "failed" && failed.length === failedInFile)
      failed.push(`${path}: ${file.message.split("\n")[0]}`);
  }
  const status = exitStatusOf(run);
  if (status !== 0 && failed.length === failedBefore)
    failed.push(`${run}: exit status ${status}, though no test failed`);
  if (report.numTotalTests === 0) failed.push(`${run}: there were no tests in it`);
}

function readReport(run) {
  try {
    return JSON.parse(readFileSync(join(folder, `${run}.json`), "utf8"));
  } catch {
    const status = exitStatusOf(run);
    failed.push(status === null ? `${run}: not begun` : `${run}: exit status ${status}, and no report`);
    return null;
  }
}

/** Null where the run was not begun. */
function exitStatusOf(run) {
  const path = join(folder, `${run}.status`);
  return existsSync(path) ? Number.parseInt(readFileSync(path, "utf8"), 10) : null;
}

for (const step of linesOf("skipped-steps")) console.log(`skipped step: ${step}`);
const left = skipped.filter(({ title }) => !passed.has(title));
for (const { title, reason } of left)
  console.log(`skipped: ${title}${reason === undefined ? "" : ` (${reason})`}`);
for (const title of failed) console.log(`failed: ${title}`);
console.log(`${passedTests} passed, ${failed.length} failed, ${left.length} skipped`);
process.exitCode = failed.length === 0 ? 0 : 1;
