import type { Duplex } from "node:stream";
import type { VirtualCable } from "./virtual-cable.js";

interface AfcReply {
  readonly packet: Buffer;
  /** How many bytes of it, at its end, are file content. */
  readonly contentBytes: number;
  readonly receivedAtMs: number;
  /** Called once, when nobody needs `packet` any more. */
  readonly done: (() => void) | undefined;
}

/** Answers of one connection on their way out: delayed as the cable says, and never too many in memory. */
export class AfcSender {
  readonly #stream: Duplex;
  readonly #cable: VirtualCable;
  readonly #reverseBy: number;
  readonly #onRoom: () => void;
  readonly #held: AfcReply[] = [];
  /** In the order in which they leave. */
  readonly #delayed: { reply: AfcReply; dueAtMs: number }[] = [];
  #timer: NodeJS.Timeout | null = null;
  #bytesUnderWay = 0;
  #isStalled = false;

  /**
   * @param reverseBy how many answers are turned round at a time; 1 keeps their order
   * @param onRoom called whenever an answer has left
   */
  constructor(stream: Duplex, cable: VirtualCable, reverseBy: number, onRoom: () => void) {
    this.#stream = stream;
    this.#cable = cable;
    this.#reverseBy = reverseBy;
    this.#onRoom = onRoom;
  }

  /** Whoever reads slowly is not read for: no more answers are made until some have gone. */
  get isFull(): boolean {
    return this.#bytesUnderWay >= maxBytesUnderWay;
  }

  /** @param hasMore a further request is waiting, so this answer may be kept to be overtaken */
  send(reply: AfcReply, hasMore: boolean): void {
    this.#bytesUnderWay += reply.packet.length;
    this.#held.push(reply);
    if (hasMore && this.#held.length < this.#reverseBy && !this.isFull) return;
    for (const held of this.#held.splice(0).reverse()) this.#schedule(held);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#delayed.length = 0;
  }

  #schedule(reply: AfcReply): void {
    if (this.#cable.isImmediate) {
      this.#write(reply);
      return;
    }
    const dueAtMs = this.#cable.throughAtMs(reply.receivedAtMs, reply.packet.length);
    this.#delayed.push({ reply, dueAtMs });
    if (this.#timer === null) this.#writeWhatIsDue();
  }

  /** Timers count whole milliseconds: what is early by less leaves now, and the cable keeps the exact account. */
  #writeWhatIsDue(): void {
    this.#timer = null;
    const nowMs = performance.now();
    while (this.#delayed.length > 0 && this.#delayed[0]!.dueAtMs < nowMs + 0.5) {
      this.#write(this.#delayed.shift()!.reply);
    }
    const next = this.#delayed[0];
    if (next !== undefined) this.#timer = setTimeout(() => this.#writeWhatIsDue(), next.dueAtMs - nowMs);
  }

  #write(reply: AfcReply): void {
    const isDeaf = this.#stream.destroyed || this.#stream.writableEnded || this.#isStalled;
    if (isDeaf || this.#cable.isUsedUp) {
      this.#left(reply);
      return;
    }
    const cutBytes = reply.contentBytes - this.#cable.passes(reply.contentBytes);
    const isLast = this.#cable.isUsedUp;
    const passing = cutBytes === 0 ? reply.packet : reply.packet.subarray(0, -cutBytes);
    this.#stream.write(passing, () => {
      if (isLast && this.#cable.trigger() === "stalled") this.#isStalled = true;
      this.#left(reply);
    });
  }

  #left(reply: AfcReply): void {
    this.#bytesUnderWay -= reply.packet.length;
    reply.done?.();
    this.#onRoom();
  }
}

const maxBytesUnderWay = 4 * 1024 * 1024;
