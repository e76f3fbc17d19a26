import { byId, element, fill, setText } from "./element.js";
import { type Ordered, ordered } from "./months.js";
import { canBeChosen } from "./photo-words.js";
import {
  boxOf,
  type Layout,
  layoutRows,
  placeBeside,
  placesIn,
  type Row,
  rowOf,
  rowsBetween,
} from "./rows.js";
import * as choosing from "./selection.js";
import { NOTHING_CHOSEN, type Selection, type Shown, shownOf } from "./selection.js";
import type { PhotoItem, TileAnswer } from "./server-state.js";
import type { Thumbnails, WantedPicture } from "./thumbnails.js";
import { makeTile, showAnswer, showChosen, showPicture } from "./tile.js";
import { counted } from "./words.js";

interface GridHooks {
  /** A person changed what is chosen, or where the keyboard is. */
  readonly onSelection: (selection: Selection) => void;
  /** The large view is asked for. */
  readonly onLook: (id: number) => void;
}

interface DrawnRow {
  readonly node: HTMLElement;
  readonly tiles: readonly HTMLElement[];
}

const GAP = 6;
/** A scroll of more than so many screens between two frames goes by: pictures, and what is not in view, wait until it slows down. */
const FAST_SCREENS = 1.2;
const SLOWED_DOWN_MS = 90;

/** The photos as tiles by month and day; of thousands only those in view, and one screen more, are in the page. */
export class Grid {
  readonly #ground = byId("ground");
  readonly #list = byId("grid");
  readonly #headings = byId("headings");
  readonly #hooks: GridHooks;
  readonly #thumbnails: Thumbnails;
  readonly #drawn = new Map<number, DrawnRow>();
  #ordered: Ordered = { photos: [], sections: [] };
  #shown: Shown = shownOf([], () => false);
  #layout: Layout = layoutRows([], { width: 0, tile: 1, gap: 0 });
  #selection: Selection = NOTHING_CHOSEN;
  #answers: ReadonlyMap<number, TileAnswer> = new Map();
  #tile = 132;
  #lastTop = 0;
  #slowing: ReturnType<typeof setTimeout> | undefined;
  #isFrameAsked = false;

