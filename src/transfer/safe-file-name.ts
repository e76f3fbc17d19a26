import { createHash } from "node:crypto";
import { mkdtemp, rmdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";

/** APFS and ext4 both end a name at 255 bytes. */
const LONGEST_NAME_BYTES = 255;

/**
 * A path on the phone as a relative path on this computer that cannot leave its folder: parts that are
 * empty, `.` or `..` or hold a NUL are rewritten, and an over-long one is shortened with a hash of the
 * whole. Anything else (quotes, newlines, emoji, right-to-left marks) stays as it is: Photos should see
 * the name the phone has. The receipt always has the phone's own spelling.
 */
export function safeRelativePath(phonePath: string): string {
  const parts = phonePath.split("/").filter((part, at) => part !== "" || at > 0);
  return join(...parts.map(safeName));
}

function safeName(name: string): string {
  const plain = name.replaceAll("\0", "%00").replaceAll("/", "%2F");
  if (plain === "" || plain === "." || plain === "..") return plain.replaceAll(".", "%2E") || "%";
  if (Buffer.byteLength(plain) <= LONGEST_NAME_BYTES) return plain;
  const extension = extname(plain).slice(0, 12);
  const mark = `~${createHash("sha256").update(plain).digest("hex").slice(0, 12)}`;
  let stem = plain.slice(0, plain.length - extname(plain).length);
  while (Buffer.byteLength(stem + mark + extension) > LONGEST_NAME_BYTES)
    stem = [...stem].slice(0, -1).join("");
  return stem + mark + extension;
}

/**
 * Gives each path on the phone a place of its own, where two may differ in nothing but case or Unicode
 * form: the second folder gets a number, so that an item's file names stay what they are.
 */
export class DistinctPlaces {
  readonly #taken = new Map<string, string>();
  readonly #isFolded: boolean;

  /** @param isFolded whether the file system takes names for equal that differ in case (see {@link foldsCase}) */
  constructor(isFolded: boolean) {
    this.#isFolded = isFolded;
  }

  placeFor(phonePath: string): string {
    const folder = phonePath.slice(0, phonePath.lastIndexOf("/"));
    return this.placesFor(folder, [{ phonePath, name: basename(phonePath) }])[0]!;
  }

  /**
   * Places for the files of one item, all in one folder: Photos joins only what lies side by side.
   * @param folder on the phone
   * @param files the name to give to each there; no name twice
   */
  placesFor(folder: string, files: readonly { phonePath: string; name: string }[]): string[] {
    const usual = files.map(({ name }) => safeRelativePath(`${folder}/${name}`));
    for (let number = 1; ; number += 1) {
      const places =
        number === 1 ? usual : usual.map((place) => join(`${dirname(place)}~${number}`, basename(place)));
      const slots = places.map((place) => (this.#isFolded ? place.normalize("NFC").toLowerCase() : place));
      const isFree = slots.every((slot, at) => {
        const holder = this.#taken.get(slot);
        return holder === undefined || holder === files[at]!.phonePath;
      });
      if (!isFree) continue;
      for (const [at, slot] of slots.entries()) this.#taken.set(slot, files[at]!.phonePath);
      return places;
    }
  }
}

/** Tries it: macOS volumes usually fold case, Linux ones usually do not. The folder must exist. */
export async function foldsCase(folder: string): Promise<boolean> {
  const probe = await mkdtemp(join(folder, ".rollcall-Case-"));
  try {
    const twin = join(folder, basename(probe).replace(".rollcall-Case-", ".ROLLCALL-cASE-"));
    return await stat(twin).then(
      () => true,
      () => false,
    );
  } finally {
    await rmdir(probe);
  }
}
