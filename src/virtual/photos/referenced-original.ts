import { insertRow, newUuid, type VirtualLibrary } from "./virtual-library.js";

/**
 * Notes where an original lies that was not copied: a path below its volume, as real libraries keep it
 * (`ZFILESYSTEMBOOKMARK`, `ZFILESYSTEMVOLUME`; their bookmark data is a system's own and left out).
 * @param path absolute
 */
export function addReference({ database, schema }: VirtualLibrary, resourcePk: number, path: string): void {
  const name = "Macintosh HD";
  const known = database.prepare("SELECT Z_PK pk FROM ZFILESYSTEMVOLUME WHERE ZNAME = ?").get(name);
  const volume =
    (known as { pk: number } | undefined)?.pk ??
    insertRow(database, schema, "ZFILESYSTEMVOLUME", "FileSystemVolume", {
      ZNAME: name,
      ZUUID: newUuid(),
      ZVOLUMEUUIDSTRING: newUuid(),
    });
  const bookmark = insertRow(database, schema, "ZFILESYSTEMBOOKMARK", "FileSystemBookmark", {
    ZRESOURCE: resourcePk,
    ZPATHRELATIVETOVOLUME: path.replace(/^\//, ""),
  });
  database
    .prepare("UPDATE ZINTERNALRESOURCE SET ZFILESYSTEMBOOKMARK = ?, ZFILESYSTEMVOLUME = ? WHERE Z_PK = ?")
    .run(bookmark, volume, resourcePk);
}
