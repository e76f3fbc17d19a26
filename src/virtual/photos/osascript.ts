import { writeSync } from "node:fs";
import { executionErrorIn } from "./error-texts.js";
import { readOsascriptArguments, UsageComplaint } from "./osascript-arguments.js";
import { openVirtualPhotos } from "./virtual-photos.js";

/**
 * Does osascript's work against a virtual library: the result on stdout, `console.log` on stderr, exit 1 with one
 * line of the shape `<where>: execution error: <text> (<number>)` after an error. Returns the exit status.
 *
 * @param args as given to osascript
 */
export function osascript(libraryPath: string, args: readonly string[]): number {
  try {
    const { scriptText, argv, where } = readOsascriptArguments(args);
    const photos = openVirtualPhotos(libraryPath, { environment: process.env });
    const outcome = photos.runText(scriptText, {
      argv,
      log: (text) => write(2, `${text}\n`),
      exit: (status) => process.exit(status),
    });
    if (outcome.ok) {
      write(1, `${outcome.output}\n`);
      return 0;
    }
    const words = executionErrorIn(photos.language());
    write(2, `${where}: ${words}: Error: ${outcome.message} (${outcome.number})\n`);
    return 1;
  } catch (error) {
    if (!(error instanceof UsageComplaint)) throw error;
    write(2, `${error.message}\n`);
    return 1;
  }
}

/** Synchronous, because nothing here waits for anything else; a pipe that is full is tried again. */
function write(handle: 1 | 2, text: string): void {
  let rest = Buffer.from(text, "utf8");
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(handle, rest));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
