import { describe, expect, it, test } from "vitest";
import { commandWords, inCommandWords } from "../src/cli/terminal/command-words.js";
import { wordRemedy } from "../src/index.js";
import {
  type Action,
  advise,
  COPY,
  choose,
  IMPORT_RETRY,
  remedyText,
  sentences,
  VERIFY,
} from "../src/remedy.js";
import { EVERY_ACTION } from "./every-action.js";

describe("a remedy", () => {
  it("is a text where no action is in it", () => {
    expect(advise`Unlock ${"Anna's iPhone"}.`).toBe("Unlock Anna's iPhone.");
  });

  it("holds its actions as data between the texts", () => {
    expect(advise`Wait, then ${VERIFY}: it looks again.`).toEqual([
      "Wait, then ",
      { action: "verify" },
      ": it looks again.",
    ]);
  });

  it("takes another one in whole", () => {
    const again = advise`${IMPORT_RETRY} imports it again.`;
    expect(advise`Keep it. ${again}`).toEqual(["Keep it. ", IMPORT_RETRY, " imports it again."]);
    expect(sentences("Keep it.", again)).toEqual(advise`Keep it. ${again}`);
    expect(sentences("", again, "")).toEqual(again);
    expect(sentences("Keep it.", "Wait.")).toBe("Keep it. Wait.");
  });

  it("is worded by whoever shows it", () => {
    const remedy = advise`${COPY} copies it. ${choose("retry")} tries once more.`;
    expect(remedyText(remedy, ({ action }) => `[${action}]`)).toBe(
      "[copy] copies it. [choose] tries once more.",
    );
    expect(remedyText("Unlock it.", () => "no")).toBe("Unlock it.");
  });
});

test.each(EVERY_ACTION)("the command words %j as %s", (action, typed) => {
  expect(commandWords(action)).toBe(typed);
});

test.each(EVERY_ACTION)("the library words %j, not as the command does", (action, typed, inLibrary) => {
  expect(wordRemedy(advise`Then ${action}.`)).toBe(`Then ${inLibrary}.`);
  expect(inLibrary).not.toBe(typed);
});

test("an action of a newer Rollcall is called by its own name", () => {
  const newer = { action: "frobnicate" } as unknown as Action;
  expect(inCommandWords(["Now ", newer, "."])).toBe("Now frobnicate.");
});
