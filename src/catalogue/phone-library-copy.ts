import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno, RollcallError } from "../errors.js";
import { type Phone, type PhoneFile, PhoneFileError } from "../phone/phone.js";

/** Where the phone keeps the database of its Photos app. */
const DATABASE = "/PhotoData/Photos.sqlite";
/**
 * `-shm` stays behind: it is only an index over `-wal` that SQLite makes anew, and the phone's Photos app
 * touches it while merely reading, so that it would never be seen at rest.
 */
const WRITE_AHEAD_LOG = `${DATABASE}-wal`;

const TRIES = 3;
const MOVING = `It changed while it was copied, ${TRIES} times in a row.`;
/** Databases of about 1 GB have been seen. More than this is no photo library. */
const MAX_BYTES = 8 * 1024 ** 3;

/** The phone's own database cannot tell us what is trashed and hidden. */
export function phoneLibraryUnreadable(why: string, cause?: unknown): RollcallError {
  return new RollcallError("PHONE_LIBRARY_UNREADABLE", {
    message: "The photo library on the phone could not be read.",
    why,
    remedy:
      "Open Photos on the phone, wait until it is still, then run the same command again. " +
      "With --without-phone-library it goes on without it; pictures in Recently Deleted and hidden ones then come along.",
    cause,
  });
}

/**
 * Copies the phone's database, and what it wrote last (`-wal`, which may be absent), into `folder`, such that
 * neither changed meanwhile: sizes and times before and after agree.
 * @returns the path of the copied `Photos.sqlite`
 * @throws RollcallError PHONE_LIBRARY_UNREADABLE when it is absent, will not be read, or did not keep still in three tries
 */
export async function copyPhoneLibrary(phone: Phone, folder: string, signal?: AbortSignal): Promise<string> {
  const copy = join(folder, "Photos.sqlite");
  let why = "";
  for (let tries = 0; tries < TRIES; tries++) {
    const before = await look(phone, signal);
    if (before.database === null) throw phoneLibraryUnreadable(`The phone has no ${DATABASE}.`);
    if (before.database.sizeBytes + (before.log?.sizeBytes ?? 0) > MAX_BYTES) {
      throw phoneLibraryUnreadable("Its database is larger than any photo library that was ever seen.");
    }
    try {
      const isWhole =
        (await copyFile(phone, before.database, copy, signal)) &&
        (await copyFile(phone, before.log, `${copy}-wal`, signal));
      const after = await look(phone, signal);
      if (isWhole && isSame(before.database, after.database) && isSame(before.log, after.log)) return copy;
      why = MOVING;
    } catch (error) {
      if (!(error instanceof PhoneFileError)) throw error;
      why = error.reason.code === "FILE_CHANGED" ? MOVING : error.reason.message;
    }
  }
  throw phoneLibraryUnreadable(why);
}

interface Sight {
  readonly database: PhoneFile | null;
  readonly log: PhoneFile | null;
}

async function look(phone: Phone, signal?: AbortSignal): Promise<Sight> {
  const [database, log] = await Promise.all([
    phone.describe(DATABASE, signal),
    phone.describe(WRITE_AHEAD_LOG, signal),
  ]);
  return { database, log };
}

function isSame(a: PhoneFile | null, b: PhoneFile | null): boolean {
  return a?.sizeBytes === b?.sizeBytes && a?.modifiedAtMs === b?.modifiedAtMs;
}

/** True when as many bytes came as were described. What is absent on the phone becomes an empty file. */
async function copyFile(
  phone: Phone,
  file: PhoneFile | null,
  to: string,
  signal?: AbortSignal,
): Promise<boolean> {
  let received = 0;
  async function* bytes() {
    if (file === null) return;
    for await (const chunk of phone.read(file.path, { expected: file, signal })) {
      received += chunk.length;
      // It grew: there is no use in the rest, which might never end.
      if (received > file.sizeBytes) return;
      yield chunk;
    }
  }
  try {
    await writeFile(to, bytes(), { mode: 0o600 });
  } catch (error) {
    throw asDiskTrouble(error, to);
  }
  return received === (file?.sizeBytes ?? 0);
}

function asDiskTrouble(error: unknown, path: string): unknown {
  if (hasErrno(error, "ENOSPC", "EDQUOT")) {
    return new RollcallError("DISK_FULL", {
      message: "The disk is full.",
      why: `The phone's photo database could not be copied to ${path}.`,
      remedy: "Make room, then run the same command again.",
      cause: error,
    });
  }
  if (hasErrno(error, "EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR")) {
    return new RollcallError("FOLDER_NOT_WRITABLE", {
      message: `${path} could not be written.`,
      remedy: "Make the folder writable, or name another, then run the same command again.",
      cause: error,
    });
  }
  return error;
}
