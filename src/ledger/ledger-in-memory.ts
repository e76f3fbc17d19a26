import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";

/**
 * Reads a ledger into memory, for commands that only look or free room where the disk is full: there SQLite can make
 * neither the log nor the index beside the file that it wants even to read. What is written to it is gone afterwards.
 * Only while no other Rollcall is at work.
 * @param path of a file that is there
 * @throws what SQLite throws
 */
export async function readIntoMemory(path: string): Promise<DatabaseSyncInstance> {
  const { DatabaseSync } = await import("@photostructure/sqlite");
  const memory = new DatabaseSync(":memory:");
  try {
    // Alone with it, SQLite keeps the index of the log in memory (sqlite.org/wal.html, "Use of WAL Without Shared-Memory").
    memory.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY;");
    const url = pathToFileURL(path);
    // A file without a log does not change: then nothing at all is made beside it (sqlite.org/uri.html).
    if (!hasLog(path)) url.searchParams.set("immutable", "1");
    memory.prepare("ATTACH ? AS disk").run(url.href);
    const version = Number(memory.prepare("PRAGMA disk.user_version").get()?.user_version);
    const made = memory
      .prepare("SELECT type, name, sql FROM disk.sqlite_schema WHERE sql IS NOT NULL ORDER BY type = 'index'")
      .all();
    for (const { type, name, sql } of made) {
      memory.exec(String(sql));
      const table = `"${String(name).replaceAll('"', '""')}"`;
      if (type === "table") memory.exec(`INSERT INTO main.${table} SELECT * FROM disk.${table}`);
    }
    memory.exec(`DETACH disk; PRAGMA user_version = ${version}`);
    return memory;
  } catch (error) {
    memory.close();
    throw error;
  }
}

function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
