import { adjustmentFormatsTaken } from "./media-types.js";
import type { OfferedFile } from "./offered-file.js";

/** The files of one import event that become one item. */
export interface ImportGroup {
  readonly original: OfferedFile;
  readonly liveVideo: OfferedFile | null;
  readonly raw: OfferedFile | null;
  /** `IMG_0001.AAE`, where Photos takes the edit in it. */
  readonly adjustments: OfferedFile | null;
  /** `IMG_O0001.AAE` */
  readonly originalAdjustments: OfferedFile | null;
  /** `IMG_E0001.*`, taken as the edited version only when original and AAE are in the same call. */
  readonly edited: OfferedFile | null;
  readonly editedLiveVideo: OfferedFile | null;
}

interface Grouping {
  /** In the order in which their originals were offered. */
  readonly groups: readonly ImportGroup[];
  /** Adjustment files with no photo beside them. */
  readonly lonelyAdjustments: readonly OfferedFile[];
  readonly unsupported: readonly OfferedFile[];
}

type Building = { -readonly [Part in keyof ImportGroup]: ImportGroup[Part] };

/**
 * Which files of one call Photos joins (osxphotos `import_grouper.py` and its issues 1345, 1464, 1842, pull request
 * 1113; PhotoScript). Names count within one folder only. Nothing is ever joined across calls.
 *
 * What Photos does with an AAE of another format (osxphotos #1656), or a damaged one, nobody saw. Here it counts for
 * nothing, which is the strict way: the photo comes in unedited, and its rendering as an item of its own.
 */
export function groupForImport(files: readonly OfferedFile[]): Grouping {
  const sidecars = files.filter((file) => file.type === "adjustments");
  const media = files.filter((file) => file.type !== null && file.type !== "adjustments");
  const adjustedKeys = new Set(sidecars.filter(isTaken).map(keyOf));
  const plainKeys = new Set(media.map(keyOf));

  const isRendering = (file: OfferedFile) => {
    const key = originalKey(file, "e");
    return key !== null && plainKeys.has(key) && adjustedKeys.has(key);
  };
  const renderings = media.filter(isRendering);
  const groups = joinPairs(media.filter((file) => !isRendering(file)));

  const groupsByKey = new Map<string, Building>();
  for (const group of groups) {
    // Where a picture and a video share a stem and are two items, the sidecar belongs to the picture.
    const known = groupsByKey.get(keyOf(group.original));
    if (known === undefined || (isVideo(known.original) && !isVideo(group.original))) {
      groupsByKey.set(keyOf(group.original), group);
    }
  }
  const lonelyAdjustments = sidecars.filter((file) => {
    const ofOriginal = originalKey(file, "o");
    const group = groupsByKey.get(ofOriginal ?? keyOf(file));
    if (group === undefined) return true;
    if (ofOriginal !== null) group.originalAdjustments = file;
    else if (isTaken(file)) group.adjustments = file;
    return false;
  });
  for (const file of renderings) {
    const group = groupsByKey.get(originalKey(file, "e") ?? "");
    if (group === undefined) continue;
    if (isVideo(file) && !isVideo(group.original)) group.editedLiveVideo = file;
    else group.edited = file;
  }
  return { groups, lonelyAdjustments, unsupported: files.filter((file) => file.type === null) };
}

/** The first of each stem, in whichever folder. */
export function oneOfEachStem(groups: readonly ImportGroup[]): ImportGroup[] {
  const seen = new Set<string>();
  return groups.filter(({ original }) => {
    const isNew = !seen.has(original.stem);
    seen.add(original.stem);
    return isNew;
  });
}

/** Live Photos by their shared identifier, RAW pairs by their stem; everything else stands alone. */
function joinPairs(files: readonly OfferedFile[]): Building[] {
  const taken = new Set<OfferedFile>();
  const partnerOf = new Map<OfferedFile, OfferedFile>();
  const videos = new Map<string, OfferedFile[]>();
  const raws = new Map<string, OfferedFile[]>();
  for (const file of files) {
    if (isVideo(file) && file.contentIdentifier !== null) push(videos, file.contentIdentifier, file);
    if (isRaw(file)) push(raws, keyOf(file), file);
  }
  const stills = files.filter((file) => !isVideo(file) && !isRaw(file));
  for (const still of stills) {
    const halves = videos.get(still.contentIdentifier ?? "")?.filter((video) => !taken.has(video)) ?? [];
    // The same pair may be there twice, from two folders.
    const video = halves.find((video) => keyOf(video) === keyOf(still)) ?? halves[0];
    if (video !== undefined) {
      taken.add(video);
      partnerOf.set(still, video);
    }
  }
  const rawOf = new Map<OfferedFile, OfferedFile>();
  for (const still of stills) {
    const raw = raws.get(keyOf(still))?.find((file) => !taken.has(file));
    if (raw !== undefined) {
      taken.add(raw);
      rawOf.set(still, raw);
    }
  }
  return files
    .filter((file) => !taken.has(file))
    .map((original) => ({
      original,
      liveVideo: partnerOf.get(original) ?? null,
      raw: rawOf.get(original) ?? null,
      adjustments: null,
      originalAdjustments: null,
      edited: null,
      editedLiveVideo: null,
    }));
}

function isTaken({ adjustmentFormat }: OfferedFile): boolean {
  return adjustmentFormat !== null && adjustmentFormatsTaken.has(adjustmentFormat);
}

function isVideo(file: OfferedFile): boolean {
  return typeof file.type === "object" && file.type?.kind === "video";
}

function isRaw(file: OfferedFile): boolean {
  return typeof file.type === "object" && file.type?.kind === "raw";
}

function keyOf(file: OfferedFile): string {
  return `${file.folder}/${file.stem}`;
}

/** For `IMG_E1234` the key of `IMG_1234`: three letters, `_`, the letter, four digits, and no other pattern. */
function originalKey(file: OfferedFile, letter: "e" | "o"): string | null {
  const parts = /^([a-z]{3}_)([eo])(\d{4})$/.exec(file.stem);
  return parts === null || parts[2] !== letter ? null : `${file.folder}/${parts[1]}${parts[3]}`;
}

function push(lists: Map<string, OfferedFile[]>, key: string, file: OfferedFile): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [file]);
  else list.push(file);
}
