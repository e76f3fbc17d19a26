import { describe, expect, test } from "vitest";
import { parseSince, parseUntil } from "../../src/cli/dates.js";
import { RollcallError } from "../../src/errors.js";

const now = new Date(2026, 10, 22, 18, 40, 30);

describe("--since begins", () => {
  test.each([
    ["2026-11-21", new Date(2026, 10, 21)],
    [" 2026-11-21 ", new Date(2026, 10, 21)],
    ["2026-11-21 18:00", new Date(2026, 10, 21, 18, 0)],
    ["2026-11-21T18:00:05", new Date(2026, 10, 21, 18, 0, 5)],
    ["2026-11-21T18:00:05Z", new Date(Date.UTC(2026, 10, 21, 18, 0, 5))],
    ["2026-11-21T18:00:05.250+01:00", new Date(Date.UTC(2026, 10, 21, 17, 0, 5, 250))],
    ["7d", new Date(2026, 10, 15, 18, 40, 30)],
    ["2w", new Date(2026, 10, 8, 18, 40, 30)],
    ["12h", new Date(2026, 10, 22, 6, 40, 30)],
    ["3m", new Date(2026, 7, 22, 18, 40, 30)],
    ["6M", new Date(2026, 4, 22, 18, 40, 30)],
    ["1y", new Date(2025, 10, 22, 18, 40, 30)],
    ["today", new Date(2026, 10, 22)],
    ["Yesterday", new Date(2026, 10, 21)],
    ["2026-11", new Date(2026, 10, 1)],
    ["2025", new Date(2025, 0, 1)],
    ["2024-02-29", new Date(2024, 1, 29)],
  ])("%s: at that instant on this computer's clock", (text, expected) => {
    expect(parseSince("--since", text, now)).toEqual(expected);
  });

  test.each([
    [new Date(2026, 2, 31, 9), "1m", new Date(2026, 1, 28, 9)],
    [new Date(2024, 1, 29, 9), "1y", new Date(2023, 1, 28, 9)],
    [new Date(2026, 0, 15, 9), "2m", new Date(2025, 10, 15, 9)],
  ])("%s less %s is in the month before, whatever its length", (from, text, expected) => {
    expect(parseSince("--since", text, from)).toEqual(expected);
  });
});

describe("--until includes", () => {
  test.each([
    ["2026-11-21", "the whole day", new Date(2026, 10, 22)],
    ["2026-11", "the whole month", new Date(2026, 11, 1)],
    ["2026", "the whole year", new Date(2027, 0, 1)],
    ["yesterday", "the whole day", new Date(2026, 10, 22)],
    ["2026-12-31", "the whole day at the end of a year", new Date(2027, 0, 1)],
    ["2026-11-21 18:00", "the minute", new Date(2026, 10, 21, 18, 1)],
    ["2026-11-21T18:00:05", "the second", new Date(2026, 10, 21, 18, 0, 6)],
    ["2026-11-21T18:00:05Z", "the instant", new Date(Date.UTC(2026, 10, 21, 18, 0, 5, 1))],
  ])("%s: %s", (text, _what, expected) => {
    expect(parseUntil("--until", text, now)).toEqual(expected);
  });
});

test.each([
  "yesterdy",
  "",
  "2026-02-30",
  "2026-13-01",
  "2026-11-21 25:00",
  "21.11.2026",
  "7",
  "7 days",
  "-7d",
  "d",
  "2026-13",
  "2026-00",
  "20261",
  "3 months",
])("%j is not a date, and the message shows what is", (text) => {
  expect(() => parseSince("--since", text, now)).toThrow(RollcallError);
  try {
    parseSince("--since", text, now);
  } catch (error) {
    expect(error).toMatchObject({
      code: "BAD_USAGE",
      message: `--since: ${JSON.stringify(text)} is not a date.`,
      remedy:
        'Use 2026-11-21, "2026-11-21 18:00", 2026-11, yesterday, or a span: 12h, 7d, 2w, 3m (months), 1y.',
    });
  }
});
