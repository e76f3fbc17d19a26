import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { doctorDocument } from "../../src/cli/commands/doctor/document.js";
import { doctorLines } from "../../src/cli/commands/doctor/lines.js";
import { firstSettings, openSettings } from "../../src/cli/commands/doctor/open-settings.js";
import { statusOfFindings } from "../../src/cli/commands/doctor/run.js";
import { CHECKS, checksFrom } from "../../src/doctor/checks.js";
import { type Examined, examine } from "../../src/doctor/examine.js";
import type { ExamineDeps } from "../../src/doctor/examine-parts.js";
import { type Blocks, type Finding, note, ok, trouble } from "../../src/doctor/finding.js";
import { AUTOMATION, PHOTOS_ACCESS } from "../../src/doctor/settings-panes.js";
import { goodParts, rightsOf } from "../doctor/good-parts.js";
import { partsFromShortcuts, REFUSED } from "../doctor/good-set-ups.js";

const examined = (finding: Finding): Examined => ({ check: "some", question: "a question", ...finding });
const troubles = (...hindrances: Blocks[]) =>
  hindrances.map((blocks) => examined(trouble(blocks, "no", "Do this.")));

describe("the exit status", () => {
  test("is 0 where nothing but notes was found", () => {
    expect(statusOfFindings([examined(ok("yes")), examined(note("hm", "Do this.", PHOTOS_ACCESS))])).toBe(0);
  });

  test.each([
    [["permission"], 4],
    [["photos"], 7],
    [["this computer"], 1],
    [["space"], 6],
    [["phone"], 5],
    [["photos", "permission", "phone"], 7],
    [["permission", "space", "phone"], 4],
    [["space", "phone"], 6],
  ] as const)("of trouble with %j is %i: that of the first one", (hindrances, status) => {
    expect(statusOfFindings([examined(note("hm")), ...troubles(...hindrances)])).toBe(status);
  });

  test("puts Photos and rights before this computer, and the phone last, by the order of the checks", () => {
    const order = CHECKS.map(({ blocks }) => blocks).filter((one) => one !== null);
    const last = (hindrance: Blocks) => order.lastIndexOf(hindrance);
    expect(last("photos")).toBeLessThan(order.indexOf("this computer"));
    expect(order.slice(order.indexOf("phone")).every((one) => one === "phone")).toBe(true);
  });
});

describe("--open", () => {
  const access = examined(note("no", "Do this.", PHOTOS_ACCESS));
  const right = examined(trouble("permission", "no", "Do this.", AUTOMATION));

  test("takes the page of the first trouble, before any note; without a trouble that of the first note", () => {
    expect(firstSettings([access, ...troubles("photos"), right])).toBe(AUTOMATION);
    expect(firstSettings([examined(ok("yes")), access])).toBe(PHOTOS_ACCESS);
    expect(firstSettings([examined(ok("yes")), ...troubles("phone")])).toBeNull();
  });

  test("tries the older address where the newer one does not open, and says which did", async () => {
    const tried: string[] = [];
    const opens = (which: number) => async (address: string) => tried.push(address) === which;
    expect(await openSettings(AUTOMATION, opens(1))).toBe(AUTOMATION.url);
    expect(tried.splice(0)).toEqual([AUTOMATION.url]);
    expect(await openSettings(AUTOMATION, opens(2))).toBe(AUTOMATION.olderUrl);
    expect(tried.splice(0)).toEqual([AUTOMATION.url, AUTOMATION.olderUrl]);
    expect(await openSettings(AUTOMATION, opens(0))).toBeNull();
  });
});

test("a line has status, question and finding in columns, and what to do below it", () => {
  const finding = note(`no: ${join(homedir(), "Pictures", "x")}`, "Do this.");
  const lines = doctorLines({ check: "library", question: "library can be read", ...finding }, CHECKS);
  expect(lines).toEqual(["note     library can be read        no: ~/Pictures/x", "         Do this."]);
});

describe("the guide shows the very lines, cut where it says so,", () => {
  const readme = readFileSync(new URL("../../docs/guides/troubleshooting.md", import.meta.url), "utf8");

  async function expectInReadme(command: string, parts: ExamineDeps): Promise<void> {
    const clock = { now: () => new Date(0), wait: () => new Promise<void>(() => {}) };
    const checks = parts.from === null ? CHECKS : checksFrom(parts.from);
    const lines: string[] = [];
    const all: Examined[] = [];
    for await (const one of examine(checks, parts, { clock, signal: new AbortController().signal })) {
      all.push(one);
      lines.push(...doctorLines(one, checks));
    }
    const [, block = ""] = new RegExp(`^\\$ ${command}\\n((?:.+\\n)+)\`\`\``, "m").exec(readme) ?? [];
    const shownLines = block.trimEnd().split("\n");
    expect(shownLines.pop()).toBe(`(exit status ${statusOfFindings(all)})`);
    if (shownLines.at(-1) === "...") shownLines.pop();
    else expect(shownLines).toHaveLength(lines.length);
    expect(shownLines.length).toBeGreaterThan(5);
    for (const [at, line] of shownLines.entries()) {
      const isCut = line.endsWith("...");
      expect(isCut ? `${lines[at]!.slice(0, line.length - 3)}...` : lines[at]).toBe(line);
    }
  }

  test("of a Mac where Terminal is refused Photos", async () => {
    const photos = {
      rights: rightsOf({ mayControl: async () => "refused", mayReadLibrary: async () => "refused" }),
      process: { openLibrary: async () => join(homedir(), "Pictures/Photos Library.photoslibrary") },
    };
    const data = { folder: join(homedir(), "Library/Application Support/Rollcall") };
    await expectInReadme("rollcall doctor", goodParts({ photos, data }));
  });

  test("of one where Shortcuts was refused it", async () => {
    await expectInReadme("rollcall doctor --from shortcuts", partsFromShortcuts(REFUSED));
  });
});

test("a phone's name cannot write on the screen", () => {
  const [line] = doctorLines(examined(ok("\u001b[2JAnna\nok")), CHECKS);
  expect(line).toContain("\\u001b[2JAnna\\u000aok");
});

test("the document keeps its promise, or is not printed", () => {
  const about = { version: "0.1.0", from: null, opened: null };
  const [one] = troubles("permission");
  expect(doctorDocument([one!], about).checks).toEqual([
    {
      check: "some",
      question: "a question",
      status: "trouble",
      finding: "no",
      remedy: "Do this.",
      settings: null,
    },
  ]);
  expect(() => doctorDocument([], about)).toThrow("Rollcall has a bug");
  expect(() => doctorDocument([{ ...one!, finding: "" }], about)).toThrow("Rollcall has a bug");
});
