import type { ItemCheckUp } from "./check-item.js";

/** Several items of a library whose originals are the same, byte for byte. */
export interface SameBytes {
  readonly sha256: string;
  /** Two at least, in the library's order. */
  readonly uuids: readonly string[];
}

/** Sees the items of a check-up and keeps a hash and an id of each; finds those whose originals are equal. */
export class SameBytesFinder {
  readonly #uuids = new Map<string, string | string[]>();

  see({ uuid, files }: ItemCheckUp): void {
    const sha256 = files.find(({ role }) => role === "primary")?.sha256;
    if (sha256 == null) return;
    const before = this.#uuids.get(sha256);
    if (before === undefined) this.#uuids.set(sha256, uuid);
    else if (typeof before === "string") this.#uuids.set(sha256, [before, uuid]);
    else before.push(uuid);
  }

  found(): SameBytes[] {
    const found: SameBytes[] = [];
    for (const [sha256, uuids] of this.#uuids) if (typeof uuids !== "string") found.push({ sha256, uuids });
    return found;
  }
}
