import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryDisk } from "./memory-disk.js";

const root = join(import.meta.dirname, "..");
let folder: string;

/** Two random tests that fail now and then. */
const BOTH = `
  import fc from "fast-check";
  import { test } from "vitest";
  import { assertRandom, playCases, seed } from ${JSON.stringify(join(import.meta.dirname, "random-cases.ts"))};
  test(\`numbers, one by one (seed \${seed})\`, async () => {
    await playCases(500, (numbers) => {
      const number = numbers.below(40);
      if (number === 3) throw new Error("three is " + numbers.below(1e9));
    });
  });
  test(\`lists of numbers (seed \${seed})\`, async () => {
    const lists = fc.array(fc.nat(1e6), { minLength: 1 });
    await assertRandom(fc.property(lists, (list) => {
      if (list.some((number) => number > 1000)) throw new Error("large: " + list.join());
    }), { numRuns: 500 });
  });
`;

beforeAll(() => {
  // A project of its own: other tests read every test file of this one.
  folder = mkdtempSync(join(memoryDisk, "rollcall-random-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "both.test.ts"), BOTH);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a shell prints of a command. */
function printed(command: string): string {
  const { ROLLCALL_TEST_SEED: _seed, ROLLCALL_TEST_CASES: _cases, ...env } = process.env;
  const { stdout, stderr } = spawnSync("sh", ["-c", command], {
    cwd: folder,
    env: { ...env, NO_COLOR: "1" },
    encoding: "utf8",
  });
  return stdout + stderr;
}

test("a random case that fails names its seed and number, and its line plays it alone", () => {
  const all = printed(`ROLLCALL_TEST_SEED=7 npx vitest run both.test.ts`);
  const [three] = /three is \d+/.exec(all)!;
  const [large] = /large: \d+/.exec(all)!;
  expect(all).toMatch(/seed 7, case \d+: three is/);
  expect(all).toMatch(/seed 7, case \d+: Property failed/);
  const alone = [...all.matchAll(/^Alone: (.*)$/gm)].map(([, line]) => line!);
  expect(alone).toHaveLength(2);
  const again = alone.map(printed);
  expect(again[0]).toContain(three);
  expect(again[0]).toMatch(/1 failed \| 1 skipped/);
  expect(again[1]).toContain(large);
  expect(again[1]).toMatch(/1 failed \| 1 skipped/);
});
