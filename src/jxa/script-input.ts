import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTemporaryFolder } from "../owned-folder.js";

/** Above this many bytes the input goes in a file: arguments and environment, which short questions use, share 1 MiB on macOS. */
const LARGEST_ARGUMENT_BYTES = 64 * 1024;

/** One script's input on its way out. Disposing removes the file, if there is one; twice is fine. */
export interface ScriptInput extends AsyncDisposable {
  readonly from: "argument" | "file";
  /** The ASCII JSON itself, or the absolute path of a private file that holds it. */
  readonly argument: string;
}

export async function prepareInput(input: unknown): Promise<ScriptInput> {
  const json = asciiJson(input);
  if (json.length <= LARGEST_ARGUMENT_BYTES) {
    return { from: "argument", argument: json, [Symbol.asyncDispose]: async () => {} };
  }
  const folder = makeTemporaryFolder("rollcall");
  try {
    const argument = join(folder.path, "input.json");
    await writeFile(argument, json, { mode: 0o600, flag: "wx" });
    return { from: "file", argument, [Symbol.asyncDispose]: async () => folder.remove() };
  } catch (error) {
    folder.remove();
    throw error;
  }
}

/** JSON in which everything outside printable ASCII is a \uXXXX escape. No input at all is `null`. */
export function asciiJson(value: unknown): string {
  return (JSON.stringify(value) ?? "null").replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
