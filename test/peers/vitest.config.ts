import { defineConfig } from "vitest/config";

/** Checks with software that nobody here wrote; each is skipped, with the reason, where its tool is absent. */
export default defineConfig({
  test: {
    include: ["test/peers/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
    // For what never comes: how long a browser takes is the machine's affair.
    expect: { poll: { timeout: 20_000 } },
  },
});
