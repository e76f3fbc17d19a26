import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const top = join(import.meta.dirname, "../..");
const PLACES = ["src", "scripts", "docs", "packaging", "examples", "schemas", "README.md", "CHANGELOG.md"];

/** `tccutil reset SERVICE` with no bundle id behind it, as a person types it or as arguments. */
const FOR_ALL_APPS = /tccutil reset \w+\b(?! (?:\w[\w-]*\.\w|\$\{))|\["reset", [^,\]]+\]/g;

test("nobody is told to make macOS forget the rights of all apps: tccutil comes with a bundle id", () => {
  const files = PLACES.flatMap((place) =>
    statSync(join(top, place)).isFile()
      ? [place]
      : readdirSync(join(top, place), { recursive: true, encoding: "utf8" }).map((name) => join(place, name)),
  ).filter((name) => statSync(join(top, name)).isFile());
  expect(files.length).toBeGreaterThan(200);
  const bad = files.flatMap((name) =>
    [...readFileSync(join(top, name), "utf8").matchAll(FOR_ALL_APPS)].map(([found]) => `${name}: ${found}`),
  );
  expect(bad).toEqual([]);
});

test.each([
  ["run `tccutil reset AppleEvents`, restart", true],
  ["tccutil reset AppleEvents, start Terminal anew", true],
  ["tccutil reset All", true],
  ['run("tccutil", ["reset", "AppleEvents"])', true],
  ["tccutil reset AppleEvents com.apple.Terminal", false],
  ["tccutil reset AppleEvents $" + "{id}", false],
  ['run("tccutil", ["reset", service, id])', false],
])("such advice is found: %s (%s)", (text, isBad) => {
  expect([...text.matchAll(FOR_ALL_APPS)].length > 0).toBe(isBad);
});
