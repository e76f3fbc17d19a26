import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rmdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";

/** APFS and ext4 both end a name at 255 bytes. */
const LONGEST_NAME_BYTES = 255;

/**
 * A path on the phone as a relative path on this computer that cannot leave its folder: parts that are
 * empty, `.` or `..` or hold a NUL are rewritten, and an over-long one is shortened with a hash of the
 * whole. Anything else (quotes, newlines, emoji, right-to-left marks) stays as it is: Photos should see
 * the name the phone has. The receipt always has the phone's own spelling.
 */
export function safeRelativePath(phonePath: string, names: NameGiver = AS_IT_IS): string {
  return join(...partsOf(phonePath).map((part) => names.nameFor(safeName(part))));
}

/** Gives a name that a disk takes, for one of this computer's making. */
export interface NameGiver {
  nameFor(name: string): string;
}

const AS_IT_IS: NameGiver = { nameFor: (name) => name };

/** The names of a path on the phone, as this computer spells them, for {@link NameGiver}. */
export function safeParts(phonePath: string): string[] {
  return partsOf(phonePath).map(safeName);
}

function partsOf(phonePath: string): string[] {
  return phonePath.split("/").filter((part, at) => part !== "" || at > 0);
}

function safeName(name: string): string {
  const plain = name.replaceAll("\0", "%00").replaceAll("/", "%2F");
  if (plain === "" || plain === "." || plain === "..") return plain.replaceAll(".", "%2E") || "%";
  if (Buffer.byteLength(plain) <= LONGEST_NAME_BYTES) return plain;
  const extension = extname(plain).slice(0, 12);
  const checkpoint = `~${createHash("sha256").update(plain).digest("hex").slice(0, 12)}`;
  const stem = plain.slice(0, plain.length - extname(plain).length);
  return (
    beginning(stem, LONGEST_NAME_BYTES - Buffer.byteLength(checkpoint + extension)) + checkpoint + extension
  );
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
  readonly #names: NameGiver;

  /**
   * @param isFolded whether the disk takes names for equal that differ in case or Unicode form (see {@link foldsNames})
   * @param names those that the disk takes
   */
  constructor(isFolded: boolean, names: NameGiver = AS_IT_IS) {
    this.#isFolded = isFolded;
    this.#names = names;
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
    const usual = files.map(({ name }) => safeRelativePath(`${folder}/${name}`, this.#names));
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
    if (!this.#isFolded) return place;
    // Up and down again: disks take ß for SS, and a long s for an s. Too much folded costs a folder, no more.
    return place.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
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

/**
 * Tries it: macOS volumes usually fold case, Linux ones usually do not; and APFS takes two Unicode forms for one name
 * also where it tells case apart. The folder must exist.
 */
export async function foldsNames(folder: string): Promise<boolean> {
  const probe = await mkdtemp(join(folder, ".rollcall-Case-"));
  try {
    const duplicate = join(folder, basename(probe).replace(".rollcall-Case-", ".ROLLCALL-cASE-"));
    return (await isThere(duplicate)) || (await foldsForms(probe));
  } finally {
    await rmdir(probe);
  }
}

async function foldsForms(folder: string): Promise<boolean> {
  const composed = join(folder, "\u00e9");
  try {
    await mkdir(composed);
  } catch {
    return true; // whatever it does with such names, each gets a place of its own
  }
  try {
    return await isThere(join(folder, "e\u0301"));
  } finally {
    await rmdir(composed);
  }
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
