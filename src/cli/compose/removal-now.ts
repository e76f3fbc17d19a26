import { systemClock } from "../../clock.js";
import { RollcallError } from "../../errors.js";
import type { PhoneLedger } from "../../ledger/phone-ledger.js";
import type { Answer } from "../../receipt/answer.js";
import type { Receipt, ReceiptHead } from "../../receipt/receipt.js";
import type { ReceiptFolder } from "../../receipt/receipt-folder.js";
import { type Removal, safeToRemove } from "../../receipt/safe-to-remove.js";
import { phoneCloud } from "../../receipt/why-it-stays.js";
import type { PhotosParts } from "../../run/run-parts.js";
import { readLater, requireNothingPrunedAfter } from "./later-receipts.js";
import type { OpenDataFolder } from "./open-data-folder.js";
import { recheckNow } from "./recheck-now.js";

/** What may leave the phone by a receipt, as it stands today. */
interface RemovalNow {
  readonly today: ReceiptHead;
  readonly removal: Removal;
}

type RecheckNowOptions = Parameters<typeof recheckNow>[3];

/**
 * Reads the library again now, and lists what is proved in all its files.
 * @throws RollcallError BAD_USAGE for the receipt of a copy, RECEIPT_NOT_FOUND where a later one was pruned,
 *   RECEIPT_UNREADABLE where a later one cannot be read
 */
export async function removalNow(
  { path, receipt }: { readonly path: string; readonly receipt: Receipt },
  receipts: ReceiptFolder,
  data: Pick<OpenDataFolder, "ledgerDatabase">,
  photosParts: PhotosParts,
  options: RecheckNowOptions,
): Promise<RemovalNow> {
  const checkedFrom = systemClock.now();
  const { receipt: today, ledger } = await recheckNow(receipt, data, photosParts, options);
  const later = await readLater(receipt, path, receipts);
  const removal = safeToRemove(today.answers, {
    checkedFrom,
    isAsLastSeen: (answer) => isAsLastSeen(answer, ledger),
    later: later.imports.flatMap(({ answers }) => answers),
    cloud: phoneCloud([receipt, ...later.imports, ...later.copiesThatSawICloud]),
  });
  return { today, removal };
}

/** Before anything is read. @throws as {@link removalNow} */
export async function requireImportReceipt(
  { path, receipt }: { readonly path: string; readonly receipt: Receipt },
  receipts: ReceiptFolder,
): Promise<void> {
  if (receipt.destination.kind !== "photos") {
    throw new RollcallError("BAD_USAGE", {
      message: `${path} is the receipt of a copy into a folder; safe-to-remove is about what Photos keeps.`,
      remedy: "Name the receipt of an import, or none.",
    });
  }
  await requireNothingPrunedAfter(receipt, path, receipts);
}

/** What the phone was last seen to hold under this path is what the receipt speaks of. */
function isAsLastSeen({ path, sizeBytes, modifiedAt, sha256 }: Answer, ledger: PhoneLedger): boolean {
  if (sizeBytes === null || modifiedAt === null) return false;
  const seen = { path, sizeBytes, modifiedAtMs: Date.parse(modifiedAt), bornAtMs: null };
  return ledger.sightings.hashSeen(seen) === sha256;
}
