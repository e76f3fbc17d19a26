import type { Reason } from "../errors.js";
import { LEFT_OUT, sentItemOf } from "../import/imported-item.js";
import { cameAfter, type FoundByBytes } from "../import/library-bytes.js";
import { SEEN_BY_BYTES_ALONE } from "../import/look-by-bytes.js";
import type { Batch, LedgerItem } from "../ledger/ledger-entry.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { isLibraryTrouble } from "../photos/library-package.js";
import { REASONS } from "../plan/decision.js";
import { hasEnded, STARTS_WITHIN_MS } from "../session/has-ended.js";
import { BytesInLibrary } from "../verify/bytes-in-library.js";
import { deleteProvedCopies } from "../verify/delete-proved-copies.js";
import { LATE_CODES, lookForLate } from "../verify/look-for-late.js";
import { shownWith } from "../verify/shown-items.js";
import type { ImportParts } from "./run-parts.js";

type ResolveDeps = Pick<ImportParts, "originals" | "clock" | "signal">;

/** The library's own files as a witness for what was sent; null where they may not be read. */
export async function libraryBytes(
  ledger: PhoneLedger,
  { originals, clock, signal }: ResolveDeps,
): Promise<BytesInLibrary | null> {
  const key = ledger.destinationKey;
  const library = await originals.open(key === "" ? null : key, signal);
  if ("code" in library) return null;
  const albumIds = () => {
    const open = ledger.runs.open();
    return [open?.journalAlbumId, open?.album?.id, ...ledger.albums.ourAlbumIds()].filter((id) => id != null);
  };
  const isWanted = (photosId: string) => !ledger.items.isKnownPhotosId(photosId);
  const ofEvents = (itemIds: readonly number[]) => shownWith(itemIds, ledger, clock.now());
  return new BytesInLibrary({ library, albumIds, isWanted, shownWith: ofEvents, clock, signal });
}

type FindDeps = ResolveDeps & Pick<ImportParts, "process" | "report">;

/**
 * Items of earlier runs of which nobody knew whether Photos has them, by their bytes, where the library may be read:
 * what is in it is known from now on; what is certainly not in it may be sent again, once every Photos that it was
 * sent to has ended. What has an id in Photos, and had no row in the library's database yet, is looked for under that
 * id, and never sent again here. Sends no event and starts nothing.
 */
export async function resolveUnknown(ledger: PhoneLedger, parts: FindDeps): Promise<void> {
  await resolveLate(ledger, parts);
  const unknown = ledger.items.unknownItems();
  if (unknown.length === 0) return;
  // Asked first: what ends while the library is read may have taken one in that the reader did not see.
  const running = await parts.process.running(parts.signal);
  await findByBytes(unknown, ledger, parts, (item) => {
    const isOver = item.carriedIt.every(({ sentTo, reply, begunAt }) => {
      const until = new Date(begunAt.getTime() + STARTS_WITHIN_MS);
      return reply !== null || hasEnded(sentTo, running, until);
    });
    if (isOver) ledger.findings.setState(item.id, "staged");
  });
}

/**
 * The same at the end of a run, of everything that it handed to Photos and that no script shows: it may hide them (of a
 * burst all frames but one), or have said nothing of them. What is not found keeps its answer, and is not sent again.
 */
export async function resolveLeftOver(runId: string, ledger: PhoneLedger, parts: FindDeps): Promise<void> {
  const wasSent = ({ state, files }: LedgerItem) =>
    state === "unknown" || files.some(({ reason }) => reason?.code === LEFT_OUT);
  const left = ledger.items.itemsOfRun(runId, "unknown", "failed").filter(wasSent);
  if (left.length > 0) await findByBytes(left, ledger, parts, () => undefined, SEEN_BY_BYTES_ALONE);
}

async function resolveLate(
  ledger: PhoneLedger,
  { originals, clock, signal, report }: FindDeps,
): Promise<void> {
  const late = ledger.items.importedItemsUnknown(LATE_CODES);
  if (late.length === 0) return;
  const key = ledger.destinationKey;
  const library = await originals.open(key === "" ? null : key, signal);
  if ("code" in library) return;
  const found = await lookForLate(late, library, { ledger, clock, signal }).catch((error: unknown) => {
    if (!isLibraryTrouble(error)) throw error;
    return 0;
  });
  reportFound(found, report);
}

function reportFound(foundItems: number, report: FindDeps["report"]): void {
  if (foundItems === 0) return;
  const photos = foundItems === 1 ? "1 photo" : `${foundItems} photos`;
  const message = `${photos} of which nobody knew whether Photos has them: found in the library, by every byte`;
  report({ type: "notice", code: "FOUND_BY_BYTES", message });
}

async function findByBytes(
  items: readonly LedgerItem[],
  ledger: PhoneLedger,
  parts: FindDeps,
  onNotThere: (item: { readonly id: number; readonly carriedIt: readonly Batch[] }) => void,
  why: Reason | null = null,
): Promise<void> {
  const bytes = await libraryBytes(ledger, parts);
  if (bytes === null) return;
  const found = await bytes.find(items);
  const batches = ledger.batches.batchesWith(items.map(({ id }) => id));
  let foundItems = 0;
  for (const item of items) {
    const one = found.get(item.id);
    const carriedIt = batches.filter(({ itemIds }) => itemIds.includes(item.id));
    if (one === "not-there") onNotThere({ id: item.id, carriedIt });
    if (one === undefined || one === "not-there") continue;
    foundItems += 1;
    const isOurs = carriedIt.some(({ begunAt }) => cameAfter(one, begunAt));
    await recordFound(item, one, { isOurs, why }, ledger);
  }
  reportFound(foundItems, parts.report);
}

/** The ledger first; then copies whose content was read inside the library go. */
async function recordFound(
  item: LedgerItem,
  found: FoundByBytes,
  { isOurs, why }: { readonly isOurs: boolean; readonly why: Reason | null },
  ledger: PhoneLedger,
): Promise<void> {
  const { excludedFiles } = sentItemOf(item);
  const findings = found.findings
    .filter(({ path }) => !excludedFiles.has(path))
    .map((finding) => ({ ...finding, reason: finding.reason ?? (isOurs ? why : null) }));
  if (isOurs) ledger.findings.recordOutcome(item.id, "imported", findings);
  else
    ledger.findings.recordFoundInLibrary(
      item.id,
      findings.map((finding) => ({ ...finding, reason: finding.reason ?? REASONS.foundInLibrary })),
    );
  const proved = findings.flatMap(({ path, answer }) => (answer === "proved" ? [path] : []));
  await deleteProvedCopies(ledger.items.get(item.id), new Set(proved));
}
