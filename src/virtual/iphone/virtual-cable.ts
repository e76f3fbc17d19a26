/** What strikes when so many more bytes of file content have passed, and may strike again after as many. */
export interface CableFault {
  readonly afterBytes: number;
  /**
   * `pulled`: the cable is out. `replugged`: out, and in again at once, under another DeviceID.
   * `stalled`: nothing more is heard on the connection that was answering, and it does not end.
   */
  readonly what: "pulled" | "replugged" | "stalled";
}

/**
 * The wire between phone and computer: one for all connections of a phone. It says when a packet is through
 * and how much of it; it holds no bytes itself.
 */
export class VirtualCable {
  readonly #replyDelayMs: number;
  readonly #bytesPerMs: number;
  readonly #onPulled: (what: CableFault["what"]) => void;
  readonly #faults: CableFault[];
  #contentBytesLeft: number;
  #busyUntilMs = 0;

  constructor(limits: {
    replyDelayMs: number;
    bytesPerSecond: number;
    /** One after the other, each counted from the one before. */
    cableFaults: readonly CableFault[];
    onPulled: (what: CableFault["what"]) => void;
  }) {
    this.#replyDelayMs = limits.replyDelayMs;
    this.#bytesPerMs = limits.bytesPerSecond / 1000;
    this.#faults = [...limits.cableFaults];
    this.#contentBytesLeft = this.#faults[0]?.afterBytes ?? Infinity;
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

  /** How many of `contentBytes` still pass before the next fault. */
  passes(contentBytes: number): number {
    const passing = Math.min(contentBytes, this.#contentBytesLeft);
    this.#contentBytesLeft -= passing;
    return passing;
  }

  /** True between the last byte that passed and the moment the fault strikes: nothing more may pass. */
  get isUsedUp(): boolean {
    return this.#contentBytesLeft <= 0;
  }

  /** @returns what struck, where something was due */
  trigger(): CableFault["what"] | null {
    const fault = this.#faults.shift();
    this.#contentBytesLeft = this.#faults[0]?.afterBytes ?? Infinity;
    if (fault !== undefined && fault.what !== "stalled") this.#onPulled(fault.what);
    return fault?.what ?? null;
  }
}
