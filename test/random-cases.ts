import { relative } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { SeededNumbers } from "../src/virtual/iphone/seeded-numbers.js";

/** Every random test starts from it: ROLLCALL_TEST_SEED=7 plays others. */
export const seed = Number(process.env.ROLLCALL_TEST_SEED ?? 20_261_122);
/** One case of {@link playCases} alone, by its number. */
const alone = process.env.ROLLCALL_TEST_CASE;
/** One case of {@link assertRandom} alone, by fast-check's path to it. */
const path = process.env.ROLLCALL_TEST_PATH;

/** How many cases are played: a few in the normal run, more on request by ROLLCALL_TEST_CASES=1500. */
export function casesOr(usual: number): number {
  return Number(process.env.ROLLCALL_TEST_CASES ?? usual);
}

/**
 * Plays so many cases, each by numbers of its own, so that any of them can be played alone.
 * @returns false where one was played alone: what holds of all of them together cannot be asked then
 * @throws what a case threw, with the seed, its number and the command that plays it alone
 */
export async function playCases(
  cases: number,
  play: (numbers: SeededNumbers, at: number) => Promise<void> | void,
): Promise<boolean> {
  const [first, end] = alone === undefined ? [0, cases] : [Number(alone), Number(alone) + 1];
  for (let at = first; at < end; at += 1) {
    try {
      await play(new SeededNumbers(seed + Math.imul(at + 1, 0x9e3779b1)), at);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`seed ${seed}, case ${at}: ${message}\n${playAlone(`ROLLCALL_TEST_CASE=${at}`)}`, {
        cause: error,
      });
    }
  }
  return alone === undefined;
}

/**
 * `fc.assert` with this seed; an error has the number of the case and the command that plays it alone.
 * @returns as {@link playCases}
 */
export async function assertRandom<Case>(
  property: fc.IRawProperty<Case>,
  options: fc.Parameters<Case>,
): Promise<boolean> {
  const chosen = path === undefined ? {} : { path, endOnFailure: true, numRuns: 1 };
  const details = await fc.check(property, { seed, ...options, ...chosen });
  if (!details.failed) return path === undefined;
  const { counterexamplePath, numRuns, errorInstance } = details;
  const place = `seed ${seed}, case ${numRuns - 1}`;
  const command = playAlone(`ROLLCALL_TEST_PATH=${counterexamplePath}`);
  throw new Error(`${place}: ${fc.defaultReportMessage(details)}\n${command}`, { cause: errorInstance });
}

/** The command that plays one case of the running test alone. */
function playAlone(which: string): string {
  const { testPath = "", currentTestName = "" } = expect.getState();
  const file = relative(process.cwd(), testPath);
  // Up to what a shell or a regular expression would take for more than itself.
  const title = /[\w ,-]+/.exec(currentTestName.split(" > ").at(-1) ?? "")?.[0].trim();
  const { ROLLCALL_TEST_CASES: cases } = process.env;
  const how = cases === undefined ? which : `ROLLCALL_TEST_CASES=${cases} ${which}`;
  return `Alone: ROLLCALL_TEST_SEED=${seed} ${how} npx vitest run ${file} -t "${title}"`;
}
