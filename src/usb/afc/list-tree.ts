import type { Reason } from "../../errors.js";
import { type PhoneEntry, type PhoneFile, PhoneFileError } from "../../phone/phone.js";
import type { Waiting } from "../wire/waiting.js";
import { WireFormatError } from "../wire/wire-format-error.js";
import {
  AfcStatusError,
  DESCRIPTION_UNREADABLE,
  FOLDER_SHUT,
  isAbsent,
  NAME_UNUSABLE,
  reasonOf,
} from "./afc-errors.js";
import { type AfcFileInfo, millisecondsOf } from "./afc-file-info.js";
import { AFC_STATUS } from "./afc-packet.js";

/** The two questions that a listing asks. Each may be retried by whoever answers. */
export interface FolderSource {
  readDir(path: string): Promise<string[]>;
  getFileInfo(path: string): Promise<AfcFileInfo>;
}

const MAX_DESCRIBING = 64;
const MAX_LISTING = 8;
/** While so many names wait to be described, no further folder is listed. */
const ENOUGH_NAMES = 8_192;
/** While so many entries wait for the caller, nothing further is asked. */
const ENOUGH_READY = 1_024;
/** The longest path iOS takes (PATH_MAX of XNU); also ends a folder that would contain itself for ever. */
const MAX_PATH_BYTES = 1_024;
const MAX_DEPTH = 32;

/**
 * Everything beneath a folder. Descriptions and folders are asked for many at a time, so that the time
 * a phone takes to answer is paid once for sixty-four files, not once for each.
 * What vanishes between being listed and being described yields nothing.
 */
export async function* listTree(
  source: FolderSource,
  folder: string,
  waiting: Waiting,
): AsyncGenerator<PhoneEntry, void, void> {
  const folders: string[] = [folder];
  const names: string[] = [];
  const ready: PhoneEntry[] = [];
  let failure: { error: unknown } | null = null;
  let describing = 0;
  let listing = 0;
  let isLeft = false;
  let wake: () => void = () => {};

  const fail = (error: unknown) => {
    failure ??= { error };
  };
  const topUp = () => {
    if (isLeft || failure !== null) return;
    while (describing < MAX_DESCRIBING && names.length > 0 && ready.length < ENOUGH_READY) {
      describing += 1;
      describe(names.pop() ?? "").then(() => after(() => (describing -= 1)), fail);
    }
    while (listing < MAX_LISTING && folders.length > 0 && names.length < ENOUGH_NAMES) {
      listing += 1;
      list(folders.pop() ?? "").then(() => after(() => (listing -= 1)), fail);
    }
  };
  const after = (count: () => void) => {
    count();
    topUp();
    wake();
  };
  const describe = async (path: string) => {
    try {
      const entry = await entryOf(source, path);
      if (entry?.type === "folder") folders.push(path);
      if (entry !== null) ready.push(entry);
    } catch (error) {
      fail(error);
    }
  };
  const list = async (path: string) => {
    try {
      const found = await namesIn(source, path);
      // Not spread into the call: a folder may hold more names than a call takes arguments.
      for (const each of found.paths) names.push(each);
      for (const each of found.unreadable) ready.push(each);
    } catch (error) {
      fail(error);
    }
  };

  try {
    for (;;) {
      waiting.throwIfStopped();
      topUp();
      for (let entry = ready.pop(); entry !== undefined; entry = ready.pop()) yield entry;
      if (failure !== null) throw (failure as { error: unknown }).error;
      if (ready.length > 0) continue;
      if (describing + listing + names.length + folders.length === 0) return;
      if (describing + listing === 0) continue;
      await waiting.until(new Promise<void>((resolve) => (wake = resolve)));
    }
  } finally {
    isLeft = true;
  }
}

/**
 * Null where it is gone, or is no regular file.
 * @throws PhoneFileError where the phone would not describe it, or not so that it can be understood
 */
export async function describeFile(source: FolderSource, path: string): Promise<PhoneFile | null> {
  try {
    const info = await source.getFileInfo(path);
    return info.fileType === "S_IFREG" ? fileOf(path, info) : null;
  } catch (error) {
    if (isAbsent(error)) return null;
    if (error instanceof AfcStatusError) throw new PhoneFileError(path, reasonOf(error, null), error);
    if (error instanceof WireFormatError) throw new PhoneFileError(path, DESCRIPTION_UNREADABLE, error);
    throw error;
  }
}

async function entryOf(source: FolderSource, path: string): Promise<PhoneEntry | null> {
  let info: AfcFileInfo;
  try {
    info = await source.getFileInfo(path);
  } catch (error) {
    if (error instanceof AfcStatusError) {
      // What was listed answers: only "not found" says that it has gone since, not the status 4 that may say it too.
      if (error.status !== AFC_STATUS.notFound) return unreadable(path, reasonOf(error, null));
      // A name that is no valid Unicode cannot be asked for: that it "is not there" says nothing.
      return path.includes("\uFFFD") ? unreadable(path, NAME_UNUSABLE) : null;
    }
    if (error instanceof WireFormatError) return unreadable(path, DESCRIPTION_UNREADABLE);
    throw error;
  }
  if (info.fileType === "S_IFREG") return { type: "file", file: fileOf(path, info) };
  if (info.fileType !== "S_IFDIR") return { type: "other", path };
  if (path.split("/").length > MAX_DEPTH) return unreadable(path, NAME_UNUSABLE);
  return { type: "folder", path };
}

async function namesIn(source: FolderSource, folder: string) {
  const paths: string[] = [];
  const refused: PhoneEntry[] = [];
  const base = folder.endsWith("/") ? folder : `${folder}/`;
  let names: string[];
  try {
    names = await source.readDir(folder);
  } catch (error) {
    if (!(error instanceof AfcStatusError)) throw error;
    if (error.status !== AFC_STATUS.notFound) refused.push(unreadable(folder, FOLDER_SHUT));
    return { paths, unreadable: refused };
  }
  for (const name of new Set(names)) {
    if (name === "" || name === "." || name === "..") continue;
    const path = base + name;
    if (!name.includes("/") && Buffer.byteLength(path) <= MAX_PATH_BYTES) paths.push(path);
    else refused.push(unreadable(base + name.slice(0, 255).replaceAll("/", ":"), NAME_UNUSABLE));
  }
  return { paths, unreadable: refused };
}

function unreadable(path: string, reason: Reason): PhoneEntry {
  return { type: "unreadable", path, reason };
}

/** A description as the rest of Rollcall knows it. */
export function fileOf(path: string, info: AfcFileInfo): PhoneFile {
  return {
    path,
    sizeBytes: info.sizeBytes,
    modifiedAtMs: millisecondsOf(info.modifiedAtNs),
    bornAtMs: info.bornAtNs === null ? null : millisecondsOf(info.bornAtNs),
  };
}
