import { release, type } from "node:os";
import { EditedBatches } from "../import/edited-batches.js";
import type { ExtraCopy } from "../ledger/ledger-extra-copies.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { LibraryPackage, LibraryTrouble, UnansweredLibrary } from "../photos/library-package.js";
import { EditsInLibrary } from "../verify/edits-in-library.js";
import type { Report } from "./run-events.js";
import type { ImportParts, ImportRequest } from "./run-parts.js";

/** How many edited photos go into one event of this run: by what runs before it have proved, and by what it sees. */
export async function editedBatches(
  library: LibraryPackage | LibraryTrouble | UnansweredLibrary,
  {
    ledger,
    runId,
    photosVersion,
  }: { readonly ledger: PhoneLedger; readonly runId: string; readonly photosVersion: string },
  {
    clock,
    signal,
    report,
    systemRelease = `${type()} ${release()}`,
  }: Pick<ImportParts, "clock" | "signal" | "report" | "systemRelease">,
  { editedBatchItems }: Pick<ImportRequest, "editedBatchItems">,
): Promise<EditedBatches> {
  const isKnown = (photosId: string) => ledger.items.isKnownPhotosId(photosId);
  const rowsOf = (readable: LibraryPackage) =>
    new EditsInLibrary({ library: readable, isKnown, clock, signal });
  const batches = await EditedBatches.begin({
    ledger,
    runId,
    clock,
    // Photos' own number stays the same over point releases of macOS, in which its database was seen to change.
    photosVersion: `${photosVersion}, ${systemRelease}`,
    rows: "code" in library ? null : rowsOf(library),
    asked: editedBatchItems,
    onEnded: ({ items, message }) => {
      const which =
        items === null
          ? "Edited photos"
          : `${items === 1 ? "An edited photo" : `${items} edited photos`} of one event`;
      report({
        type: "notice",
        code: "EDITED_BATCHES_ENDED",
        message: `${which} came out differently than one photo each (${message}): from now on each goes by an event of its own`,
      });
    },
  });
  if ("later" in library)
    void library.later.then((answered) => {
      if (!("code" in answered)) batches.readFrom(rowsOf(answered));
    });
  return batches;
}

/** A person has to know, because no script can delete them. */
export function reportExtraCopies(copies: readonly ExtraCopy[], report: Report): void {
  if (copies.length === 0) return;
  const what = copies.length === 1 ? "1 extra copy" : `${copies.length} extra copies`;
  const gathered = copies.flatMap(({ album }) => album ?? []);
  const [album] = gathered;
  const where =
    album === undefined
      ? "the receipt names them"
      : gathered.length === copies.length
        ? `they are in the album "${album.name}"`
        : `the receipt names them, and the album "${album.name}" holds ${gathered.length} of them`;
  const message = `Photos made ${what} of edited photos, and no script can delete them: ${where}`;
  report({ type: "notice", code: "EXTRA_COPIES", message });
}
