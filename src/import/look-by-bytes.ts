import type { Reason } from "../errors.js";
import { type Batch, NOT_IN_ALBUM } from "../ledger/ledger-entry.js";
import { findImported, isAdded, type LookupOptions } from "./find-imported.js";
import type { ImportOutcome, SentItem } from "./imported-item.js";
import { cameAfter, type LibraryBytes } from "./library-bytes.js";
import { recordSeenInLibrary } from "./record-outcome.js";

/** Of a photo of this run that only its bytes show. */
export const SEEN_BY_BYTES_ALONE: Reason = {
  code: NOT_IN_ALBUM,
  message:
    "no script saw it come in (Photos shows them neither hidden photos nor all frames of a burst), so it is in no album; the library has its bytes",
  remedy: "Nothing to do.",
};

/**
 * What the album does not show the library's own files may. What came in since the event was written down came by it,
 * and is put into the album.
 * @param outcomes takes what is found
 * @returns what is still absent; of which item it is certain that the library has nothing of it, and of which that it
 *   holds its bytes, whatever imported them
 */
export async function lookByBytes(
  absent: readonly SentItem[],
  { begunAt }: Pick<Batch, "begunAt">,
  outcomes: ImportOutcome[],
  options: LookupOptions & {
    /** Null where the library may not be read. */
    readonly bytes: LibraryBytes | null;
  },
): Promise<{
  absent: readonly SentItem[];
  isNotThere: (item: SentItem) => boolean;
  isSeen: (item: SentItem) => boolean;
}> {
  const { bytes, ledger, journal } = options;
  if (bytes === null || absent.length === 0) {
    return { absent, isNotThere: () => false, isSeen: () => false };
  }
  const found = await bytes.find(absent.map(({ ledgerId }) => ledger.items.get(ledgerId)));
  const isNotThere = ({ ledgerId }: SentItem) => found.get(ledgerId) === "not-there";
  const isSeen = ({ ledgerId }: SentItem) => found.has(ledgerId) && found.get(ledgerId) !== "not-there";
  const came = absent.flatMap((item) => {
    const seen = found.get(item.ledgerId);
    return seen === undefined || seen === "not-there" || !cameAfter(seen, begunAt) ? [] : [{ item, seen }];
  });
  if (came.length === 0) return { absent, isNotThere, isSeen };
  const ids = came.map(({ seen }) => seen.photosId);
  // One that is hidden fails the event for all of them.
  if (!(await isAdded(ids, journal)) && ids.length > 1) for (const id of ids) await isAdded([id], journal);
  const look = await findImported(absent, options);
  outcomes.push(...look.outcomes);
  // Photos hides some from scripts: those are in, and in no album. Others it calls by another name.
  const unknown = came.filter(({ item }) => look.absent.includes(item));
  const listed = unknown.length === 0 ? [] : await journal.contents();
  for (const { item, seen } of unknown) {
    const isListed = listed.some(({ id }) => id === seen.photosId);
    const why = isListed ? null : SEEN_BY_BYTES_ALONE;
    const findings = seen.findings.map((finding) => ({ ...finding, reason: finding.reason ?? why }));
    outcomes.push(recordSeenInLibrary(item, findings, options));
  }
  const left = look.absent.filter((item) => !unknown.some((one) => one.item === item));
  return { absent: left, isNotThere, isSeen };
}
