import type { Batch } from "../ledger/ledger-entry.js";
import type { ImportOutcome, SentItem } from "./imported-item.js";
import { cameAfter, type LibraryBytes } from "./library-bytes.js";
import { isAdded, type LookOptions, lookForItems } from "./look-for-items.js";
import { recordSeenInLibrary } from "./record-outcome.js";

/**
 * What the album does not show the library's own files may. What came in since the event was written down came by it,
 * and is put into the album.
 * @param outcomes takes what is found
 * @returns what is still absent; of which item it is certain that the library has nothing of it, and of which that it
 *   holds its bytes, whatever brought them
 */
export async function lookByBytes(
  absent: readonly SentItem[],
  { begunAt }: Pick<Batch, "begunAt">,
  outcomes: ImportOutcome[],
  options: LookOptions & {
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
  const found = await bytes.find(absent.map(({ ledgerId }) => ledger.item(ledgerId)));
  const isNotThere = ({ ledgerId }: SentItem) => found.get(ledgerId) === "not-there";
  const isSeen = ({ ledgerId }: SentItem) => found.has(ledgerId) && found.get(ledgerId) !== "not-there";
  const came = absent.flatMap((item) => {
    const seen = found.get(item.ledgerId);
    return seen === undefined || seen === "not-there" || !cameAfter(seen, begunAt) ? [] : [{ item, seen }];
  });
  if (came.length === 0) return { absent, isNotThere, isSeen };
  await isAdded(
    came.map(({ seen }) => seen.photosId),
    journal,
  );
  const look = await lookForItems(absent, options);
  outcomes.push(...look.outcomes);
  // Photos hides some from scripts: those are in, and in no album.
  const hidden = came.filter(({ item }) => look.absent.includes(item));
  outcomes.push(...hidden.map(({ item, seen }) => recordSeenInLibrary(item, seen.findings, options)));
  const left = look.absent.filter((item) => !hidden.some((one) => one.item === item));
  return { absent: left, isNotThere, isSeen };
}
