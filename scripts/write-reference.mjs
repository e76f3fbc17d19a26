// Writes docs/reference/commands.md and man/rollcall.1 from the built command tree: npm run reference
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { commandsPage, manPage } from "./reference-pages.mjs";

const top = fileURLToPath(new URL("..", import.meta.url));
const { makeProgram } = await import("../dist/cli/program.js");
const { version } = JSON.parse(readFileSync(`${top}package.json`, "utf8"));

mkdirSync(`${top}man`, { recursive: true });
writeFileSync(`${top}docs/reference/commands.md`, commandsPage(makeProgram(() => {})));
writeFileSync(
  `${top}man/rollcall.1`,
  manPage(
    makeProgram(() => {}),
    version,
  ),
);
