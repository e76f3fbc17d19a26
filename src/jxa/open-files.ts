import { isSystemsLibrary, SHARED_WITH_YOU } from "../photos/systems-library.js";

const DATABASE = "/database/Photos.sqlite";

/**
 * The library that Photos has open, by the files that `lsof -Fn` lists for it. The system's own "Shared with You", which
 * Photos may have open beside it and which may come first, is never it, nor is a library inside another one.
 * @returns null where none is there, or more than one, or one whose path could not be printed: which, nobody knows
 */
export function libraryAmongOpenFiles(lsofOutput: string): string | null {
  const packages = lsofOutput
    .split("\n")
    .filter((line) => line.startsWith("n/") && line.endsWith(DATABASE))
    .map((line) => line.slice(1, -DATABASE.length))
    .filter((path) => !isSystemsLibrary(path) && !isNamedLikeIt(path) && !isInsideAnother(path));
  const [found, another] = new Set(packages);
  if (found === undefined || another !== undefined) return null;
  return found.includes("\\") ? null : found; // lsof escaped what it could not print
}

/** Elsewhere too: that a person's own library of this name is not recognised costs a flag, no photo. */
function isNamedLikeIt(path: string): boolean {
  return path.slice(path.lastIndexOf("/") + 1).toLowerCase() === SHARED_WITH_YOU;
}

function isInsideAnother(path: string): boolean {
  return /\.photoslibrary\//i.test(path);
}
