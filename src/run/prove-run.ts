import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { LibraryPackage, LibraryTrouble, UnansweredLibrary } from "../photos/library-package.js";
import { ImportProof } from "../verify/prove-imported.js";
import type { ImportParts } from "./run-parts.js";

/**
 * The library package of a run; or why it cannot be read, which a person is told. One that macOS is asking about keeps
 * nobody longer than {@link LibraryPackages.open}.
 */
export async function openLibraryPackage(
  ledger: PhoneLedger,
  { originals, signal, report }: Pick<ImportParts, "originals" | "signal" | "report">,
): Promise<LibraryPackage | LibraryTrouble | UnansweredLibrary> {
  const library = await originals.open(ledger.destinationKey === "" ? null : ledger.destinationKey, signal);
  if ("code" in library) {
    const goesOn = "later" in library ? " Rollcall continues without proof until that is answered." : "";
    report({ type: "notice", code: library.code, message: `${library.message}${goesOn}` });
  }
  return library;
}

/**
 * The proof of one run's items, going on beside its import. Dispose it.
 * @param onEach called once for each item that is proved
 */
export function proveRun(
  runId: string,
  ledger: PhoneLedger,
  library: LibraryPackage | LibraryTrouble | UnansweredLibrary,
  { clock, signal, report }: Pick<ImportParts, "clock" | "signal" | "report">,
  onEach: (ledgerId: number) => void = () => {},
): ImportProof {
  return new ImportProof({
    library,
    ledger,
    runId,
    clock,
    signal,
    onAnswered: (answered) => report({ type: "notice", ...afterTheAnswer(answered) }),
    onProved: (items, since) => {
      report({ type: "proved", items });
      for (const ledgerId of since) onEach(ledgerId);
    },
    onReferences: () => {
      const message =
        'Photos keeps references instead of copies ("Copy items to the Photos library" is off): the staged files are ' +
        "the photos, and stay";
      report({ type: "notice", code: "COPY_ITEMS_OFF", message });
    },
    onLate: (items, mostMs) => {
      const photos = items === 1 ? "1 photo is" : `${items} photos are`;
      const minutes = Math.ceil(mostMs / 60_000);
      const message = `${photos} not in the library yet as Photos lists them: looking again for up to ${minutes} minutes`;
      report({ type: "notice", code: "LIBRARY_IS_LATE", message });
    },
  });
}

/** The same, to look once more at some of them: how many are proved was told before. */
export function quietProof(
  runId: string,
  ledger: PhoneLedger,
  library: LibraryPackage,
  { clock, signal }: Pick<ImportParts, "clock" | "signal">,
): ImportProof {
  return new ImportProof({ library, ledger, runId, clock, signal });
}

function afterTheAnswer(library: LibraryPackage | LibraryTrouble): { code: string; message: string } {
  if ("code" in library) return { code: library.code, message: library.message };
  const message = "The Photos library may be read now: what came before is being proved, too";
  return { code: "LIBRARY_ANSWERED", message };
}
