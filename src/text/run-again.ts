const RUN_AGAIN = /\b([Rr])un (?:the same command(?: again)?|it again)(?! with)\b/g;

/**
 * A message that says to run the same command again, for one who typed none.
 * @param again what they do instead, as the middle of a sentence: "start the shortcut again"
 */
export function withRunAgain(text: string, again: string): string {
  return text.replaceAll(RUN_AGAIN, (_all, first: string) =>
    first === "R" ? again[0]!.toUpperCase() + again.slice(1) : again,
  );
}
