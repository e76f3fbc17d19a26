import { writeFileSync } from "node:fs";
import { homedir } from "node:os";

export const ABOUT_THE_FILE =
  "It holds what Photos and this computer's programs answered about pictures that were made for the purpose, " +
  "versions, and times. No names, places or pictures of yours, no serial numbers, no pair records. " +
  "It is plain text: read it before you send it.";

export interface Findings {
  readonly findings: 1;
  readonly about: typeof ABOUT_THE_FILE;
  readonly rollcall: string;
  readonly madeAt: string;
  /** Whether a program stood in Photos' place: then it says nothing about a Mac. */
  readonly isStandIn: boolean;
  /** Why nothing, or nothing more, was tried; null where all was. */
  ended: string | null;
  readonly system: Record<string, string | null>;
  readonly contract: { readonly says: string; readonly trouble: string | null }[];
  readonly experiments: {
    readonly name: string;
    readonly question: string;
    readonly says: string;
    readonly observed: unknown;
    readonly tookMs: number;
  }[];
}

/** Writes them anew each time, so that a run that is cut off leaves what it found. */
export function writeFindings(
  path: string,
  findings: Findings,
  places: Readonly<Record<string, string>>,
): void {
  let text = JSON.stringify(findings, null, 2);
  // Longest first: one place may lie in another.
  const known = [...Object.entries(places), ["~", homedir()] as const].sort(
    ([, one], [, other]) => other.length - one.length,
  );
  for (const [name, place] of known) text = text.replaceAll(JSON.stringify(place).slice(1, -1), name);
  writeFileSync(path, `${text}\n`);
}
