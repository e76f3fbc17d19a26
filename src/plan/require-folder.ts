import type { Catalogue } from "../catalogue/media-item.js";
import { RollcallError } from "../errors.js";
import { folderPrefix, type Selection } from "./selection.js";

const MOST_NAMED = 5;

/**
 * Refuses a selection by a folder in which the phone has no file at all: it would select nothing, and look like a
 * phone with nothing new.
 * @throws RollcallError NO_SUCH_FOLDER
 */
export function requireFolder({ folder }: Pick<Selection, "folder">, catalogue: Catalogue): void {
  if (folder === undefined) return;
  const prefix = folderPrefix(folder);
  const folders = new Set<string>();
  for (const path of pathsOf(catalogue)) {
    if (path.toLowerCase().startsWith(prefix)) return;
    folders.add(path.slice(0, path.lastIndexOf("/")));
  }
  throw new RollcallError("NO_SUCH_FOLDER", {
    message: `The phone has nothing in a folder ${JSON.stringify(folder.slice(0, 80))}.`,
    option: "folder",
    remedy: folders.size === 0 ? "There is no folder with photos on it." : named([...folders].sort()),
  });
}

function* pathsOf({ items, setAside, cloudOnly, unreadable }: Catalogue): Generator<string> {
  for (const { files } of items) for (const { file } of files) yield file.path;
  for (const { file } of setAside) yield file.path;
  for (const { path } of cloudOnly) yield path;
  for (const { path } of unreadable) yield path;
}

function named(folders: readonly string[]): string {
  const names = folders.slice(0, MOST_NAMED).map((path) => path.replace(/^\/DCIM\//, "").replace(/^\//, ""));
  const more = folders.length - MOST_NAMED;
  return `Its folders are ${names.map((name) => JSON.stringify(name)).join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}
