import { delimiter, join } from "node:path";

/** A folder whose `rollcall` is the built command, as an installed one is found. */
const BIN = join(import.meta.dirname, "bin");

/** A PATH on which `rollcall` is the built command: messages then name it so. */
export function rollcallOnPath(path = process.env.PATH ?? ""): string {
  return `${BIN}${delimiter}${path}`;
}
