import type { Duplex } from "node:stream";
import { WireFormatError } from "../wire/wire-format-error.js";
import { AfcConnectionError, AfcStatusError } from "./afc-errors.js";
import { type AfcFileInfo, parseAfcFileInfo, parseNames } from "./afc-file-info.js";
import {
  AFC_OPEN_TO_READ,
  AFC_STATUS,
  type AfcAnswer,
  type AfcRequest,
  encodeAfcRequest,
} from "./afc-packet.js";
import { AnswerReader, type AnswerTaker } from "./answer-reader.js";

export interface AfcClientOptions {
  /** Requests on the wire at a time; more wait their turn here. */
  maxOutstanding?: number;
  /**
   * How long not a byte may come while requests are outstanding. Bounds silence, not a request. Of the time in which the
   * computer sleeps, or gives this process no turn, at most an eighth of it counts.
   */
  silenceTimeoutMs?: number;
}

/** What the phone may send for a folder or a description: far above any real one. */
const MAX_NAMES_BYTES = 16 * 1024 * 1024;
const MAX_DESCRIPTION_BYTES = 64 * 1024;
/** A timer that is overdue comes before what has come meanwhile is read: silence is so many of them in a row. */
const SILENCE_PARTS = 8;

/** One request and what becomes of its answer. */
interface Pending extends AnswerTaker {
  readonly request: AfcRequest;
  /** 0 until it is sent. */
  packetNumber: number;
  reject(error: Error): void;
}

/**
 * One AFC connection. Requests are sent without waiting for each other and matched to their answers by
 * packet number, in whatever order the answers come. A refusal (AfcStatusError) is that request's alone;
 * silence, a closed connection, or bytes that make no sense end the connection, and then every request
 * that waits rejects with the same AfcConnectionError.
 */
export class AfcClient {
  readonly #stream: Duplex;
  readonly #maxOutstanding: number;
  readonly #silenceTimeoutMs: number;
  /**
   * Few, so looking through them is quick. In a Map whose keys only grow, each table that it outgrows keeps the next
   * alive, and all that was asked, until the garbage collector goes through everything: 70 MB for 100,000 files.
   */
  readonly #outstanding: Pending[] = [];
  readonly #waiting: Pending[] = [];
  readonly #reader: AnswerReader;
  #unsent: Buffer[] = [];
  #lastNumber = 0;
  #silence: NodeJS.Timeout | undefined;
  #silentParts = 0;
  #death: AfcConnectionError | null = null;
  #isBusy = false;
  #hasEverAnswered = false;
  #hasAnsweredSinceIdle = false;
  #onDrained: (() => void) | null = null;

