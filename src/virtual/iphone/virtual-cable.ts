/**
 * The wire between phone and computer: one for all connections of a phone. It says when a packet is through
 * and how much of it; it holds no bytes itself.
 */
export class VirtualCable {
  readonly #replyDelayMs: number;
  readonly #bytesPerMs: number;
  readonly #onPulled: () => void;
  #contentBytesLeft: number;
  #busyUntilMs = 0;

  constructor(limits: {
    replyDelayMs: number;
    bytesPerSecond: number;
    cablePulledAfterBytes: number;
    onPulled: () => void;
  }) {
    this.#replyDelayMs = limits.replyDelayMs;
    this.#bytesPerMs = limits.bytesPerSecond / 1000;
    this.#contentBytesLeft = limits.cablePulledAfterBytes;
    this.#onPulled = limits.onPulled;
  }

  /** True where nothing ever waits. */
  get isImmediate(): boolean {
    return this.#replyDelayMs === 0 && this.#bytesPerMs === Infinity;
  }

  /** When an answer to a request that came at `receivedAtMs` is through, by `performance.now()`. */
  throughAtMs(receivedAtMs: number, sizeBytes: number): number {
    const startMs = Math.max(receivedAtMs + this.#replyDelayMs, this.#busyUntilMs);
    this.#busyUntilMs = startMs + sizeBytes / this.#bytesPerMs;
    return this.#busyUntilMs;
  }

  /** How many of `contentBytes` still pass before the cable is pulled. */
  passes(contentBytes: number): number {
    const passing = Math.min(contentBytes, this.#contentBytesLeft);
    this.#contentBytesLeft -= passing;
    return passing;
  }

  /** True between the last byte that passed and the moment the cable is out: nothing more may pass. */
  get isUsedUp(): boolean {
    return this.#contentBytesLeft <= 0;
  }

  pull(): void {
    this.#contentBytesLeft = Infinity;
    this.#onPulled();
  }
}
