import { styleText } from "node:util";

/** What a reader looks for first, where a line begins with it or says it. */
const PAINTED: readonly (readonly [pattern: RegExp, style: "red" | "yellow" | "green"])[] = [
  [/^error:/gm, "red"],
  [/^trouble(?= {2}|$)/gm, "red"],
  [/^note(?= {2}|$)/gm, "yellow"],
  [/\b(?:all|[\d,]+ files?) proved\b/g, "green"],
];

/** A stream, as far as its colours go. */
interface Screen {
  readonly isTTY?: boolean;
}

/** Whether a stream is a terminal that may have colours. NO_COLOR: see no-color.org; an empty one counts as not set. */
export function hasColour(
  screen: Screen,
  { NO_COLOR, TERM }: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  return screen.isTTY === true && (NO_COLOR === undefined || NO_COLOR === "") && TERM !== "dumb";
}

/** Lines with an error, trouble and proof in colour; as they are where the stream is no terminal, or colour is not wanted. */
export function painted(
  text: string,
  screen: Screen,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  if (!hasColour(screen, environment)) return text;
  return PAINTED.reduce(
    (sofar, [pattern, style]) =>
      sofar.replaceAll(pattern, (what) => styleText(style, what, { validateStream: false })),
    text,
  );
}
