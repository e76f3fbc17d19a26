/** Albums, or keywords: a person has hundreds; the rest of more is not read. */
export const MOST_TITLES = 100_000;
/** No photo has more. */
const MOST_TITLES_OF_ONE = 200;
/** Above {@link MOST_TITLES}, and a power of two. */
const TITLES = 2 ** 17;
const MOST_OWNER = Number.MAX_SAFE_INTEGER / TITLES - 1;

/**
 * Which photo is in which albums, or has which keywords, in eight bytes for each: photo and title are packed into one
 * number, and the numbers sorted when all are there. A phone may send five million of them, so no list is made of them before
 * it is asked for.
 */
export class Memberships {
  readonly #titles: readonly string[];
  /** Two of one title are one here. */
  readonly #titleOf: ReadonlyMap<number, number>;
  #packed = new Float64Array(1024);
  #length = 0;
  #isSorted = true;

  /** @param titles by the primary key of the album or keyword; at most {@link MOST_TITLES} */
  constructor(titles: ReadonlyMap<number, string>) {
    const numbers = new Map<string, number>();
    const titleOf = new Map<number, number>();
    for (const [key, title] of titles) {
      const number = numbers.get(title) ?? numbers.size;
      numbers.set(title, number);
      titleOf.set(key, number);
    }
    this.#titles = [...numbers.keys()];
    this.#titleOf = titleOf;
  }

  /**
   * @param owner the primary key of the photo, or of its attributes; one that no database has reached is left out
   * @param key one that has no title is left out
   */
  add(owner: number, key: number): void {
    const title = this.#titleOf.get(key);
    if (title === undefined || owner > MOST_OWNER) return;
    if (this.#length === this.#packed.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#packed);
      this.#packed = larger;
    }
    this.#packed[this.#length++] = owner * TITLES + title;
    this.#isSorted = false;
  }

  /** Each title once, in the order in which they were given; at most {@link MOST_TITLES_OF_ONE}. */
  titlesOf(owner: number): string[] {
    if (!this.#isSorted) this.#packed.subarray(0, this.#length).sort();
    this.#isSorted = true;
    const titles: string[] = [];
    let before = -1;
    for (let at = this.#firstOf(owner); at < this.#length && titles.length < MOST_TITLES_OF_ONE; at++) {
      const title = this.#packed[at]! - owner * TITLES;
      if (title >= TITLES) break;
      if (title !== before) titles.push(this.#titles[title]!);
      before = title;
    }
    return titles;
  }

  /** The place of the first number that belongs to this owner or a later one. */
  #firstOf(owner: number): number {
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#packed[middle]! < owner * TITLES) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
