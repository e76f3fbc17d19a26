import { describe, expect, test } from "vitest";
import { doctorLines } from "../../src/cli/commands/doctor/lines.js";
import { statusOfFindings } from "../../src/cli/commands/doctor/run.js";
import { CHECKS, checksFrom } from "../../src/doctor/checks.js";
import { type Examined, examine } from "../../src/doctor/examine.js";
import type { ExamineDeps } from "../../src/doctor/examine-parts.js";
import { goodParts } from "../doctor/good-parts.js";
import { allSetUp, brokenParts, partsFromShortcuts, REFUSED } from "../doctor/good-set-ups.js";

const clock = { now: () => new Date(0), wait: () => new Promise<void>(() => {}) };

async function examined(parts: ExamineDeps): Promise<{ all: Examined[]; checks: typeof CHECKS }> {
  const checks = parts.from === null ? CHECKS : checksFrom(parts.from);
  const all: Examined[] = [];
  const signal = new AbortController().signal;
  for await (const one of examine(checks, parts, { clock, signal })) all.push(one);
  return { all, checks };
}

describe.each([
  ["healthy", () => goodParts({ setUps: allSetUp() }), 0],
  ["broken", brokenParts, 7],
  ["refused-from-shortcuts", () => partsFromShortcuts(REFUSED), 4],
] as const)("a Mac that is %s", (name, partsOf, status) => {
  test.each([80, 44])("is told as in the golden text of %i columns", async (columns) => {
    const { all, checks } = await examined(partsOf());
    expect(statusOfFindings(all)).toBe(status);
    const lines = all.flatMap((one) => doctorLines(one, checks, columns));
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`../doctor/golden/${name}-${columns}.txt`);
    for (const line of lines)
      expect(line.length <= columns || isOneWord(line), `${line.length}: ${line}`).toBe(true);
  });
});

/** A path or an address is not broken: it could not be copied any more. */
function isOneWord(line: string): boolean {
  return /^ *(open )?\S+$/.test(line);
}
