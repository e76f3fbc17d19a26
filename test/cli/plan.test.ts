import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { knownHere } from "../../src/cli/commands/completions/run.js";
import { plan } from "../../src/cli/commands/plan/run.js";
import { makeDemoParts } from "../../src/cli/compose/demo-parts.js";
import { Output } from "../../src/cli/terminal/output.js";

test("plan --json hands its items on one at a time, every file of the phone in exactly one of them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rc-"));
  {
    await using made = await makeDemoParts(folder, 3);
    let items: unknown;
    class Kept extends Output {
      override async document(value: Readonly<Record<string, unknown>>): Promise<void> {
        items = value.items;
      }
    }
    const output = new Kept({ json: true, quiet: true }, { program: "rollcall", from: null });
    const { signal } = new AbortController();
    const context = { settings: made.settings, output, signal, mayAsk: false, typed: [] };
    const status = await plan(context, { pager: true, input: true }, []);
    expect(status).toBe(0);
    expect(Array.isArray(items), "an array would hold them all").toBe(false);
    const all = [...(items as Iterable<{ files: readonly string[]; answer: string | null }>)];
    // The demo ends with what may be deleted: of a phone that uses iCloud Photos that is nothing.
    expect(all.map(({ answer }) => answer)).not.toContain("in-icloud-only");
    const files = all.flatMap((item) => item.files);
    expect(new Set(files).size).toBe(files.length);
    // What --album may name is remembered, so that a shell can complete it.
    const remembered = await knownHere(made.settings, () => signal)("album");
    expect(remembered.map(({ value }) => value)).toEqual(["Best of", "Lake"]);
    expect(files).toEqual(expect.arrayContaining(made.cameraRoll.files.map(({ path }) => path)));
  }
  rmSync(folder, { recursive: true });
});
