import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import { isOwnFile, removeOwnFile, whatIsAt } from "../owned-file.js";
import { isOwnFolder, removeEmpty } from "../owned-folder.js";

/** What a disk's names are tried in: `.rollcall-names-` and `.rollcall-Case-`, with six characters of mkdtemp. */
export function isProbeName(name: string): boolean {
  return /^\.rollcall-(names|Case)-[A-Za-z0-9]{6}$/.test(name);
}

/**
 * Removes the probes that a killed run left directly in a folder, which may be a person's: of this user, by their names,
 * and only where nothing lies in them but what a probe makes, which is empty. Call it only while no other Rollcall is at work.
 * @throws the system's error, where the folder may not be read
 */
export function removeLeftProbes(folder: string): void {
  if (whatIsAt(folder)?.isDirectory() !== true) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory() && isProbeName(entry.name)) removeProbe(join(folder, entry.name));
}

export function removeProbe(path: string): void {
  if (!isOwnFolder(path)) return;
  const entries = readdirSync(path, { withFileTypes: true });
  if (!entries.every(isEmptyInProbe)) return;
  for (const entry of entries) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) removeEmpty(inside);
    else removeOwnFile(inside);
  }
  removeEmpty(path);
}

function isEmptyInProbe(entry: Dirent): boolean {
  const path = join(entry.parentPath, entry.name);
  if (entry.isDirectory()) return isOwnFolder(path) && readdirSync(path).length === 0;
  return isOwnFile(path) && whatIsAt(path)?.size === 0;
}
