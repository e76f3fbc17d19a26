import { RollcallError } from "../errors.js";
import type { ExamineParts } from "./examine-parts.js";
import { type Blocks, type Finding, note } from "./finding.js";

/** One question about this computer, and the way to its answer. */
export interface Check {
  /** For programs; never renamed. */
  readonly id: string;
  /** A few words, at most 24 characters. */
  readonly question: string;
  /** After this nobody waits for it any longer. */
  readonly deadlineMs: number;
  /** What is hindered where no answer comes; null where that costs little, and is a note. */
  readonly blocks: Blocks | null;
  /**
   * At least one finding; several where there are several phones.
   * @throws anything: that becomes a finding, and the next check goes on
   */
  look(parts: ExamineParts, signal: AbortSignal): Promise<readonly Finding[]>;
}

/** Where only macOS has an answer, and this is another system. */
export const NOT_HERE = "not on this system";

/** For what another check already tells as a trouble: here it is only the reason why nothing is known. */
export function notKnown(error: unknown): Finding {
  return note(`not known: ${sentenceOf(error)}`);
}

export function sentenceOf(error: unknown): string {
  if (error instanceof RollcallError)
    return error.why === undefined ? error.message : `${error.message} ${error.why}`;
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0] || "an unexpected error occurred";
}
