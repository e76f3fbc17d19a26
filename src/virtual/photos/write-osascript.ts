import { chmodSync, renameSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

export interface OsascriptPlace {
  /** The executable file to write; one that is there is replaced. */
  readonly file: string;
  readonly libraryPath: string;
  /** The compiled `osascript-main.js`; the one beside this module unless given. */
  readonly program?: string | undefined;
}

/**
 * Writes an executable that takes osascript's place for one library (`ROLLCALL_OSASCRIPT`). It holds the absolute paths
 * of node, program and library, so it works from any folder and with any environment. Returns its absolute path.
 */
export function writeOsascriptExecutable(place: OsascriptPlace): string {
  const file = resolve(place.file);
  const program = place.program ?? fileURLToPath(new URL("./osascript-main.js", import.meta.url));
  const words = [process.execPath, program, resolve(place.libraryPath)].map(quoted);
  const partial = `${file}.partial`;
  writeFileSync(partial, `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`, { mode: 0o755 });
  chmodSync(partial, 0o755);
  renameSync(partial, file);
  return file;
}

/** One word for a POSIX shell, whatever is in it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
