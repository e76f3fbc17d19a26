import { announce } from "./announce.js";
import { type Api, RefusedError } from "./api.js";
import { ChoiceBar } from "./choice-bar.js";
import { ChoiceSync } from "./choice-sync.js";
import { type ChosenNow, chosenWords } from "./choice-words.js";
import { byId, setText } from "./element.js";
import { FilterBar } from "./filter-bar.js";
import { filtered } from "./filters.js";
import { Grid } from "./grid.js";
import { LargeView } from "./large-view.js";
import { recall, remember } from "./remembered.js";
import { drawBoxes } from "./rubber-band.js";
import * as choosing from "./selection.js";
import { isSameChoice, NOTHING_CHOSEN, type Selection } from "./selection.js";
import type { Change, PageState, PhotoItem, PhotoList, TileAnswer } from "./server-state.js";
import { Thumbnails } from "./thumbnails.js";
import { Undo } from "./undo.js";
import { counted, size } from "./words.js";

interface PhotosViewHooks {
  readonly api: Api;
  readonly onImport: (what: "chosen" | "new") => void;
  readonly onRefused: (error: unknown) => void;
}

/** The photos of the phone, which of them are shown, and which are chosen. */
export class PhotosView {
  readonly bar: ChoiceBar;
  readonly #hooks: PhotosViewHooks;
  readonly #thumbnails: Thumbnails;
  readonly #grid: Grid;
  readonly #filters: FilterBar;
  readonly #large: LargeView;
  readonly #sync: ChoiceSync;
  readonly #undo = new Undo();
  #state: PageState | null = null;
  #selection: Selection = NOTHING_CHOSEN;
  #plan = -1;
  #planAsked = -1;
  #photos: readonly PhotoItem[] = [];
  #byId = new Map<number, PhotoItem>();
  #phone = "";
  readonly #answers = new Map<number, TileAnswer>();
  #answersOf = "";
  #scrollTo: number;

