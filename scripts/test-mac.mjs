// Tries on a real Mac what Rollcall assumes of Photos: npm run test:mac (--help says more). The program is
// test/mac/test-mac.ts; vite, which comes with vitest, reads its TypeScript.
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const vite = await createServer({
  configFile: false,
  root: fileURLToPath(new URL("..", import.meta.url)),
  appType: "custom",
  logLevel: "error",
  oxc: { target: "node20" },
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, watch: null, ws: false },
});
try {
  const { testMac } = await vite.ssrLoadModule("/test/mac/test-mac.ts");
  process.exitCode = await testMac(process.argv.slice(2), {
    platform: process.platform,
    environment: process.env,
    print: (text) => console.log(text),
  });
} finally {
  await vite.close();
}
// A touch of the library that waits for a person would keep this process.
process.exit();
