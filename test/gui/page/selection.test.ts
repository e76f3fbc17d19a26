import { describe, expect, it } from "vitest";
import {
  chooseAll,
  chooseBox,
  chooseNone,
  chosenElsewhere,
  click,
  moveTo,
  NOTHING_CHOSEN,
  type Selection,
  shownOf,
  toggleGroup,
} from "../../../src/gui/page/selection.js";
import { Undo } from "../../../src/gui/page/undo.js";

/** Ten photos, the newest first; 5 was imported before and cannot be chosen. */
const shown = shownOf(
  [9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((id) => ({ id })),
  (id) => id !== 5,
);
const plain = { toggles: false, ranges: false };
const command = { toggles: true, ranges: false };
const shift = { toggles: false, ranges: true };

const chosen = ({ chosen }: Selection) => [...chosen].sort((a, b) => a - b);
const clicks = (...steps: [number, typeof plain][]) =>
  steps.reduce((selection, [id, held]) => click(selection, shown, id, held), NOTHING_CHOSEN);

describe("choosing photos with the mouse, as on a Mac", () => {
  it("a click chooses one photo and leaves the others", () => {
    expect(chosen(clicks([9, plain], [7, plain]))).toEqual([7]);
  });

  it("Cmd-click adds a photo, and takes it away again", () => {
    expect(chosen(clicks([9, plain], [7, command], [3, command]))).toEqual([3, 7, 9]);
    expect(chosen(clicks([9, plain], [7, command], [9, command]))).toEqual([7]);
  });

  it("Shift-click chooses everything between, in both directions, but not what was imported before", () => {
    expect(chosen(clicks([7, plain], [3, shift]))).toEqual([3, 4, 6, 7]);
    expect(chosen(clicks([3, plain], [7, shift]))).toEqual([3, 4, 6, 7]);
  });

  it("another Shift-click replaces the range and keeps what was chosen before it", () => {
    expect(chosen(clicks([0, plain], [8, command], [3, shift], [7, shift]))).toEqual([0, 7, 8]);
  });

  it("Shift-click without a click before chooses that photo", () => {
    expect(chosen(clicks([7, shift]))).toEqual([7]);
  });

  it("a range begins at the focus where the filters took the photo that was clicked", () => {
    const selection = click(NOTHING_CHOSEN, shown, 9, plain);
    const fewer = shownOf([{ id: 4 }, { id: 3 }, { id: 2 }], () => true);
    expect(chosen(click({ ...selection, focus: 4 }, fewer, 2, shift))).toEqual([2, 3, 4, 9]);
  });

  it("a click on an imported photo brings the keyboard there and chooses nothing", () => {
    const selection = clicks([9, plain], [5, plain]);
    expect(chosen(selection)).toEqual([9]);
    expect(selection.focus).toBe(5);
    expect(chosen(clicks([9, plain], [5, command]))).toEqual([9]);
  });

  it("a box chooses what it touches, and while it shrinks lets go of it", () => {
    const before = clicks([0, plain]);
    const large = chooseBox(before, shown, [9, 8, 5, 4], before.chosen);
    expect(chosen(large)).toEqual([0, 4, 8, 9]);
    expect(chosen(chooseBox(large, shown, [9], before.chosen))).toEqual([0, 9]);
    expect(chosen(chooseBox(large, shown, [], new Set()))).toEqual([]);
  });

  it("a month is chosen whole, and let go of whole where all of it was chosen", () => {
    const once = toggleGroup(clicks([8, plain]), shown, [7, 6, 5]);
    expect(chosen(once)).toEqual([6, 7, 8]);
    expect(chosen(toggleGroup(once, shown, [7, 6, 5]))).toEqual([8]);
  });
});

describe("choosing photos with the keyboard", () => {
  const move = (selection: Selection, place: number, ranges = false) =>
    moveTo(selection, shown, place, { ranges });

  it("an arrow moves the focus and chooses nothing", () => {
    const selection = move(NOTHING_CHOSEN, 2);
    expect(selection.focus).toBe(7);
    expect(chosen(selection)).toEqual([]);
  });

  it("Shift with an arrow chooses from where the focus was, and shrinks when it comes back", () => {
    const began = move(NOTHING_CHOSEN, 0);
    const three = move(move(began, 1, true), 2, true);
    expect(chosen(three)).toEqual([7, 8, 9]);
    expect(chosen(move(three, 1, true))).toEqual([8, 9]);
  });

  it("no key leaves the list", () => {
    expect(move(NOTHING_CHOSEN, -3).focus).toBe(9);
    expect(move(NOTHING_CHOSEN, 40).focus).toBe(0);
  });

  it("Cmd-A chooses exactly what is shown and may be chosen", () => {
    const some = shownOf([{ id: 6 }, { id: 5 }, { id: 4 }], (id) => id !== 5);
    expect(chosen(chooseAll(clicks([0, plain]), some))).toEqual([4, 6]);
  });

  it("Escape chooses nothing, and an undo brings the choice back", () => {
    const undo = new Undo();
    const two = clicks([9, plain], [7, command]);
    undo.remember(two.chosen);
    expect(chosen(chooseNone(two))).toEqual([]);
    expect(undo.take()).toEqual(two.chosen);
    expect(undo.take()).toBeNull();
  });

  it("what another tab chose is in force, and the keyboard stays where it is", () => {
    const selection = chosenElsewhere(clicks([9, plain]), [1, 2]);
    expect(chosen(selection)).toEqual([1, 2]);
    expect(selection.focus).toBe(9);
  });
});

it("20,000 photos are chosen in one step", () => {
  const many = shownOf(
    Array.from({ length: 20_000 }, (_, id) => ({ id })),
    () => true,
  );
  const first = click(NOTHING_CHOSEN, many, 0, plain);
  expect(click(first, many, 19_999, shift).chosen.size).toBe(20_000);
});
