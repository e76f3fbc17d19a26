import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, readSync } from "node:fs";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import type { DatabaseFile } from "../../src/sqlite-pages/database-file.js";

/** What is about to be read, so that a test can write to the database in that moment. */
export type BeforeRead = (what: "describe" | "piece") => void;

/** What was asked of a file. */
export interface Asked {
  pieces: number;
  bytes: number;
}

/**
 * A file of this computer as a phone shows one: each piece is read when its turn comes. Its time of change is made
 * from its content, so it changes with every write, however short after the one before, as a phone's nanoseconds do.
 */
export function fileOnDisk(path: string, asked: Asked, before: BeforeRead = () => {}): DatabaseFile {
  return {
    async describe() {
      before("describe");
      if (!existsSync(path)) return null;
      const content = readFileSync(path);
      const modifiedAtMs = createHash("sha1").update(content).digest().readUIntBE(0, 6);
      return { sizeBytes: content.length, modifiedAtMs };
    },
    async *read(pieces) {
      for (const { offset, sizeBytes } of pieces) {
        before("piece");
        const chunk = Buffer.alloc(sizeBytes);
        const file = openSync(path, "r");
        const readBytes = readSync(file, chunk, 0, sizeBytes, offset);
        closeSync(file);
        asked.pieces += 1;
        asked.bytes += readBytes;
        yield chunk.subarray(0, readBytes);
        chunk.fill(0xdd);
      }
    },
  };
}

export function openToRead(path: string): DatabaseSyncInstance {
  return new DatabaseSync(path, { readOnly: true, defensive: true });
}

/** All rows of a table, in its own order, a line each, without asking an index. Large values stand as their hash. */
export function rowsOf(path: string, table: string): string[] {
  const database = openToRead(path);
  try {
    const rows = database.prepare(`SELECT * FROM "${table}" NOT INDEXED`).all() as Record<string, unknown>[];
    return rows.map((row) => Object.values(row).map(shortly).join(" | "));
  } finally {
    database.close();
  }
}

function shortly(value: unknown): string {
  if (!(value instanceof Uint8Array)) return String(value);
  return `${value.length} bytes ${createHash("sha1").update(value).digest("hex")}`;
}
