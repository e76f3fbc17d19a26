import { element, fill, setText } from "./element.js";
import { nowWords, shareOf, waitingWords } from "./run-words.js";
import type { Bar, Question, RunNow } from "./server-state.js";
import { whenChanged } from "./when-changed.js";
import { count, counted, sizeOfSize } from "./words.js";

interface WatchHooks {
  readonly onStop: () => void;
  readonly onAnswer: (question: number, value: string) => void;
}

/** The import that is on: both bars, what Photos is waited for, what a person is asked, and Stop. */
export class Watch {
  readonly node = element("div", { class: "watch" });
  readonly #copied = barNodes("Copied from the iPhone");
  readonly #imported = barNodes("In Photos");
  readonly #bars = element("div", { class: "bars" }, this.#copied.node, this.#imported.node);
  readonly #now = element("p", { class: "watch-now" });
  readonly #waiting = element("p", { class: "watch-waiting", hidden: true });
  readonly #notices = element("ul", { class: "watch-notices", "aria-label": "Notices", hidden: true });
  readonly #asked = element("div", {
    class: "asked",
    role: "group",
    "aria-labelledby": "asked-words",
    hidden: true,
  });
  readonly #stop = element("button", { type: "button", class: "button", id: "stop" }, "Stop");
  readonly #unplug = element("p", { class: "unplug", hidden: true }, "Safe to unplug");

  constructor(hooks: WatchHooks) {
    this.#stop.addEventListener("click", hooks.onStop);
    this.#hooks = hooks;
    this.node.append(
      this.#asked,
      this.#waiting,
      this.#bars,
      element("div", { class: "watch-end" }, this.#now, this.#unplug, this.#stop),
      this.#notices,
    );
  }
  readonly #hooks: WatchHooks;

  show(run: RunNow, question: Question | null): void {
    this.#bars.hidden = run.phase !== "working" && run.copied.ofItems === 0;
    this.#copied.show(run.copied);
    this.#imported.show(run.imported);
    setText(this.#now, nowWords(run));
    const waiting = waitingWords(run);
    this.#waiting.hidden = waiting === null;
    this.#waiting.classList.toggle("is-look", run.isLookAtPhotos);
    setText(this.#waiting, waiting ?? "");
    this.#unplug.hidden = !run.isSafeToUnplug;
    this.#stop.disabled = run.isStopping;
    setText(this.#stop, run.isStopping ? "Stopping at the next safe point" : "Stop");
    this.#drawNotices(run.notices.map(({ message }) => message));
    this.#drawQuestion(question);
  }

  readonly #drawNotices = whenChanged((messages: readonly string[]) => {
    this.#notices.hidden = messages.length === 0;
    fill(
      this.#notices,
      messages.map((message) => element("li", {}, message)),
    );
  });

  readonly #drawQuestion = whenChanged((question: Question | null) => {
    this.#asked.hidden = question === null;
    if (question === null) return fill(this.#asked);
    const { number, words, detail, options } = question;
    const buttons = options.map(({ value, words, isSuggested }) => {
      const look = isSuggested ? "button primary" : "button";
      const made = element("button", { type: "button", class: look }, words);
      made.addEventListener("click", () => this.#hooks.onAnswer(number, value));
      return made;
    });
    fill(
      this.#asked,
      element("h2", { id: "asked-words", tabindex: -1 }, words),
      detail !== null && element("p", { class: "soft" }, detail),
      element("p", { class: "actions" }, buttons),
    );
    // Nothing goes on without an answer: the keyboard is brought to it, unless something is being typed.
    const { activeElement } = document;
    if (!(activeElement instanceof HTMLInputElement) && document.querySelector("dialog[open]") === null)
      this.#asked.querySelector<HTMLElement>("#asked-words")?.focus();
  });
}

function barNodes(title: string): { node: HTMLElement; show: (bar: Bar) => void } {
  const words = element("span", { class: "soft" });
  const progress = element("progress", { max: 1, value: 0, "aria-label": title });
  const node = element(
    "div",
    { class: "bar" },
    element("p", {}, element("span", {}, title), " ", words),
    progress,
  );
  return {
    node,
    show: (bar) => {
      const share = shareOf(bar);
      if (progress.value !== share) progress.value = share;
      const bytes =
        bar.bytes === undefined || bar.ofBytes === undefined ? "" : `, ${sizeOfSize(bar.bytes, bar.ofBytes)}`;
      setText(words, `${count(bar.items)} of ${counted(bar.ofItems, "photo")}${bytes}`);
    },
  };
}
