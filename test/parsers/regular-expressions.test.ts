import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { type AttackText, attackTexts } from "./attack-texts.js";
import { readSources } from "./sources.js";

/**
 * A text of this length takes milliseconds where each letter is looked at a few times. Where each is looked at for each
 * before it, it takes 130,000,000,000 steps, which are minutes.
 */
const LENGTH = 512 * 1024;
const LONGEST_MS = 20_000;

type Pattern = { readonly source: string; readonly flags: string };

const childFile = fileURLToPath(new URL("./regular-expression-child.mjs", import.meta.url));
let child: ChildProcess | null = null;
afterAll(() => void child?.kill("SIGKILL"));

/** @returns "done", "too slow", or the error that it throws */
async function outcomeOf(
  { source, flags }: Pattern,
  text: AttackText,
  longestMs = LONGEST_MS,
): Promise<string> {
  child ??= fork(childFile, { execArgv: [] });
  child.send({ source, flags, text, length: LENGTH });
  const stop = new AbortController();
  const answer = once(child, "message", { signal: stop.signal }).then(([outcome]) => String(outcome));
  const outcome = await Promise.race([answer, wait(longestMs, "too slow", { signal: stop.signal })]);
  answer.catch(() => {});
  stop.abort();
  if (outcome !== "too slow") return outcome;
  child.kill("SIGKILL");
  child = null;
  return outcome;
}

const { regExps, builtRegExps } = readSources();
const patterns = [...new Map(regExps.map((one) => [one.text, one])).values()];

describe("a regular expression takes time that grows with its text, whatever the text", () => {
  test.each(patterns.map((one) => [one.text, `${one.file}:${one.line}`, one] as const))(
    "%s (%s)",
    async (_text, _where, pattern) => {
      for (const text of attackTexts(pattern.source, pattern.flags))
        expect({ ...text, outcome: await outcomeOf(pattern, text) }).toEqual({ ...text, outcome: "done" });
    },
    2 * LONGEST_MS,
  );

  test("one that is put together at run time could not be looked at here, so there is none", () => {
    expect(builtRegExps).toEqual([]);
  });

  test("one that never ends is ended and told", async () => {
    const never = { source: "^(\\w+\\s?)*$", flags: "" };
    const text = { before: "", pump: "a", after: "\u0001" };
    expect(attackTexts(never.source, never.flags)).toContainEqual(text);
    expect(await outcomeOf(never, text, 500)).toBe("too slow");
  });
});

describe("the texts that are tried hold the one that makes it slow", () => {
  test.each<[what: string, source: string, flags: string, AttackText]>([
    ["blanks before the end", "[\\s\\0]+$", "", { before: "", pump: " ", after: "\u0001" }],
    ["a newline that does not come", "\\s*\\n\\s*", "g", { before: "", pump: " ", after: "" }],
    ["a run of empty lines", "^\\s*pid = (.+)$", "m", { before: "", pump: "\n", after: "" }],
    [
      "blocks that are not closed",
      "^\\s*arguments = \\{\\n([^}]*)\\}",
      "m",
      { before: "", pump: " arguments = {\n ", after: "" },
    ],
    ["a word that ends nothing", "ALERT.*(CERT|_CA)", "", { before: "", pump: "ALERT ", after: "" }],
    ["a loop in a loop", "x(?:[ab]{2,}c?)+y", "", { before: "x", pump: "aa", after: "" }],
  ])("%s: /%s/%s", (_what, source, flags, text) => {
    expect(attackTexts(source, flags)).toContainEqual(text);
  });
});
