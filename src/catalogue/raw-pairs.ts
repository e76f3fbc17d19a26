import { alone, type Candidate, type ItemDraft, joined, onlyOne } from "./item-draft.js";

/** What a camera writes beside its RAW. A PNG or GIF of that name was made by somebody else. */
const DEVELOPED = new Set(["jpg", "jpeg", "heic", "heif", "hif"]);

/**
 * The pictures of one folder and stem. One RAW and one JPEG or HEIC are one item, whose original is the JPEG or
 * HEIC: Photos is confused by the other order (osxphotos #1842). With two RAWs, or two developed pictures, which
 * belong together is not defined, so each stands alone: IMG_1.JPG and IMG_1.HEIC are two pictures.
 */
export function pairRawFiles(stills: readonly Candidate[], raws: readonly Candidate[]): ItemDraft[] {
  const still = onlyOne(stills);
  const raw = onlyOne(raws);
  if (still !== null && raw !== null && DEVELOPED.has(still.extension)) {
    return [joined(alone(still), "raw", raw)];
  }
  return [...stills, ...raws].map(alone);
}
