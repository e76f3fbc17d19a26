import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const top = join(import.meta.dirname, "..");

/** What people read: README, guides and reference, but for the page that the commands write themselves. */
export const pagesForPeople: ReadonlyMap<string, string> = new Map(
  ["README.md", "docs/benchmarks.md", ...pagesIn("docs/guides"), ...pagesIn("docs/reference")]
    .filter((path) => path !== "docs/reference/commands.md")
    .map((path) => [path, readFileSync(join(top, path), "utf8")]),
);

function pagesIn(folder: string): string[] {
  return readdirSync(join(top, folder))
    .sort()
    .map((name) => `${folder}/${name}`);
}
