import type { Api } from "./api.js";
import { byId, element, fill, setText } from "./element.js";
import { keyOf } from "./grid.js";
import { icon } from "./icon.js";
import { canBeChosen, kindWords, stateWords } from "./photo-words.js";
import type { LargeView as LargeFacts, PhotoItem } from "./server-state.js";
import type { Thumbnails } from "./thumbnails.js";
import { day, length, shortName, size, time } from "./words.js";

interface LargeViewHooks {
  /** The photo so many places further in what is shown; null at its end. */
  readonly beside: (id: number, by: number) => PhotoItem | null;
  readonly isChosen: (id: number) => boolean;
  readonly onToggle: (id: number) => void;
  readonly onMoved: (id: number) => void;
  readonly onClosed: (id: number) => void;
}

/** One photo as large as the window: the picture itself where the browser can show it; films play. */
export class LargeView {
  readonly #dialog = byId<HTMLDialogElement>("large");
  readonly #api: Api;
  readonly #thumbnails: Thumbnails;
  readonly #hooks: LargeViewHooks;
  readonly #stage = element("div", { class: "stage" });
  readonly #title = element("h2", { id: "large-title" });
  readonly #facts = element("p", { class: "soft" });
  readonly #note = element("p", { class: "soft", role: "status" });
  readonly #toggle = element("button", { type: "button", class: "button" });
  readonly #live = element("button", { type: "button", class: "button", hidden: true }, "Play Live Photo");
  readonly #before = element(
    "button",
    { type: "button", class: "button round", "aria-label": "Photo before" },
    icon("left"),
  );
  readonly #after = element(
    "button",
    { type: "button", class: "button round", "aria-label": "Next photo" },
    icon("right"),
  );
  #plan = -1;
  #photo: PhotoItem | null = null;
  #asked = new AbortController();

  constructor(api: Api, thumbnails: Thumbnails, hooks: LargeViewHooks) {
    this.#api = api;
    this.#thumbnails = thumbnails;
    this.#hooks = hooks;
    const close = element(
      "button",
      { type: "button", class: "button round", "aria-label": "Close" },
      icon("cross"),
    );
    close.addEventListener("click", () => this.#dialog.close());
    this.#before.addEventListener("click", () => this.#move(-1));
    this.#after.addEventListener("click", () => this.#move(1));
    this.#toggle.addEventListener("click", () => this.#toggleChosen());
    fill(
      this.#dialog,
      element("header", {}, element("div", { class: "large-words" }, this.#title, this.#facts), close),
      this.#stage,
      element(
        "footer",
        {},
        this.#before,
        element("div", { class: "large-middle" }, this.#note, this.#live, this.#toggle),
        this.#after,
      ),
    );
    this.#dialog.tabIndex = -1;
    this.#dialog.addEventListener("keydown", (event) => this.#onKey(event));
    this.#dialog.addEventListener("close", () => this.#closed());
    this.#dialog.addEventListener("click", ({ target }) => {
      if (target === this.#dialog || target === this.#stage) this.#dialog.close();
    });
  }

  get isOpen(): boolean {
    return this.#dialog.open;
  }

  open(plan: number, photo: PhotoItem): void {
    this.#plan = plan;
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#dialog.focus();
    void this.#show(photo);
  }

  close(): void {
    this.#dialog.close();
  }

  /** What is chosen changed. */
  refresh(): void {
    const photo = this.#photo;
    if (photo === null) return;
    const isChosen = this.#hooks.isChosen(photo.id);
    this.#toggle.hidden = !canBeChosen(photo);
    this.#toggle.setAttribute("aria-pressed", String(isChosen));
    setText(this.#toggle, isChosen ? "Selected" : "Select");
  }

  async #show(photo: PhotoItem): Promise<void> {
    this.#photo = photo;
    this.#asked.abort();
    const { signal } = (this.#asked = new AbortController());
    fill(this.#title, element("bdi", {}, shortName(photo.name, 160)));
    setText(this.#facts, factsOf(photo, true).join("  ·  "));
    setText(this.#note, "");
    this.#live.hidden = true;
    this.#before.disabled = this.#hooks.beside(photo.id, -1) === null;
    this.#after.disabled = this.#hooks.beside(photo.id, 1) === null;
    this.refresh();
    this.#showSmall(photo);
    try {
      const large = await this.#api.json<LargeFacts>(`/api/large/${this.#plan}/${photo.id}`, signal);
      if (!signal.aborted) this.#showLarge(photo, large);
    } catch (error) {
      if (!signal.aborted) setText(this.#note, error instanceof Error ? error.message : String(error));
    }
  }

  #showSmall(photo: PhotoItem): void {
    const picture = this.#thumbnails.get(keyOf(photo));
    if (!picture) {
      fill(this.#stage, icon(photo.kind));
      return;
    }
    const image = element("img", { alt: kindWords(photo.kind), class: "is-small" });
    image.src = picture.url;
    fill(this.#stage, image);
  }

  #showLarge(photo: PhotoItem, large: LargeFacts): void {
    setText(this.#facts, [...factsOf(photo, false), ...large.facts].join("  ·  "));
    const { show, address, liveAddress } = large;
    if (show === "image" && address !== null) this.#showImage(photo, address, large.isSafariOnly);
    else if (show === "video" && address !== null) this.#showFilm(address, true);
    else setText(this.#note, "A browser cannot show this kind: this is the small picture of the phone.");
    if (liveAddress === null) return;
    this.#live.hidden = false;
    this.#live.onclick = () => this.#showFilm(liveAddress, false, () => void this.#show(photo));
  }

  #showImage(photo: PhotoItem, address: string, isSafariOnly: boolean): void {
    const image = element("img", { alt: kindWords(photo.kind) });
    image.addEventListener("load", () => {
      if (this.#photo === photo) fill(this.#stage, image);
    });
    image.addEventListener("error", () => {
      if (this.#photo !== photo) return;
      const what = isSafariOnly ? "Only Safari shows HEIC" : "The picture itself could not be shown";
      const isSmallThere = this.#thumbnails.get(keyOf(photo)) != null;
      setText(this.#note, isSmallThere ? `${what}: this is the small picture of the phone.` : `${what}.`);
    });
    image.src = address;
  }

  #showFilm(address: string, hasControls: boolean, onEnded?: () => void): void {
    const film = element("video", { controls: hasControls, autoplay: true, playsinline: true });
    if (onEnded !== undefined) film.addEventListener("ended", onEnded);
    film.addEventListener("error", () => {
      if (film.isConnected) setText(this.#note, "This browser cannot play the film.");
    });
    film.src = address;
    fill(this.#stage, film);
  }

  #move(by: number): void {
    const next = this.#photo === null ? null : this.#hooks.beside(this.#photo.id, by);
    if (next === null) return;
    this.#hooks.onMoved(next.id);
    void this.#show(next);
    // A button that has just been switched off would keep the keys to itself.
    if (this.#before.disabled || this.#after.disabled) this.#dialog.focus();
  }

  #toggleChosen(): void {
    if (this.#photo === null || !canBeChosen(this.#photo)) return;
    this.#hooks.onToggle(this.#photo.id);
    this.refresh();
  }

  #onKey(event: KeyboardEvent): void {
    const on = event.target as HTMLElement;
    const isFilm = on.localName === "video";
    if (event.key === "ArrowLeft" && !isFilm) this.#move(-1);
    else if (event.key === "ArrowRight" && !isFilm) this.#move(1);
    else if (on.localName === "button" || isFilm) return;
    else if (event.key === "Enter") this.#toggleChosen();
    else if (event.key === " ") this.#dialog.close();
    else return;
    event.preventDefault();
  }

  #closed(): void {
    this.#asked.abort();
    // A film that nobody sees must not go on reading from the phone.
    for (const film of this.#stage.querySelectorAll("video")) {
      film.removeAttribute("src");
      film.load();
    }
    fill(this.#stage);
    const { id } = this.#photo ?? { id: -1 };
    this.#photo = null;
    this.#hooks.onClosed(id);
  }
}

/** @param withSize false: the sizes of its files stand beside it */
function factsOf(photo: PhotoItem, withSize: boolean): string[] {
  const facts = [kindWords(photo.kind), `${day(photo.at)} at ${time(photo.at)}`];
  if (photo.seconds !== undefined) facts.push(length(photo.seconds));
  if (withSize && photo.bytes > 0) facts.push(size(photo.bytes));
  if (photo.isFavorite) facts.push("favourite");
  if (photo.isEdited) facts.push("edited");
  facts.push(stateWords(photo));
  if (photo.note !== undefined && photo.state !== "left") facts.push(photo.note);
  return facts;
}
