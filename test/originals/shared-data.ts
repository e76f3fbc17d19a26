import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** Real libraries, kept outside the repository; a lone clone has none. */
export const realLibraries = join(
  resolve(process.env.ROLLCALL_TEST_DATA ?? join("..", "shared", "data")),
  "photoslibrary",
);

export const hasRealLibraries = existsSync(realLibraries);

/** For titles: why a test is skipped, or nothing. */
export const needsRealLibraries = hasRealLibraries
  ? ""
  : " (skipped: the folder of real libraries is not here)";
