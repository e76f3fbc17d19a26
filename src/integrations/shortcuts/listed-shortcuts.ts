import { type RunProgram, succeeded, whyNot } from "../run-program.js";

/**
 * The names of all shortcuts in the app, or one sentence about why they are not known.
 * Apple documents that `shortcuts list` prints a name a line. (unverified on macOS)
 */
export type ListedShortcuts = { readonly names: readonly string[] } | { readonly why: string };

export async function listedShortcuts(
  run: RunProgram,
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal?: AbortSignal | undefined },
): Promise<ListedShortcuts> {
  const end = await run("shortcuts", ["list"], { deadlineMs, signal });
  if (end.kind !== "ended" || !succeeded(end)) return { why: whyNot("shortcuts", end) };
  return {
    names: end.stdout
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== ""),
  };
}

/** Which of these are in the app. A ":" in a file's name is shown as "/" by the Finder, and may have become one. */
export function thoseListed(names: readonly string[], listed: readonly string[]): string[] {
  const present = new Set(listed);
  return names.filter((name) => present.has(name) || present.has(name.replaceAll(":", "/")));
}
