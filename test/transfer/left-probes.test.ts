import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeLeftProbes } from "../../src/transfer/left-probes.js";
import { removePartialCopies } from "../../src/transfer/staging-folder.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-probes-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inside = (...names: string[]) => join(folder, ...names);

/** What lies there, by what makes it, and whether it stays. */
const left: [what: string, name: string, make: (path: string) => void, stays: boolean][] = [
  ["an empty probe", ".rollcall-names-aB3dE9", () => {}, false],
  [
    "a probe with a name that was tried",
    ".rollcall-names-aB3dE9",
    (path) => writeFileSync(join(path, "a:b"), ""),
    false,
  ],
  ["a probe of case and forms", ".rollcall-Case-aB3dE9", (path) => mkdirSync(join(path, "\u00e9")), false],
  [
    "a probe with a person's file",
    ".rollcall-names-aB3dE9",
    (path) => writeFileSync(join(path, "x"), "mine"),
    true,
  ],
  ["a probe with a link", ".rollcall-names-aB3dE9", (path) => symlinkSync(tmpdir(), join(path, "x")), true],
  [
    "a probe with a full folder",
    ".rollcall-Case-aB3dE9",
    (path) => mkdirSync(join(path, "\u00e9/x"), { recursive: true }),
    true,
  ],
  ["a folder of another name", ".rollcall-names-of-mine", () => {}, true],
];

test.each(left)("%s, left by a killed run, stays or goes by what it is", async (_what, name, make, stays) => {
  for (const remove of [removeLeftProbes, removePartialCopies]) {
    rmSync(inside(name), { recursive: true, force: true });
    mkdirSync(inside(name));
    make(inside(name));
    await remove(folder);
    expect.soft(existsSync(inside(name)), remove.name).toBe(stays);
  }
});

test("a link with the name of a probe stays, and what it leads to", () => {
  mkdirSync(inside("theirs"));
  symlinkSync(inside("theirs"), inside(".rollcall-names-aB3dE9"));
  removeLeftProbes(folder);
  expect(existsSync(inside(".rollcall-names-aB3dE9"))).toBe(true);
  expect(existsSync(inside("theirs"))).toBe(true);
});
