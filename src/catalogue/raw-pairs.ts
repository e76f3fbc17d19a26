import { alone, type CandidateFile, type ItemDraft, joined, onlyOne } from "./item-draft.js";

/** What a camera writes beside its RAW. A PNG or GIF of that name was made by somebody else. */
const DEVELOPED = new Set(["jpg", "jpeg", "heic", "heif", "hif"]);

/**
 * The pictures of one folder and stem. One RAW and one JPEG or HEIC are one item, whose original is the JPEG or
 * HEIC: Photos is confused by the other order (osxphotos #1842). With two RAWs, or two developed pictures, which
 * belong together is not defined by the names, so each stands alone (IMG_1.JPG and IMG_1.HEIC are two pictures), but
 * for one of which the phone's library says that it has a RAW half. Two that have a row each are two photos.
 */
export function pairRawFiles(stills: readonly CandidateFile[], raws: readonly CandidateFile[]): ItemDraft[] {
  const raw = onlyOne(raws);
  const still = raw === null ? null : developedOf(stills, raw);
  if (still === null || raw === null) return [...stills, ...raws].map(alone);
  return [joined(alone(still), "raw", raw), ...stills.filter((each) => each !== still).map(alone)];
}

function developedOf(stills: readonly CandidateFile[], raw: CandidateFile): CandidateFile | null {
  const declared = raw.row === null ? stills.filter(({ row }) => row?.partsHere.includes("raw")) : [];
  const still = onlyOne(declared) ?? onlyOne(stills);
  const isPair = still !== null && DEVELOPED.has(still.extension) && (still.row === null || raw.row === null);
  return isPair ? still : null;
}
