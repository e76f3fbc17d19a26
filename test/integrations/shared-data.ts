import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type PropertyDictionary, parseDictionary } from "../../src/usb/wire/property-list.js";

/** Real shortcuts, workflows and agents of other people. They stay where they are; a clone alone has none. */
const realFiles = resolve(process.env.ROLLCALL_TEST_DATA ?? join("..", "shared", "data"));

export const hasRealFiles = ["shortcuts", "automator", "launchd"].every((name) =>
  existsSync(join(realFiles, name)),
);

/** For titles: why a test is skipped, or nothing. */
export const needsRealFiles = hasRealFiles ? "" : " (skipped: the folder of real files is not here)";

export function realFile(path: string): PropertyDictionary {
  return parseDictionary(readFileSync(join(realFiles, path)));
}
