import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const top = join(import.meta.dirname, "..");
const markdownIn = (folder: string) =>
  readdirSync(join(top, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => join(folder, path))
    .sort();
const textOf = (page: string) => readFileSync(join(top, page), "utf8");
const isTable = (line: string) => line.startsWith("|");

const pages = [...markdownIn("docs"), "CONTRIBUTING.md", "README.md"];
const records = readdirSync(join(top, "docs/decisions")).filter((name) => name !== "README.md");

describe("every page in docs, CONTRIBUTING.md and README.md", () => {
  test("names only paths of src, test and scripts that exist", () => {
    const named = pages.flatMap((page) =>
      [...textOf(page).matchAll(/(?<![\w./-])(?:src|test|scripts)\/[\w./-]*\w/g)].map(([path]) => ({
        page,
        path,
      })),
    );
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter(({ path }) => !existsSync(join(top, path)))).toEqual([]);
  });

  test("links only to pages that exist", () => {
    const links = pages.flatMap((page) =>
      [...textOf(page).matchAll(/\]\((?!\w+:|#)([^)#]+)/g)].map(([, to = ""]) => ({ page, to })),
    );
    expect(links.length).toBeGreaterThan(records.length);
    expect(links.filter(({ page, to }) => !existsSync(join(top, dirname(page), to)))).toEqual([]);
  });
});

test("README.md has 150 lines at most", () => {
  expect(textOf("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(150);
});

test("a code block of a page begins on the line below its language", () => {
  const broken = pages.filter((page) => /^ *```\w+ +\S/m.test(textOf(page)));
  expect(broken).toEqual([]);
});

test("docs/architecture.md has 200 lines at most, of 120 characters at most", () => {
  const lines = textOf("docs/architecture.md").trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(200);
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
});

describe("every decision", () => {
  test.each(records)("%s has a number, a context, a decision and a consequence", (name) => {
    const lines = textOf(join("docs/decisions", name)).split("\n");
    expect(lines[0]).toMatch(new RegExp(`^# ${name.slice(0, 3)}\\. \\S`));
    expect(lines.filter((line) => line.startsWith("## "))).toEqual([
      "## Context",
      "## Decision",
      "## Consequence",
    ]);
    expect(lines.filter((line) => line.length > 120 && !isTable(line))).toEqual([]);
  });

  test("is in the index under its title, and has a number of its own", () => {
    const listed = [...textOf("docs/decisions/README.md").matchAll(/^- \[(\d{3})\]\((.+?)\) (.+)$/gm)];
    const expected = records.map((name) => {
      const [title = ""] = textOf(join("docs/decisions", name)).split("\n");
      return [name.slice(0, 3), name, title.replace(/^# \d{3}\. /, "")];
    });
    expect(listed.map(([, ...parts]) => parts).sort()).toEqual(expected.sort());
    expect(new Set(records.map((name) => name.slice(0, 3))).size).toBe(records.length);
  });
});
