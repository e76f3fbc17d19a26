import widthOf from "fast-string-width";
import { describe, expect, test } from "vitest";
import { pickActionOf } from "../../src/cli/terminal/interactive-selection.js";
import { afterAction, type PickAction, pickList } from "../../src/cli/terminal/pick-list.js";
import { pickedLine, pickLines, pickPage, type ShownRow } from "../../src/cli/terminal/pick-screen.js";

const TITLE = "What should be imported? 5,000 new photos, 10.0 MB";
const SCREEN = { rows: 12, columns: 100, hasColour: false };

/** Rows, each a day of its own; `looks` counts how often one is looked at. */
function manyRows(number: number, looks = { count: 0 }): ShownRow[] {
  return Array.from({ length: number }, (_, place) => ({
    found: `row${place}`,
    photos: 1,
    sizeBytes: 2000,
    chooses: [place],
    get label() {
      looks.count += 1;
      return `${place} Nov 2026   1 photo   2.0 kB`;
    },
  }));
}

function listAfter(rows: readonly ShownRow[], ...actions: readonly PickAction[]) {
  return actions.reduce(afterAction, pickList(rows));
}

test("the screen shows rows, what is chosen of all of them, and the keys", () => {
  const list = listAfter(manyRows(3), { type: "down" }, { type: "toggle" });
  expect(pickLines(list, { title: TITLE }, SCREEN)).toEqual([
    TITLE,
    "3 rows   type to filter: 2024-08, video",
    "  [ ] 0 Nov 2026   1 photo   2.0 kB",
    "> [x] 1 Nov 2026   1 photo   2.0 kB",
    "  [ ] 2 Nov 2026   1 photo   2.0 kB",
    "Chosen: 1 photo, 2.0 kB",
    "Tab choose, Ctrl-A all that match, Enter go on, Esc stop, PgUp PgDn Home End",
  ]);
  expect(pickedLine(list, "What should be imported?")).toBe("What should be imported? 1 photo, 2.0 kB");
});

test("a month of which some days are chosen has a mark of its own", () => {
  const rows = [{ ...manyRows(1)[0]!, label: "Nov 2026", photos: 2, chooses: [1, 2] }, ...manyRows(2)];
  const days = rows.map((row, place) => (place === 0 ? row : { ...row, chooses: [place] }));
  const list = listAfter(days, { type: "end" }, { type: "toggle" });
  expect(pickLines(list, { title: TITLE }, SCREEN)[2]).toBe("  [-] Nov 2026");
});

test("how many match stands with what was typed; nothing matches is said", () => {
  const typed = (text: string) => listAfter(manyRows(30), { type: "type", text });
  expect(pickLines(typed("row2"), { title: TITLE }, SCREEN)[1]).toBe("11 match: row2");
  expect(pickLines(typed("row29"), { title: TITLE }, SCREEN)[1]).toBe("1 matches: row29");
  expect(pickLines(typed("x"), { title: TITLE }, SCREEN).slice(1, 3)).toEqual([
    "0 match: x",
    "  nothing matches",
  ]);
});

describe.each([
  [40, 24],
  [40, 6],
  [80, 24],
  [200, 60],
  [20, 3],
])("on a screen of %i columns and %i rows", (columns, rows) => {
  const screen = { rows, columns, hasColour: false };
  test.each(["home", "page down", "end"] as const)(
    "nothing is wider or higher than it, and the cursor is seen: %s",
    (type) => {
      const list = listAfter(manyRows(500), { type: "toggle" }, { type, page: 400 } as PickAction);
      for (const notice of [undefined, "Nothing is chosen yet: Tab chooses a row, Ctrl-A all that match."]) {
        const lines = pickLines(list, { title: TITLE, ...(notice === undefined ? {} : { notice }) }, screen);
        expect(lines.length).toBeLessThan(rows + (rows < 4 ? 1 : 0));
        if (columns >= 30)
          expect(lines.reduce((widest, line) => Math.max(widest, widthOf(line)), 0)).toBeLessThanOrEqual(
            columns,
          );
        expect(lines.filter((line) => line.startsWith("> "))).toHaveLength(1);
      }
    },
  );
});

test("at 40 columns the longest usual row keeps its size", () => {
  const row = { ...manyRows(1)[0]!, label: "22 Nov 2026  12 Live Photos  12.0 kB" };
  const lines = pickLines(pickList([row]), { title: TITLE }, { ...SCREEN, columns: 40 });
  expect(lines).toContain("> [ ] 22 Nov 2026 12 Live Photos 12.0 kB");
});

test("colour stands on the row of the cursor, and nowhere without colour", () => {
  const shown = (hasColour: boolean) =>
    pickLines(pickList(manyRows(3)), { title: TITLE }, { ...SCREEN, hasColour }).filter((line) =>
      line.includes("\u001b"),
    );
  expect(shown(true)).toEqual(["\u001b[1m> [ ] 0 Nov 2026   1 photo   2.0 kB\u001b[22m"]);
  expect(shown(false)).toEqual([]);
});

test("a frame looks at the rows that it shows, however many the list has", () => {
  const looks = { count: 0 };
  const list = listAfter(
    manyRows(5000, looks),
    { type: "toggle all that match" },
    { type: "page down", page: 2500 },
  );
  looks.count = 0;
  pickLines(list, { title: TITLE }, SCREEN);
  expect(looks.count).toBe(pickPage(list, { title: TITLE }, SCREEN));
  expect(looks.count).toBeLessThan(12);
});

test.each([
  ["\t", { name: "tab" }, { type: "toggle", page: 9 }],
  [" ", { name: "space" }, { type: "toggle", page: 9 }],
  ["\u0001", { name: "a", ctrl: true }, { type: "toggle all that match", page: 9 }],
  [undefined, { name: "pageup" }, { type: "page up", page: 9 }],
  [undefined, { name: "pagedown" }, { type: "page down", page: 9 }],
  [undefined, { name: "home" }, { type: "home", page: 9 }],
  [undefined, { name: "end" }, { type: "end", page: 9 }],
  ["a", { name: "a" }, { type: "type", text: "a" }],
  ["2", { name: "2" }, { type: "type", text: "2" }],
  ["-", {}, { type: "type", text: "-" }],
  ["\u0014", { name: "t", ctrl: true }, null],
  ["t", { name: "t", meta: true }, null],
  ["\r", { name: "return" }, null],
  [undefined, { name: "f5" }, null],
  ["\u009b", {}, null],
])("the key %j %j does %j", (char, key, action) => {
  expect(pickActionOf(char, key, 9)).toEqual(action);
});
