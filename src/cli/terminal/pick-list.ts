/** A row of a list to choose from: what is chosen with it, and what it is found by. */
export interface PickRow {
  /** What may be typed to find it, in small letters and without blanks; texts that are apart have a line each. */
  readonly found: string;
  readonly photos: number;
  readonly sizeBytes: number;
  /** The places of the rows that it chooses: its own, or, of a month, those of its days. */
  readonly chooses: readonly number[];
}

/** A list, what was typed and what is chosen; nothing of a screen. Each action makes a new one. */
export interface PickList<Row extends PickRow = PickRow> {
  readonly rows: readonly Row[];
  readonly filter: string;
  /** The places of the rows that match the filter. */
  readonly matching: readonly number[];
  /** Which of those that match the person is at; 0 where none does. */
  readonly cursor: number;
  /** The places of rows that are chosen; never a row that chooses others. */
  readonly chosen: ReadonlySet<number>;
  /** How many photos of each row are chosen. */
  readonly chosenOf: readonly number[];
  /** A photo that two rows choose counts once. */
  readonly total: { readonly photos: number; readonly sizeBytes: number };
}

/** `page` is how many rows the screen shows. */
export type PickAction =
  | { readonly type: "up" | "down" | "home" | "end" | "toggle" | "toggle all that match" | "clear filter" }
  | { readonly type: "page up" | "page down"; readonly page: number }
  | { readonly type: "type"; readonly text: string }
  | { readonly type: "rub out" };

/** What is pasted by mistake may be long. */
const LONGEST_FILTER = 100;

export function pickList<Row extends PickRow>(rows: readonly Row[]): PickList<Row> {
  return {
    rows,
    filter: "",
    matching: rows.map((_row, place) => place),
    cursor: 0,
    chosen: new Set(),
    chosenOf: rows.map(() => 0),
    total: { photos: 0, sizeBytes: 0 },
  };
}

export function afterAction<Row extends PickRow>(list: PickList<Row>, action: PickAction): PickList<Row> {
  const { cursor, filter, matching } = list;
  switch (action.type) {
    case "up":
      return at(list, cursor - 1);
    case "down":
      return at(list, cursor + 1);
    case "page up":
      return at(list, cursor - action.page);
    case "page down":
      return at(list, cursor + action.page);
    case "home":
      return at(list, 0);
    case "end":
      return at(list, matching.length - 1);
    case "type":
      return filtered(list, filter + action.text);
    case "rub out":
      return filtered(list, [...filter].slice(0, -1).join(""));
    case "clear filter":
      return filtered(list, "");
    case "toggle":
      return toggled(list, matching.slice(cursor, cursor + 1));
    case "toggle all that match":
      return toggled(list, matching);
  }
}

function at<Row extends PickRow>(list: PickList<Row>, wanted: number): PickList<Row> {
  return { ...list, cursor: Math.max(0, Math.min(wanted, list.matching.length - 1)) };
}

/** The person stays at the row they were at where that still matches. A comma stands between words that all have to match. */
function filtered<Row extends PickRow>(list: PickList<Row>, typed: string): PickList<Row> {
  const filter = typed.slice(0, LONGEST_FILTER);
  const words = filter.toLowerCase().split(",");
  const matching = [...list.rows.keys()].filter((place) =>
    words.every((word) => list.rows[place]!.found.includes(word)),
  );
  const cursor = Math.max(0, matching.indexOf(list.matching[list.cursor] ?? -1));
  return { ...list, filter, matching, cursor };
}

/** Chooses what these rows choose; where all of that is chosen already, chooses it no more. */
function toggled<Row extends PickRow>(list: PickList<Row>, places: readonly number[]): PickList<Row> {
  const { rows } = list;
  const meant = new Set(places.flatMap((place) => rows[place]!.chooses));
  const isChosen = [...meant].every((place) => list.chosen.has(place));
  const chosen = new Set(list.chosen);
  for (const place of meant) {
    if (isChosen) chosen.delete(place);
    else chosen.add(place);
  }
  const chosenOf = rows.map(({ chooses }) =>
    chooses.reduce((sum, place) => sum + (chosen.has(place) ? rows[place]!.photos : 0), 0),
  );
  const total = { photos: 0, sizeBytes: 0 };
  for (const place of chosen) {
    total.photos += rows[place]!.photos;
    total.sizeBytes += rows[place]!.sizeBytes;
  }
  return { ...list, chosen, chosenOf, total };
}
