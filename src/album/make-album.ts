import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.js";
import type { OurAlbumKind } from "../ledger/ledger-albums.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import type { PhotosAlbum } from "../photos/photos-item.js";
import { PhotosEventError, PhotosRefusesAllError } from "../photos/photos-library.js";
import type { SupervisedPhotos } from "../session/photos-supervisor.js";
import { confirmAbsent } from "./find-album-confirmed.js";

const MOST_TRIES = 3;

/** What albums of ours are made and filled with. */
export interface AlbumDeps {
  readonly session: SupervisedPhotos;
  readonly ledger: PhoneLedger;
  readonly runId: string;
  readonly clock: Clock;
}

/**
 * Makes an album of ours under a random name, or finds the one that an interrupted run, or an event that
 * failed, was making. The name is in the ledger before the event is sent, so that no crash leaves an album
 * nobody knows of.
 */
export async function makeAlbum(
  which: OurAlbumKind,
  { session, ledger, runId, clock }: AlbumDeps,
  signal?: AbortSignal,
): Promise<PhotosAlbum> {
  const find = async (name: string) => (await session.ask.findAlbums(name, signal))[0] ?? null;
  for (let tries = 1; ; tries += 1) {
    const pending = ledger.albums.pendingAlbum(runId, which);
    const found = pending === null ? null : await confirmAbsent(() => find(pending), clock, signal);
    if (found !== null) return found;
    const name = `Rollcall ${randomBytes(6).toString("hex")}`;
    ledger.albums.recordPendingAlbum(runId, which, name);
    try {
      return await session.change.createAlbum(name, signal);
    } catch (error) {
      if (!(error instanceof PhotosEventError) || error instanceof PhotosRefusesAllError) throw error;
      if (tries >= MOST_TRIES) throw error;
      // Made under another name it would leave this one behind, if it still came.
      if (error.mayHaveHappened && !(await session.relaunch("unfinished", signal))) {
        const late = await confirmAbsent(() => find(name), clock, signal);
        if (late === null) throw error;
        return late;
      }
    }
  }
}
