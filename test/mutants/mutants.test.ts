import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { MUTANTS } from "./mutants.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

test.each(MUTANTS)("the mutant $name finds its text once, and its tests are there", (mutant) => {
  const { file, text, replacement, tests } = mutant;
  expect(readFileSync(join(root, file), "utf8").split(text)).toHaveLength(2);
  expect(replacement).not.toBe(text);
  expect(tests.length).toBeGreaterThan(0);
  expect(tests.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  if (mutant.title !== undefined) {
    const titles = tests.map((path) => readFileSync(join(root, path), "utf8")).join("\n");
    expect(titles, "a test has this title").toMatch(new RegExp(mutant.title));
  }
});

test("no two mutants have one name", () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});
