import { type Dirent, existsSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno, type RollcallError } from "../errors.js";
import { notALibrary, readingFailed } from "./library-trouble.js";

const TO_UPGRADE =
  "Open it in Photos once (hold Option while Photos starts, and choose it): Photos makes a library of its own from it. Name that one.";

/** What a package without `database/Photos.sqlite` is: by the names at its top, else by its own ending. */
const OLDER: readonly {
  readonly why: string;
  readonly names: readonly string[];
  readonly ending: RegExp;
}[] = [
  {
    why: "It is a library of Aperture.",
    names: ["Aperture.aplib", "ApertureData.xml"],
    ending: /\.aplibrary$/i,
  },
  {
    why: "It is a library of iPhoto.",
    names: ["AlbumData.xml", "iPhotoMain.db", "Library6.iPhoto", "Library.iPhoto"],
    ending: /\.(photolibrary|migratedphotolibrary)$/i,
  },
];

/**
 * Says what was named in the place of a Photos library. `database/photos.db` is Photos 2 to 4; a library of today
 * has that too, so it is looked for only where `Photos.sqlite` is not.
 * @returns the error to throw; LIBRARY_NOT_PERMITTED where it could not be looked into
 */
export async function whatItIsInstead(path: string): Promise<RollcallError> {
  let entries: readonly Dirent[];
  try {
    if (!(await lstat(path)).isDirectory())
      return notALibrary(path, "It is a file; a Photos library is a package, which is a folder.");
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    return hasErrno(error, "ENOENT")
      ? notALibrary(path, "There is nothing of this name.", error)
      : readingFailed(path, error);
  }
  const names = entries.map(({ name }) => name.toLowerCase());
  const older = OLDER.find(
    (one) => one.ending.test(path) || one.names.some((name) => names.includes(name.toLowerCase())),
  );
  if (older !== undefined) return notALibrary(path, older.why, undefined, TO_UPGRADE);
  if (existsSync(join(path, "database", "photos.db")))
    return notALibrary(
      path,
      "It was made by Photos of macOS 10.14 or before, or copied only in part: it has no database/Photos.sqlite.",
      undefined,
      TO_UPGRADE,
    );
  return notALibrary(path, "It has no database/Photos.sqlite.");
}
