import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statfsSync,
} from "node:fs";
import type { AfcFileInfo } from "../../usb/afc/afc-file-info.js";
import { AFC_STATUS } from "../../usb/afc/afc-packet.js";

/** The answer is a status, and the connection is fine. */
export class AfcRefusal extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`AFC status ${status}`);
    this.status = status;
  }
}

/**
 * A folder as afcd serves /var/mobile/Media: it is the root, nothing above it can be named, and a symbolic
 * link is followed only to what lies inside. Reads only. Calls are synchronous: the real afcd answers one
 * request after the other too, and the system's cache answers in microseconds.
 */
export class ServedFolder {
  readonly #root: string;
  /** Where the folder asked for last lies: a listing asks for the same one thousands of times over. */
  #lastFolder = { path: "", place: "", untilMs: 0 };

  constructor(folder: string) {
    this.#root = realpathSync.native(folder);
  }

  /** Names in the order of the file system, `.` and `..` first. */
  list(path: string): string[] {
    return asRefusal(() => [".", "..", ...readdirSync(this.#follow(this.#place(path)))]);
  }

  describe(path: string): AfcFileInfo {
    return asRefusal(() => {
      const place = this.#place(path);
      const stats = lstatSync(place, { bigint: true });
      const isFolder = stats.isDirectory();
      return {
        fileType: fileTypeOf(Number(stats.mode)),
        sizeBytes: Number(stats.size),
        blocks: Number(stats.blocks),
        // Some file systems give folders one link; on a phone they have two or more.
        linkCount: isFolder ? Math.max(2, Number(stats.nlink)) : Number(stats.nlink),
        modifiedAtNs: stats.mtimeNs,
        // Nothing can set a birth time, so a copied folder was all born today. On a phone a file is never
        // younger than its last change.
        bornAtNs: stats.birthtimeNs < stats.mtimeNs ? stats.birthtimeNs : stats.mtimeNs,
        linkTarget: stats.isSymbolicLink() ? readlinkSync(place) : null,
      };
    });
  }

  /** An open descriptor of a regular file; the caller closes it. */
  open(path: string, refusesHardLinks: boolean): number {
    return asRefusal(() => {
      const place = this.#follow(this.#place(path));
      const stats = lstatSync(place);
      if (stats.isDirectory()) throw new AfcRefusal(AFC_STATUS.isFolder);
      // A pipe or a device would block the whole phone.
      if (!stats.isFile()) throw new AfcRefusal(AFC_STATUS.permissionDenied);
      if (refusesHardLinks && stats.nlink > 1) throw new AfcRefusal(AFC_STATUS.permissionDenied);
      return openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW);
    });
  }

  close(descriptor: number): void {
    closeSync(descriptor);
  }

  space(): { totalBytes: bigint; freeBytes: bigint; blockBytes: bigint } {
    const stats = statfsSync(this.#root, { bigint: true });
    return {
      totalBytes: stats.blocks * stats.bsize,
      freeBytes: stats.bavail * stats.bsize,
      blockBytes: stats.bsize,
    };
  }

  /** Where `path` lies on this computer; its last part may be a link that is not followed yet. */
  #place(path: string): string {
    const names = namesIn(path);
    const last = names.pop();
    if (last === undefined) return this.#root;
    return `${this.#folderPlace(names.join("/"))}/${last}`;
  }

  #folderPlace(path: string): string {
    const nowMs = performance.now();
    const isKnown = this.#lastFolder.path === path && nowMs < this.#lastFolder.untilMs;
    if (!isKnown) {
      const place = this.#inside(realpathSync.native(`${this.#root}/${path}`));
      this.#lastFolder = { path, place, untilMs: nowMs + rememberedMs };
    }
    return this.#lastFolder.place;
  }

  #follow(place: string): string {
    return place === this.#root ? place : this.#inside(realpathSync.native(place));
  }

  #inside(place: string): string {
    if (place === this.#root || place.startsWith(`${this.#root}/`)) return place;
    throw new AfcRefusal(AFC_STATUS.permissionDenied);
  }
}

/** Short, so that a folder that was replaced by a link is soon seen to be one. */
const rememberedMs = 50;

/** `/DCIM/100APPLE` for every spelling of it, as faults name paths. */
export function plainPath(path: string): string {
  return `/${namesIn(path).join("/")}`;
}

function namesIn(path: string): string[] {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) throw new AfcRefusal(AFC_STATUS.permissionDenied);
  }
  return names;
}

function fileTypeOf(mode: number): string {
  switch (mode & constants.S_IFMT) {
    case constants.S_IFREG:
      return "S_IFREG";
    case constants.S_IFDIR:
      return "S_IFDIR";
    case constants.S_IFLNK:
      return "S_IFLNK";
    case constants.S_IFBLK:
      return "S_IFBLK";
    case constants.S_IFCHR:
      return "S_IFCHR";
    case constants.S_IFIFO:
      return "S_IFIFO";
    default:
      return "S_IFSOCK";
  }
}

const statusByErrno: Record<string, number> = {
  ENOENT: AFC_STATUS.notFound,
  ENOTDIR: AFC_STATUS.notFound,
  EACCES: AFC_STATUS.permissionDenied,
  EPERM: AFC_STATUS.permissionDenied,
  ELOOP: AFC_STATUS.permissionDenied,
  EISDIR: AFC_STATUS.isFolder,
  ENAMETOOLONG: AFC_STATUS.invalidArgument,
  EINVAL: AFC_STATUS.invalidArgument,
  EMFILE: AFC_STATUS.noResources,
  ENFILE: AFC_STATUS.noResources,
};

/** Runs `act`; what the file system refuses becomes the status that a phone would give. */
export function asRefusal<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof AfcRefusal) throw error;
    const errno = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new AfcRefusal(statusByErrno[errno] ?? AFC_STATUS.inputOutput);
  }
}
