/**
 * Which rows are in which albums, and in which order: sixteen bytes for each membership. A phone may send five million
 * of them, so no list is made of them before it is asked for.
 */
export class AlbumMembers {
  #albums = new Uint32Array(1024);
  #rows = new Uint32Array(1024);
  #orders = new Float64Array(1024);
  #length = 0;
  /** Where the members of each album begin in {@link #sorted}; made at the first question. */
  #starts: Uint32Array | null = null;
  #sorted = new Uint32Array(0);

  /** @param order null stands behind all others */
  add(album: number, row: number, order: number | null): void {
    if (this.#length === this.#albums.length) {
      this.#albums = larger(this.#albums, new Uint32Array(this.#length * 2));
      this.#rows = larger(this.#rows, new Uint32Array(this.#length * 2));
      this.#orders = larger(this.#orders, new Float64Array(this.#length * 2));
    }
    this.#albums[this.#length] = album;
    this.#rows[this.#length] = row;
    this.#orders[this.#length] = order ?? Number.MAX_VALUE;
    this.#length++;
    this.#starts = null;
  }

  /** Each row once, in its first place; of one place by the row. */
  of(album: number): number[] {
    const starts = this.#group();
    const members = this.#sorted.slice(starts[album] ?? 0, starts[album + 1] ?? 0);
    members.sort((a, b) => this.#orders[a]! - this.#orders[b]! || this.#rows[a]! - this.#rows[b]!);
    return [...new Set(Array.from(members, (at) => this.#rows[at]!))];
  }

  /** By counting: the albums are numbered from 0. */
  #group(): Uint32Array {
    if (this.#starts !== null) return this.#starts;
    let most = 0;
    for (let at = 0; at < this.#length; at++) most = Math.max(most, this.#albums[at]!);
    const starts = new Uint32Array(most + 2);
    for (let at = 0; at < this.#length; at++) starts[this.#albums[at]! + 1]!++;
    for (let album = 0; album <= most; album++) starts[album + 1]! += starts[album]!;
    const next = starts.slice();
    this.#sorted = new Uint32Array(this.#length);
    for (let at = 0; at < this.#length; at++) this.#sorted[next[this.#albums[at]!]!++] = at;
    this.#starts = starts;
    return starts;
  }
}

function larger<Numbers extends Uint32Array | Float64Array>(from: Numbers, into: Numbers): Numbers {
  into.set(from);
  return into;
}
