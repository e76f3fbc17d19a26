import { byId } from "./element.js";

/** A burst of changes is told once, by its end. */
const AFTER_MS = 300;

let waiting: ReturnType<typeof setTimeout> | undefined;

/** Says something to a screen reader, when it has nothing else to say; the last one counts. */
export function announce(words: string): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    byId("live").textContent = words;
  }, AFTER_MS);
}
