import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shortcutDefinitions } from "../../src/integrations/shortcuts/shortcut-definition.js";
import { runShortcut } from "./run-shortcut.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rc-branch-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The shortcuts over a program that prints this document, and writes down how it was called. */
function shortcutsOver(
  document: Record<string, unknown>,
): readonly [imports: string, asks: string, chooses: string] {
  const program = join(folder, "main.js");
  const calls = JSON.stringify(join(folder, "calls"));
  writeFileSync(
    program,
    `require("node:fs").writeFileSync(${calls}, process.argv.slice(2).join(" "));
     console.log(${JSON.stringify(JSON.stringify(document))});`,
  );
  const how = { node: process.execPath, program, environment: {} };
  const [imports, asks, chooses] = shortcutDefinitions(how).map(({ text }) => text);
  return [imports!, asks!, chooses!];
}
const lastCall = () => readFileSync(join(folder, "calls"), "utf8");

describe('"Import from iPhone" shows', () => {
  const good = { summary: "412 new photos, all proved, 3 in iCloud only", receiptPath: "/r.txt", status: 0 };
  const bad = {
    ...good,
    summary: "410 new photos, 2 not as they should be",
    remedy: "Use another cable.",
    status: 3,
  };
  const { receiptPath: _, ...worse } = { ...bad, summary: "There is no iPhone.", status: 5 };

  test("the one line, as a notification, where all is well", async () => {
    const [imports] = shortcutsOver(good);
    expect(await runShortcut(imports, folder)).toEqual([{ by: "notification", text: good.summary }]);
    expect(lastCall()).toBe("import --json --exit-zero --brief --wait 0 --no-input --quiet");
  });

  test("what went wrong, what to do, and a way to the receipt", async () => {
    const [imports] = shortcutsOver(bad);
    const menu = { by: "menu", text: `${bad.summary}\n\n${bad.remedy}` };
    expect(await runShortcut(imports, folder, "Done")).toEqual([menu]);
    expect(lastCall()).toMatch(/^import/);
    expect(await runShortcut(imports, folder, "Open receipt")).toEqual([menu]);
    expect(lastCall()).toBe("receipts open");
  });

  test("an alert where there is no receipt", async () => {
    const [imports] = shortcutsOver(worse);
    expect(await runShortcut(imports, folder)).toEqual([
      { by: "alert", text: "There is no iPhone.\n\nUse another cable." },
    ]);
  });
});

test('"iPhone: what is new?" shows the line in a window, which Siri says', async () => {
  const [, asks] = shortcutsOver({ summary: "3 new photos on Anna's iPhone", status: 0 });
  expect(await runShortcut(asks, folder)).toEqual([
    { by: "showresult", text: "3 new photos on Anna's iPhone" },
  ]);
  expect(lastCall()).toMatch(/^plan --json --exit-zero --brief/);
});

describe('"Choose photos from iPhone"', () => {
  test("starts the page in the background, and shows nothing but the page", async () => {
    const [, , chooses] = shortcutsOver({ summary: "The page is open.", status: 0 });
    expect(await runShortcut(chooses, folder)).toEqual([]);
    expect(lastCall()).toBe("gui --detach --json --exit-zero --quiet");
  });

  test("says what hindered the page, and what to do", async () => {
    const [, , chooses] = shortcutsOver({ summary: "The disk is full.", remedy: "Make room.", status: 6 });
    expect(await runShortcut(chooses, folder)).toEqual([
      { by: "alert", text: "The disk is full.\n\nMake room." },
    ]);
  });
});
