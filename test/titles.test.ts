import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const LONGEST = 100;
// The title is the first argument; for tests with rows or a condition, of the second call.
const titled =
  /(?:\b(?:describe|it|test)(?:\.\w+)?|\))\(\s*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\\n]|\\.)*)`)/g;

const titles = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".test.ts"))
  .flatMap((path) =>
    [...readFileSync(join(import.meta.dirname, path), "utf8").matchAll(titled)].map(
      ([, double, single, template]) => `${path}: ${double ?? single ?? template}`,
    ),
  );

test(`a title has at most ${LONGEST} characters`, () => {
  expect(titles.length).toBeGreaterThan(2000);
  expect(titles.filter((title) => title.length - title.indexOf(": ") - 2 > LONGEST)).toEqual([]);
});
