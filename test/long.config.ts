import { defineConfig } from "vitest/config";
import usual from "../vitest.config.js";

/** What takes long, or is left to chance: stories of several processes, and what grows with ROLLCALL_TEST_CASES. */
export default defineConfig({
  ...usual,
  test: {
    ...usual.test,
    exclude: [],
    // What one of many processes has to wait for is not its fault.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    include: [
      "test/**/*.long.test.ts",
      "test/run/stopped-and-resumed.test.ts",
      "test/run/edited-stopped-and-resumed.test.ts",
      "test/run/import-from-phone.test.ts",
      "test/run/whatever-happens.test.ts",
      "test/run/whatever-the-cable-does.test.ts",
      "test/run/every-misbehaviour.test.ts",
      "test/run/hidden-comes-once.test.ts",
      "test/run/no-false-proved.test.ts",
      "test/originals/no-false-ok.test.ts",
      "test/sqlite-pages/damaged-database.test.ts",
      "test/sqlite-pages/living-database.test.ts",
      "test/contracts/virtual-photos.test.ts",
      "test/stories/photos-misbehaves.test.ts",
      "test/parsers/worst-cases.test.ts",
    ],
  },
});
