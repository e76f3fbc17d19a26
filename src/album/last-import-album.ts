import type { PhotosItem } from "../photos/photos-item.js";
import { PhotosEventError, PhotosRefusesAllError } from "../photos/photos-library.js";
import { keptAlbumTitle, LAST_IMPORT } from "./album-title.js";
import { deleteAlbumConfirmed } from "./delete-album-confirmed.js";
import { findAlbumConfirmed } from "./find-album-confirmed.js";
import type { JournalAlbum } from "./journal-album.js";
import { type AlbumDeps, makeAlbum } from "./make-album.js";
import { retryUntilVisible } from "./retry-until-visible.js";

/** So many ids fit one event comfortably; a public tool uses the same number. */
const IDS_PER_EVENT = 200;
const MOST_TRIES = 4;
/** -1728, Apple's errAENoSuchObject. */
const NO_SUCH_OBJECT = -1728;

export interface LastImportOptions extends AlbumDeps {
  /** Pins the library: nothing is made where it is not. */
  readonly journal: Pick<JournalAlbum, "requireThere">;
  /** Keep the album of the run before, under a dated name. */
  readonly keepAlbums: boolean;
}

/**
 * The album "Last Import" of this run: made when there is a first item, so that a run without one changes
 * nothing. The one before goes only if it is provably ours; a person's own album of that name is left alone.
 */
export class LastImportAlbum {
  readonly #options: LastImportOptions;
  #albumId: string | null = null;

  constructor(options: LastImportOptions) {
    this.#options = options;
  }

  /**
   * Puts items in and compares the album's length with what it should hold by now, repairing by id where
   * they differ. An `add` is known to leave some out at the first time.
   * @param ids of this run; those already in it do no harm
   * @returns how many ids it should hold and holds
   * @throws RollcallError PHOTOS_LIBRARY_SWITCHED
   */
  async add(ids: readonly string[]): Promise<{ readonly expected: number; readonly length: number }> {
    const { session, ledger, runId } = this.#options;
    const expected = ledger.runs.photosIds(runId).length;
    if (ids.length === 0 && expected === 0) return { expected: 0, length: 0 };
    const albumId = await this.#open();
    await this.#addAll(ids, albumId);
    let length = (await session.ask.describeAlbum(albumId))?.length ?? 0;
    for (let tries = 1; length !== expected && tries < MOST_TRIES; tries += 1) {
      const listed = new Set((await session.ask.albumContents(albumId))?.map(({ id }) => id));
      await this.#addAll(
        ledger.runs.photosIds(runId).filter((id) => !listed.has(id)),
        albumId,
      );
      length = (await session.ask.describeAlbum(albumId))?.length ?? 0;
    }
    if (length !== expected) await this.#options.journal.requireThere();
    return { expected, length };
  }

  /** False when this run has such an album and Photos does not know it any more. */
  async isThereIfMade(): Promise<boolean> {
    const { session, ledger, runId, clock } = this.#options;
    const made = ledger.runs.get(runId).album;
    return made === null || (await findAlbumConfirmed(session.ask, made.id, clock)) !== null;
  }

  /** What it holds; nothing where this run has not made it yet. */
  async contents(): Promise<readonly PhotosItem[]> {
    const albumId = this.#albumId ?? this.#options.ledger.runs.get(this.#options.runId).album?.id;
    return albumId === undefined ? [] : ((await this.#options.session.ask.albumContents(albumId)) ?? []);
  }

  async #addAll(ids: readonly string[], albumId: string): Promise<void> {
    for (let at = 0; at < ids.length; at += IDS_PER_EVENT)
      await this.#addSome(ids.slice(at, at + IDS_PER_EVENT), albumId);
  }

  /**
   * An item that was hidden or deleted meanwhile fails the whole event: the others go in without it. What
   * another failure left out is seen by the album's length, and is put in then.
   */
  async #addSome(ids: readonly string[], albumId: string): Promise<void> {
    try {
      await this.#options.session.change.addToAlbum(ids, albumId);
    } catch (error) {
      if (!(error instanceof PhotosEventError) || error instanceof PhotosRefusesAllError) throw error;
      if (error.number !== NO_SUCH_OBJECT || ids.length === 1) return;
      const middle = Math.ceil(ids.length / 2);
      await this.#addSome(ids.slice(0, middle), albumId);
      await this.#addSome(ids.slice(middle), albumId);
    }
  }

  async #open(): Promise<string> {
    if (this.#albumId !== null) return this.#albumId;
    const { session, ledger, runId, clock } = this.#options;
    let recorded = ledger.runs.get(runId).album;
    const found = recorded === null ? null : await findAlbumConfirmed(session.ask, recorded.id, clock);
    if (recorded === null || found === null) {
      await this.#options.journal.requireThere();
      recorded = await makeAlbum("album", this.#options);
      ledger.albums.recordAlbum(runId, recorded, clock.now());
    }
    // A new one first, under its random name, then the old one goes, then the name is taken: there are
    // never two of ours, and each step is found again after a crash.
    if (recorded.name !== LAST_IMPORT) {
      await this.#retirePrevious();
      await this.#rename(recorded.id, LAST_IMPORT);
      ledger.albums.recordAlbum(runId, { id: recorded.id, name: LAST_IMPORT }, clock.now());
    }
    return (this.#albumId = recorded.id);
  }

  async #retirePrevious(): Promise<void> {
    const { session, ledger, runId, clock, keepAlbums } = this.#options;
    const previous = ledger.albums.ourAlbumNamed(LAST_IMPORT, runId);
    if (previous === null) return;
    const album = await findAlbumConfirmed(session.ask, previous.id, clock);
    if (album === null) {
      ledger.albums.updateOurAlbum(previous.id, null); // deleted by hand, or in another library
      return;
    }
    if (album.name !== LAST_IMPORT) {
      ledger.albums.updateOurAlbum(previous.id, album.name); // a person renamed it: it is theirs now
      return;
    }
    const isToGo = !keepAlbums && (await this.#holdsExactlyOurs(previous.id, previous.runId, album.length));
    if (isToGo && (await deleteAlbumConfirmed(session, previous.id, clock))) {
      ledger.albums.updateOurAlbum(previous.id, null);
      return;
    }
    const title = keptAlbumTitle(previous.madeAt);
    await this.#rename(previous.id, title);
    ledger.albums.updateOurAlbum(previous.id, title);
  }

  #rename(albumId: string, title: string): Promise<void> {
    const { session } = this.#options;
    const isRenamed = async () => (await session.ask.describeAlbum(albumId))?.name === title;
    return retryUntilVisible(() => session.change.renameAlbum(albumId, title), isRenamed);
  }

  /** Something was put in or taken out by hand: then the album is kept. */
  async #holdsExactlyOurs(albumId: string, ofRun: string, length: number): Promise<boolean> {
    const ours = new Set(this.#options.ledger.runs.photosIds(ofRun));
    if (length !== ours.size) return false;
    const listed = await this.#options.session.ask.albumContents(albumId);
    return listed?.every(({ id }) => ours.has(id)) ?? false;
  }
}
