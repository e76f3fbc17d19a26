import { expect } from "vitest";
import { inCommandWords } from "../src/cli/terminal/command-words.js";
import type { Remedy } from "../src/remedy.js";

/** For `toMatchObject`: a remedy in which a person who uses the command reads this. */
export function says(what: string | RegExp): unknown {
  return expect.toSatisfy((remedy: Remedy) => {
    const text = inCommandWords(remedy);
    return typeof what === "string" ? text.includes(what) : what.test(text);
  });
}

/** The same, of what nobody reads in it. */
export function doesNotSay(what: string | RegExp): unknown {
  return expect.toSatisfy((remedy: Remedy) => {
    const text = inCommandWords(remedy);
    return typeof what === "string" ? !text.includes(what) : !what.test(text);
  });
}
