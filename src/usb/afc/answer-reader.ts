import { WireFormatError } from "../wire/wire-format-error.js";
import {
  AFC_HEADER_BYTES,
  type AfcAnswer,
  type AfcHeader,
  decodeAfcAnswer,
  decodeAfcHeader,
} from "./afc-packet.js";

/** Who waits for an answer. */
export interface AnswerTaker {
  /**
   * Where the data of this answer goes. Called before a byte of it is read.
   * @throws WireFormatError where so much was never asked for
   */
  room(dataBytes: number): Buffer;
  /** @param data what {@link room} gave, filled; empty unless the answer is of type `data` */
  take(answer: AfcAnswer, data: Buffer): void;
}

/** No answer has more than one 64-bit argument. */
const MAX_HEAD_BYTES = AFC_HEADER_BYTES + 8;

/**
 * Cuts a stream of bytes into AFC answers. Each byte of data is copied once, into the room of the taker;
 * whatever pieces the bytes come in.
 */
export class AnswerReader {
  readonly #takerOf: (packetNumber: number) => AnswerTaker | undefined;
  readonly #head = Buffer.alloc(MAX_HEAD_BYTES);
  #headFilled = 0;
  #current: {
    header: AfcHeader;
    answer: AfcAnswer;
    taker: AnswerTaker;
    room: Buffer;
    filled: number;
  } | null = null;

  /** @param takerOf gives each taker once: an answer nobody waits for ends the connection */
  constructor(takerOf: (packetNumber: number) => AnswerTaker | undefined) {
    this.#takerOf = takerOf;
  }

  /** @throws WireFormatError after which nothing more may be pushed */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      at = this.#current === null ? this.#pushHead(chunk, at) : this.#pushData(chunk, at);
    }
  }

  #pushHead(chunk: Buffer, from: number): number {
    let at = from;
    if (this.#headFilled < AFC_HEADER_BYTES) {
      at += this.#fillHead(chunk, at, AFC_HEADER_BYTES);
      if (this.#headFilled < AFC_HEADER_BYTES) return at;
    }
    const header = decodeAfcHeader(this.#head);
    if (header.argumentBytes > MAX_HEAD_BYTES - AFC_HEADER_BYTES) {
      throw new WireFormatError(`an AFC answer says that it has ${header.argumentBytes} bytes of arguments`);
    }
    const headBytes = AFC_HEADER_BYTES + header.argumentBytes;
    at += this.#fillHead(chunk, at, headBytes);
    if (this.#headFilled < headBytes) return at;

    const answer = decodeAfcAnswer(header, this.#head.subarray(AFC_HEADER_BYTES, headBytes));
    const taker = this.#takerOf(header.packetNumber);
    if (taker === undefined) {
      throw new WireFormatError(`an AFC answer has number ${header.packetNumber}, which nobody waits for`);
    }
    this.#headFilled = 0;
    const room = answer.type === "data" ? taker.room(header.dataBytes) : NO_ROOM;
    if (header.dataBytes === 0) taker.take(answer, room);
    else this.#current = { header, answer, taker, room, filled: 0 };
    return at;
  }

  #fillHead(chunk: Buffer, at: number, upTo: number): number {
    const copied = chunk.copy(this.#head, this.#headFilled, at, at + upTo - this.#headFilled);
    this.#headFilled += copied;
    return copied;
  }

  #pushData(chunk: Buffer, at: number): number {
    const current = this.#current;
    if (current === null) return at;
    const copied = chunk.copy(current.room, current.filled, at);
    current.filled += copied;
    if (current.filled === current.room.length) {
      this.#current = null;
      current.taker.take(current.answer, current.room);
    }
    return at + copied;
  }
}

const NO_ROOM = Buffer.alloc(0);
