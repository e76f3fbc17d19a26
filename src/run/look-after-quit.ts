import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { isLibraryTrouble, type LibraryPackage } from "../photos/library-package.js";
import { advise, type Remedy, sentences, VERIFY } from "../remedy.js";
import { lostSince } from "../verify/lost-since.js";
import { quietProof } from "./prove-run.js";
import type { ImportParts } from "./run-parts.js";

const NOT_ASKED_AGAIN = advise`Photos was quit after it listed them, and is not started only to be asked again: ${VERIFY} asks it. Keep the photos on the phone until then.`;

/**
 * Whether quitting Photos loses what it took last no source settles, and Rollcall quits the one that it started. So the
 * run's items are looked at once more when it has ended, and the answers follow. Where the library may not be read, that
 * would cost another start of Photos: then it is said that nobody looked.
 * @param library null where it may not be read
 * @param liftedBy what would take the evidence further, by what was known before
 * @returns the same, by what is known now
 * @throws RollcallError STOPPED
 */
export async function lookAfterQuit(
  { runId, library, liftedBy }: { runId: string; library: LibraryPackage | null; liftedBy: Remedy | null },
  ledger: PhoneLedger,
  parts: Pick<ImportParts, "clock" | "signal" | "report">,
): Promise<Remedy | null> {
  if (library === null) return liftedBy === null ? null : sentences(liftedBy, NOT_ASKED_AGAIN);
  const { signal, report } = parts;
  report({ type: "ending", doing: "reading-library" });
  try {
    const lost = await lostSince(runId, { library, ledger, signal });
    if (lost.length === 0) return liftedBy;
    const items = lost.length === 1 ? "1 photo" : `${lost.length} photos`;
    const message = `Photos was quit, and ${items} of this run cannot be found in the library as before: looking again`;
    report({ type: "notice", code: "LOST_AT_QUIT", message });
    await using proof = quietProof(runId, ledger, library, parts);
    return (await proof.lookAgain(lost)) ?? liftedBy;
  } catch (error) {
    if (!isLibraryTrouble(error)) throw error;
    return sentences(error.message, error.remedy);
  }
}
