import { describe, expect, test } from "vitest";
import { exported } from "../../src/cli/commands/demo/photos.js";
import { errorDocument, errorLines } from "../../src/cli/terminal/error-lines.js";
import { summaryLines } from "../../src/cli/terminal/summary-lines.js";
import { RollcallError } from "../../src/errors.js";
import type { ReasonCode } from "../../src/reason-codes.js";
import type { Answer } from "../../src/receipt/answer.js";
import { answer, headOf } from "./answers.js";

const summary = (answers: readonly Answer[]) => summaryLines(headOf(answers), answers, "/data/receipt.txt");

const reason = {
  code: "PHOTOS_LEFT_OUT" as const,
  message: "the phone stopped sending",
  remedy: "Use another cable.",
};

describe("the sum after a run", () => {
  test("all proved: says so, then the album, then where the rest is, then the receipt", () => {
    const icloud = answer("/DCIM/3", "in-icloud-only", { thisRun: false });
    expect(summary([answer("/DCIM/1", "proved"), answer("/DCIM/2", "proved"), icloud])).toEqual([
      "2 new photos, all proved: the bytes in Photos are the bytes from the phone.",
      'They are in the album "Last Import".   Not imported: 1 in iCloud only.   Safe to unplug.',
      "Receipt: /data/receipt.txt",
    ]);
  });

  test("read back by script only: proof to the byte is not claimed", () => {
    expect(summary([answer("/DCIM/1", "present")]).join("\n")).not.toContain("proved");
  });

  test("wrong files come first, by path, with reason and remedy", () => {
    expect(
      summary([answer("/DCIM/1", "proved"), answer("/DCIM/2", "failed", { reason })]).slice(0, 3),
    ).toEqual([
      "error: 1 photo did not arrive (1 file).",
      "  /DCIM/2   failed: the phone stopped sending",
      "      Use another cable.",
    ]);
  });

  test("many wrong files of one reason are one line with their count", () => {
    const many = Array.from({ length: 33 }, (_, at) => answer(`/DCIM/${at}`, "unknown", { reason }));
    const lines = summary([
      ...many,
      answer("/DCIM/last", "failed", { reason: { ...reason, code: "NOT_SETTLED" } }),
    ]);
    expect(lines.slice(0, 6)).toEqual([
      "error: 34 photos did not arrive, or could not be found as they were (34 files).",
      "  33 files, one is /DCIM/0   unknown: the phone stopped sending",
      "      Use another cable.",
      "  /DCIM/last   failed: the phone stopped sending",
      "      Use another cable.",
      "  The receipt names each of them.",
    ]);
  });

  test("up to twenty wrong files are named one by one, whatever the reason", () => {
    const lines = summary(
      Array.from({ length: 20 }, (_, at) => answer(`/DCIM/${at}`, "unknown", { reason })),
    );
    expect(lines.filter((line) => line.includes("unknown:"))).toHaveLength(20);
  });

  test("of many wrong files of many reasons twenty are named, the rest counted", () => {
    const codes: readonly ReasonCode[] = [
      ...(["FILE_BUSY", "FILE_CHANGED", "FILE_HARD_LINKED", "FILE_NOT_PERMITTED"] as const),
      ...(["FILE_READ_ERROR", "FILE_REFUSED", "FILE_TOO_LARGE", "FILE_VANISHED"] as const),
      ...(["FOLDER_NOT_LISTED", "NOT_A_FILE", "NOT_COPIED"] as const),
    ];
    const one = (at: number) =>
      answer(`/DCIM/${at}`, "failed", { reason: { ...reason, code: codes[at % 11]! } });
    const lines = summary(Array.from({ length: 33 }, (_, at) => one(at)));
    expect(lines.filter((line) => line.includes("failed:"))).toHaveLength(20);
    expect(lines).toContain("  and 13 more: see the receipt");
  });

  test("nothing new: one line, with the day of the last proof", () => {
    const before = { thisRun: false, checkedAt: new Date(2026, 10, 20, 12).toISOString() };
    const files = ["1", "2"].map((name) => answer(`/DCIM/${name}`, "proved", before));
    expect(summary(files)[0]).toBe(
      "Nothing new on Anna's iPhone. All 2 photos that are on it were imported before (last proved 20 Nov 2026).",
    );
  });

  test("nothing new under a selection: says that photos are left out by it, and how many", () => {
    const left = { thisRun: false, reason: { code: "NOT_SELECTED" as const, message: "x", remedy: "y" } };
    const files = ["1", "2"].map((name) => answer(`/DCIM/${name}`, "not-chosen", left));
    expect(summary(files)[0]).toMatch(
      /^Nothing new on Anna's iPhone fits your selection; 2 photos are left out by it\./,
    );
  });

  test("a path from the phone cannot write on the screen", () => {
    expect(summary([answer("/DCIM/\u001b[2J\n", "failed", { reason })]).join("\n")).not.toContain("\u001b");
  });
});

describe("an error", () => {
  const error = new RollcallError("PHOTOS_NOT_PERMITTED", {
    message: "This terminal may not control Photos.",
    why: "macOS refused it.",
    remedy: "Switch it on.",
  });

  test("is what happened, why, and what to do", () => {
    expect(errorLines(error)).toEqual([
      "error: This terminal may not control Photos.",
      "why:   macOS refused it.",
      "do:    Switch it on.",
    ]);
  });

  test("is the same for a program, with its status", () => {
    expect(errorDocument(error, 4, { program: "rollcall", from: null })).toEqual({
      error: {
        code: "PHOTOS_NOT_PERMITTED",
        message: "This terminal may not control Photos.",
        why: "macOS refused it.",
        remedy: "Switch it on.",
      },
      summary: "This terminal may not control Photos.",
      remedy: "Switch it on.",
      status: 4,
    });
  });
});

test("a value for a shell stays one value, whatever is in it", () => {
  expect(exported("NAME", '/a b/$HOME`id`"\\x')).toBe('export NAME="/a b/\\$HOME\\`id\\`\\"\\\\x"');
});
