import { type ChosenNow, chosenWords, factsWords } from "./choice-words.js";
import { element, setText } from "./element.js";
import type { Choice, PhotosHead } from "./server-state.js";

interface ChoiceBarHooks {
  readonly onImport: (what: "chosen" | "new") => void;
  readonly onLook: () => void;
  readonly onClear: () => void;
}

/** What is chosen, what that takes, and the two buttons. */
export class ChoiceBar {
  readonly node = element("div", { class: "choice" });
  readonly #chosen = element("strong", {});
  readonly #facts = element("span", { class: "soft" });
  readonly #look = element("button", { type: "button", class: "plain", title: "Space" }, "Look");
  readonly #clear = element("button", { type: "button", class: "plain" }, "Select none");
  readonly #importChosen = element(
    "button",
    { type: "button", class: "button primary", id: "import-chosen" },
    "Import Selected",
  );
  readonly #importNew = element(
    "button",
    { type: "button", class: "button", id: "import-new" },
    "Import All New Photos",
  );

  constructor(hooks: ChoiceBarHooks) {
    this.#importChosen.addEventListener("click", () => hooks.onImport("chosen"));
    this.#importNew.addEventListener("click", () => hooks.onImport("new"));
    this.#look.addEventListener("click", hooks.onLook);
    this.#clear.addEventListener("click", hooks.onClear);
    this.node.append(
      element(
        "div",
        { class: "choice-words" },
        element("p", {}, this.#chosen, " ", this.#look, " ", this.#clear),
        element("p", {}, this.#facts),
      ),
      element("p", { class: "choice-buttons" }, this.#importChosen, " ", this.#importNew),
    );
  }

  /** @param isReady an import may begin now */
  show(now: ChosenNow, choice: Choice | null, photos: PhotosHead, isReady: boolean): void {
    setText(this.#chosen, chosenWords(now));
    setText(this.#facts, factsWords(now, choice));
    this.#facts.classList.toggle("wrong", choice !== null && !choice.fits && now.items > 0);
    this.#clear.hidden = now.items === 0;
    this.#importChosen.disabled = !isReady || now.items === 0;
    this.#importNew.disabled = !isReady || photos.newItems === 0;
    this.#importNew.classList.toggle("primary", now.items === 0);
  }
}
