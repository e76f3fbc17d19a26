import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** Real files of other people's phones and libraries. They stay where they are; a clone alone has none. */
export const sharedData = resolve(process.env.ROLLCALL_TEST_DATA ?? join("..", "shared", "data"));

/** For titles: why a test is skipped, or nothing. */
export const needsSharedData = existsSync(sharedData)
  ? ""
  : " (skipped: the folder of real data is not here)";

export const hasSharedData = needsSharedData === "";
