import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.js";
import { memoryDisk } from "./test/memory-disk.js";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/peers/**", "test/**/*.long.test.ts"],
    // For what hangs: how long a story of many processes takes is the machine's affair.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Many stories wait for processes: one worker more than there are processors keeps those busy.
    maxWorkers: availableParallelism() + 1,
    // Loading the same modules anew for each file would cost as much as the tests.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    env: { TMPDIR: memoryDisk },
  },
});
