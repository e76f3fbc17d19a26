import { readFileSync } from "node:fs";

/** What osascript was asked to run. */
interface OsascriptRequest {
  readonly scriptText: string;
  readonly argv: readonly string[];
  /** What stands before `execution error:`; a file's path, or a range of characters. */
  readonly where: string;
}

/** A complaint about the arguments themselves. */
export class UsageComplaint extends Error {}

/**
 * Reads a command line as osascript(1) does: `-l JavaScript`, `-e` (several make several lines), `-s` flags that
 * change nothing here, a file, `-` or nothing for standard input, then the script's own arguments.
 * @throws UsageComplaint
 */
export function readOsascriptArguments(args: readonly string[]): OsascriptRequest {
  const lines: string[] = [];
  let language: string | null = null;
  let at = 0;
  const valueAfter = (flag: string): string => {
    const value = args[++at];
    if (value === undefined) throw new UsageComplaint(`osascript: option requires an argument -- ${flag}`);
    return value;
  };
  for (; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "-l") language = valueAfter("l");
    else if (arg === "-e") lines.push(valueAfter("e"));
    else if (arg === "-s") valueAfter("s");
    else if (arg.startsWith("-") && arg !== "-") {
      throw new UsageComplaint(`osascript: illegal option -- ${arg.charAt(1)}`);
    } else break;
  }
  const rest = args.slice(at);
  if (lines.length > 0) return request(lines.join("\n"), rest, null, language);
  const [file = "-", ...argv] = rest;
  return file === "-"
    ? request(readFileSync(0, "utf8"), argv, null, language)
    : request(readScript(file), argv, file, language);
}

function request(
  scriptText: string,
  argv: readonly string[],
  file: string | null,
  language: string | null,
): OsascriptRequest {
  if (language !== "JavaScript" && !file?.endsWith(".js")) {
    throw new UsageComplaint("osascript: the virtual Photos understands JavaScript only: give -l JavaScript");
  }
  return { scriptText, argv, where: file ?? `0:${scriptText.length}` };
}

function readScript(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new UsageComplaint(`osascript: ${file}: No such file or directory`);
  }
}
