import { Worker } from "node:worker_threads";
import { type DiskOptions, FINGERPRINT_SALT } from "./disk.js";
import { DiskClient } from "./disk-client.js";
import { type DiskReply, type DiskRequest, diskWork } from "./disk-work.js";

// Requests that cannot be read are lost, all that came with them too: an end is heard, a silence is not.
const THREAD_TEXT = `((load) => {
  const { parentPort, workerData: salt } = load("node:worker_threads");
  const send = (replies) => parentPort.postMessage(replies);
  const { createHash } = load("node:crypto");
  const take = (${diskWork.toString()})({ fs: load("node:fs"), createHash, salt, send });
  parentPort.on("messageerror", (error) => { throw error; });
  parentPort.on("message", take);
})(require);`;

/**
 * A thread beside this one that writes, hashes, syncs and reads back, so that the one that reads the phone does not
 * wait for a disk or a hash. Bytes that lie in shared memory are taken from where they are. Requests that are made
 * in one turn of the event loop travel together.
 */
export class DiskThread extends DiskClient implements AsyncDisposable {
  readonly #worker: Worker;
  #unsent: DiskRequest[] = [];
  #unsentMemory: ArrayBuffer[] = [];
  #hasEnded = false;
  readonly whenReady: Promise<void>;

  /** Starts it. What is asked before it is ready is answered then. */
  constructor({ hasFingerprints }: DiskOptions) {
    super();
    const workerData = hasFingerprints ? FINGERPRINT_SALT : null;
    this.#worker = new Worker(THREAD_TEXT, { eval: true, workerData });
    this.#worker.on("message", (replies: readonly DiskReply[]) => {
      for (const reply of replies) this.take(reply);
    });
    this.#worker.on("error", (error) => this.end(error));
    this.#worker.on("exit", () => this.end(new Error("the thread that writes copies has ended")));
    this.whenReady = new Promise((resolve, reject) => {
      this.#worker.once("online", resolve);
      this.#worker.once("error", reject);
    });
    this.whenReady.catch(() => {});
  }

  /** Ends the thread. Whoever still waits for an answer gets an error. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }

  protected override end(error: Error): void {
    this.#hasEnded = true;
    super.end(error);
  }

  protected send(request: DiskRequest): void {
    if (this.#unsent.push(request) === 1) setImmediate(() => this.#sendAll());
  }

  #sendAll(): void {
    const [requests, memory] = [this.#unsent, this.#unsentMemory];
    this.#unsent = [];
    this.#unsentMemory = [];
    if (this.#hasEnded) return;
    try {
      this.#worker.postMessage(requests, memory);
    } catch (error) {
      // Nothing of it was sent: whoever asked must not wait for an answer.
      const { message } = error as Error;
      for (const { id } of requests) this.take({ id, error: { message, code: "" } });
    }
  }

  /**
   * Only shared memory is sent by reference; of anything else the whole buffer behind it would be copied. A copy of the
   * bytes travels, since a small file may be stored again once its folder is there.
   */
  protected sendable(bytes: Uint8Array): Uint8Array {
    const { buffer, byteOffset, byteLength } = bytes;
    if (buffer instanceof SharedArrayBuffer) return new Uint8Array(buffer, byteOffset, byteLength);
    const own = Uint8Array.from(bytes);
    this.#unsentMemory.push(own.buffer);
    return own;
  }
}
