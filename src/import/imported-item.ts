import type { FileRole } from "../catalogue/media-item.js";
import type { Reason } from "../errors.js";
import type { LedgerItem } from "../ledger/ledger-entry.js";

/** One item as it was sent to Photos: what is needed to recognise it among what came out. */
export interface SentItem {
  readonly ledgerId: number;
  readonly files: readonly SentFile[];
  /** Edits of it that are not what they say and were not sent along. */
  readonly leftBehind: ReadonlyMap<string, Reason>;
}

export interface SentFile {
  readonly role: FileRole;
  /** On the phone. */
  readonly path: string;
  /** The name Photos was given. */
  readonly name: string;
  readonly copyPath: string;
  readonly sizeBytes: number;
}

/** What became of one item that was sent. Already written in the ledger when it is yielded. */
export interface ImportOutcome {
  readonly ledgerId: number;
  readonly state: "imported" | "failed" | "unknown";
}

/** The item as it was sent, from what the ledger kept of it. */
export function sentItemOf(entry: LedgerItem): SentItem {
  return {
    ledgerId: entry.id,
    leftBehind: new Map(),
    files: entry.files.map(({ role, path, copyPath, sizeBytes }) => ({
      role,
      path,
      copyPath,
      sizeBytes,
      name: copyPath.slice(copyPath.lastIndexOf("/") + 1),
    })),
  };
}
