import type { Clock } from "../clock.js";
import { RollcallError } from "../errors.js";
import type { Journal } from "../import/journal.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { PhotosItem } from "../photos/photos-item.js";
import type { SupervisedPhotos } from "../session/photos-supervisor.js";
import { deleteAlbumConfirmed } from "./delete-album-confirmed.js";
import { confirmAbsent, findAlbumConfirmed } from "./find-album-confirmed.js";
import { type AlbumDeps, makeAlbum } from "./make-album.js";

/**
 * The journal album in Photos. Made when the first batch needs it, emptied into "Last Import" and deleted
 * every few hundred items (photos stay), made anew for the next: so no read grows with the run.
 */
export class JournalAlbum implements Journal {
  readonly #parts: AlbumDeps;
  readonly #session: SupervisedPhotos;
  readonly #ledger: PhoneLedger;
  readonly #runId: string;
  readonly #clock: Clock;
  #albumId: string | null;

  constructor(parts: AlbumDeps) {
    this.#parts = parts;
    this.#clock = parts.clock;
    this.#session = parts.session;
    this.#ledger = parts.ledger;
    this.#runId = parts.runId;
    this.#albumId = parts.ledger.runs.get(parts.runId).journalAlbumId;
  }

  /** False while nothing of this run can be in it. */
  get isOpen(): boolean {
    return this.#albumId !== null || this.#ledger.albums.pendingAlbum(this.#runId, "journal") !== null;
  }

  /** True when it was made and Photos does not know it any more: deleted by hand, or in another library. */
  async isGone(signal?: AbortSignal): Promise<boolean> {
    if (this.#albumId === null) return false;
    return (await findAlbumConfirmed(this.#session.ask, this.#albumId, this.#clock, signal)) === null;
  }

  /**
   * To be called before something is made, and when something of ours is not found: it may be another library.
   * @throws RollcallError PHOTOS_LIBRARY_SWITCHED
   */
  async requireThere(signal?: AbortSignal): Promise<void> {
    if (await this.isGone(signal)) throw librarySwitched();
  }

  /** Goes on without it; the next {@link open} makes another. */
  forget(): void {
    this.#ledger.albums.recordJournalAlbum(this.#runId, null);
    this.#albumId = null;
  }

  async open(signal?: AbortSignal): Promise<string> {
    if (this.#albumId === null) {
      const { id } = await makeAlbum("journal", this.#parts, signal);
      this.#ledger.albums.recordJournalAlbum(this.#runId, id);
      this.#albumId = id;
    }
    return this.#albumId;
  }

  async contents(
    options: { readonly withoutSizes?: boolean } = {},
    signal?: AbortSignal,
  ): Promise<PhotosItem[]> {
    const albumId = await this.open(signal);
    const look = () => this.#session.ask.albumContents(albumId, signal, options);
    const contents = await confirmAbsent(look, this.#clock, signal);
    if (contents === null) throw librarySwitched();
    return contents;
  }

  async add(ids: readonly string[], signal?: AbortSignal): Promise<void> {
    await this.#session.change.addToAlbum(ids, await this.open(signal), signal);
  }

  /**
   * Deletes the album; its photos stay in the library. Finishes what an interrupted run had begun of it.
   * @param isSameLibrary asked when the album is seen to be gone: in another library it would be, too
   * @throws RollcallError PHOTOS_LIBRARY_SWITCHED
   */
  async close(isSameLibrary: () => Promise<boolean>, signal?: AbortSignal): Promise<void> {
    const isOpenNow = this.#albumId !== null;
    if (isOpenNow) {
      this.#ledger.albums.beginClosingJournal(this.#runId);
      this.#albumId = null;
    }
    const closing = this.#ledger.albums.closingJournal(this.#runId);
    if (closing === null) return;
    // After an interruption Photos may have just started, and its "no such object" means little.
    const isThere =
      isOpenNow || (await findAlbumConfirmed(this.#session.ask, closing, this.#clock, signal)) !== null;
    if (isThere) await deleteAlbumConfirmed(this.#session, closing, this.#clock, signal);
    if (!(await isSameLibrary())) throw librarySwitched();
    this.#ledger.albums.endClosingJournal(this.#runId);
  }
}

/** The journal album's id pins the library: where it does not resolve, another one is open. */
export function librarySwitched(): RollcallError {
  return new RollcallError("PHOTOS_LIBRARY_SWITCHED", {
    message: "Photos has another library open than at the start of this run.",
    why: "The album through which this run imports is not in it.",
    remedy:
      "Open the library of this run in Photos again (hold Option while Photos starts), then run the same command: " +
      "it resumes where it stopped.",
  });
}
