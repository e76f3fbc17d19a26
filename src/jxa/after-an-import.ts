import { PhotosEventError } from "../photos/photos-library.js";
import { answerOf } from "./ask-photos.js";
import type { RunScript } from "./run-script.js";
import { ejectPhone } from "./scripts/eject-phone.js";
import { showAlbum } from "./scripts/show-album.js";

const FINDING_MS = 5_000;
/** Twice that, and the start of osascript. */
const EJECTING_MS = 20_000;
const SHOWING_MS = 30_000;

/** What came of asking macOS to eject a phone. */
export type EjectEnd =
  /** Image Capture shows it no more. */
  | "ejected"
  /** Image Capture does not show it: there is nothing to eject. */
  | "not-seen"
  /** Asked, and it is still there. */
  | "stayed"
  /** It could not be asked. */
  | "no-answer";

/**
 * Asks macOS to eject a phone, for at most 20 s. Whatever comes of it, the phone may be unplugged where nobody reads from
 * it. Unverified on macOS.
 * @throws RollcallError STOPPED, NOT_MACOS, OSASCRIPT_ABSENT
 */
export async function askToEject(
  runScript: RunScript,
  udid: string,
  signal?: AbortSignal,
): Promise<EjectEnd> {
  const options = { deadlineMs: EJECTING_MS, signal, changesSomething: false };
  const envelope = await answerOf(runScript, ejectPhone, { udid, waitMs: FINDING_MS }, options).catch(
    (error: unknown) => {
      if (error instanceof PhotosEventError) return null;
      throw error;
    },
  );
  if (envelope === null || !envelope.ok) return "no-answer";
  const { isSeen, isGone } = envelope.value;
  if (!isSeen) return "not-seen";
  return isGone ? "ejected" : "stayed";
}

/**
 * Shows an album in Photos, in front.
 * @returns whether Photos took it; not whether anybody sees it
 * @throws RollcallError STOPPED, NOT_MACOS, OSASCRIPT_ABSENT
 */
export async function showAlbumInPhotos(
  runScript: RunScript,
  id: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const options = { deadlineMs: SHOWING_MS, signal, changesSomething: false };
  try {
    const envelope = await answerOf(runScript, showAlbum, { id }, options);
    return envelope.ok && envelope.value;
  } catch (error) {
    if (error instanceof PhotosEventError) return false;
    throw error;
  }
}
