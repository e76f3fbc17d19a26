import { stopped } from "../errors.js";
import { suggestedForICloud } from "../plan/icloud-look.js";
import { isAllSeen, lookSentence } from "../receipt/left-to-icloud.js";
import { photosAndFiles } from "../receipt/photos-and-files.js";
import type { Questions } from "../run/run-parts.js";
import { bytes, counted, tilde } from "../words/wording.js";
import type { LiveState } from "./live-state.js";
import type { Question } from "./page/server-state.js";

/** Asks in the page what an import asks a person; whichever tab answers first has answered. */
export class PageQuestions {
  readonly #live: LiveState;
  #number = 0;
  #answer: (value: string) => void = () => {};

  constructor(live: LiveState) {
    this.#live = live;
  }

  /** @returns false where nothing is asked under this number, or this is no answer to it */
  answer(question: number, value: string): boolean {
    const asked = this.#live.now.question;
    if (asked?.number !== question || !asked.options.some((option) => option.value === value)) return false;
    this.#answer(value);
    return true;
  }

  /** What a run asks, until its signal aborts. */
  of(signal: AbortSignal): Questions {
    return {
      confirmFirstRun: async ({ toImport, catalogue }, library) => {
        const into = library === null ? "Photos" : `Photos (${tilde(library)})`;
        const isSynced = catalogue.phoneLibrary?.syncedWithICloud;
        const state =
          isSynced === undefined ? "" : ` It ${isSynced ? "uses" : "does not use"} iCloud Photos.`;
        const value = await this.#ask(signal, {
          words: `Import ${counted(toImport.items, "photo")}, ${bytes(toImport.bytes)}, into ${into}?`,
          detail: `This is the first import from this iPhone into this library.${state}`,
          options: [
            { value: "yes", words: "Import", isSuggested: true },
            { value: "no", words: "Cancel", isSuggested: false },
          ],
        });
        return value === "yes";
      },
      chooseICloud: async (left) => {
        const suggested = suggestedForICloud(left);
        const one = isAllSeen(left) ? "photo" : "new photo";
        const value = await this.#ask(signal, {
          words: `The iPhone keeps ${photosAndFiles(left, one)} in iCloud Photos. Does this Mac get them from iCloud?`,
          detail: lookSentence(left),
          options: [
            { value: "skip", words: "Yes, skip them", isSuggested: suggested === "skip" },
            { value: "import", words: "No, import them", isSuggested: suggested === "import" },
          ],
        });
        return value === "import" ? "import" : "skip";
      },
    };
  }

  /** @throws RollcallError STOPPED */
  async #ask(signal: AbortSignal, question: Omit<Question, "number">): Promise<string> {
    const number = ++this.#number;
    try {
      return await new Promise<string>((resolve, reject) => {
        const onAbort = () => reject(stopped(signal));
        if (signal.aborted) return onAbort();
        signal.addEventListener("abort", onAbort, { once: true });
        this.#answer = (value) => {
          signal.removeEventListener("abort", onAbort);
          resolve(value);
        };
        this.#live.set({ question: { number, ...question } });
      });
    } finally {
      this.#answer = () => {};
      this.#live.set({ question: null });
    }
  }
}
