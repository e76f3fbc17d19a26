import { byId, element, fill, setText } from "./element.js";
import { type Filters, filtersInForce, NO_FILTERS } from "./filters.js";
import { KINDS, kindWords } from "./photo-words.js";
import type { PhotosHead } from "./server-state.js";
import { whenChanged } from "./when-changed.js";
import { count, counted, shortName } from "./words.js";

interface FilterBarHooks {
  readonly onFilters: (filters: Filters) => void;
  readonly onMonth: (place: number) => void;
  readonly onTileSize: (tile: number) => void;
}

interface Shown {
  readonly photos: number;
  readonly months: readonly { readonly words: string; readonly first: number }[];
}

const SHOWS = { new: "New Items", imported: "Already Imported", left: "Stays", all: "All" } as const;
const SMALLEST_TILE = 84;
const LARGEST_TILE = 280;

/** Which photos are shown, where to go, and how large they are. */
export class FilterBar {
  readonly #hooks: FilterBarHooks;
  readonly #bar = byId("filters");
  readonly #shows = new Map<Filters["show"], { input: HTMLInputElement; words: HTMLElement }>();
  readonly #kind = element("select", { id: "kind" });
  readonly #album = element("select", { id: "album" });
  readonly #favorites = element("input", { type: "checkbox", id: "favorites" });
  readonly #from = element("input", { type: "date", id: "from" });
  readonly #to = element("input", { type: "date", id: "to" });
  readonly #name = element("input", {
    type: "search",
    id: "name",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "Find by name",
  });
  readonly #month = element("select", { id: "month" });
  readonly #reset = element("button", { type: "button", class: "plain", hidden: true }, "Show all of them");
  readonly #shownWords = element("span", { role: "status" });
  readonly #datesWords = element("summary", {}, "Dates");
  #filters: Filters;

  constructor(filters: Filters, tile: number, hooks: FilterBarHooks) {
    this.#filters = filters;
    this.#hooks = hooks;
    this.#build(tile);
    this.#setInputs();
  }

  get filters(): Filters {
    return this.#filters;
  }

  set isHidden(isHidden: boolean) {
    this.#bar.hidden = isHidden;
  }

  /** Numbers and albums of the phone that is shown. */
  readonly showHead = whenChanged(({ newItems, importedItems, items, albums }: PhotosHead) => {
    const numbers = {
      new: newItems,
      imported: importedItems,
      all: items,
      left: items - newItems - importedItems,
    };
    for (const [show, { words, input }] of this.#shows) {
      words.textContent = `${SHOWS[show]} ${count(Math.max(0, numbers[show]))}`;
      input.parentElement!.hidden = show === "left" && numbers.left <= 0;
    }
    if (this.#filters.show === "left" && numbers.left <= 0) this.#change({ show: "new" });
    const options = albums.map((name, place) => element("option", { value: place }, shortName(name, 40)));
    fill(this.#album, element("option", { value: "" }, "Every album"), options);
    this.#album.parentElement!.hidden = albums.length === 0;
    const album = this.#filters.album;
    if (album !== null && album >= albums.length) this.#change({ album: null });
    this.#setInputs();
  });

  /** How many are shown after the filters, and the months to go to. */
  readonly showShown = whenChanged(({ photos, months }: Shown) => {
    this.#shownWords.textContent = `${counted(photos, "photo")} shown`;
    this.#reset.hidden = filtersInForce(this.#filters) === 0;
    const options = months.map(({ words, first }) => element("option", { value: first }, words));
    fill(this.#month, element("option", { value: "" }, "Go to month"), options);
    this.#month.disabled = months.length < 2;
  });

  /** Nothing is filtered but by group. */
  clear(): void {
    this.#change({ ...NO_FILTERS, show: this.#filters.show });
    this.#setInputs();
  }

  #build(tile: number): void {
    const shows = (Object.keys(SHOWS) as Filters["show"][]).map((show) => {
      const input = element("input", { type: "radio", name: "show", value: show, class: "unseen" });
      const words = element("span", {}, SHOWS[show]);
      input.addEventListener("change", () => this.#change({ show }));
      this.#shows.set(show, { input, words });
      return element("label", { class: "segment" }, input, words);
    });
    const kinds = KINDS.map((kind) => element("option", { value: kind }, `${kindWords(kind)}s`));
    fill(this.#kind, element("option", { value: "" }, "Every kind"), kinds);
    const size = element("input", {
      type: "range",
      id: "tile-size",
      min: SMALLEST_TILE,
      max: LARGEST_TILE,
      step: 4,
      value: tile,
    });
    size.addEventListener("input", () => this.#hooks.onTileSize(size.valueAsNumber));
    this.#kind.addEventListener("change", () =>
      this.#change({ kinds: KINDS.filter((kind) => kind === this.#kind.value) }),
    );
    this.#album.addEventListener("change", () =>
      this.#change({ album: this.#album.value === "" ? null : Number(this.#album.value) }),
    );
    this.#favorites.addEventListener("change", () =>
      this.#change({ isFavoritesOnly: this.#favorites.checked }),
    );
    this.#from.addEventListener("change", () => this.#change({ from: this.#from.value }));
    this.#to.addEventListener("change", () => this.#change({ to: this.#to.value }));
    this.#name.addEventListener("input", () => this.#change({ name: this.#name.value }));
    this.#month.addEventListener("change", () => {
      if (this.#month.value !== "") this.#hooks.onMonth(Number(this.#month.value));
      this.#month.value = "";
    });
    this.#reset.addEventListener("click", () => this.clear());
    const groups = element(
      "fieldset",
      { class: "segments" },
      element("legend", { class: "unseen" }, "Which group is shown"),
      shows,
    );
    fill(
      this.#bar,
      element(
        "div",
        { class: "filters-top" },
        groups,
        element("div", { class: "shown" }, this.#shownWords, this.#reset),
      ),
      labelled("Kind", this.#kind, "unseen"),
      labelled("Album", this.#album, "unseen"),
      element("label", { class: "box" }, this.#favorites, element("span", {}, "Favourites")),
      this.#datesMenu(),
      labelled("Name", this.#name, "unseen"),
      labelled("Go to month", this.#month, "unseen"),
      labelled("Size of the pictures", size, "unseen"),
    );
  }

  /** From and to, which take much room and are used seldom. */
  #datesMenu(): HTMLElement {
    const panel = element("div", { class: "panel" }, labelled("From", this.#from), labelled("to", this.#to));
    const menu = element("details", { class: "menu" }, this.#datesWords, panel);
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      event.preventDefault();
      menu.open = false;
      this.#datesWords.focus();
    });
    document.addEventListener("pointerdown", ({ target }) => {
      if (!menu.contains(target as Node)) menu.open = false;
    });
    return menu;
  }

  #setInputs(): void {
    const { show, kinds, album, isFavoritesOnly, from, to, name } = this.#filters;
    for (const [of, { input }] of this.#shows) input.checked = of === show;
    this.#kind.value = kinds[0] ?? "";
    this.#album.value = album === null ? "" : String(album);
    this.#favorites.checked = isFavoritesOnly;
    this.#from.value = from;
    this.#to.value = to;
    this.#name.value = name;
    this.#showDates();
  }

  #showDates(): void {
    const { from, to } = this.#filters;
    const words = [from === "" ? "" : `from ${from}`, to === "" ? "" : `to ${to}`].join(" ").trim();
    setText(this.#datesWords, words === "" ? "Dates" : `Dates: ${words}`);
  }

  #change(change: Partial<Filters>): void {
    this.#filters = { ...this.#filters, ...change };
    this.#showDates();
    this.#hooks.onFilters(this.#filters);
  }
}

function labelled(words: string, control: HTMLElement, look = ""): HTMLElement {
  return element("label", { class: "field" }, element("span", { class: look }, words), control);
}
