import { PhotosEventError, PhotosRefusesAllError } from "../photos/photos-library.js";
import { findAlbumConfirmed } from "./find-album-confirmed.js";
import type { JournalAlbum } from "./journal-album.js";
import { type AlbumDeps, makeAlbum } from "./make-album.js";
import { retryUntilVisible } from "./retry-until-visible.js";

/** What a person sees. */
const EXTRA_COPIES = "Rollcall: extra copies";

interface ExtraCopiesOptions extends AlbumDeps {
  /** Pins the library: nothing is made where it is not. */
  readonly journal: Pick<JournalAlbum, "requireThere">;
}

/**
 * The album in which a person finds what Photos made too much, since no script can delete it. One for all runs, known
 * by its id. Renamed or deleted by a person it is theirs: what was put into it stays as they left it, and later extra
 * copies get an album of their own.
 */
export class ExtraCopiesAlbum {
  readonly #options: ExtraCopiesOptions;

  constructor(options: ExtraCopiesOptions) {
    this.#options = options;
  }

  /**
   * Puts the extra copies of this run into the album that are in none yet. With none of them nothing is asked and
   * nothing made. One that Photos will not put there (deleted or hidden meanwhile) stays without an album.
   * @throws RollcallError PHOTOS_LIBRARY_SWITCHED
   */
  async gather(): Promise<void> {
    const { ledger, runId, session } = this.#options;
    const isPending = ledger.albums.pendingAlbum(runId, "extra") !== null;
    const loose = ledger.extraCopies.ofRun(runId).filter(({ album }) => album === null);
    if (loose.length === 0 && !isPending) return;
    const album = await this.#open();
    const ids = loose.map(({ photosId }) => photosId);
    const missing = async () => {
      const listed = new Set((await session.ask.albumContents(album.id))?.map(({ id }) => id));
      return ids.filter((id) => !listed.has(id));
    };
    await this.#add(ids, album.id);
    // An `add` is known to leave some out, and one that is gone fails it for all.
    for (const id of await missing()) await this.#add([id], album.id);
    const left = new Set(await missing());
    ledger.extraCopies.recordGathered(
      ids.filter((id) => !left.has(id)),
      album,
    );
  }

  async #add(ids: readonly string[], albumId: string): Promise<void> {
    try {
      if (ids.length > 0) await this.#options.session.change.addToAlbum(ids, albumId);
    } catch (error) {
      if (!(error instanceof PhotosEventError) || error instanceof PhotosRefusesAllError) throw error;
    }
  }

  async #open(): Promise<{ readonly id: string; readonly name: string }> {
    const known = await this.#known();
    if (known !== null) return known;
    const { session, ledger, runId, clock, journal } = this.#options;
    const pending = ledger.albums.pendingAlbum(runId, "extra");
    // Its id may be known already, and only its name be missing.
    const begun = pending === null ? null : ledger.albums.ourAlbumNamed(pending, "");
    const found = begun === null ? null : await findAlbumConfirmed(session.ask, begun.id, clock);
    if (found === null) await journal.requireThere();
    const made = found ?? (await makeAlbum("extra", this.#options));
    if (found === null) ledger.albums.recordExtraAlbum(runId, made, clock.now());
    const isNamed = async () => (await session.ask.describeAlbum(made.id))?.name === EXTRA_COPIES;
    if (made.name !== EXTRA_COPIES)
      await retryUntilVisible(() => session.change.renameAlbum(made.id, EXTRA_COPIES), isNamed);
    const album = { id: made.id, name: EXTRA_COPIES };
    ledger.albums.nameExtraAlbum(runId, album);
    return album;
  }

  /** That of an earlier run, or of this one; null where there is none, or a person has made it theirs. */
  async #known(): Promise<{ readonly id: string; readonly name: string } | null> {
    const { session, ledger, clock } = this.#options;
    const known = ledger.albums.ourAlbumNamed(EXTRA_COPIES, "");
    if (known === null) return null;
    const album = await findAlbumConfirmed(session.ask, known.id, clock);
    if (album?.name === EXTRA_COPIES) return album;
    ledger.albums.updateOurAlbum(known.id, album === null ? null : album.name);
    return null;
  }
}
