import { readFileSync } from "node:fs";

/** The version in the package's own package.json, which lies one folder above `dist` and `src` alike. */
export function toolVersion(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return String((JSON.parse(text) as { version: unknown }).version);
}
