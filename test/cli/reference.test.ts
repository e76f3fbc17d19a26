import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandsPage, manPage } from "../../scripts/reference-pages.mjs";
import { makeProgram } from "../../src/cli/program.js";

const top = join(import.meta.dirname, "../..");
const textOf = (path: string) => readFileSync(join(top, path), "utf8");
const { version, man, files } = JSON.parse(textOf("package.json"));

test("docs/reference/commands.md says what the commands say (npm run reference writes it)", () => {
  expect(textOf("docs/reference/commands.md")).toBe(commandsPage(makeProgram(() => {})));
});

test("the man page says what the commands say, and the package installs it", () => {
  expect(textOf("man/rollcall.1")).toBe(
    manPage(
      makeProgram(() => {}),
      version,
    ),
  );
  expect(man).toBe("man/rollcall.1");
  expect(files).toContain("man");
});

test("man finds nothing wrong in the man page (man needed)", (context) => {
  const path = join(top, "man/rollcall.1");
  try {
    const text = execFileSync("man", ["--warnings", "-l", path], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, MANWIDTH: "100", MANPAGER: "cat" },
    });
    expect(text).toContain("rollcall import");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    context.skip(true, "there is no man here");
  }
});
