import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One file of the page, in memory. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/**
 * The files of the page by name, read once: what a request names is looked up here and never becomes a path.
 * @param folder where the build put them
 */
export function pageFiles(
  folder = fileURLToPath(new URL("./page/", import.meta.url)),
): Map<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(folder)) {
    const ending = /^[\w-]+\.(html|js|css|svg)$/.exec(name)?.[1];
    if (ending !== undefined)
      files.set(name, { type: TYPES[ending]!, bytes: readFileSync(`${folder}/${name}`) });
  }
  return files;
}
