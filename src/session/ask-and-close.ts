import type { Clock } from "../clock.js";
import { RollcallError } from "../errors.js";
import { PhotosEventError, type PhotosLibrary } from "../photos/photos-library.js";
import type { PhotosProcess } from "../photos/photos-process.js";
import { EventTimes } from "./event-times.js";

/**
 * Asks Photos something outside an import. A Photos that was closed, and that the asking started, is quit again; one
 * that a person has open stays so. Where Photos is not asked to be ready, nothing is looked at.
 * @param ask gets the library to ask in place of the one that was handed in
 */
export async function closedAgain<Answer>(
  parts: { readonly photos: PhotosLibrary; readonly process: PhotosProcess; readonly clock: Clock },
  ask: (photos: PhotosLibrary) => Promise<Answer>,
): Promise<Answer> {
  const { process } = parts;
  const times = new EventTimes(parts.clock);
  const watched = times.watch(parts.photos);
  let wasClosed = false;
  const makeReady = async (signal?: AbortSignal) => {
    wasClosed ||= (await process.running(signal)) === null;
    return await watched.makeReady(signal);
  };
  try {
    return await ask({ ...watched, makeReady });
  } finally {
    if (wasClosed) await quitStarted(process, times);
  }
}

async function quitStarted(process: PhotosProcess, times: EventTimes): Promise<void> {
  try {
    const running = await process.running();
    if (running !== null && running !== "unknown" && times.hasStarted(running.startedAt))
      await process.quit();
  } catch (error) {
    if (!(error instanceof PhotosEventError) && !(error instanceof RollcallError)) throw error;
  }
}
