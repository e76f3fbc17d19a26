/**
 * A number in [0, 1) that follows from its arguments alone, so that the same seed gives the same course of things in
 * whichever process an event happens to be answered (the mixing steps of MurmurHash3, Austin Appleby).
 */
export function chanceOf(...seeds: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const seed of seeds) {
    hash = Math.imul(hash ^ Math.imul(seed | 0, 0xcc9e2d51), 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** The values in another order. */
export function shuffled<Value>(values: readonly Value[], seed: number): Value[] {
  const left = [...values];
  for (let at = left.length - 1; at > 0; at--) {
    const other = Math.floor(chanceOf(seed, at) * (at + 1));
    [left[at], left[other]] = [left[other] as Value, left[at] as Value];
  }
  return left;
}
