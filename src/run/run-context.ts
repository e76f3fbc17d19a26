import { ExtraCopiesAlbum } from "../album/extra-copies-album.js";
import { JournalAlbum } from "../album/journal-album.js";
import { LastImportAlbum } from "../album/last-import-album.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { PhotosSession } from "../session/photos-session.js";
import type { ImportParts, ImportRequest } from "./run-parts.js";

/** What an import stands on once Photos is open: nothing is asked of Photos but through the session. */
export type SessionParts = Omit<ImportParts, "photos"> & { readonly session: PhotosSession };

/** One run in Photos: its place in the ledger, and its albums. Made once, for a new run and for an interrupted one. */
export interface RunContext extends Pick<SessionParts, "session" | "clock" | "report" | "signal"> {
  readonly ledger: PhoneLedger;
  readonly runId: string;
  readonly journal: JournalAlbum;
  readonly album: LastImportAlbum;
  readonly extraCopies: ExtraCopiesAlbum;
}

export function runContext(
  runId: string,
  ledger: PhoneLedger,
  { session, clock, report, signal }: SessionParts,
  { keepAlbums }: Pick<ImportRequest, "keepAlbums">,
): RunContext {
  const albumDeps = { session, ledger, runId, clock };
  const journal = new JournalAlbum(albumDeps);
  const album = new LastImportAlbum({ ...albumDeps, journal, keepAlbums });
  const extraCopies = new ExtraCopiesAlbum({ ...albumDeps, journal });
  return { session, clock, report, signal, ledger, runId, journal, album, extraCopies };
}
