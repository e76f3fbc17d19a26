import type { Clock } from "../clock.js";

/** Pictures take one byte of so many that are copied, which leaves a copy nearly all of its rate. */
const COPIED_BYTES_PER_BYTE = 20;
/** What may be read at once when a copy begins: a dozen pictures. */
const FIRST_BYTES = 1_000_000;
/** A copy that moved nothing for so long waits for Photos, for room, or for the phone: then the cable is free. */
const IDLE_MS = 2_000;
const BETWEEN_LOOKS_MS = 250;

/** Shares the cable between a copy and the pictures of the page: the copy goes first. */
export class CableShare {
  readonly #clock: Clock;
  #copiedBytes: number | null = null;
  #pictureBytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isCopying(): boolean {
    return this.#copiedBytes !== null;
  }

  /** @param bytes all that the run has copied so far; null while no run copies */
  copied(bytes: number | null): void {
    if (bytes !== null && this.#copiedBytes === null) this.#pictureBytes = 0;
    this.#copiedBytes = bytes;
  }

  /** Resolves when a picture may be read. @throws the signal's reason */
  async turn(signal: AbortSignal): Promise<void> {
    for (let idleMs = 0; this.#isSpent && idleMs < IDLE_MS; ) {
      const before = this.#copiedBytes;
      await this.#clock.wait(BETWEEN_LOOKS_MS, signal);
      idleMs = this.#copiedBytes === before ? idleMs + BETWEEN_LOOKS_MS : 0;
    }
  }

  /** A picture of so many bytes was read. */
  spent(bytes: number): void {
    this.#pictureBytes += bytes;
  }

  get #isSpent(): boolean {
    if (this.#copiedBytes === null) return false;
    return this.#pictureBytes > FIRST_BYTES + this.#copiedBytes / COPIED_BYTES_PER_BYTE;
  }
}