  /** @param stream to the AFC service, owned from here on */
  constructor(stream: Duplex, options: AfcClientOptions = {}) {
    this.#stream = stream;
    this.#maxOutstanding = options.maxOutstanding ?? 128;
    this.#silenceTimeoutMs = options.silenceTimeoutMs ?? 30_000;
    this.#reader = new AnswerReader((packetNumber) => this.#takerOf(packetNumber));
    stream.on("data", (chunk: Buffer) => this.#onData(chunk));
    stream.on("error", () => this.#end("closed", "the connection to the phone broke"));
    stream.on("end", () => this.#end("closed", "the phone closed the connection"));
    stream.on("close", () => this.#end("closed", "the connection to the phone was closed"));
    // After an explicit pause a new listener alone does not make it flow.
    stream.resume();
    if (stream.destroyed || stream.readableEnded) this.#end("closed", "the connection is closed already");
  }

  /** True once nothing can be asked here any more. */
  get isDead(): boolean {
    return this.#death !== null;
  }

  /** The names in a folder as the phone gives them, `.` and `..` included. */
  readDir(path: string): Promise<string[]> {
    return this.#askForData({ operation: "read-dir", path }, MAX_NAMES_BYTES, parseNames);
  }

  /** Describes what is at the path itself: a symbolic link is described, not followed. */
  getFileInfo(path: string): Promise<AfcFileInfo> {
    return this.#askForData({ operation: "get-file-info", path }, MAX_DESCRIPTION_BYTES, parseAfcFileInfo);
  }

  /** Opens for reading. Every handle has to be closed: a phone has about 240 of them. */
  open(path: string): Promise<bigint> {
    return this.#ask({ operation: "file-open", mode: AFC_OPEN_TO_READ, path }, 0, (answer) =>
      answer.type === "handle" ? answer.handle : NOT_THIS,
    );
  }

  /** Places the handle at `offsetBytes` from the start. */
  seek(handle: bigint, offsetBytes: number): Promise<void> {
    const request = { operation: "seek", handle, whence: 0, offsetBytes: BigInt(offsetBytes) } as const;
    return this.#ask(request, 0, isDone);
  }

  close(handle: bigint): Promise<void> {
    return this.#ask({ operation: "close", handle }, 0, isDone);
  }

  /**
   * The next bytes of the handle; fewer than `sizeBytes` are not the end, none are. Several reads of one
   * handle that are under way together are answered with consecutive bytes, in the order they were asked.
   * @param room makes the buffer for the answer, at most `sizeBytes` long
   */
  read(
    handle: bigint,
    sizeBytes: number,
    room: (sizeBytes: number) => Buffer = Buffer.allocUnsafe,
  ): Promise<Buffer> {
    const use = (answer: AfcAnswer, data: Buffer) => (answer.type === "data" ? data : NOT_THIS);
    return this.#ask({ operation: "read", handle, sizeBytes }, sizeBytes, use, room);
  }

  /** Resolves when nothing is outstanding any more, or the connection is over. */
  drained(): Promise<void> {
    if (this.#outstanding.length === 0 || this.isDead) return Promise.resolve();
    return new Promise((resolve) => {
      const before = this.#onDrained;
      this.#onDrained = () => {
        before?.();
        resolve();
      };
    });
  }

  /** Ends the connection; the phone closes what was open on it. What is outstanding rejects. */
  destroy(): void {
    this.#end("closed", "the connection was closed on this side");
  }

  #askForData<T>(request: AfcRequest, maxBytes: number, parse: (data: Buffer) => T): Promise<T> {
    return this.#ask(request, maxBytes, (answer, data) => (answer.type === "data" ? parse(data) : NOT_THIS));
  }

  #ask<T>(
    request: AfcRequest,
    maxDataBytes: number,
    use: (answer: AfcAnswer, data: Buffer) => T | typeof NOT_THIS,
    makeRoom: (sizeBytes: number) => Buffer = Buffer.allocUnsafe,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#death !== null) return reject(this.#death);
      this.#send({
        request,
        packetNumber: 0,
        reject,
        room: (dataBytes) => {
          if (dataBytes <= maxDataBytes) return makeRoom(dataBytes);
          throw new WireFormatError(`${dataBytes} bytes came where at most ${maxDataBytes} were asked for`);
        },
        take: (answer, data) => {
          if (answer.type === "status" && answer.status !== AFC_STATUS.ok) {
            return reject(new AfcStatusError(request.operation, answer.status));
          }
          let value: T | typeof NOT_THIS;
          try {
            value = use(answer, data);
          } catch (error) {
            // The packet was whole, so the connection is well; what it says is not.
            return reject(error);
          }
          if (value !== NOT_THIS) return resolve(value);
          const error = new WireFormatError(`${request.operation} was answered with a ${answer.type}`);
          reject(error);
          throw error;
        },
      });
    });
  }

  #send(pending: Pending): void {
    if (this.#outstanding.length >= this.#maxOutstanding) {
      this.#waiting.push(pending);
      return;
    }
    if (!this.#isBusy) {
      this.#isBusy = true;
      this.#hasAnsweredSinceIdle = false;
      this.#silentParts = 0;
      this.#silence = setTimeout(() => this.#onQuiet(), this.#silenceTimeoutMs / SILENCE_PARTS);
    }
    pending.packetNumber = ++this.#lastNumber;
    this.#outstanding.push(pending);
    // Requests are small and come in bursts: one write, and one TLS record, for each burst.
    if (this.#unsent.length === 0) setImmediate(() => this.#flush());
    this.#unsent.push(encodeAfcRequest(pending.packetNumber, pending.request));
  }

  #flush(): void {
    const unsent = this.#unsent;
    this.#unsent = [];
    if (this.#death === null) this.#stream.write(unsent.length === 1 ? unsent[0] : Buffer.concat(unsent));
  }

  #onData(chunk: Buffer): void {
    if (this.#death !== null) return;
    this.#hasEverAnswered = true;
    this.#hasAnsweredSinceIdle = true;
    this.#silentParts = 0;
    this.#silence?.refresh();
    try {
      this.#reader.push(chunk);
    } catch (error) {
      const what = error instanceof WireFormatError ? error.message : "an answer could not be taken";
      this.#end("protocol", what);
    }
  }

  #onQuiet(): void {
    this.#silentParts += 1;
    if (this.#silentParts < SILENCE_PARTS) this.#silence?.refresh();
    else this.#end("silent", `the phone sent nothing for ${this.#silenceTimeoutMs / 1000} seconds`);
  }

  #takerOf(packetNumber: number): AnswerTaker | undefined {
    const pending = this.#outstanding.find((each) => each.packetNumber === packetNumber);
    if (pending === undefined) return undefined;
    return {
      room: (dataBytes) => pending.room(dataBytes),
      take: (answer, data) => {
        this.#outstanding.splice(this.#outstanding.indexOf(pending), 1);
        pending.take(answer, data);
        const next = this.#waiting.shift();
        if (next !== undefined) this.#send(next);
        if (this.#outstanding.length === 0) this.#becomeIdle();
      },
    };
  }

  #becomeIdle(): void {
    this.#isBusy = false;
    clearTimeout(this.#silence);
    this.#onDrained?.();
    this.#onDrained = null;
  }

  #end(kind: AfcConnectionError["kind"], message: string): void {
    if (this.#death !== null) return;
    const isFirstAfterIdle = !this.#isBusy || !this.#hasAnsweredSinceIdle;
    const wasIdle = kind === "closed" && this.#hasEverAnswered && isFirstAfterIdle;
    const death = new AfcConnectionError(kind, message, wasIdle);
    this.#death = death;
    this.#stream.destroy();
    const all = [...this.#outstanding.splice(0), ...this.#waiting.splice(0)];
    for (const pending of all) pending.reject(death);
    this.#becomeIdle();
  }
}

/** An answer of a type that this request cannot have. */
const NOT_THIS = Symbol("not this");

function isDone(answer: AfcAnswer): undefined | typeof NOT_THIS {
  return answer.type === "status" ? undefined : NOT_THIS;
}
