import type { FileKind } from "../media/file-kinds.js";
import type { PhoneFile } from "../phone/phone.js";
import { cameraNameOf, fileNameOf, foldedStem } from "./camera-file-names.js";
import { joinEdits } from "./edited-versions.js";
import type { CandidateFile, ItemDraft } from "./item-draft.js";
import { type KindEvidence, kindOfFile, NO_EVIDENCE } from "./kind-evidence.js";
import { joinLivePhotos } from "./live-photos.js";
import { byPath } from "./path-order.js";
import { pairRawFiles } from "./raw-pairs.js";

/** What the files of one folder make. */
interface FolderItems {
  readonly items: readonly ItemDraft[];
  readonly loneAdjustments: readonly LoneAdjustments[];
}

/** An AAE that belongs to no item. */
export interface LoneAdjustments {
  readonly file: PhoneFile;
  readonly why: "nothing-beside-it" | "not-clear-whose";
}

/** The files of one folder and folded stem, by kind. */
interface StemFiles {
  readonly stills: readonly CandidateFile[];
  readonly raws: readonly CandidateFile[];
  readonly videos: readonly CandidateFile[];
  readonly adjustments: readonly CandidateFile[];
}

/**
 * Groups the files of one folder into items, in time linear in their number (but for one sort), with the same
 * result in whatever order they come. The phone's library is heard first, and names only where it is silent. Files of
 * unknown kind must have been set aside before.
 * @param files photos, videos, RAWs and AAEs of one folder that have bytes
 * @param absent paths in that folder whose bytes cannot be had (see {@link CandidateFile.file})
 */
export function groupFolder(
  files: readonly PhoneFile[],
  absent: readonly string[] = [],
  evidence: KindEvidence = NO_EVIDENCE,
): FolderItems {
  const stems = new Map<string, CandidateFile[]>();
  const candidates = [
    ...files.map((file) => candidate(file.path, file, evidence)),
    ...absent.map((path) => candidate(path, null, evidence)),
  ].sort(byPath);
  for (const each of candidates) place(each, stems);

  const items: ItemDraft[] = [];
  const loneAdjustments: LoneAdjustments[] = [];
  const used = new Set<CandidateFile>();

  const settle = (stem: string) => {
    const own = byKind(stems.get(stem), used);
    const camera = cameraNameOf(stem);
    const isPlain = camera?.plain === stem;
    const edited = byKind(isPlain ? stems.get(camera.edited) : undefined, used);
    const original = byKind(isPlain ? stems.get(camera.original) : undefined, used);
    const { pictures, videos } = joinLivePhotos(pairRawFiles(own.stills, own.raws), own.videos);
    const whole = joinEdits([...pictures, ...videos], {
      adjustments: own.adjustments,
      originalAdjustments: original.adjustments,
      editedStills: edited.stills,
      editedVideos: edited.videos,
    });
    for (const item of whole) {
      for (const part of item.parts) used.add(part.candidate);
      // One whose bytes cannot be had has its answer elsewhere.
      if (item.parts[0]!.candidate.file !== null) items.push(item);
    }
    for (const adjustments of own.adjustments) {
      if (adjustments.file === null || used.has(adjustments)) continue;
      const why = whole.length === 0 ? "nothing-beside-it" : "not-clear-whose";
      loneAdjustments.push({ file: adjustments.file, why });
    }
  };

  // An E or O file is one only beside its counterpart, so the counterparts come first and take what is theirs.
  const isVariant = (stem: string) => {
    const camera = cameraNameOf(stem);
    return camera !== null && camera.plain !== stem;
  };
  for (const stem of stems.keys()) if (!isVariant(stem)) settle(stem);
  for (const stem of stems.keys()) if (isVariant(stem)) settle(stem);
  return { items, loneAdjustments };
}

function candidate(path: string, file: PhoneFile | null, evidence: KindEvidence): CandidateFile {
  const row = evidence.rowOf(path);
  return { path, extension: fileNameOf(path).extension, kind: kindOfFile(path, row, evidence), row, file };
}

function place(each: CandidateFile, stems: Map<string, CandidateFile[]>): void {
  const stem = foldedStem(fileNameOf(each.path).stem);
  const files = stems.get(stem);
  if (files === undefined) stems.set(stem, [each]);
  else files.push(each);
}

const NONE: readonly CandidateFile[] = [];
const NOTHING: StemFiles = { stills: NONE, raws: NONE, videos: NONE, adjustments: NONE };

/** Those that nothing has taken yet. Sorted only when they are looked at: a folder may have thousands of stems. */
function byKind(files: readonly CandidateFile[] | undefined, used: ReadonlySet<CandidateFile>): StemFiles {
  if (files === undefined) return NOTHING;
  const of = (kind: FileKind) => {
    const found = files.filter((each) => each.kind === kind && !used.has(each));
    return found.length === 0 ? NONE : found;
  };
  return { stills: of("photo"), raws: of("raw"), videos: of("video"), adjustments: of("adjustments") };
}
