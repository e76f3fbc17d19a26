/** A person has hundreds; the rest of more is not read. */
export const MOST_ALBUMS = 100_000;
/** No photo is in more. */
const MOST_ALBUMS_OF_ONE = 200;
/** Above {@link MOST_ALBUMS}, and a power of two. */
const TITLES = 2 ** 17;
const MOST_ASSET = Number.MAX_SAFE_INTEGER / TITLES - 1;

/**
 * Which asset is in which albums, in eight bytes for each membership: asset and title are packed into one number,
 * and the numbers sorted when all are there. A phone may send five million of them, so no list is made of them before
 * it is asked for.
 */
export class AlbumMemberships {
  readonly #titles: readonly string[];
  /** Albums of one title are one here. */
  readonly #titleOf: ReadonlyMap<number, number>;
  #packed = new Float64Array(1024);
  #length = 0;
  #isSorted = true;

  /** @param titles by the primary key of the album; at most {@link MOST_ALBUMS} */
  constructor(titles: ReadonlyMap<number, string>) {
    const numbers = new Map<string, number>();
    const titleOf = new Map<number, number>();
    for (const [album, title] of titles) {
      const number = numbers.get(title) ?? numbers.size;
      numbers.set(title, number);
      titleOf.set(album, number);
    }
    this.#titles = [...numbers.keys()];
    this.#titleOf = titleOf;
  }

  /** @param asset a primary key; one that no database has reached, and an album that is not known, is left out */
  add(asset: number, album: number): void {
    const title = this.#titleOf.get(album);
    if (title === undefined || asset > MOST_ASSET) return;
    if (this.#length === this.#packed.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#packed);
      this.#packed = larger;
    }
    this.#packed[this.#length++] = asset * TITLES + title;
    this.#isSorted = false;
  }

  /** Each title once, in the order of the albums; at most {@link MOST_ALBUMS_OF_ONE}. */
  titlesOf(asset: number): string[] {
    if (!this.#isSorted) this.#packed.subarray(0, this.#length).sort();
    this.#isSorted = true;
    const titles: string[] = [];
    let before = -1;
    for (let at = this.#firstOf(asset); at < this.#length && titles.length < MOST_ALBUMS_OF_ONE; at++) {
      const title = this.#packed[at]! - asset * TITLES;
      if (title >= TITLES) break;
      if (title !== before) titles.push(this.#titles[title]!);
      before = title;
    }
    return titles;
  }

  /** The place of the first number that belongs to this asset or a later one. */
  #firstOf(asset: number): number {
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#packed[middle]! < asset * TITLES) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
