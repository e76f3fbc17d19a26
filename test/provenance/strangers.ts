import {
  chmodSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { memoryDisk } from "../memory-disk.js";

/** Only root can give a file to another user. */
export const isRoot = process.getuid?.() === 0;

const ANOTHER_USER = 54_321;

/** What may lie where Rollcall wants to put, replace or remove something. */
export const KINDS = [
  "a file",
  "a folder",
  "a link to a file",
  "a link to a folder",
  "a link to nothing",
  "a second name of a file",
  "another user's file",
  "another user's folder",
  "another user's link",
] as const;

export type Kind = (typeof KINDS)[number];

export const needsRoot = (kind: Kind) => kind.startsWith("another");

/** A home with a folder of the person's own that links lead to, and a place to work in. */
export class Home implements Disposable {
  readonly folder = mkdtempSync(join(memoryDisk, "rollcall-home-"));
  /** The person's own. */
  readonly own = join(this.folder, "own");

  constructor() {
    const album = join(this.own, "album");
    mkdirSync(album, { recursive: true });
    writeFileSync(join(this.own, "letter.txt"), "a letter");
    // Names as Rollcall's own, so that whoever follows a link finds something to remove.
    for (const name of ["photo.jpg", ".rollcall-folder", "watch.log", "notes"])
      writeFileSync(join(album, name), `${name} of the person's`);
    for (const path of [this.own, album]) chmodSync(path, 0o755);
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Puts something of that kind where `path` says; folders above it are made. */
  plant(kind: Kind, path: string): void {
    mkdirSync(join(path, ".."), { recursive: true });
    const target = { file: "letter.txt", folder: "album", nothing: "nothing" };
    if (kind === "a second name of a file") linkSync(join(this.own, "letter.txt"), path);
    else if (kind.endsWith("file") && !kind.startsWith("a link"))
      writeFileSync(path, "a person's text\n", { mode: 0o644 });
    else if (kind.endsWith("folder") && !kind.startsWith("a link")) {
      mkdirSync(join(path, "inside"), { recursive: true });
      writeFileSync(join(path, "inside", "photo.jpg"), "a photo");
      writeFileSync(join(path, "notes"), "notes");
      chmodSync(path, 0o755);
    } else {
      const what =
        kind === "another user's link" ? "folder" : (kind.split(" ").at(-1) as keyof typeof target);
      symlinkSync(join(this.own, target[what]), path);
    }
    if (needsRoot(kind)) lchownSync(path, ANOTHER_USER, ANOTHER_USER);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Everything at and below a path, with owners, modes and contents; what links lead to is not looked at. */
export function snapshot(path: string): Record<string, string> {
  const found: Record<string, string> = {};
  const look = (at: string) => {
    const stats = lstatSync(at);
    const about = `${stats.uid} ${(stats.mode & 0o7777).toString(8)} ${stats.ino}`;
    if (stats.isSymbolicLink()) found[at] = `${about} -> ${readlinkSync(at)}`;
    else if (stats.isDirectory()) {
      found[at] = `${about} folder`;
      for (const name of readdirSync(at)) look(join(at, name));
    } else if (stats.isFile()) found[at] = `${about} ${stats.mtimeMs} ${readFileSync(at, "latin1")}`;
    else found[at] = `${about} something else`;
  };
  look(path);
  return found;
}
