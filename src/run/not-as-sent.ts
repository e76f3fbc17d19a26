import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { NotAsSent } from "../receipt/receipt.js";
import { advise, VERIFY } from "../remedy.js";
import { lastName } from "../text/last-name.js";
import type { RunContext } from "./run-context.js";

const LOOK_AT_ALBUM = advise`Look at the album in Photos: what is not in it is in the library all the same, if its answer says so. ${VERIFY} looks again.`;
const LOOK_AT_ITEMS =
  "Look for it in Photos under Recents or Imports: it came while this run did, and Rollcall deletes nothing.";

/**
 * Why "Last Import" is not what was put into it, with a notice of it; null where it is.
 * @param album how many items it should hold and holds
 */
export async function troubleOf(
  { expected, length }: { readonly expected: number; readonly length: number },
  context: RunContext,
): Promise<string | null> {
  if (length === expected) return null;
  const message = `the album "Last Import" holds ${length === 1 ? "1 item" : `${length} items`} where ${expected} were put in${await difference(context)}`;
  context.report({ type: "notice", code: "ALBUM_LENGTH", message });
  return message;
}

/**
 * Where album and library are not as was sent, judged at the very end of a run, when every byte was looked for. What was
 * seen is in the ledger, whichever process saw it.
 */
export function notAsSent(
  runId: string,
  { ledger, report }: Pick<RunContext, "ledger" | "report">,
): readonly NotAsSent[] {
  const judged: NotAsSent[] = [];
  const albumTrouble = ledger.albums.albumTrouble(runId);
  if (albumTrouble !== null)
    judged.push({ code: "ALBUM_LENGTH", message: albumTrouble, remedy: LOOK_AT_ALBUM });
  const unexplained = ledger.albums.unexplained(runId).filter(({ id }) => !ledger.items.isKnownPhotosId(id));
  if (unexplained.length > 0) {
    const what = unexplained.length === 1 ? "1 item" : `${unexplained.length} items`;
    const message = `Photos made ${what} that no file of this run explains, in the library and in no album: ${namesOf(unexplained)}`;
    report({ type: "notice", code: "ITEMS_UNEXPLAINED", message });
    judged.push({ code: "ITEMS_UNEXPLAINED", message, remedy: LOOK_AT_ITEMS });
  }
  return judged;
}

/** Which photos the album lacks, and which nobody of this run put in: those may be a person's. */
async function difference({ album, ledger, runId }: RunContext): Promise<string> {
  const held = await album.contents();
  const heldIds = new Set(held.map(({ id }) => id));
  const ids = ledger.runs.photosIds(runId);
  const ours = new Set(ids);
  const lacking = ids.filter((id) => !heldIds.has(id)).map((id) => ({ filename: nameOfId(id, ledger) }));
  const added = held.filter(({ id }) => !ours.has(id));
  return [
    ...(lacking.length > 0 ? [`; not in it: ${namesOf(lacking)}`] : []),
    ...(added.length > 0 ? [`; not of this run: ${namesOf(added)}`] : []),
  ].join("");
}

function nameOfId(photosId: string, ledger: PhoneLedger): string {
  const files = ledger.items.itemWithPhotosId(photosId)?.files ?? [];
  return lastName(files.find((file) => file.photosId === photosId)?.path ?? photosId);
}

/** So many are named. */
const MOST_NAMED = 5;

function namesOf(photos: readonly { readonly filename: string }[]): string {
  const named = photos.slice(0, MOST_NAMED).map(({ filename }) => filename);
  return `${named.join(", ")}${photos.length > MOST_NAMED ? `, and ${photos.length - MOST_NAMED} more` : ""}`;
}
