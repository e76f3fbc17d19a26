/** What a virtual iPhone was asked, for tests that count. Its usbmuxd has a tally of its own. */
export class IPhoneCounters {
  /** Requests by name: `GetValue`, `StartService`. */
  readonly lockdown = new Tally();
  /** Requests by operation as in `AfcRequest`: `read-dir`, `file-open`, `read`. */
  readonly afc = new Tally();
  /** Bytes of file content given out. */
  bytesRead = 0;
  openHandles = 0;
  mostHandlesOpen = 0;

  handleOpened(): void {
    this.openHandles += 1;
    this.mostHandlesOpen = Math.max(this.mostHandlesOpen, this.openHandles);
  }

  handleClosed(): void {
    this.openHandles -= 1;
  }
}

export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, this.of(name) + 1);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  toJSON(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
