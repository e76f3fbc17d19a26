import { readFile, stat } from "node:fs/promises";
import { type Phone, type PhoneFile, PhoneFileError } from "../phone/phone.js";
import { lastName } from "../text/last-name.js";
import { type SmallPicture, smallPictureOf } from "./small-picture.js";

/**
 * Where the phone keeps small pictures, by the path of the original: `/DCIM/100APPLE/IMG_0001.HEIC/5005.JPG`
 * (reported for iOS 12 to 26; they stay when an original moves to iCloud).
 */
const THUMBNAILS = "/PhotoData/Thumbnails/V2";
/**
 * The larger number is the larger picture. iOS 14 has 5003 alone, newer ones 5005 first and 5003 for what lacks it:
 * one phone has both, so each item is asked for itself. Other numbers are learnt by looking.
 */
const USUAL_NAMES = ["5005.JPG", "5003.JPG"] as const;
const NUMBERED_JPEG = /^\d{1,5}\.jpe?g$/i;
/** A folder that lists more than a few sizes is no folder of thumbnails. */
const MOST_NAMES = 4;

/** Of 183 thumbnails of recipe 5005 that were measured the largest has 158 kB, and 28 % are over 96 KiB. */
const MOST_BYTES = 256 * 1024;
/** Of an original that shows itself, where the phone keeps no smaller picture of it. */
const MOST_ORIGINAL_BYTES = 96 * 1024;
/** So many items without any: this phone keeps them elsewhere, and is asked no more. */
const MOST_MISSES = 8;

/** One item that the page should show a picture of. */
export interface WantedPicture {
  readonly item: string;
  /** The original, where it is small and a browser can show it; null otherwise. */
  readonly shownByItself: string | null;
  /** Where a copy of the original may lie on this computer: what is here is not read off the phone again. */
  readonly copyPath: string | null;
}

/** Its path, where an original is small and a browser can show it; null otherwise. */
export function shownByItself({ path, sizeBytes }: PhoneFile): string | null {
  return /\.(jpe?g|png)$/i.test(path) && sizeBytes <= MOST_ORIGINAL_BYTES ? path : null;
}

/** The small pictures that a phone keeps of its photos. Each costs one read, the first few a listing before. */
export class PhonePictures {
  readonly #phone: Phone;
  /** What the phone calls them, the largest first. */
  #names: readonly string[] = USUAL_NAMES;
  #hasAny = false;
  #misses = 0;
  #isOver = false;

  constructor(phone: Phone) {
    this.#phone = phone;
  }

  /** Every picture asked for from here on is null. */
  cancel(): void {
    this.#isOver = true;
  }

  /** Null where there is none. @throws whatever ends the connection to the phone */
  async of(
    { item, shownByItself, copyPath }: WantedPicture,
    signal: AbortSignal,
  ): Promise<SmallPicture | null> {
    if (this.#isOver || signal.aborted) return null;
    for (const name of await this.#namesFor(item, signal)) {
      const kept = await this.#read(`${THUMBNAILS}${item}/${name}`, signal);
      if (kept !== null) return kept;
    }
    if (shownByItself === null) return null;
    const copy = copyPath === null ? null : await copyOnDisk(copyPath);
    return copy === null ? await this.#read(shownByItself, signal) : smallPictureOf(copy);
  }

  /** Those of one item, as far as is known without asking; a phone that has shown none yet is asked what it has. */
  async #namesFor(item: string, signal: AbortSignal): Promise<readonly string[]> {
    if (this.#hasAny) return this.#names;
    if (this.#misses >= MOST_MISSES) return [];
    const listed: string[] = [];
    for await (const entry of this.#phone.list(`${THUMBNAILS}${item}`, signal)) {
      const name = entry.type === "file" ? lastName(entry.file.path) : "";
      if (NUMBERED_JPEG.test(name) && listed.push(name) >= MOST_NAMES) break;
    }
    if (listed.length === 0) {
      this.#misses += 1;
      return [];
    }
    this.#hasAny = true;
    this.#names = largestFirst(new Set([...this.#names, ...listed]));
    return largestFirst(listed);
  }

  /** Null for what is absent, too large, or no picture by its first bytes. */
  async #read(path: string, signal: AbortSignal): Promise<SmallPicture | null> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const chunk of this.#phone.read(path, { signal })) {
        length += chunk.length;
        if (length > MOST_BYTES) return null;
        chunks.push(Uint8Array.from(chunk)); // the phone's own is valid until the next
      }
    } catch (error) {
      if (error instanceof PhoneFileError) return null;
      throw error;
    }
    return smallPictureOf(Buffer.concat(chunks));
  }
}

function largestFirst(names: Iterable<string>): string[] {
  return [...names].sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10)).slice(0, MOST_NAMES);
}

/** Null where it is gone, or is no small file. */
async function copyOnDisk(path: string): Promise<Buffer | null> {
  try {
    const found = await stat(path);
    return found.isFile() && found.size <= MOST_ORIGINAL_BYTES ? await readFile(path) : null;
  } catch {
    return null;
  }
}
