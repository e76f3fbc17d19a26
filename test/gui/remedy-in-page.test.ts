import { expect, test } from "vitest";
import { remedyInPage } from "../../src/gui/remedy-in-page.js";
import { type Action, advise, choose, VERIFY } from "../../src/remedy.js";
import { EVERY_ACTION } from "../every-action.js";

test("what the page can do is a button in the sentence", () => {
  expect(remedyInPage(advise`Wait, then run ${VERIFY}: it looks again.`)).toEqual([
    "Wait, then run ",
    { words: "Verify", does: "verify" },
    ": it looks again.",
  ]);
  expect(remedyInPage(advise`${{ action: "import" }} makes the first.`)).toEqual([
    { words: "Import All New Photos", does: "import-new" },
    " makes the first.",
  ]);
});

test("what it cannot do is a part of the text", () => {
  expect(remedyInPage(advise`${choose("retry")} imports it.`)).toEqual([
    "\u201cImport Selected\u201d in this page imports it.",
  ]);
  expect(remedyInPage("Unlock it.")).toEqual(["Unlock it."]);
  expect(remedyInPage("")).toEqual([]);
});

test.each(EVERY_ACTION)("the page shows something for %j, and no flag but for a terminal", (action) => {
  const [shown] = remedyInPage([action]);
  const words = typeof shown === "string" ? shown : shown!.words;
  expect(words).not.toBe("");
  if (words.includes("--")) expect(words).toMatch(/in Terminal$/);
});

test("an action of a newer Rollcall is called by its own name", () => {
  expect(remedyInPage([{ action: "frobnicate" } as unknown as Action])).toEqual(["frobnicate"]);
});

test("who pressed a button is not told to run a command again", () => {
  const said = "Run the same command again: it resumes where it stopped.";
  expect(remedyInPage(said)).toEqual(["Start the import again: it resumes where it stopped."]);
});
