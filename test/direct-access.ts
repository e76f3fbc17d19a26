import { realpathSync, statfsSync, statSync } from "node:fs";
import type { FirstTouch, LibraryAccess } from "../src/photos/library-access.js";

/** A library that nobody has to be asked about: everything is looked at in this process, at once. */
export const directAccess: LibraryAccess = {
  async locate(given) {
    const stats = statSync(given, { throwIfNoEntry: false });
    if (stats === undefined) return { kind: "absent", path: given };
    return { kind: stats.isDirectory() ? "folder" : "other", path: realpathSync(given) };
  },
  async freeSpace(path) {
    const { bavail, bsize } = statfsSync(path);
    return { volume: String(statSync(path).dev), freeBytes: bavail * bsize };
  },
  touch: () => ANSWERED,
};

const WAITING = {
  code: "LIBRARY_NOT_ANSWERED" as const,
  message: "It has not answered.",
  remedy: "Allow it.",
};

const ANSWERED: FirstTouch = {
  inTime: async () => true,
  answered: async () => {},
  answer: Promise.resolve(),
  waiting: WAITING,
};

/** A library about which macOS asks a person, who answers when the test says so. */
export class AskedAccess implements LibraryAccess {
  readonly locate = directAccess.locate;
  readonly freeSpace = directAccess.freeSpace;
  touches = 0;
  #isAnswered = false;
  #tell = () => {};
  readonly #answer = new Promise<void>((resolve) => {
    this.#tell = resolve;
  });

  touch(): FirstTouch {
    this.touches += 1;
    return {
      inTime: async () => this.#isAnswered,
      answered: () => this.#answer,
      answer: this.#answer,
      waiting: WAITING,
    };
  }

  answer(): void {
    this.#isAnswered = true;
    this.#tell();
  }
}
