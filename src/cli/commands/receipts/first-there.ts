import { access } from "node:fs/promises";

/** The first of some paths where something lies. */
export async function firstThere(...paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}
