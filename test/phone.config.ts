import { defineConfig } from "vitest/config";

/** The contract of the port, asked of a phone in the hand: see test/contracts/real-phone.ts. */
export default defineConfig({
  test: {
    include: ["test/contracts/real-phone.ts"],
    testTimeout: 300_000,
    maxWorkers: 1,
  },
});
