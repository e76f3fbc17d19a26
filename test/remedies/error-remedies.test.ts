import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { ErrorCode } from "../../src/errors.js";
import { oneTestIn } from "../sampled.js";
import type { ReasonRemedy } from "./answered.js";
import { COMPUTER_REMEDIES } from "./computer-remedies.js";
import { PHONE_REMEDIES } from "./phone-remedies.js";
import { PHOTOS_REMEDIES } from "./photos-remedies.js";
import { REASON_REMEDIES } from "./reason-remedies.js";
import { isPlayed, play, type Remedy } from "./remedy.js";
import { USAGE_REMEDIES } from "./usage-remedies.js";

const test = oneTestIn(4);

/** Every code that ends a run: a new one does not compile without its remedy. */
const REMEDIES: Record<ErrorCode, readonly Remedy[]> = {
  ...PHONE_REMEDIES,
  ...PHOTOS_REMEDIES,
  ...COMPUTER_REMEDIES,
  ...USAGE_REMEDIES,
};

for (const [code, remedies] of entriesOf(REMEDIES, REASON_REMEDIES)) {
  const played = remedies.filter(isPlayed);
  if (played.length > 0)
    describe(`${code}: what its remedy says helps`, () => {
      test.each(played)("$state", async (remedy) => {
        await play(code, remedy);
      });
    });
}

test("every code of an error or an answer is played, here or in a named test, or has a reason not to be", () => {
  for (const [code, remedies] of entriesOf(REMEDIES, REASON_REMEDIES)) {
    expect(remedies.length, code).toBeGreaterThan(0);
    for (const remedy of remedies) {
      if ("cannotBePlayedHere" in remedy) expect(remedy.cannotBePlayedHere, code).toMatch(/\w+ \w+/);
      if ("nothingToDo" in remedy) expect(remedy.nothingToDo, code).toMatch(/\w+ \w+/);
      if ("playedIn" in remedy)
        expect(titlesIn(remedy.playedIn), `${code} in ${remedy.playedIn}`).toContainEqual(
          expect.stringContaining(remedy.test),
        );
    }
  }
});

function entriesOf(...tables: readonly Readonly<Record<string, readonly ReasonRemedy[]>>[]) {
  return tables.flatMap((table) => Object.entries(table));
}

/** The first text after `test(`, `test.each(...)(` or the like, a line of its own or not. */
function titlesIn(file: string): string[] {
  const text = readFileSync(join(import.meta.dirname, "../..", file), "utf8");
  return [...text.matchAll(/(?:test|\))\(\s*(["`])(.*?)\1,?/g)].map(([, , title]) => title!);
}
