import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { ErrorCode } from "../../src/errors.js";
import { oneTestIn } from "../sampled.js";
import { COMPUTER_REMEDIES } from "./computer-remedies.js";
import { PHONE_REMEDIES } from "./phone-remedies.js";
import { PHOTOS_REMEDIES } from "./photos-remedies.js";
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

for (const [code, remedies] of Object.entries(REMEDIES)) {
  const played = remedies.filter(isPlayed);
  if (played.length > 0)
    describe(`${code}: what its remedy says helps`, () => {
      test.each(played)("$state", async (remedy) => {
        await play(code, remedy);
      });
    });
}

test("every code that ends a run is played, here or in a test that is there, or it is said why not", () => {
  for (const [code, remedies] of Object.entries(REMEDIES)) {
    expect(remedies.length, code).toBeGreaterThan(0);
    for (const remedy of remedies) {
      if ("cannotBePlayedHere" in remedy) expect(remedy.cannotBePlayedHere, code).toMatch(/\w+ \w+/);
      if ("playedIn" in remedy)
        expect(readFileSync(join(import.meta.dirname, "../..", remedy.playedIn), "utf8"), code).toContain(
          remedy.test,
        );
    }
  }
});
