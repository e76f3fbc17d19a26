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
    ["3m", new Date(2026, 10, 22, 18, 37, 30)],
    ["2024-02-29", new Date(2024, 1, 29)],
  ])("%s: at that instant on this computer's clock", (text, expected) => {
    expect(parseSince("--since", text, now)).toEqual(expected);
  });
});

describe("--until includes", () => {
  test.each([
    ["2026-11-21", "the whole day", new Date(2026, 10, 22)],
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
])("%j is no date, and the message shows what is", (text) => {
  expect(() => parseSince("--since", text, now)).toThrow(RollcallError);
  try {
    parseSince("--since", text, now);
  } catch (error) {
    expect(error).toMatchObject({
      code: "BAD_USAGE",
      message: `--since: ${JSON.stringify(text)} is no date.`,
      remedy: 'Use 2026-11-21, "2026-11-21 18:00", or a span such as 7d.',
    });
  }
});
