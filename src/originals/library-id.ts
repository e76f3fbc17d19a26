import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { stopped } from "../errors.js";
import { makePassingFolder } from "../owned-folder.js";
import { copyTables } from "../sqlite-pages/copy-tables.js";
import type { DatabaseFile } from "../sqlite-pages/database-file.js";
import { openInPackage } from "./package-files.js";

/**
 * The library's own id: `Z_METADATA.Z_UUID`, which Core Data gives a store when it is made. It goes along when the
 * package is moved or copied; a new library has another. (Whether a repair by Photos keeps it: unverified on macOS.)
 * Only the pages of that one table are read, and the log, of one state of both.
 * @param options.workFolder private and there
 * @returns null where the database does not say, cannot be read, or was rewritten meanwhile
 * @throws RollcallError STOPPED
 */
export async function libraryIdOf(
  libraryPath: string,
  options: { readonly workFolder: string; readonly signal?: AbortSignal | undefined },
): Promise<string | null> {
  const { workFolder, signal } = options;
  if (signal?.aborted) throw stopped(signal);
  let folder: ReturnType<typeof makePassingFolder> | null = null;
  try {
    const { DatabaseSync } = await import("@photostructure/sqlite");
    await using database = await fileInPackage(libraryPath, "database/Photos.sqlite");
    await using log = await fileInPackage(libraryPath, "database/Photos.sqlite-wal");
    folder = makePassingFolder(workFolder, "library");
    const copyPath = join(folder.path, "Metadata.sqlite");
    const openCopy = (path: string) => new DatabaseSync(path, { readOnly: true });
    const isWanted = (table: string) => table === "Z_METADATA";
    await copyTables({ database, log, copyPath, isWanted, openCopy, signal });
    const copy = openCopy(copyPath);
    try {
      copy.exec("PRAGMA trusted_schema = OFF");
      return idIn(copy.prepare("SELECT Z_UUID AS id FROM Z_METADATA NOT INDEXED LIMIT 1").get()?.id);
    } finally {
      copy.close();
    }
  } catch {
    // Whatever it is: what is not known stays unknown, and what reads the whole database says why.
    if (signal?.aborted) throw stopped(signal);
    return null;
  } finally {
    await folder?.remove();
  }
}

function idIn(value: unknown): string | null {
  return typeof value === "string" && /^[0-9A-Za-z-]{8,64}$/.test(value) ? value.toUpperCase() : null;
}

async function fileInPackage(libraryPath: string, path: string): Promise<DatabaseFile & AsyncDisposable> {
  const file = await openInPackage(libraryPath, path);
  return {
    describe: async () => {
      if (file === null) return null;
      const { size, mtimeMs } = await file.stat();
      return { sizeBytes: size, modifiedAtMs: mtimeMs };
    },
    read: (pieces) => readPieces(file, pieces),
    [Symbol.asyncDispose]: async () => void (await file?.close()),
  };
}

async function* readPieces(
  file: FileHandle | null,
  pieces: Parameters<DatabaseFile["read"]>[0],
): AsyncGenerator<Uint8Array> {
  if (file === null) return;
  for (const { offset, sizeBytes } of pieces) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sizeBytes), 0, sizeBytes, offset);
    yield buffer.subarray(0, bytesRead);
  }
}
