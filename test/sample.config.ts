import { defineConfig } from "vitest/config";
import whole from "../vitest.config.js";

/** `npm test`: of long tables it plays a sample, chosen anew by each run; `npm run test:long` plays all of them. */
export default defineConfig({
  ...whole,
  root: new URL("..", import.meta.url).pathname,
  test: { ...whole.test, globalSetup: ["test/sample-seed.ts"] },
});
