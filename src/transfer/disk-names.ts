import { createHash } from "node:crypto";
import { mkdtemp, open, readdir, rmdir, unlink } from "node:fs/promises";
import { extname, join } from "node:path";
import { hasErrno } from "../errors.js";
import { type NameGiver, safeParts } from "./safe-file-name.js";

/** Whether a disk refused this one name, and may take any other. */
export function isNameRefused(error: unknown): boolean {
  return hasErrno(error, "EINVAL", "EILSEQ", "ENAMETOOLONG");
}

/**
 * The names that a disk takes, found by trying them: FAT and exFAT take none with a colon, some drop a dot at the end,
 * and an encrypted one has names of 143 bytes. Plain names are not tried.
 */
export class DiskNames implements NameGiver {
  readonly #folder: string;
  readonly #given = new Map<string, string>();
  #takesAny: boolean | null = null;

  /** @param folder on that disk. It exists */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The same name for what was not learnt. */
  nameFor(name: string): string {
    return this.#given.get(name) ?? name;
  }

  /**
   * Finds the names for these paths on the phone, before they are asked for.
   * @throws the system's error, where nothing can be tried
   */
  async learn(phonePaths: Iterable<string>): Promise<void> {
    if (this.#takesAny === true) return;
    const odd = new Set<string>();
    for (const path of phonePaths)
      for (const name of safeParts(path)) if (!PLAIN.test(name) && !this.#given.has(name)) odd.add(name);
    if (odd.size === 0) return;
    const probe = await mkdtemp(join(this.#folder, ".rollcall-names-"));
    try {
      this.#takesAny ??= (await isTaken(probe, ANYTHING)) && (await isTaken(probe, LONG));
      if (this.#takesAny) return;
      for (const name of odd) this.#given.set(name, await givenName(probe, name));
    } finally {
      await rmdir(probe);
    }
  }
}

/** Every disk takes these. */
const PLAIN = /^[\w .()~+-]{0,99}[\w()~+-]$/;
/** A disk that takes these two takes whatever has its length. */
const ANYTHING = 'a:b?*"<>|\\\u0001\u00e9\ud83d\ude00 .';
const LONG = "n".repeat(255);

async function givenName(probe: string, name: string): Promise<string> {
  if (await isTaken(probe, name)) return name;
  const plain = withoutOddEnd(name.replaceAll(/[\u0000-\u001f\u007f<>:"\\|?*]/g, "_"));
  if (plain !== name && (await isTaken(probe, plain))) return plain;
  const extension = /^\.\w{1,11}$/.exec(extname(name))?.[0] ?? "";
  return `${createHash("sha256").update(name).digest("hex").slice(0, 24)}${extension}`;
}

/** Whether a file gets this name and keeps it. A disk may spell it in another Unicode form. */
async function isTaken(probe: string, name: string): Promise<boolean> {
  const path = join(probe, name);
  try {
    await (await open(path, "wx", 0o600)).close();
  } catch (error) {
    // Made the moment before, the folder takes others. FUSE's exFAT says of a colon that nothing is there.
    if (isNameRefused(error) || hasErrno(error, "ENOENT", "EACCES", "EPERM", "EIO", "ENOTSUP")) return false;
    throw error;
  }
  const found = await readdir(probe);
  await unlink(path);
  // macOS may keep what such a disk has no place for in a file `._name` beside it.
  for (const one of await readdir(probe))
    if (one.startsWith("._")) await unlink(join(probe, one)).catch(unlessGone);
  return found.some((one) => one.normalize("NFC") === name.normalize("NFC"));
}

/** FAT and exFAT drop full stops and blanks at the end of a name. */
function withoutOddEnd(name: string): string {
  let end = name.length;
  while (end > 0 && (name[end - 1] === "." || name[end - 1] === " ")) end -= 1;
  return end === name.length ? name : `${name.slice(0, end)}_`;
}

/** macOS removes such a file with the one that it belongs to. */
function unlessGone(error: unknown): void {
  if (!hasErrno(error, "ENOENT")) throw error;
}
