import { randomUUID } from "node:crypto";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../make-folder.js";
import { type Phone, type PhoneFile, PhoneFileError } from "../phone/phone.js";
import type { Plan } from "../plan/decision.js";
import type { Brought } from "../receipt/call-the-roll.js";
import type { Thumbnail, Thumbnails } from "../receipt/page-pictures.js";

/**
 * Where the phone keeps small pictures, by the path of the original: `/DCIM/100APPLE/IMG_0001.HEIC/5005.JPG`
 * (reported for iOS 12 to 17; they stay when an original moves to iCloud). What the number means is not documented
 * and it has changed, so it is learnt by looking.
 */
const THUMBNAILS = "/PhotoData/Thumbnails/V2";

const MOST_PICTURES = 2_000;
const MOST_BYTES = 96 * 1024;
const AT_ONCE = 4;
/** So many items without any: this phone keeps them elsewhere, and is asked no more. */
const MOST_MISSES = 8;
/** A page without pictures is still a receipt, and nobody should wait for them. */
const MOST_TIME_MS = 20_000;

/** One item that the page should show a picture of. */
export interface WantedPicture {
  readonly item: string;
  /** The original, where it is small and a browser can show it; null otherwise. */
  readonly shownByItself: string | null;
  /** Where a copy of the original may lie on this computer: what is here is not read off the phone again. */
  readonly copyPath: string | null;
}

/**
 * What this run brought or could not bring, what went wrong first, and what is in iCloud only. Never what is hidden
 * or in Recently Deleted: a page is shown around. Nothing where nothing came.
 */
export function wantedPictures(
  { decisions, catalogue }: Plan,
  brought: ReadonlyMap<string, Brought>,
  { runId, copyPathOf }: { readonly runId: string; readonly copyPathOf: (path: string) => string | null },
): WantedPicture[] {
  const ofThisRun = decisions.filter(
    (decision) =>
      decision.item.kind !== "other" &&
      !decision.item.hidden &&
      !decision.item.trashed &&
      (decision.action === "bring" || (decision.action === "already" && decision.entry.runId === runId)),
  );
  if (ofThisRun.length === 0) return [];
  const isFailed = (key: string) => brought.get(key)?.type === "failed";
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
  return /\.(jpe?g|png)$/i.test(path) && sizeBytes <= MOST_BYTES ? path : null;
}

/**
 * Asks the phone for small pictures, a few at once and for a short while. Whatever goes wrong, a locked phone, a
 * pulled cable, a full disk, there are fewer pictures and nothing else happens. Each costs one read where the phone
 * keeps them where it was seen to, and at most a listing and two reads.
 * @param workFolder exists; the pictures come to lie below it
 */
export async function fetchThumbnails(
  wanted: readonly WantedPicture[],
  { phone, workFolder, signal }: { phone: Phone; workFolder: string; signal?: AbortSignal | undefined },
): Promise<{ thumbnails: Thumbnails } & AsyncDisposable> {
  const folder = join(workFolder, `thumbnails-${randomUUID()}`);
  const found = new Map<string, Thumbnail>();
  const time = AbortSignal.timeout(MOST_TIME_MS);
  const source = new SmallPictures(phone, signal === undefined ? time : AbortSignal.any([signal, time]));
  const queue = wanted.entries();
  const work = async () => {
    for (const [at, one] of queue) {
      const picture = await source.of(one);
      if (picture === null) continue;
      const filePath = join(folder, String(at));
      await writeFile(filePath, picture.bytes, { mode: 0o600 });
      found.set(one.item, { type: picture.type, filePath });
    }
  };
  if (wanted.length > 0) {
    try {
      makeFolder(folder);
      await Promise.all(Array.from({ length: AT_ONCE }, () => work().catch(() => source.giveUp())));
    } catch {
      source.giveUp();
    }
  }
  const inOrder = wanted.flatMap(({ item }) => {
    const thumbnail = found.get(item);
    return thumbnail === undefined ? [] : [[item, thumbnail] as const];
  });
  return {
    thumbnails: new Map(inOrder),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }).catch(() => undefined),
  };
}

interface SmallPicture {
  readonly type: Thumbnail["type"];
  readonly bytes: Buffer;
}

class SmallPictures {
  readonly #phone: Phone;
  readonly #signal: AbortSignal;
  /** What the phone calls the size that serves; null until it was seen. */
  #name: string | null = null;
  #misses = 0;
  #isOver = false;

  constructor(phone: Phone, signal: AbortSignal) {
    this.#phone = phone;
    this.#signal = signal;
  }

  giveUp(): void {
    this.#isOver = true;
  }

  /** Null where there is none. @throws whatever ends the connection to the phone */
  async of({ item, shownByItself, copyPath }: WantedPicture): Promise<SmallPicture | null> {
    if (this.#isOver || this.#signal.aborted) return null;
    const path = await this.#pathOf(item);
    const kept = path === null ? null : await this.#read(path);
    if (kept !== null || shownByItself === null) return kept;
    const copy = copyPath === null ? null : await copyOnDisk(copyPath);
    return copy === null ? await this.#read(shownByItself) : pictureOf(copy);
  }

  async #pathOf(item: string): Promise<string | null> {
    const folder = `${THUMBNAILS}${item}`;
    if (this.#name !== null) return `${folder}/${this.#name}`;
    if (this.#misses >= MOST_MISSES) return null;
    let best: PhoneFile | null = null;
    for await (const entry of this.#phone.list(folder, this.#signal)) {
      if (entry.type !== "file" || !/\.jpe?g$/i.test(entry.file.path)) continue;
      const { sizeBytes } = entry.file;
      if (sizeBytes <= MOST_BYTES && sizeBytes > (best?.sizeBytes ?? 0)) best = entry.file;
    }
    if (best === null) this.#misses += 1;
    else this.#name = best.path.slice(best.path.lastIndexOf("/") + 1);
    return best?.path ?? null;
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
    return pictureOf(Buffer.concat(chunks));
  }
}

/** Null where it is gone, or is no small file. */
async function copyOnDisk(path: string): Promise<Buffer | null> {
  try {
    const found = await stat(path);
    return found.isFile() && found.size <= MOST_BYTES ? await readFile(path) : null;
  } catch {
    return null;
  }
}

/** Null where it is none by its first bytes. */
function pictureOf(bytes: Buffer): SmallPicture | null {
  const type = typeOf(bytes);
  return type === null ? null : { type, bytes };
}

function typeOf(bytes: Buffer): Thumbnail["type"] | null {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return "jpeg";
  if (bytes.subarray(0, 8).equals(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"))) return "png";
  return null;
}
