import { describe, expect, it } from "vitest";
import { inCommandWords } from "../../src/cli/terminal/command-words.js";
import { eventError, meaningOf } from "../../src/jxa/apple-event-errors.js";
import { says } from "../says.js";

const failure = (number: number, message = "") => ({ ok: false, number, message, step: "import" }) as const;

describe("an Apple event error number", () => {
  it.each([
    [-1743, "not-permitted"],
    [-1744, "not-permitted"],
    [-1712, "unanswered"],
    [-1711, "unanswered"],
    [-609, "unanswered"],
    [-600, "unanswered"],
    [-10810, "refuses-all"],
    [-128, "refuses-all"],
    [-1728, "refused"],
    [-1700, "refused"],
    [-1708, "refuses-all"],
    [-10000, "refused"],
    [-10004, "refuses-all"],
    [-10003, "refuses-all"],
    [-10006, "refuses-all"],
    [-43, "refused"],
    [-2700, "refused"],
    [-99999, "refused"],
  ] as const)("%i means %s, has a cause and something to do", (number, outcome) => {
    const meaning = meaningOf(number);
    expect(meaning.outcome).toBe(outcome);
    expect(meaning.cause).toMatch(/\.$/);
    expect(inCommandWords(meaning.remedy ?? "")).toMatch(/\.$/);
  });

  it("that means a missing permission tells where to give it", () => {
    expect(eventError(failure(-1743))).toMatchObject({
      code: "PHOTOS_NOT_PERMITTED",
      why: expect.stringContaining("-1743"),
      remedy: says("restart that app, run Rollcall again, and allow it when macOS asks"),
    });
  });

  it("comes with what Photos said, where it said something", () => {
    expect(eventError(failure(-10000, "Handler fehlgeschlagen")).message).toMatch(/import, -10000.*Handler/);
    expect(eventError(failure(-10000)).message).not.toMatch(/said/);
  });
});
