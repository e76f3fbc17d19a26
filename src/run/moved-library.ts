import type { LedgerDatabase } from "../ledger/ledger-database.js";
import type { PhoneIdentity } from "../phone/phone.js";
import type { LibraryAccess } from "../photos/library-access.js";
import type { LibraryPackages } from "../photos/library-package.js";
import type { Receipt } from "../receipt/receipt.js";

/** So many of a receipt's ids are asked for: one that the ledger has tells. */
const MOST_IDS = 50;

/**
 * Whether a package is the library of a receipt that names another path: it was moved since, as its own id tells, which
 * goes with it. A copy is not it while the one that the ledger knows is still there.
 * @returns the path under which the ledger has it; null where it is another library, or nobody can say
 */
export async function movedFrom(
  receipt: Pick<Receipt, "phone" | "destination" | "answers">,
  path: string,
  {
    ledgerDatabase,
    originals,
    libraryAccess,
    signal,
  }: {
    readonly ledgerDatabase: LedgerDatabase;
    readonly originals: LibraryPackages;
    readonly libraryAccess: Pick<LibraryAccess, "locate">;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<string | null> {
  const { destination, phone, answers } = receipt;
  if (destination.kind !== "photos" || destination.library === null) return null;
  if (!ledgerDatabase.libraries.hasNamed()) return null;
  const library = await originals.open(path, signal);
  const id = "code" in library ? null : await library.libraryId(signal);
  const known = id === null ? null : ledgerDatabase.libraries.withId(id);
  if (known === null || known.isDisplaced) return null;
  if (known.key !== path && (await libraryAccess.locate(known.key, signal)).kind !== "absent") return null;
  const wasThere = ledgerDatabase.libraries.at(destination.library)?.destination === known.destination;
  return wasThere || hasImported(phone, known.key, answers, ledgerDatabase) ? known.key : null;
}

/** Ids in Photos are never given twice, so one of the receipt tells which library it is of. */
function hasImported(
  phone: PhoneIdentity,
  key: string,
  answers: Receipt["answers"],
  ledgerDatabase: LedgerDatabase,
): boolean {
  const ledger = ledgerDatabase.ledgerFor(phone, { kind: "photos", key });
  const ids = answers.flatMap(({ photosId }) => photosId ?? []).slice(0, MOST_IDS);
  return ids.some((id) => ledger.items.isKnownPhotosId(id));
}
