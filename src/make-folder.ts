import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those above it, for this user alone unless said otherwise. Node's own recursive mkdir
 * never returns where the system answers ENOENT below a folder that is there (/proc), so the first new
 * folder is made by itself.
 * @throws the system's error; EEXIST where a file stands in its place
 */
export function makeFolder(path: string, mode = 0o700): void {
  let firstNew = resolve(path);
  if (!existsSync(firstNew)) {
    while (!existsSync(dirname(firstNew))) firstNew = dirname(firstNew);
    mkdirSync(firstNew, { mode });
  }
  mkdirSync(path, { recursive: true, mode });
}
