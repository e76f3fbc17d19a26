import widthOf from "fast-string-width";
import { bytes, count, counted } from "../../words/wording.js";
import { fitToScreen } from "./fit-to-screen.js";
import type { PickList, PickRow } from "./pick-list.js";

export interface PickScreen {
  /** Of the terminal. */
  readonly rows: number;
  readonly columns: number;
  readonly hasColour: boolean;
}

/** A row as the screen shows it. */
export type ShownRow = PickRow & { readonly label: string };

const KEYS = "Tab choose, Ctrl-A all that match, Enter go on, Esc stop, PgUp PgDn Home End";
const BOLD = ["\u001b[1m", "\u001b[22m"] as const;

/**
 * A list as lines that fit the screen. Its work grows with the rows that are shown, not with those of the list nor with photos.
 * @param message.notice stands in place of the keys
 */
export function pickLines(
  list: PickList<ShownRow>,
  message: { readonly title: string; readonly notice?: string },
  screen: PickScreen,
): string[] {
  const { above, below } = around(list, message, screen);
  const places = shownPlaces(list, pickPage(list, message, screen));
  const rows = places.map((place) => rowLine(list, place, screen));
  return [...above, ...(rows.length > 0 ? rows : ["  nothing matches"]), ...below];
}

/** How many rows of the list the screen shows. */
export function pickPage(
  list: PickList<ShownRow>,
  message: { readonly title: string; readonly notice?: string },
  screen: PickScreen,
): number {
  const { above, below } = around(list, message, screen);
  // The terminal's last line stays free: a line end there would move everything up.
  return Math.max(1, screen.rows - above.length - below.length - 1);
}

/** "What should be imported? 34 photos, 120 MB": what stays on the screen. */
export function pickedLine({ total }: PickList, title: string): string {
  return `${title} ${counted(total.photos, "photo")}, ${bytes(total.sizeBytes)}`;
}

function around(
  { filter, matching, rows, total }: PickList<ShownRow>,
  { title, notice = KEYS }: { readonly title: string; readonly notice?: string },
  { columns, rows: height }: PickScreen,
): { readonly above: readonly string[]; readonly below: readonly string[] } {
  const found =
    filter === ""
      ? `${counted(rows.length, "row")}   type to filter: 2024-08, video`
      : matchWords(filter, matching);
  const chosen = `Chosen: ${counted(total.photos, "photo")}, ${bytes(total.sizeBytes)}`;
  const last = fitToScreen(notice, columns, 0);
  const above = [...fitToScreen(title, columns, 0), cut(found, columns)];
  const below = [cut(chosen, columns), ...last];
  // A very low screen shows rows before it shows keys.
  return height - above.length - below.length < 3
    ? { above: [above.at(-1)!], below: [last[0]!] }
    : { above, below };
}

function matchWords(filter: string, matching: readonly number[]): string {
  return `${matching.length === 1 ? "1 matches" : `${count(matching.length)} match`}: ${filter}`;
}

/** The page of those that match in which the cursor is. */
function shownPlaces({ matching, cursor }: PickList, page: number): readonly number[] {
  const first = Math.max(0, Math.min(cursor - Math.floor(page / 2), matching.length - page));
  return matching.slice(first, first + page);
}

function rowLine(list: PickList<ShownRow>, place: number, { columns, hasColour }: PickScreen): string {
  const { label, photos } = list.rows[place]!;
  const isHere = list.matching[list.cursor] === place;
  const chosen = list.chosenOf[place]!;
  const box = chosen === 0 ? "[ ]" : chosen === photos ? "[x]" : "[-]";
  const whole = `${isHere ? ">" : " "} ${box} ${label}`;
  // Numbers below numbers where there is room for it.
  const line = cut(widthOf(whole) <= columns ? whole : whole.replaceAll(/(?<=\S) {2,}/g, " "), columns);
  return isHere && hasColour ? BOLD.join(line) : line;
}

function cut(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  let short = line;
  while (short !== "" && widthOf(short) > columns - 1) short = short.slice(0, -1);
  return `${short}\u2026`;
}
