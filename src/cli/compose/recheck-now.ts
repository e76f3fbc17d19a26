import { systemClock } from "../../clock.js";
import type { PhoneLedger } from "../../ledger/phone-ledger.js";
import type { Receipt } from "../../receipt/receipt.js";
import { movedFrom } from "../../run/moved-library.js";
import { libraryToRead } from "../../run/photos-destination.js";
import { type Recheck, type RecheckChoice, recheckReceipt } from "../../run/recheck-receipt.js";
import type { PhotosParts } from "../../run/run-parts.js";
import { closedAgain } from "../../session/ask-and-close.js";
import type { OpenDataFolder } from "./open-data-folder.js";

/** A receipt as it stands today, and the ledger that knows its files. */
interface RecheckedNow extends Recheck {
  readonly ledger: PhoneLedger;
}

interface RecheckNowOptions {
  /** The package to read in place of the one that the receipt names. */
  readonly libraryPath?: string | undefined;
  readonly choice?: RecheckChoice;
  /** Called before the destination is read, with its path; "" where it is not known. */
  readonly onBegin?: (destination: string) => void;
  /** Waits until the library may be touched from here. */
  readonly waitForLibrary: (path: string) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Looks today for everything that a receipt says reached its destination. Photos need not be open: the receipt knows
 * which library it was, and one that was moved since is found.
 */
export async function recheckNow(
  receipt: Receipt,
  { ledgerDatabase }: Pick<OpenDataFolder, "ledgerDatabase">,
  { photos, process, originals, libraryAccess }: PhotosParts,
  { libraryPath, choice = {}, onBegin = () => {}, waitForLibrary, signal }: RecheckNowOptions,
): Promise<RecheckedNow> {
  const { destination, phone } = receipt;
  let ledgerKey: string | null = null;
  const isMoved = async (path: string) => {
    ledgerKey = await movedFrom(receipt, path, { ledgerDatabase, originals, libraryAccess, signal });
    return ledgerKey !== null;
  };
  const { inside, blocks } =
    destination.kind === "photos"
      ? await libraryToRead(
          { process, libraryAccess, signal },
          { libraryPath, known: destination.library, isMoved },
        )
      : { inside: null, blocks: null };
  const key = destination.kind === "folder" ? destination.path : (ledgerKey ?? destination.library ?? "");
  const ledger = ledgerDatabase.ledgerFor(phone, { kind: destination.kind, key });
  onBegin(key);
  if (inside !== null) await waitForLibrary(inside);
  const library = await originals.open(inside, signal);
  const recheck = await closedAgain({ photos, process, clock: systemClock }, (asked) =>
    recheckReceipt(receipt, { photos: blocks ?? asked, clock: systemClock, ledger, library, signal }, choice),
  );
  return { ...recheck, ledger };
}
