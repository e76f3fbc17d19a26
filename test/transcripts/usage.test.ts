import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { oneTestIn } from "../sampled.js";
import { isBuilt, rollcall } from "./command.js";

const test = oneTestIn(5);

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "rollcall-usage-"));
});
afterAll(() => rmSync(home, { recursive: true }));
const run = (...args: string[]) => rollcall(args, { ROLLCALL_HOME: home });

describe.skipIf(!isBuilt)("what was typed (built command needed: npm run build)", () => {
  test("rollcall alone prints its help and ends with 0", async () => {
    const { status, stdout, stderr } = await run();
    expect(status).toBe(0);
    expect(stderr).toBe("");
    for (const command of ["phones", "plan", "import", "copy", "verify", "receipts", "staging", "demo"])
      expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, "m"));
  });

  test("a demo of more photos than memory holds is refused in one line", async () => {
    for (const command of [["demo"], ["demo", "report"]]) {
      const { status, stderr } = await run(...command, "--photos", "100001");
      expect(stderr).toBe(
        'error: --photos: "100001" is not a whole number from 0 to 100000. Use one, such as --photos 50.\n',
      );
      expect(status).toBe(2);
    }
  });

  test("--version prints the version alone", async () => {
    const { status, stdout } = await run("--version");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test("--version loads the tree of commands, and nothing that speaks to a phone, to Photos or to the ledger", async () => {
    const coverage = join(home, "loaded");
    const { status } = await rollcall(["--version"], { ROLLCALL_HOME: home, NODE_V8_COVERAGE: coverage });
    expect(status).toBe(0);
    const urls = readdirSync(coverage).flatMap((name) => {
      const { result } = JSON.parse(readFileSync(join(coverage, name), "utf8")) as {
        result: { url: string }[];
      };
      return result.map(({ url }) => url).filter((url) => url.startsWith("file:"));
    });
    const packages = urls.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
    expect(new Set(packages)).toEqual(
      new Set(["commander", "fastest-levenshtein", "fast-string-width", "fast-string-truncated-width"]),
    );
    const own = urls.flatMap((url) => (url.includes("node_modules") ? [] : (url.split("/dist/")[1] ?? [])));
    expect(own.filter((file) => !file.startsWith("cli/")).sort()).toEqual([
      "errors.js",
      "integrations/started-from.js",
      "main.js",
      "remedy.js",
      "shell-word.js",
      "text/escape-controls.js",
      "text/run-again.js",
      "words/wording.js",
    ]);
    const ofCommands = own.filter((file) => file.startsWith("cli/commands/"));
    expect(ofCommands.filter((file) => !file.endsWith("/command.js"))).toEqual([]);
    expect(urls.length - ofCommands.length).toBeLessThan(55);
  });

  test("the help of import lists its exit statuses and examples", async () => {
    const { status, stdout } = await run("import", "--help");
    expect(status).toBe(0);
    expect(stdout).toContain("Examples:\n  rollcall import\n");
    for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 8, 130, 143])
      expect(stdout).toMatch(new RegExp(`^ {2}${code} +\\S`, "m"));
    expect(stdout).not.toContain("--batch-items");
  });

  test.each([
    [["imprt"], /^error: unknown command 'imprt'/],
    [["setup"], /^error: one of its commands has to follow\. --help lists/],
    [["help", "imprt"], /^error: there is no command "imprt"\. --help lists/],
    [["import", "--frobnicate"], /^error: unknown option '--frobnicate'/],
    [["import", "--limit", "many"], /^error: --limit: "many" is not a whole number/],
    [["import", "--limit", "0"], /^error: --limit: "0"/],
    [["import", "--kind", "photo,sketch"], /^error: --kind: "sketch" is not a kind\. Use photo, live/],
    [["import", "--icloud", "both"], /^error: .*--icloud.*skip, import/],
    [["import", "--since"], /^error: .*--since.*missing/],
    [["import", "--exit-zero"], /^error: --exit-zero .* --json is missing\./],
    [["receipts", "show", "--exit-zero"], /^error: --exit-zero /],
    [["imprt", "--exit-zero"], /^error: unknown command/],
    [["copy"], /^error: missing required argument 'dir'/],
    [["copy", "a", "b"], /^error: too many arguments/],
    [["demo", "phone", "--media", "x"], /^error: .*--socket/],
    [["demo", "phone", "--media", ".", "--socket", "s", "--state", "asleep"], /^error: --state: "asleep"/],
  ])("rollcall %j is refused in one line, with status 2", async (args, message) => {
    const { status, stdout, stderr } = await run(...args);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain("\n");
  });

  test("a bad date is refused in exactly these words", async () => {
    const { status, stderr } = await run("import", "--since", "yesterdy");
    expect(stderr).toBe(
      'error: --since: "yesterdy" is not a date. Use 2026-11-21, "2026-11-21 18:00", 2026-11, yesterday, or a span: 12h, 7d, 2w, 3m (months), 1y.\n',
    );
    expect(status).toBe(2);
  });

  test("with --json the refusal is one document, and --exit-zero leaves the status to it", async () => {
    const { status, stdout } = await run("import", "--since", "yesterdy", "--json", "--exit-zero");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "BAD_USAGE" }, status: 2 });
  });
});
