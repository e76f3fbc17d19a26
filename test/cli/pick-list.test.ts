import { describe, expect, test } from "vitest";
import { afterAction, type PickAction, type PickRow, pickList } from "../../src/cli/terminal/pick-list.js";

/** August 2024 with three rows of two days, then a day of July. */
const ROWS: readonly (PickRow & { readonly name: string })[] = [
  { name: "Aug", found: "aug2024\n2024-08", photos: 17, sizeBytes: 1700, chooses: [1, 2, 3] },
  { name: "4 Aug", found: "4aug2024\nphotos\n2024-08-04", photos: 10, sizeBytes: 1000, chooses: [1] },
  { name: "4 Aug video", found: "4aug2024\nvideos\n2024-08-04", photos: 2, sizeBytes: 200, chooses: [2] },
  { name: "3 Aug", found: "3aug2024\nphotos\n2024-08-03", photos: 5, sizeBytes: 500, chooses: [3] },
  { name: "9 Jul", found: "9jul2024\nvideos\n2024-07-09", photos: 4, sizeBytes: 400, chooses: [4] },
];

const type = (text: string): PickAction[] => [...text].map((letter) => ({ type: "type", text: letter }));
const [up, down, home, end, toggle, all, rubOut, clear] = (
  ["up", "down", "home", "end", "toggle", "toggle all that match", "rub out", "clear filter"] as const
).map((name): PickAction => ({ type: name }));
const pageDown: PickAction = { type: "page down", page: 2 };
const pageUp: PickAction = { type: "page up", page: 2 };

function listAfter(...actions: readonly (PickAction | undefined)[]) {
  return actions.reduce((list, action) => afterAction(list, action!), pickList(ROWS));
}

describe("the cursor of the list", () => {
  test.each([
    ["begins at the first row", [], "Aug"],
    ["goes down", [down], "4 Aug"],
    ["does not leave the top", [up], "Aug"],
    ["goes to the end", [end], "9 Jul"],
    ["does not leave the end", [end, down, pageDown], "9 Jul"],
    ["goes home", [end, home], "Aug"],
    ["goes down by a page", [pageDown], "4 Aug video"],
    ["goes up by a page", [end, pageUp], "4 Aug video"],
    ["goes over what matches only", [...type("video"), down], "9 Jul"],
    ["stays at its row while that matches", [down, down, ...type("video")], "4 Aug video"],
    ["goes to the first match where its row does not match", [down, ...type("video")], "4 Aug video"],
  ])("%s", (_what, actions, name) => {
    const { cursor, matching } = listAfter(...actions);
    expect(ROWS[matching[cursor]!]!.name).toBe(name);
  });
});

describe("what is typed", () => {
  test.each([
    ["2024-08", ["Aug", "4 Aug", "4 Aug video", "3 Aug"]],
    ["2024-08-03", ["3 Aug"]],
    ["VIDEO", ["4 Aug video", "9 Jul"]],
    ["2024-08,video", ["4 Aug video"]],
    ["4aug", ["4 Aug", "4 Aug video"]],
    ["nothing", []],
  ])("%s finds its rows", (text, names) => {
    expect(listAfter(...type(text)).matching.map((place) => ROWS[place]!.name)).toEqual(names);
  });

  test("is rubbed out letter by letter, or at once", () => {
    expect(listAfter(...type("ab\u{1f600}"), rubOut).filter).toBe("ab");
    expect(listAfter(rubOut).filter).toBe("");
    expect(listAfter(...type("video"), clear).matching).toHaveLength(5);
  });

  test("is cut after 100 letters", () =>
    expect(listAfter(...type("a".repeat(200))).filter).toHaveLength(100));
});

describe("what is chosen", () => {
  test.each([
    ["nothing at first", [], [], 0],
    ["a row", [down, toggle], ["4 Aug"], 10],
    ["a row no more, the second time", [down, toggle, toggle], [], 0],
    ["with a month its days", [toggle], ["4 Aug", "4 Aug video", "3 Aug"], 17],
    ["a day and its month once", [down, toggle, home, toggle], ["4 Aug", "4 Aug video", "3 Aug"], 17],
    ["a month less a day", [toggle, down, toggle], ["4 Aug video", "3 Aug"], 7],
    ["all that match", [...type("video"), all], ["4 Aug video", "9 Jul"], 6],
    ["none of all that match, the second time", [...type("video"), all, all], [], 0],
    ["all that match beside others", [down, toggle, ...type("07"), all], ["4 Aug", "9 Jul"], 14],
    ["all, where nothing is typed", [all], ["4 Aug", "4 Aug video", "3 Aug", "9 Jul"], 21],
    ["nothing where nothing matches", [...type("nothing"), toggle, all], [], 0],
  ])("is %s", (_what, actions, names, photos) => {
    const { chosen, total } = listAfter(...actions);
    expect([...chosen].sort().map((place) => ROWS[place]!.name)).toEqual(names);
    expect(total).toEqual({ photos, sizeBytes: photos * 100 });
  });

  test("is told of each row: all, some or none of a month", () => {
    expect(listAfter(toggle).chosenOf).toEqual([17, 10, 2, 5, 0]);
    expect(listAfter(end, up, toggle).chosenOf).toEqual([5, 0, 0, 5, 0]);
  });
});
