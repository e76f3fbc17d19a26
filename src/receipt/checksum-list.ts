import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno } from "../errors.js";
import { writeWhole } from "./receipt-json.js";

/** Beside the files of a copy: `sha256sum -c rollcall.sha256` (Linux) or `shasum -a 256 -c` (Mac) reads it. */
export const CHECKSUM_LIST = "rollcall.sha256";

/** Where files lie that were in the way of a copy: not of the phone, and never in the list. */
const ASIDE = "Replaced";

/**
 * One line as sha256sum writes it. A name with a backslash or a newline is escaped, which a backslash before the
 * hash tells (coreutils manual, md5sum invocation).
 * @param place below the folder, with `/`
 */
export function checksumLine(place: string, sha256: string): string {
  const escaped = place.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return `${escaped === place ? "" : "\\"}${sha256}  ${escaped}\n`;
}

/** A path has 4,096 bytes at most where paths are longest, and each may be escaped. */
const LONGEST_LINE = 64 + 2 * 4_096 + 8;

/** @returns null for a line that is none of sha256sum's, or whose place leads out of the folder */
export function readChecksumLine(line: string): { place: string; sha256: string } | null {
  if (line.length > LONGEST_LINE) return null;
  const [, mark, sha256, name] = /^(\\?)([0-9a-f]{64}) [ *](.+)$/is.exec(line) ?? [];
  if (sha256 === undefined || name === undefined) return null;
  const place =
    mark === "" ? name : name.replaceAll(/\\([\\n])/g, (_all, letter) => (letter === "n" ? "\n" : "\\"));
  const isInside = place.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  return isInside && !place.includes("\0") ? { place, sha256: sha256.toLowerCase() } : null;
}

/**
 * The hashes of a folder by place, as its list has them; null where there is no list. Lines that are not
 * sha256sum's are left out.
 */
export async function readChecksumList(folder: string): Promise<Map<string, string> | null> {
  let text: string;
  try {
    text = await readFile(join(folder, CHECKSUM_LIST), "utf8");
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return null;
    throw error;
  }
  const found = new Map<string, string>();
  for (const line of linesOf(text)) {
    const read = await readLine(line, folder);
    if (read !== null) found.set(read.place, read.sha256);
  }
  return found;
}

/**
 * At newlines alone: a name may hold any other character that ends a line for somebody. A list that another program
 * wrote may begin with a byte order mark.
 */
function linesOf(text: string): string[] {
  return text.replace(/^\ufeff/, "").split("\n");
}

/** A line that ends as Windows ends lines, unless the name does. */
async function readLine(line: string, folder: string): Promise<ReturnType<typeof readChecksumLine>> {
  const read = readChecksumLine(line);
  if (read === null || !line.endsWith("\r") || (await isThere(join(folder, read.place)))) return read;
  return readChecksumLine(line.slice(0, -1));
}

/**
 * Updates a folder's list: these files get their hashes, others that are in it stay for as long as they
 * lie in the folder. The list appears whole or not at all, and is left alone where it is right already.
 * @param moveAside told of a file of that name that is no list of hashes, or a link, before a list is written
 * @returns where it was moved; null where none was in the way
 */
export async function updateChecksumList(
  folder: string,
  files: Iterable<{ readonly place: string; readonly sha256: string }>,
  moveAside: (path: string) => Promise<string>,
): Promise<string | null> {
  const path = join(folder, CHECKSUM_LIST);
  const isStrange = (await isSomething(path)) && !(await isChecksumList(path));
  const before = isStrange
    ? new Map<string, string>()
    : ((await readChecksumList(folder)) ?? new Map<string, string>());
  const now = new Map<string, string>();
  for (const { place, sha256 } of files) now.set(place, sha256);
  for (const [place, sha256] of before)
    if (!now.has(place) && (await isThere(join(folder, place)))) now.set(place, sha256);
  const isRight =
    now.size === before.size && [...now].every(([place, sha256]) => before.get(place) === sha256);
  if (isRight) return null;
  const aside = isStrange ? await moveAside(path) : null;
  const places = [...now.keys()].sort();
  await writeWhole(path, lines(places, now), () => true);
  return aside;
}

/** A file, no link, and every line in it is sha256sum's: nothing is lost where it is written anew. */
async function isChecksumList(path: string): Promise<boolean> {
  if (!(await isThere(path))) return false;
  const rows = linesOf(await readFile(path, "utf8"));
  return rows.every((line) => line === "" || line === "\r" || readChecksumLine(line) !== null);
}

async function isSomething(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

function* lines(places: readonly string[], hashes: ReadonlyMap<string, string>): Generator<string> {
  for (const place of places) yield checksumLine(place, hashes.get(place) ?? "");
}

/**
 * Files below a folder that were not copied there: neither known, nor the list itself, nor moved aside by a copy,
 * nor what Finder leaves everywhere. In order.
 */
export async function extraFiles(folder: string, isKnown: (place: string) => boolean): Promise<string[]> {
  const extra: string[] = [];
  const look = async (below: string): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true });
    for (const entry of entries) {
      const place = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        // Another phone's copy has a list of its own.
        const isCopy = await isThere(join(folder, place, CHECKSUM_LIST));
        if (place !== ASIDE && !isCopy) await look(place);
      } else if (place !== CHECKSUM_LIST && entry.name !== ".DS_Store" && !isKnown(place)) extra.push(place);
    }
  };
  await look("");
  return extra.sort();
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
