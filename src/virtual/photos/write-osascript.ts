import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writeOwnFile } from "../../owned-file.js";
import { quoted } from "../../shell-word.js";

interface OsascriptPlace {
  /** The executable file to write; one that was written before is replaced, and nothing else. */
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
  const text = `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`;
  writeOwnFile(file, text, { mode: 0o755, mayReplace: isStandIn });
  return file;
}

/** An executable that this function wrote for some library: two lines, and three words in single quotes. */
function isStandIn(path: string): boolean {
  return /^#!\/bin\/sh\nexec ('[^']*'|\\')+ ('[^']*'|\\')+ ('[^']*'|\\')+ "\$@"\n$/.test(
    readFileSync(path, "utf8"),
  );
}
