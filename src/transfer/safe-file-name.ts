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
  const stem = plain.slice(0, plain.length - extname(plain).length);
  return beginning(stem, LONGEST_NAME_BYTES - Buffer.byteLength(mark + extension)) + mark + extension;
}

/** As many whole letters as fit into so many bytes. */
function beginning(text: string, mostBytes: number): string {
  let bytes = 0;
  let end = 0;
  for (const letter of text) {
    bytes += Buffer.byteLength(letter);
    if (bytes > mostBytes) break;
    end += letter.length;
  }
  return text.slice(0, end);
}

/**
 * Gives each path on the phone a place of its own, where two may differ in nothing but case or Unicode
 * form: the second folder gets a number, so that an item's file names stay what they are.
 */
export class DistinctPlaces {
  readonly #taken = new Map<string, string>();
  /**
   * Of each usual place that more than one file wants, the lowest number that may be free: thousands of names may differ
   * in case alone, and none of them tries what the others have.
   */
  readonly #lowestFree = new Map<string, number>();
  /** The lowest above 1 that a file was given, by usual place and path on the phone. */
  readonly #numbers = new Map<string, number>();
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
    const usualSlots = usual.map((place) => this.#slotOf(place));
    for (let number = this.#firstToTry(usualSlots, files); ; number += 1) {
      const places = usual.map((place) => numbered(place, number));
      const slots = places.map((place) => this.#slotOf(place));
      const isFree = slots.every((slot, at) => {
        const holder = this.#taken.get(slot);
        return holder === undefined || holder === files[at]!.phonePath;
      });
      if (!isFree) continue;
      for (const [at, slot] of slots.entries()) {
        this.#taken.set(slot, files[at]!.phonePath);
        if (number > 1) this.#remember(usual[at]!, files[at]!.phonePath, number);
      }
      return places;
    }
  }

  #slotOf(place: string): string {
    return this.#isFolded ? place.normalize("NFC").toLowerCase() : place;
  }

  /** Every lower number is taken by another file, for one of these at least. */
  #firstToTry(usualSlots: readonly string[], files: readonly { phonePath: string }[]): number {
    const lowest = usualSlots.map((slot, at) => {
      const { phonePath } = files[at]!;
      const holder = this.#taken.get(slot);
      if (holder === undefined || holder === phonePath) return 1;
      const own = this.#numbers.get(`${slot}\0${phonePath}`) ?? Number.POSITIVE_INFINITY;
      return Math.min(own, this.#lowestFree.get(slot) ?? 2);
    });
    return lowest.reduce((first, number) => Math.max(first, number), 1);
  }

  #remember(usual: string, phonePath: string, number: number): void {
    const slot = this.#slotOf(usual);
    const own = `${slot}\0${phonePath}`;
    this.#numbers.set(own, Math.min(number, this.#numbers.get(own) ?? number));
    let lowest = this.#lowestFree.get(slot) ?? 2;
    while (this.#taken.has(this.#slotOf(numbered(usual, lowest)))) lowest += 1;
    this.#lowestFree.set(slot, lowest);
  }
}

function numbered(place: string, number: number): string {
  return number === 1 ? place : join(`${dirname(place)}~${number}`, basename(place));
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