  constructor(thumbnails: Thumbnails, hooks: GridHooks) {
    this.#thumbnails = thumbnails;
    this.#hooks = hooks;
    this.#list.addEventListener("click", (event) => this.#onClick(event));
    this.#list.addEventListener("dblclick", (event) => this.#onDoubleClick(event));
    this.#list.addEventListener("keydown", (event) => this.#onKey(event));
    this.#list.addEventListener("contextmenu", (event) => this.#onLongPress(event));
    this.#list.addEventListener("focusin", (event) => this.#onFocus(event));
    addEventListener("scroll", () => this.#askFrame(), { passive: true });
    addEventListener("resize", () => this.#askFrame(), { passive: true });
    new ResizeObserver(() => this.#relayout()).observe(this.#ground);
  }

  get shown(): Shown {
    return this.#shown;
  }

  get layout(): Layout {
    return this.#layout;
  }

  get selection(): Selection {
    return this.#selection;
  }

  get months(): readonly { readonly words: string; readonly first: number }[] {
    return this.#ordered.sections.flatMap(({ title, months }) =>
      months.map(({ words, first }) => ({ words: title === null ? words : `${words}: ${title}`, first })),
    );
  }

  photoAt(place: number): PhotoItem | undefined {
    return this.#ordered.photos[place];
  }

  /** @param photos those that the filters leave, the oldest first */
  show(photos: readonly PhotoItem[]): void {
    const hadFocus = this.#list.contains(document.activeElement);
    this.#ordered = ordered(photos);
    const choosable = new Set(photos.filter(canBeChosen).map(({ id }) => id));
    this.#shown = shownOf(this.#ordered.photos, (id) => choosable.has(id));
    this.#layoutAnew();
    if (hadFocus) this.#tileOf(this.#tabStop())?.focus({ preventScroll: true });
  }

  choose(selection: Selection): void {
    const before = this.#selection;
    this.#selection = selection;
    for (const { tiles } of this.#drawn.values())
      for (const tile of tiles) showChosen(tile, selection.chosen.has(idOf(tile)));
    this.#showGroupsChosen();
    if (before.focus !== selection.focus) this.#render();
  }

  answer(answers: ReadonlyMap<number, TileAnswer>, changed: Iterable<number>): void {
    this.#answers = answers;
    for (const id of changed) {
      const place = this.#shown.placeOf.get(id);
      const tile = place === undefined ? null : this.#tileOf(place);
      if (tile) showAnswer(tile, this.#ordered.photos[place!]!, answers.get(id));
    }
  }

  /** A picture came: tiles that wait for it show it. */
  pictureCame(key: string): void {
    for (const { tiles } of this.#drawn.values())
      for (const tile of tiles) {
        const photo = this.#ordered.photos[this.#shown.placeOf.get(idOf(tile)) ?? -1];
        if (photo !== undefined && keyOf(photo) === key) showPicture(tile, photo, this.#thumbnails.get(key));
      }
  }

  /** @param tile least length of a tile's side, in CSS pixels */
  sizeTiles(tile: number): void {
    this.#tile = tile;
    this.#layoutAnew();
  }

  /** Brings a tile into view and gives it the keyboard. */
  focusOn(id: number): void {
    const place = this.#shown.placeOf.get(id);
    if (place === undefined) return;
    this.scrollTo(place, "nearest");
    this.#render();
    this.#tileOf(place)?.focus({ preventScroll: true });
  }

  focusFirst(): void {
    const id = this.#shown.ids[this.#tabStop()];
    if (id !== undefined) this.focusOn(id);
  }

  /** @param where `top`: its month begins the view */
  scrollTo(place: number, where: "nearest" | "top"): void {
    const box = boxOf(this.#layout, place);
    if (box === null) return;
    const ground = this.#ground.getBoundingClientRect().top;
    const { top, bottom } = viewBetweenBars();
    if (where === "top") {
      const month = this.#layout.rows.findLast((row) => row.type === "month" && row.first <= place);
      scrollBy(0, ground + (month?.top ?? box.top) - top);
    } else if (ground + box.top < top + 40) scrollBy(0, ground + box.top - top - 40);
    else if (ground + box.bottom > bottom - 8) scrollBy(0, ground + box.bottom - bottom + 8);
    this.#render();
  }

  #relayout(): void {
    if (this.#ground.clientWidth === 0) return;
    // What is in view stays in view where the width changes.
    const { first } = rowsBetween(this.#layout, this.#topOfView(), this.#topOfView() + 1);
    const anchor = this.#layout.rows[first];
    const offset = anchor === undefined ? 0 : anchor.top - this.#topOfView();
    const widthBefore = this.#layout.columns * (this.#layout.tile + this.#layout.gap);
    this.#layoutAnew();
    const isAsBefore = widthBefore === this.#layout.columns * (this.#layout.tile + this.#layout.gap);
    if (isAsBefore || anchor === undefined || this.#topOfView() <= 0) return;
    const box = boxOf(this.#layout, anchor.first);
    if (box !== null) scrollBy(0, box.top - offset - this.#topOfView());
  }

  #layoutAnew(): void {
    const { clientWidth } = this.#ground;
    const tile = clientWidth < 480 ? Math.min(this.#tile, 104) : this.#tile;
    this.#layout = layoutRows(this.#ordered.sections, { width: clientWidth, tile, gap: GAP });
    this.#ground.style.height = `${this.#layout.height}px`;
    this.#ground.style.setProperty("--tile", `${this.#layout.tile}px`);
    for (const { node } of this.#drawn.values()) node.remove();
    this.#drawn.clear();
    this.#headings.replaceChildren();
    this.#render();
  }

  #askFrame(): void {
    if (this.#isFrameAsked) return;
    this.#isFrameAsked = true;
    requestAnimationFrame(() => {
      this.#isFrameAsked = false;
      this.#render();
    });
  }

  #topOfView(): number {
    return -this.#ground.getBoundingClientRect().top;
  }

  #render(): void {
    if (this.#ground.clientWidth === 0) return;
    const top = this.#topOfView();
    const screen = innerHeight;
    const isDown = top >= this.#lastTop;
    const isFast = Math.abs(top - this.#lastTop) > screen * FAST_SCREENS;
    this.#lastTop = top;
    const around = isFast ? 0 : screen / 2;
    const { first, end } = rowsBetween(this.#layout, top - around, top + screen + around);
    const kept = new Set<number>();
    for (let at = first; at < end; at += 1) kept.add(at);
    const tabStop = this.#tabStop();
    const withTabStop = rowOf(this.#layout, tabStop);
    if (withTabStop >= 0) kept.add(withTabStop);
    for (const [at, { node }] of this.#drawn) {
      if (kept.has(at)) continue;
      node.remove();
      this.#drawn.delete(at);
    }
    for (const at of [...kept].sort((a, b) => a - b)) if (!this.#drawn.has(at)) this.#draw(at);
    this.#setTabStop(tabStop);
    this.#wantPictures(top, isDown, isFast);
  }

  #draw(at: number): void {
    const row = this.#layout.rows[at]!;
    const drawn = row.type === "tiles" ? this.#drawTiles(row) : this.#drawHeading(row);
    drawn.node.style.top = `${row.top}px`;
    drawn.node.dataset.row = String(at);
    this.#drawn.set(at, drawn);
    const parent = row.type === "tiles" ? this.#list : this.#headings;
    const after = [...parent.children].find((other) => Number((other as HTMLElement).dataset.row) > at);
    parent.insertBefore(drawn.node, after ?? null);
  }

  #drawHeading(row: Exclude<Row, { type: "tiles" }>): DrawnRow {
    const node = element("div", { class: `heading h-${row.type}` });
    node.append(
      element(row.type === "section" ? "h2" : "h3", {}, row.words),
      this.#groupButton(row, row.words),
    );
    return { node, tiles: [] };
  }

  #drawTiles(row: Extract<Row, { type: "tiles" }>): DrawnRow {
    const node = element("div", { class: "row", role: "presentation" });
    const { tile, gap } = this.#layout;
    const days = row.days.map((day) => {
      const heading = element("div", { class: "day", "aria-hidden": "true" }, day.words);
      heading.style.left = `${day.column * (tile + gap)}px`;
      heading.style.width = `${day.span * (tile + gap) - gap}px`;
      return heading;
    });
    const tiles: HTMLElement[] = [];
    for (let place = row.first; place < row.end; place += 1) {
      const photo = this.#ordered.photos[place]!;
      const made = makeTile({
        photo,
        place,
        of: this.#shown.ids.length,
        isChosen: this.#selection.chosen.has(photo.id),
        answer: this.#answers.get(photo.id),
        picture: this.#thumbnails.get(keyOf(photo)),
      });
      made.style.left = `${(place - row.first) * (tile + gap)}px`;
      made.style.top = `${row.tilesTop - row.top}px`;
      tiles.push(made);
    }
    fill(node, days, tiles);
    return { node, tiles };
  }

  /** Chooses a month or a section as a whole. */
  #groupButton(group: { first: number; end: number }, words: string): HTMLElement {
    const ids = this.#shown.ids.slice(group.first, group.end);
    const choosable = ids.filter(this.#shown.canBeChosen).length;
    const made = element("span", { class: "group" });
    made.append(element("span", { class: "soft" }, counted(ids.length, "photo")));
    if (choosable === 0) return made;
    const select = element("button", {
      type: "button",
      class: "plain",
      "data-first": group.first,
      "data-end": group.end,
      "data-words": words,
    });
    this.#showGroupChosen(select);
    select.addEventListener("click", () =>
      this.#change(choosing.toggleGroup(this.#selection, this.#shown, ids)),
    );
    made.append(select);
    return made;
  }

  #showGroupsChosen(): void {
    for (const select of this.#headings.querySelectorAll<HTMLElement>("button[data-first]"))
      this.#showGroupChosen(select);
  }

  #showGroupChosen(select: HTMLElement): void {
    const { first, end, words = "" } = select.dataset;
    const ids = this.#shown.ids.slice(Number(first), Number(end)).filter(this.#shown.canBeChosen);
    const areAll = ids.every((id) => this.#selection.chosen.has(id));
    setText(select, areAll ? "Deselect" : "Select");
    select.setAttribute("aria-label", `${areAll ? "Deselect" : "Select"} all of ${words}`);
  }

  #tabStop(): number {
    const ofFocus = this.#shown.placeOf.get(this.#selection.focus ?? -1);
    if (ofFocus !== undefined) return ofFocus;
    const top = this.#topOfView();
    const { first } = rowsBetween(this.#layout, top, top + 1);
    const row = this.#layout.rows.slice(first, first + 4).find(({ type }) => type === "tiles");
    return row?.first ?? 0;
  }

  #setTabStop(place: number): void {
    const id = String(this.#shown.ids[place]);
    for (const { tiles } of this.#drawn.values())
      for (const tile of tiles) tile.tabIndex = tile.dataset.id === id ? 0 : -1;
  }

  #tileOf(place: number): HTMLElement | null {
    const id = String(this.#shown.ids[place]);
    const drawn = this.#drawn.get(rowOf(this.#layout, place));
    return drawn?.tiles.find((tile) => tile.dataset.id === id) ?? null;
  }

  #wantPictures(top: number, isDown: boolean, isFast: boolean): void {
    clearTimeout(this.#slowing);
    if (isFast) {
      this.#slowing = setTimeout(() => this.#render(), SLOWED_DOWN_MS);
      return;
    }
    const screen = innerHeight;
    const inView = this.#wantedBetween(top, top + screen);
    const next = isDown
      ? this.#wantedBetween(top + screen, top + screen * 2)
      : this.#wantedBetween(top - screen, top).reverse();
    this.#thumbnails.want([...inView, ...next]);
  }

  #wantedBetween(top: number, bottom: number): WantedPicture[] {
    const { first, end } = rowsBetween(this.#layout, top, bottom);
    return this.#layout.rows
      .slice(first, end)
      .flatMap((row) => (row.type === "tiles" ? this.#ordered.photos.slice(row.first, row.end) : []))
      .map((photo) => ({ key: keyOf(photo), id: photo.id }));
  }

  #change(selection: Selection): void {
    this.#hooks.onSelection(selection);
  }

  #onFocus({ target }: FocusEvent): void {
    const id = idOf(target as HTMLElement);
    if (this.#selection.focus === id || !this.#shown.placeOf.has(id)) return;
    this.#hooks.onSelection({ ...this.#selection, focus: id });
  }

  #onClick(event: MouseEvent): void {
    const target = event.target as HTMLElement;
    const tile = target.closest<HTMLElement>(".tile");
    if (tile === null) return;
    const isTouch = (event as PointerEvent).pointerType === "touch";
    const isMark = target.closest("[data-mark]") !== null;
    const toggles = event.metaKey || event.ctrlKey || isTouch || isMark;
    const held = { toggles, ranges: event.shiftKey };
    this.#change(choosing.click(this.#selection, this.#shown, idOf(tile), held));
    this.#tileOf(this.#shown.placeOf.get(idOf(tile)) ?? -1)?.focus({ preventScroll: true });
  }

  #onDoubleClick(event: MouseEvent): void {
    const tile = (event.target as HTMLElement).closest<HTMLElement>(".tile");
    if (tile !== null && !event.metaKey && !event.ctrlKey && !event.shiftKey) this.#hooks.onLook(idOf(tile));
  }

  /** A finger that rests on a tile; with a mouse the browser's own menu comes. */
  #onLongPress(event: MouseEvent): void {
    const tile = (event.target as HTMLElement).closest<HTMLElement>(".tile");
    if (tile === null || (event as PointerEvent).pointerType !== "touch") return;
    event.preventDefault();
    this.#hooks.onLook(idOf(tile));
  }

  #onKey(event: KeyboardEvent): void {
    const place = this.#tabStop();
    const id = this.#shown.ids[place];
    if (id === undefined || event.altKey) return;
    const isCommand = event.metaKey || event.ctrlKey;
    const to = this.#placeByKey(event.key, place);
    if (to !== null) this.#moveTo(to, event.shiftKey);
    else if (event.key === "Enter" || (event.key === " " && (event.shiftKey || isCommand)))
      this.#change(choosing.toggle(this.#selection, this.#shown, id));
    else if (event.key === " ") this.#hooks.onLook(id);
    else return;
    event.preventDefault();
  }

  #placeByKey(key: string, place: number): number | null {
    const { tile, gap } = this.#layout;
    const { top, bottom } = viewBetweenBars();
    const rowsOfScreen = Math.max(1, Math.floor((bottom - top) / (tile + gap)) - 1);
    switch (key) {
      case "ArrowLeft":
        return place - 1;
      case "ArrowRight":
        return place + 1;
      case "ArrowUp":
        return placeBeside(this.#layout, place, -1);
      case "ArrowDown":
        return placeBeside(this.#layout, place, 1);
      case "PageUp":
        return placeBeside(this.#layout, place, -rowsOfScreen);
      case "PageDown":
        return placeBeside(this.#layout, place, rowsOfScreen);
      case "Home":
        return 0;
      case "End":
        return this.#shown.ids.length - 1;
      default:
        return null;
    }
  }

  #moveTo(place: number, ranges: boolean): void {
    const anchored =
      this.#selection.focus === null
        ? choosing.moveTo(this.#selection, this.#shown, this.#tabStop(), { ranges: false })
        : this.#selection;
    const next = choosing.moveTo(anchored, this.#shown, place, { ranges });
    this.#change(next);
    if (next.focus !== null) this.focusOn(next.focus);
  }

  placesIn(box: Parameters<typeof placesIn>[1]): number[] {
    return placesIn(this.#layout, box);
  }
}

/** Names the photo itself, whatever its id is in a plan. */
export function keyOf({ name, at, bytes }: PhotoItem): string {
  return `${at} ${bytes} ${name}`;
}

function idOf(tile: HTMLElement): number {
  return Number(tile.dataset.id ?? -1);
}

/** The part of the window that neither the filters nor the bar at the bottom cover. */
function viewBetweenBars(): { top: number; bottom: number } {
  const filters = byId("filters");
  const dock = byId("dock");
  const isStuck = getComputedStyle(filters).position === "sticky";
  const top = isStuck ? filters.offsetHeight : 0;
  const isDockStuck = !dock.hidden && getComputedStyle(dock).position === "sticky";
  return { top, bottom: innerHeight - (isDockStuck ? dock.offsetHeight : 0) };
}
