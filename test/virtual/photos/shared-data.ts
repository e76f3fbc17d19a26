import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** Real libraries and media, kept outside the repository; null in a lone clone. */
export const sharedData =
  [process.env.ROLLCALL_TEST_DATA, resolve(import.meta.dirname, "../../../../shared/data")]
    .filter((folder) => folder !== undefined)
    .find((folder) => existsSync(join(folder, "README.md"))) ?? null;

export const whyNoSharedData = sharedData === null ? " (skipped: the shared test data is not here)" : "";
