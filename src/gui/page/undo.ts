/** What was chosen before each of the last changes: one click in the wrong place must not lose an hour's choice. */
export class Undo {
  readonly #earlier: ReadonlySet<number>[] = [];

  /** @param chosen as it was before a change */
  remember(chosen: ReadonlySet<number>): void {
    this.#earlier.push(chosen);
    if (this.#earlier.length > 50) this.#earlier.shift();
  }

  /** The choice before the last change; null where nothing is left to undo. */
  take(): ReadonlySet<number> | null {
    return this.#earlier.pop() ?? null;
  }

  /** Another list of photos has other ids. */
  forget(): void {
    this.#earlier.length = 0;
  }
}
