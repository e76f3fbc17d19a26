/** By code unit: the same on every computer, whatever its language. */
export function ascending(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function byPath(a: { path: string }, b: { path: string }): number {
  return ascending(a.path, b.path);
}
