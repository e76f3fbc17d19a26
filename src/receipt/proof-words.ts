import type { ReceiptHead } from "./receipt.js";

/** How far a receipt's good answers are proved, by the rung of its evidence. */
const PROOFS: Readonly<Record<number, string>> = {
  0: "nothing was imported",
  1: "Photos said that it took every file (the weakest of four kinds)",
  2: "Photos lists every photo under its id and name (the third of four kinds)",
  3: "every file is in the library's database, and not every byte was read (the second of four kinds)",
  4: "every byte read back (the strongest of four kinds)",
};

/** Of a copy, which Photos knows nothing of. */
const PROOFS_OF_COPIES: typeof PROOFS = {
  2: "every file is there with its size, and not every byte was read (the weaker of two kinds)",
  4: "every byte read back (the stronger of two kinds)",
};

export function proofWords({ evidence, destination }: Pick<ReceiptHead, "evidence" | "destination">): string {
  const ofCopy = destination.kind === "folder" ? PROOFS_OF_COPIES[evidence.rung] : undefined;
  return ofCopy ?? PROOFS[evidence.rung] ?? `rung ${evidence.rung}`;
}
