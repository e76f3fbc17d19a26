import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno } from "../errors.js";
import type { LibraryItem } from "./library-item.js";

/** What became of a file outside the package. `away`: its folder is not there, as where its disk is not connected. */
export type ReferencedLook =
  | { readonly is: "there" | "gone" | "away" | "not-looked-at"; readonly path: string | null }
  | { readonly is: "other-size"; readonly path: string; readonly sizeBytes: number };

/** Where a look may wait for another computer, and a library that somebody sent may name it. */
const OF_OTHER_COMPUTERS = /^\/(net|Network)(\/|$)/i;

/**
 * Looks for the original of a referenced item, where the database says that it lies: whether it is there, and in its
 * size. It is not opened: the path is whatever the library's maker wrote.
 */
export async function lookAtReferenced({ referenced, sizeBytes }: LibraryItem): Promise<ReferencedLook> {
  const path = pathOf(referenced);
  if (path === null) return { is: "not-looked-at", path };
  try {
    const found = await lstat(path);
    if (!found.isFile()) return { is: "gone", path };
    if (sizeBytes !== null && found.size !== sizeBytes)
      return { is: "other-size", path, sizeBytes: found.size };
    return { is: "there", path };
  } catch (error) {
    if (!hasErrno(error, "ENOENT", "ENOTDIR")) return { is: "not-looked-at", path };
    const hasFolder = await lstat(join(path, "..")).then(
      (folder) => folder.isDirectory(),
      () => false,
    );
    return { is: hasFolder ? "gone" : "away", path };
  }
}

function pathOf(referenced: LibraryItem["referenced"]): string | null {
  const { folder, name } = referenced ?? {};
  if (folder == null || name == null || !folder.startsWith("/")) return null;
  const parts = [...folder.split("/"), name];
  const isPlain =
    !name.includes("/") && name !== "" && !parts.some((part) => part === ".." || part.includes("\0"));
  const path = join(folder, name); // as the system reads it: "//net" and "/./net" are "/net"
  return isPlain && !OF_OTHER_COMPUTERS.test(path) ? path : null;
}
