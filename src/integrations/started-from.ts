/** From where else than a terminal a set-up lets Rollcall be started, by the words of `rollcall setup`. */
export const STARTED_FROM = ["shortcuts", "automator", "agent"] as const;

export type StartedFrom = (typeof STARTED_FROM)[number];

/** Stands in every file that a set-up writes, so that a run knows from where it was started. */
export const STARTED_FROM_VARIABLE = "ROLLCALL_STARTED_FROM";

/** Null for a terminal, and for a word that no set-up of this version writes. */
export function startedFrom(word: string | undefined): StartedFrom | null {
  return STARTED_FROM.find((one) => one === word) ?? null;
}
