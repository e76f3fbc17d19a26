import { join } from "node:path";
import { onTestFinished } from "vitest";
import { LedgerDatabase } from "../../src/ledger/ledger-database.js";
import { libraryOriginals } from "../../src/originals/library-originals.js";
import type { Answer } from "../../src/receipt/answer.js";
import { readReceipt } from "../../src/receipt/receipt-json.js";
import { recheckReceipt } from "../../src/run/recheck-receipt.js";
import { directAccess } from "../direct-access.js";
import { ImportHarness } from "../run/import-harness.js";
import { phoneWith } from "../run/small-phones.js";
import type { Remedy, Told } from "./remedy.js";

/** Where the remedy says that there is nothing to do: what makes the answer a good one as it is. */
export type ReasonRemedy = Remedy | { readonly nothingToDo: string };

export const plain = { withoutPhoneLibrary: true } as const;

export function newHarness(): ImportHarness {
  const harness = new ImportHarness();
  onTestFinished(() => harness[Symbol.dispose]());
  return harness;
}

/** The reason of the first file that is not whole at its destination; null where all are. */
export async function firstTrouble(
  finished: Promise<{ answers(): Iterable<Answer> }> | { answers(): Iterable<Answer> },
): Promise<Told | null> {
  for (const { answer, reason, path } of (await finished).answers())
    if (answer !== "proved") {
      if (reason === null) throw new Error(`${path} is ${answer} without a reason`);
      return reason;
    }
  return null;
}

/** The reason of the first file that has one with this code; null where none has. */
export async function reasonWith(
  code: string,
  finished: Promise<{ answers(): Iterable<Answer> }>,
): Promise<Told | null> {
  for (const { reason } of (await finished).answers()) if (reason?.code === code) return reason;
  return null;
}

/** What `rollcall verify` finds today by the library package alone, or in the folder of a copy. */
export async function verified(
  harness: ImportHarness,
  { receiptPath }: { readonly receiptPath: string },
): Promise<Told | null> {
  using ledgerDatabase = await LedgerDatabase.open(harness.ledgerPath);
  const { photos, clock } = await harness.parts(phoneWith({}), ledgerDatabase);
  const receipt = await readReceipt(receiptPath);
  const { destination } = receipt;
  const library = await libraryOriginals({
    workFolder: join(harness.folder, "work"),
    access: directAccess,
  }).open(harness.photos.library.path);
  const key = destination.kind === "photos" ? (destination.library ?? "") : destination.path;
  const ledger = ledgerDatabase.ledgerFor(receipt.phone, { kind: destination.kind, key });
  const today = await recheckReceipt(receipt, { photos, clock, ledger, library });
  return await firstTrouble({ answers: () => today.receipt.answers });
}
