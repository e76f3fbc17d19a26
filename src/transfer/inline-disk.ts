import { createHash } from "node:crypto";
import fs from "node:fs";
import { type DiskOptions, FINGERPRINT_SALT } from "./disk.js";
import { DiskClient } from "./disk-client.js";
import { type DiskRequest, diskWork } from "./disk-work.js";

/** The same thread does the work: nothing to start, and for few files the quickest. */
export class InlineDisk extends DiskClient {
  readonly #work: (requests: readonly DiskRequest[]) => void;

  constructor({ hasFingerprints }: DiskOptions) {
    super();
    this.#work = diskWork({
      fs,
      createHash,
      salt: hasFingerprints ? FINGERPRINT_SALT : null,
      send: (replies) => {
        for (const reply of replies) this.take(reply);
      },
    });
  }

  protected send(request: DiskRequest): void {
    this.#work([request]);
  }

  protected sendable(bytes: Uint8Array): Uint8Array {
    return bytes;
  }
}
