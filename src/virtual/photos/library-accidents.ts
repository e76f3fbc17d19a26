import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { letLateRowsCome } from "./late-rows.js";
import { readAssets } from "./library-assets.js";
import { newUuid, type VirtualLibrary } from "./virtual-library.js";

/** How many items that scripts can see bear a name that matches the regular expression; null matches all. */
export function countMatching(library: VirtualLibrary, names: string | null): number {
  return matching(library, names).length;
}

/** Moves matching items to the Hidden album; null means the newest item. */
export function hideMatching(library: VirtualLibrary, names: string | null): void {
  letLateRowsCome(library, null);
  const found = matching(library, names);
  const hide = library.database.prepare("UPDATE ZASSET SET ZHIDDEN = 1, Z_OPT = Z_OPT + 1 WHERE Z_PK = ?");
  library.inTransaction(() => {
    for (const { pk } of names === null ? found.slice(-1) : found) hide.run(pk);
  });
}

/**
 * Gives every item another UUID and renames its files after it; albums keep their members and their own ids.
 * What a repair really does is not known in detail.
 */
export function changeIds(library: VirtualLibrary): void {
  letLateRowsCome(library, null);
  library.inTransaction(() => {
    const rows = library.database
      .prepare("SELECT Z_PK pk, ZUUID uuid, ZFILENAME name, ZSAVEDASSETTYPE saved FROM ZASSET")
      .all() as { pk: number; uuid: string; name: string; saved: number }[];
    const change = library.database.prepare(
      "UPDATE ZASSET SET ZUUID = ?, ZFILENAME = ?, ZDIRECTORY = iif(?, ?, ZDIRECTORY) WHERE Z_PK = ?",
    );
    const renamed = new Map<string, string>();
    for (const { pk, uuid, name, saved } of rows) {
      const next = newUuid();
      renamed.set(uuid, next);
      const isCopied = saved === 10 ? 0 : 1;
      change.run(next, name.replace(uuid, next), isCopied, next.charAt(0), pk);
    }
    for (const below of ["originals", join("resources", "renders")]) {
      renameFiles(join(library.path, below), renamed);
    }
  });
}

/** The newest items are in the library no more: neither their rows nor their files. */
export function loseNewest(library: VirtualLibrary, items: number): void {
  letLateRowsCome(library, null);
  const { database } = library;
  library.inTransaction(() => {
    const newest = database
      .prepare("SELECT Z_PK pk, ZUUID uuid FROM ZASSET ORDER BY Z_PK DESC LIMIT ?")
      .all(items) as { pk: number; uuid: string }[];
    const ids = new Set(newest.map(({ uuid }) => uuid));
    for (const { pk } of newest) database.prepare("DELETE FROM ZASSET WHERE Z_PK = ?").run(pk);
    for (const below of ["originals", join("resources", "renders")])
      for (const entry of readdirSync(join(library.path, below), { recursive: true, withFileTypes: true }))
        if (entry.isFile() && ids.has(entry.name.slice(0, 36))) rmSync(join(entry.parentPath, entry.name));
  });
}

function renameFiles(folder: string, renamed: ReadonlyMap<string, string>): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const { name, parentPath } of files) {
    const next = renamed.get(name.slice(0, 36));
    if (next === undefined) continue;
    const target = join(folder, next.charAt(0));
    mkdirSync(target, { recursive: true });
    renameSync(join(parentPath, name), join(target, next + name.slice(36)));
  }
}

function matching(library: VirtualLibrary, names: string | null) {
  const pattern = names === null ? null : new RegExp(names, "iu");
  return readAssets(library).filter(({ filename }) => pattern?.test(filename) ?? true);
}
