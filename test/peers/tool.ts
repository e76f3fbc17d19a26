import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Why a check with `tool` cannot be made here, or null. `aptPackage` is what installs it on Debian. */
export function toolMissing(tool: string, aptPackage: string): string | null {
  return toolPath(tool) === null ? `${tool} is not installed (Debian: apt-get install ${aptPackage})` : null;
}

/** Where a tool lies; null where it is not installed. */
export function toolPath(tool: string): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = folders.map((folder) => join(folder, tool));
  return paths.find((path) => mayUse(path, constants.X_OK)) ?? null;
}

/** Why nothing can be mounted here, or null. */
export function fuseMissing(): string | null {
  const isUsable = mayUse("/dev/fuse", constants.R_OK | constants.W_OK);
  return isUsable ? null : "/dev/fuse is not there or may not be used";
}

function mayUse(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
