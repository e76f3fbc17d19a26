/** What is shown, in its order, and which of it may be chosen. */
export interface Shown {
  readonly ids: readonly number[];
  readonly placeOf: ReadonlyMap<number, number>;
  readonly canBeChosen: (id: number) => boolean;
}

export function shownOf(
  photos: readonly { readonly id: number }[],
  canBeChosen: (id: number) => boolean,
): Shown {
  const ids = photos.map(({ id }) => id);
  return { ids, placeOf: new Map(ids.map((id, place) => [id, place])), canBeChosen };
}

/** What a click or a key does besides: Cmd or Ctrl toggles, Shift takes a range. */
interface Held {
  readonly toggles: boolean;
  readonly ranges: boolean;
}

/** What is chosen, as a Mac goes about it. Never changed; each step gives a new one. */
export interface Selection {
  readonly chosen: ReadonlySet<number>;
  /** The tile that has the keyboard; null: the first one. */
  readonly focus: number | null;
  /** Where a range begins. */
  readonly anchor: number | null;
  /** What was chosen before the range that is on: another Shift-click replaces that range only. */
  readonly beforeRange: ReadonlySet<number>;
}

const NONE: ReadonlySet<number> = new Set();

export const NOTHING_CHOSEN: Selection = { chosen: NONE, focus: null, anchor: null, beforeRange: NONE };

/** A click on a tile. What cannot be chosen takes the focus only. */
export function click(selection: Selection, shown: Shown, id: number, held: Held): Selection {
  if (held.ranges) return rangeTo(selection, shown, id);
  if (!shown.canBeChosen(id)) return { ...selection, focus: id, anchor: id, beforeRange: selection.chosen };
  if (held.toggles) return toggle(selection, shown, id);
  const chosen = new Set([id]);
  return { chosen, focus: id, anchor: id, beforeRange: chosen };
}

export function toggle(selection: Selection, shown: Shown, id: number): Selection {
  const chosen = new Set(selection.chosen);
  if (!chosen.delete(id) && shown.canBeChosen(id)) chosen.add(id);
  return { chosen, focus: id, anchor: id, beforeRange: chosen };
}

/** From the anchor to `id`, whatever months lie between. Without an anchor that is shown it begins at the focus. */
function rangeTo(selection: Selection, shown: Shown, id: number): Selection {
  const isAnchorShown = selection.anchor !== null && shown.placeOf.has(selection.anchor);
  const anchor = isAnchorShown ? selection.anchor : (selection.focus ?? id);
  const beforeRange = isAnchorShown ? selection.beforeRange : selection.chosen;
  const to = shown.placeOf.get(id);
  if (to === undefined) return selection;
  const from = shown.placeOf.get(anchor!) ?? to;
  const range = shown.ids.slice(Math.min(from, to), Math.max(from, to) + 1);
  const chosen = new Set([...beforeRange, ...range.filter(shown.canBeChosen)]);
  return { chosen, focus: id, anchor, beforeRange };
}

/** An arrow key, or Home, End, Page Up, Page Down: to a place, which is brought within the list. */
export function moveTo(
  selection: Selection,
  shown: Shown,
  place: number,
  held: { ranges: boolean },
): Selection {
  const id = shown.ids[Math.max(0, Math.min(shown.ids.length - 1, place))];
  if (id === undefined) return selection;
  if (held.ranges) return rangeTo(selection, shown, id);
  return { ...selection, focus: id, anchor: id, beforeRange: selection.chosen };
}

/** Exactly what is shown and may be chosen. */
export function chooseAll(selection: Selection, shown: Shown): Selection {
  const chosen = new Set(shown.ids.filter(shown.canBeChosen));
  return { ...selection, chosen, beforeRange: chosen };
}

/** All of these, a month or a day; where all are chosen already, none of them. */
export function toggleGroup(selection: Selection, shown: Shown, ids: readonly number[]): Selection {
  const choosable = ids.filter(shown.canBeChosen);
  const chosen = new Set(selection.chosen);
  if (choosable.every((id) => chosen.has(id))) for (const id of choosable) chosen.delete(id);
  else for (const id of choosable) chosen.add(id);
  return { ...selection, chosen, beforeRange: chosen };
}

export function chooseNone(selection: Selection): Selection {
  return { ...selection, chosen: NONE, beforeRange: NONE };
}

/** What a box drawn with the mouse touches. @param before what was chosen when it began; it stays with Cmd held */
export function chooseBox(
  selection: Selection,
  shown: Shown,
  touched: readonly number[],
  before: ReadonlySet<number>,
): Selection {
  const chosen = new Set([...before, ...touched.filter(shown.canBeChosen)]);
  return { ...selection, chosen, anchor: touched[0] ?? selection.anchor, beforeRange: before };
}

/** As the server holds it, after another tab changed it. */
export function chosenElsewhere(selection: Selection, ids: Iterable<number>): Selection {
  const chosen = new Set(ids);
  return { ...selection, chosen, beforeRange: chosen };
}

export function isSameChoice(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  if (a.size !== b.size) return false;
  for (const id of a) if (!b.has(id)) return false;
  return true;
}
