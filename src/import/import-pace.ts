/** A plain event gives up after one or two minutes; this leaves room for a disk that was faster a moment ago. */
const PLAIN_EVENT_MS = 40_000;
/** For a Photos that has shown nothing yet: 5 MB/s. */
const FIRST_BYTES = 200_000_000;
const LEAST_BYTES = 25_000_000;
/** Fewer say little about a pace, because each event has a cost of its own. */
const MEANINGFUL_BYTES = 20_000_000;

/** One import event: the bytes that it carried, and how long it took or was waited for. */
interface TimedEvent {
  readonly bytes: number;
  readonly ms: number;
}

/**
 * How many bytes a plain import event takes well within its time-out, by the pace that Photos has shown. It falls at
 * once and grows step by step, and only by what events have proved: a slower disk must not lead to a time-out.
 */
export class ImportPace {
  #plainBytes: number;
  readonly #leastBytes: number;

  /**
   * @param options.firstBytes where to begin; 200 MB unless given
   * @param options.earlier events of earlier runs: a slow one is believed, a fast one is not
   */
  constructor({
    firstBytes = FIRST_BYTES,
    earlier = [],
  }: {
    readonly firstBytes?: number | undefined;
    readonly earlier?: readonly TimedEvent[];
  } = {}) {
    this.#plainBytes = firstBytes;
    this.#leastBytes = Math.min(firstBytes, LEAST_BYTES);
    for (const event of earlier) this.#atMost(bytesInTime(event));
  }

  /** The most that one plain event should carry now. */
  get plainBytes(): number {
    return this.#plainBytes;
  }

  /** An event that Photos answered, and after which everything was in. */
  took({ bytes, ms }: TimedEvent): void {
    this.#atMost(bytesInTime({ bytes, ms }));
    const isMeaningful = bytes >= this.#plainBytes / 4;
    const proved = (bytes / Math.max(1, ms)) * PLAIN_EVENT_MS;
    if (isMeaningful) this.#plainBytes = Math.max(this.#plainBytes, Math.min(proved, this.#plainBytes * 2));
  }

  /** An event that was given up before its end. */
  outlasted({ bytes, ms }: TimedEvent): void {
    if (bytes < MEANINGFUL_BYTES) return; // what holds Photos up is no disk
    this.#atMost(Math.min(bytesInTime({ bytes, ms }), bytes / 2));
  }

  #atMost(bytes: number): void {
    this.#plainBytes = Math.max(this.#leastBytes, Math.min(this.#plainBytes, bytes));
  }
}

function bytesInTime({ bytes, ms }: TimedEvent): number {
  return (Math.max(bytes, MEANINGFUL_BYTES) / Math.max(1, ms)) * PLAIN_EVENT_MS;
}