  constructor(hooks: PhotosViewHooks) {
    this.#hooks = hooks;
    const { filters, tile, scrollTop } = recall();
    this.#scrollTo = scrollTop;
    this.#thumbnails = new Thumbnails(
      {
        fetch: async (id, signal) => {
          const blob = await hooks.api.blob(`/api/thumbnail/${this.#plan}/${id}`, signal);
          return blob === null ? null : { url: URL.createObjectURL(blob), bytes: blob.size };
        },
        revoke: (url) => URL.revokeObjectURL(url),
      },
      (key) => this.#grid.pictureCame(key),
    );
    this.#grid = new Grid(this.#thumbnails, {
      onSelection: (selection) => this.#select(selection),
      onLook: (id) => this.#look(id),
    });
    this.#grid.sizeTiles(tile);
    this.#filters = new FilterBar(filters, tile, {
      onFilters: (filters) => {
        remember({ filters });
        this.#filter();
      },
      onMonth: (place) => this.#grid.scrollTo(place, "top"),
      onTileSize: (tile) => {
        remember({ tile });
        this.#grid.sizeTiles(tile);
      },
    });
    this.#large = new LargeView(hooks.api, this.#thumbnails, {
      beside: (id, by) => this.#grid.photoAt((this.#grid.shown.placeOf.get(id) ?? -2) + by) ?? null,
      isChosen: (id) => this.#selection.chosen.has(id),
      onToggle: (id) => this.#select(choosing.toggle(this.#selection, this.#grid.shown, id)),
      onMoved: (id) => this.#select({ ...this.#selection, focus: id }),
      onClosed: (id) => this.#grid.focusOn(id),
    });
    this.#sync = new ChoiceSync({
      send: async (request) => void (await hooks.api.post("/api/choice", request)),
      onChosen: (chosen) => this.#take(choosing.chosenElsewhere(this.#selection, chosen)),
      onRefused: (error) => this.#refused(error),
    });
    this.bar = new ChoiceBar({
      onImport: hooks.onImport,
      onLook: () => {
        const id = this.#selection.focus ?? this.#grid.shown.ids[0];
        if (id !== undefined) this.#look(id);
      },
      onClear: () => this.#select(choosing.chooseNone(this.#selection)),
    });
    drawBoxes(this.#grid, (selection) => this.#select(selection));
    addEventListener("pagehide", () => remember({ scrollTop: scrollY }));
  }

  /** The list of photos that is shown; -1 before the first. */
  get plan(): number {
    return this.#plan;
  }

  get isLarge(): boolean {
    return this.#large.isOpen;
  }

  show(state: PageState): void {
    const wasReady = this.#state?.opened?.phase === "ready";
    this.#state = state;
    const { opened } = state;
    const photos = opened?.photos ?? null;
    if (opened !== null && opened.udid !== this.#phone) {
      this.#phone = opened.udid;
      this.#thumbnails.clear();
      this.#setPhotos(-1, []);
    }
    this.#filters.isHidden = photos === null || this.#plan === -1;
    byId("ground").hidden = photos === null;
    if (photos !== null) {
      this.#filters.showHead(photos);
      byId("grid").setAttribute("aria-label", `Photos on ${opened?.name ?? "the iPhone"}`);
      if (photos.plan !== this.#plan && photos.plan !== this.#planAsked) void this.#ask(photos.plan);
    }
    if (opened?.phase === "ready" && !wasReady) this.#thumbnails.tryAgain();
    this.#showNone();
    this.#showBar();
  }

  hear(change: Extract<Change, { type: "choice" | "answers" }>): void {
    if (change.type === "choice") {
      this.#sync.hear(change.plan, change.revision, change.ids);
      return;
    }
    const of = `${change.run} ${change.plan}`;
    if (of !== this.#answersOf) {
      this.#answersOf = of;
      this.#answers.clear();
    }
    for (const answer of change.answers) this.#answers.set(answer.id, answer);
    if (change.plan === this.#plan)
      this.#grid.answer(
        this.#answers,
        change.answers.map(({ id }) => id),
      );
  }

  /** Resolves once the server knows what is chosen here. */
  settled(): Promise<void> {
    return this.#sync.settled();
  }

  /** A key that means the photos, wherever the keyboard is. @returns whether it meant something */
  key(event: KeyboardEvent): boolean {
    const isCommand = (event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey;
    if (isCommand && event.key.toLowerCase() === "a")
      this.#select(choosing.chooseAll(this.#selection, this.#grid.shown));
    else if (isCommand && event.key.toLowerCase() === "z") this.#takeBack();
    else if (event.key === "Escape") this.#select(choosing.chooseNone(this.#selection));
    else return false;
    return true;
  }

  focusPhotos(): void {
    this.#grid.focusFirst();
  }

  async #ask(plan: number): Promise<void> {
    this.#planAsked = plan;
    try {
      const list = await this.#hooks.api.json<PhotoList>(`/api/photos?plan=${plan}`);
      if (this.#planAsked !== plan) return;
      this.#sync.begin(list.plan, list.choiceRevision, list.chosen);
      this.#setPhotos(list.plan, list.photos);
      this.#take(choosing.chosenElsewhere(this.#selection, list.chosen));
      if (this.#state !== null) this.show(this.#state);
      this.#scrollBack();
    } catch (error) {
      // The list went while it was asked for: the next state names another.
      if (!(error instanceof RefusedError && error.trouble.code === "PLAN_CHANGED")) this.#refused(error);
      this.#planAsked = -1;
    }
  }

  #setPhotos(plan: number, photos: readonly PhotoItem[]): void {
    // Another plan may give a photo another id: the keyboard stays where it is by the photo itself.
    const focused = this.#byId.get(this.#selection.focus ?? -1);
    this.#plan = plan;
    this.#photos = photos;
    this.#byId = new Map(photos.map((photo) => [photo.id, photo]));
    this.#undo.forget();
    const same =
      focused &&
      photos.find(
        ({ name, at, bytes }) => name === focused.name && at === focused.at && bytes === focused.bytes,
      );
    this.#selection = { ...NOTHING_CHOSEN, focus: same?.id ?? null };
    this.#grid.choose(this.#selection);
    if (!this.#answersOf.endsWith(` ${plan}`)) this.#answers.clear();
    this.#grid.answer(this.#answers, []);
    this.#filter();
  }

  #filter(): void {
    this.#grid.show(filtered(this.#photos, this.#filters.filters));
    this.#filters.showShown({ photos: this.#grid.shown.ids.length, months: this.#grid.months });
    this.#showNone();
    this.#showBar();
  }

  #showNone(): void {
    const none = byId("none");
    const head = this.#state?.opened?.photos ?? null;
    none.hidden = head === null || this.#plan !== head.plan || this.#grid.shown.ids.length > 0;
    if (none.hidden) return;
    const { show } = this.#filters.filters;
    const isNothingNew = show === "new" && head?.newItems === 0;
    setText(
      none,
      isNothingNew
        ? "Nothing is new. What was imported before is shown under Already Imported."
        : "No photo matches.",
    );
  }

  /** A person chose: shown at once, and told to the server. */
  #select(selection: Selection): void {
    const before = this.#selection.chosen;
    const isChange = !isSameChoice(before, selection.chosen);
    if (isChange) this.#undo.remember(before);
    this.#take(selection);
    if (!isChange) return;
    this.#sync.want(selection.chosen);
    const now = this.#chosenNow();
    announce(now.items === 0 ? chosenWords(now) : `${chosenWords(now)}, ${size(now.bytes)}`);
  }

  #takeBack(): void {
    const before = this.#undo.take();
    if (before === null) return;
    this.#take({ ...this.#selection, chosen: before, beforeRange: before });
    this.#sync.want(before);
    announce(`Taken back: ${counted(before.size, "photo")} selected`);
  }

  #take(selection: Selection): void {
    this.#selection = selection;
    this.#grid.choose(selection);
    if (this.#large.isOpen) this.#large.refresh();
    this.#showBar();
  }

  #chosenNow(): ChosenNow {
    let bytes = 0;
    let notShown = 0;
    for (const id of this.#selection.chosen) {
      bytes += this.#byId.get(id)?.bytes ?? 0;
      if (!this.#grid.shown.placeOf.has(id)) notShown += 1;
    }
    return { items: this.#selection.chosen.size, bytes, notShown };
  }

  #showBar(): void {
    const opened = this.#state?.opened;
    if (!opened?.photos) return;
    const isRunning = this.#state?.run != null && this.#state.run.end === null;
    const isReady = opened.phase === "ready" && this.#plan === opened.photos.plan && !isRunning;
    this.bar.show(this.#chosenNow(), opened.choice, opened.photos, isReady);
  }

  #look(id: number): void {
    const photo = this.#byId.get(id);
    if (photo !== undefined) this.#large.open(this.#plan, photo);
  }

  #scrollBack(): void {
    if (this.#scrollTo > 0) scrollTo({ top: this.#scrollTo, behavior: "instant" });
    this.#scrollTo = 0;
  }

  #refused(error: unknown): void {
    if (error instanceof RefusedError && error.trouble.code === "PLAN_CHANGED") {
      this.#planAsked = -1;
      return;
    }
    this.#hooks.onRefused(error);
  }
}
