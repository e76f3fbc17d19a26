import type { Duplex } from "node:stream";
import type { VirtualCable } from "./virtual-cable.js";

export interface AfcReply {
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
  readonly #timers = new Set<NodeJS.Timeout>();
  #bytesUnderWay = 0;

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
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #schedule(reply: AfcReply): void {
    // Timers count whole milliseconds. What is early by less is sent now; the cable keeps the exact account.
    const waitMs = this.#cable.isImmediate
      ? 0
      : this.#cable.throughAtMs(reply.receivedAtMs, reply.packet.length) - performance.now();
    if (waitMs < 0.5 && this.#timers.size === 0) {
      this.#write(reply);
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#write(reply);
    }, waitMs);
    this.#timers.add(timer);
  }

  #write(reply: AfcReply): void {
    if (this.#stream.destroyed || this.#stream.writableEnded || this.#cable.isUsedUp) {
      this.#left(reply);
      return;
    }
    const cutBytes = reply.contentBytes - this.#cable.passes(reply.contentBytes);
    const isLast = this.#cable.isUsedUp;
    const passing = cutBytes === 0 ? reply.packet : reply.packet.subarray(0, -cutBytes);
    this.#stream.write(passing, () => {
      if (isLast) this.#cable.pull();
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
