import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makePassingFolder, type PassingFolder } from "../owned-folder.js";
import { type Phone, type PhoneFile, PhoneFileError } from "../phone/phone.js";
import type { Plan } from "../plan/decision.js";
import type { Imported } from "../receipt/call-the-roll.js";
import type { Thumbnail, Thumbnails } from "../receipt/page-pictures.js";
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

const MOST_PICTURES = 2_000;
/** Of 183 thumbnails of recipe 5005 that were measured the largest has 158 kB, and 28 % are over 96 KiB. */
const MOST_BYTES = 256 * 1024;
/** Of an original that shows itself, where the phone keeps no smaller picture of it. */
const MOST_ORIGINAL_BYTES = 96 * 1024;
const AT_ONCE = 4;
/** So many items without any: this phone keeps them elsewhere, and is asked no more. */
const MOST_MISSES = 8;
/** A page without pictures is still a receipt, and nobody should wait for them. */
const MOST_TIME_MS = 20_000;

/** One item that the page should show a picture of. */
interface WantedPicture {
  readonly item: string;
  /** The original, where it is small and a browser can show it; null otherwise. */
  readonly shownByItself: string | null;
  /** Where a copy of the original may lie on this computer: what is here is not read off the phone again. */
  readonly copyPath: string | null;
}

/**
 * What this run imported or could not import, what went wrong first, and what is in iCloud only. Never what is hidden
 * or in Recently Deleted: a page is shown around. Nothing where nothing came.
 */
export function wantedPictures(
  { decisions, catalogue }: Plan,
  imported: ReadonlyMap<string, Imported>,
  { runId, copyPathOf }: { readonly runId: string; readonly copyPathOf: (path: string) => string | null },
): WantedPicture[] {
  const ofThisRun = decisions.filter(
    (decision) =>
      decision.item.kind !== "other" &&
      !decision.item.hidden &&
      !decision.item.trashed &&
      (decision.action === "import" || (decision.action === "already" && decision.entry.runId === runId)),
  );
  if (ofThisRun.length === 0) return [];
  const isFailed = (key: string) => imported.get(key)?.type === "failed";
  const inOrder = [
    ...ofThisRun.filter(({ item }) => isFailed(item.key)),
    ...ofThisRun.filter(({ item }) => !isFailed(item.key)),
  ];
  const inICloud = catalogue.cloudOnly.filter(({ hidden, trashed }) => !hidden && !trashed);
  return [
    ...inOrder.slice(0, MOST_PICTURES).map(({ item }) => {
      const shownByItself = showable(item.files[0]!.file);
      const copyPath = shownByItself === null ? null : copyPathOf(shownByItself);
      return { item: item.key, shownByItself, copyPath };
    }),
    ...inICloud.map(({ path }) => ({ item: path, shownByItself: null, copyPath: null })),
  ].slice(0, MOST_PICTURES);
}

function showable({ path, sizeBytes }: PhoneFile): string | null {
  return /\.(jpe?g|png)$/i.test(path) && sizeBytes <= MOST_ORIGINAL_BYTES ? path : null;
}

/**
 * Asks the phone for small pictures, a few at once and for a short while. Whatever goes wrong, a locked phone, a
 * pulled cable, a full disk, there are fewer pictures and nothing else happens. Each costs one read where the phone
 * has the larger one, another where it has the smaller one alone; the first few a listing before.
 * @param workFolder exists; the pictures come to lie below it
 */
export async function fetchThumbnails(
  wanted: readonly WantedPicture[],
  { phone, workFolder, signal }: { phone: Phone; workFolder: string; signal?: AbortSignal | undefined },
): Promise<{ thumbnails: Thumbnails } & AsyncDisposable> {
  let folder: PassingFolder | null = null;
  const found = new Map<string, Thumbnail>();
  const time = AbortSignal.timeout(MOST_TIME_MS);
  const source = new SmallPictures(phone, signal === undefined ? time : AbortSignal.any([signal, time]));
  const queue = wanted.entries();
  const work = async (path: string) => {
    for (const [at, one] of queue) {
      const picture = await source.of(one);
      if (picture === null) continue;
      const filePath = join(path, String(at));
      await writeFile(filePath, picture.bytes, { mode: 0o600 });
      found.set(one.item, { type: picture.type, filePath });
    }
  };
  if (wanted.length > 0) {
    try {
      const { path } = (folder = makePassingFolder(workFolder, "thumbnails"));
      await Promise.all(Array.from({ length: AT_ONCE }, () => work(path).catch(() => source.cancel())));
    } catch {
      source.cancel();
    }
  }
  const inOrder = wanted.flatMap(({ item }) => {
    const thumbnail = found.get(item);
    return thumbnail === undefined ? [] : [[item, thumbnail] as const];
  });
  return {
    thumbnails: new Map(inOrder),
    [Symbol.asyncDispose]: async () => folder?.remove(),
  };
}

class SmallPictures {
  readonly #phone: Phone;
  readonly #signal: AbortSignal;
  /** What the phone calls them, the largest first. */
  #names: readonly string[] = USUAL_NAMES;
  #hasAny = false;
  #misses = 0;
  #isOver = false;

  constructor(phone: Phone, signal: AbortSignal) {
    this.#phone = phone;
    this.#signal = signal;
  }

  cancel(): void {
    this.#isOver = true;
  }

  /** Null where there is none. @throws whatever ends the connection to the phone */
  async of({ item, shownByItself, copyPath }: WantedPicture): Promise<SmallPicture | null> {
    if (this.#isOver || this.#signal.aborted) return null;
    for (const name of await this.#namesFor(item)) {
      const picture = await this.#read(`${THUMBNAILS}${item}/${name}`);
      if (picture !== null) return picture;
    }
    if (shownByItself === null) return null;
    const copy = copyPath === null ? null : await copyOnDisk(copyPath);
    return copy === null ? await this.#read(shownByItself) : smallPictureOf(copy);
  }

  /** Those of one item, as far as is known without asking; a phone that has shown none yet is asked what it has. */
  async #namesFor(item: string): Promise<readonly string[]> {
    if (this.#hasAny) return this.#names;
    if (this.#misses >= MOST_MISSES) return [];
    const listed: string[] = [];
    for await (const entry of this.#phone.list(`${THUMBNAILS}${item}`, this.#signal)) {
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
  async #read(path: string): Promise<SmallPicture | null> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const chunk of this.#phone.read(path, { signal: this.#signal })) {
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
