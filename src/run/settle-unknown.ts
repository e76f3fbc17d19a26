import { hasEnded, STARTS_WITHIN_MS } from "../import/has-ended.js";
import { sentItemOf } from "../import/imported-item.js";
import { cameAfter, type FoundByBytes } from "../import/library-bytes.js";
import type { LedgerBetween } from "../ledger/ledger-between.js";
import type { LedgerItem } from "../ledger/ledger-entry.js";
import { REASONS } from "../plan/decision.js";
import { BytesInLibrary } from "../verify/bytes-in-library.js";
import { letGo } from "../verify/let-go.js";
import type { ImportParts } from "./run-parts.js";

type SettleParts = Pick<ImportParts, "originals" | "clock" | "signal">;

/** The library's own files as a witness for what was sent; null where they may not be read. */
export async function libraryBytes(
  between: LedgerBetween,
  { originals, clock, signal }: SettleParts,
): Promise<BytesInLibrary | null> {
  const key = between.destinationKey;
  const library = await originals.open(key === "" ? null : key, signal);
  if ("code" in library) return null;
  const albumIds = () => {
    const open = between.openRun();
    return [open?.journalAlbumId, open?.album?.id, ...between.albums.ourAlbumIds()].filter(
      (id) => id != null,
    );
  };
  const isWanted = (photosId: string) => !between.isKnownPhotosId(photosId);
  return new BytesInLibrary({ library, albumIds, isWanted, clock, signal });
}

/**
 * Items of earlier runs of which nobody knew whether Photos has them, by their bytes, where the library may be read:
 * what is in it is known from now on; what is certainly not in it may be sent again, once every Photos that it was
 * sent to has ended. Sends no event and starts nothing.
 */
export async function settleUnknown(
  between: LedgerBetween,
  parts: SettleParts & Pick<ImportParts, "process" | "report">,
): Promise<void> {
  const unknown = between.unknownItems();
  const bytes = unknown.length === 0 ? null : await libraryBytes(between, parts);
  if (bytes === null) return;
  // Asked first: what ends while the library is read may have brought one in behind the reader's back.
  const running = await parts.process.running(parts.signal);
  const found = await bytes.find(unknown);
  const batches = between.batches.batchesWith(unknown.map(({ id }) => id));
  let foundItems = 0;
  for (const item of unknown) {
    const one = found.get(item.id);
    const carriedIt = batches.filter(({ itemIds }) => itemIds.includes(item.id));
    const isOver = carriedIt.every(({ sentTo, reply, begunAt }) => {
      const until = new Date(begunAt.getTime() + STARTS_WITHIN_MS);
      return reply !== null || hasEnded(sentTo, running, until);
    });
    if (one === "not-there" && isOver) between.setState(item.id, "staged");
    if (one === undefined || one === "not-there") continue;
    foundItems += 1;
    const isOurs = carriedIt.some(({ begunAt }) => cameAfter(one, begunAt));
    await recordFound(item, one, isOurs, between);
  }
  if (foundItems === 0) return;
  const photos = foundItems === 1 ? "1 photo" : `${foundItems} photos`;
  const message = `${photos} of which nobody knew whether Photos has them: found in the library, by every byte`;
  parts.report({ type: "notice", code: "FOUND_BY_BYTES", message });
}

/** The ledger first; then copies whose content was read inside the library go. */
async function recordFound(
  item: LedgerItem,
  found: FoundByBytes,
  isOurs: boolean,
  between: LedgerBetween,
): Promise<void> {
  const { leftBehind } = sentItemOf(item);
  const findings = found.findings.filter(({ path }) => !leftBehind.has(path));
  if (isOurs) between.recordOutcome(item.id, "imported", findings);
  else
    between.recordFoundInLibrary(
      item.id,
      findings.map((finding) => ({ ...finding, reason: finding.reason ?? REASONS.foundInLibrary })),
    );
  const proved = findings.flatMap(({ path, answer }) => (answer === "proved" ? [path] : []));
  await letGo(between.item(item.id), new Set(proved));
}
