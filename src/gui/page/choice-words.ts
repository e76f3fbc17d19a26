import type { Choice } from "./server-state.js";
import { about, count, counted, size } from "./words.js";

/** What a person has chosen, here and now. */
export interface ChosenNow {
  readonly items: number;
  readonly bytes: number;
  /** Of them, what the filters leave out. */
  readonly notShown: number;
}

/** "3 photos selected (1 of them not shown)" */
export function chosenWords({ items, notShown }: ChosenNow): string {
  if (items === 0) return "No photo selected";
  const away = notShown === 0 ? "" : ` (${count(notShown)} of them not shown)`;
  return `${counted(items, "photo")} selected${away}`;
}

/** "12.4 MB, about 2 seconds on this cable, 210 GB free" */
export function factsWords({ items, bytes }: ChosenNow, choice: Choice | null): string {
  const facts: string[] = items === 0 ? ["Click a photo to select it, Space shows it large"] : [];
  if (items > 0) facts.push(size(bytes));
  if (items > 0 && choice !== null && choice.cableSeconds !== null && choice.items === items)
    facts.push(`about ${about(choice.cableSeconds)} on this cable`);
  if (choice !== null && choice.freeBytes !== null)
    facts.push(
      choice.fits || items === 0
        ? `${size(choice.freeBytes)} free`
        : `only ${size(choice.freeBytes)} free: this does not fit`,
    );
  return facts.join("  ·  ");
}
