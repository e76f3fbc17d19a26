import { mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { encodeAdjustments } from "./adjustments.js";
import { cameraRollShots, type Shot, stemOf } from "./camera-roll-shots.js";
import { encodeDng } from "./dng.js";
import { encodeJpeg } from "./jpeg.js";
import { encodeMov } from "./mov.js";
import { writePhoneDatabase } from "./phone-database.js";
import type { PhoneDatabaseRow } from "./phone-database-rows.js";
import { drawPicture } from "./picture.js";
import { encodePng } from "./png.js";
import { SeededNumbers } from "./seeded-numbers.js";

/** Ten a second. */
const VIDEO_FRAMES = 12;

interface CameraRollOptions {
  /** The media folder, as an iPhone's /var/mobile/Media: made if needed; holds DCIM and PhotoData afterwards. */
  readonly folder: string;
  /** How many items to add to the standard 18 (7 more with each of the two below); default 0. */
  readonly photos?: number;
  /** The same seed and `now` give the same bytes; default 1. */
  readonly seed?: number;
  /** The newest item was taken shortly before this. */
  readonly now?: Date;
  /**
   * Add what only the phone's library tells: a burst, captions, an edit in `PhotoData/Mutations`, originals that came
   * down from iCloud in `PhotoData/CPLAssets`, an item of the Shared Library; default false.
   */
  readonly hasLibraryOnly?: boolean;
  /**
   * Add edits as iOS 26 keeps them, beside those of earlier versions: no AAE in DCIM, and in `PhotoData/Mutations` an
   * `Adjustments.plist` beside the rendering; of photos, a Live Photo, videos, a RAW pair, a screenshot, and one from
   * iCloud. Two are in formats that Photos may not take. Default false.
   */
  readonly hasEditsOfIOS26?: boolean;
  /**
   * Add photos that the phone's library tells otherwise than a file list does: two that were synced from a computer, in
   * `PhotoData/Sync`, a Live Photo and a RAW pair whose other half is not there though its row says so, and one whose
   * row gives it ten times its size; default false.
   */
  readonly hasOddRows?: boolean;
  /**
   * False: a phone without iCloud Photos. No item is in iCloud only, came down from it, or is in the Shared Library.
   * Default true.
   */
  readonly usesICloud?: boolean;
  /** Say in the phone's database that everything is kept in step with iCloud Photos; default false. */
  readonly isSyncedWithICloud?: boolean;
  /** Leave the rows of the phone's database in its -wal. */
  readonly leaveRowsInWal?: boolean;
}

export interface CameraRollSummary {
  readonly folder: string;
  /** Every file under DCIM, and below PhotoData what the library names, in the order it was made. */
  readonly files: readonly CameraRollFile[];
  /** Rows of the phone's database, the one in iCloud only included. */
  readonly items: number;
  readonly sizeBytes: number;
  /** Where the bytes of the item in iCloud only would be. */
  readonly inICloudOnly: readonly string[];
  readonly trashed: readonly string[];
  readonly hidden: readonly string[];
  readonly setAside: readonly string[];
}

interface CameraRollFile {
  /** As the phone spells it: `/DCIM/100APPLE/IMG_0001.JPG`. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
}

/**
 * Makes a small camera roll of pictures and videos that really decode: Live Photos, an edit, a RAW pair, a
 * screenshot, the same name in two folders, one item trashed, one hidden, one in iCloud only, and a file that
 * is no picture; and the small pictures that a phone keeps of each. About a millisecond a file.
 */
export async function makeCameraRoll(options: CameraRollOptions): Promise<CameraRollSummary> {
  const { folder, seed = 1, now = new Date() } = options;
  const files: CameraRollFile[] = [];
  const rows: PhoneDatabaseRow[] = [];
  const paths = {
    inICloudOnly: [] as string[],
    trashed: [] as string[],
    hidden: [] as string[],
    setAside: [] as string[],
  };
  const foldersMade = new Set<string>();
  await mkdir(join(folder, "DCIM", ".MISC", "Incoming"), { recursive: true });

  const also = {
    libraryOnly: options.hasLibraryOnly ?? false,
    editsOfIOS26: options.hasEditsOfIOS26 ?? false,
    oddRows: options.hasOddRows ?? false,
  };
  const { usesICloud = true } = options;
  for (const shot of cameraRollShots(options.photos ?? 0, seed, now, also)) {
    if (!usesICloud && isOfICloud(shot)) continue;
    const directory = `${placeOf(shot)}/${shot.folder}`;
    const developed = develop(shot);
    const pathOf = ({ name, part }: DevelopedFile) =>
      part === "rendering"
        ? `PhotoData/Mutations/${directory}/${developed.stem}/Adjustments/${name}`
        : `${directory}/${name}`;
    for (const file of filesOnPhone(shot, developed)) {
      const { bytes, modifiedAt } = file;
      const path = pathOf(file);
      const place = dirname(path);
      if (!foldersMade.has(place)) await mkdir(join(folder, place), { recursive: true });
      foldersMade.add(place);
      await writeFile(join(folder, path), bytes);
      await utimes(join(folder, path), modifiedAt, modifiedAt);
      files.push({ path: `/${path}`, sizeBytes: bytes.length, modifiedAt });
    }
    const shotPaths = developed.files.map((file) => `/${pathOf(file)}`);
    if (!shot.isOnPhone) paths.inICloudOnly.push(...shotPaths);
    if (shot.isTrashed) paths.trashed.push(...shotPaths);
    if (shot.isHidden) paths.hidden.push(...shotPaths);
    if (shot.kind === "note") paths.setAside.push(...shotPaths);
    else {
      rows.push(databaseRow(shot, directory, developed, options.isSyncedWithICloud ?? false));
      const thumbnails = join(folder, "PhotoData/Thumbnails/V2", directory, developed.files[0]!.name);
      await mkdir(thumbnails, { recursive: true });
      for (const { name, bytes } of smallPictures(shot)) await writeFile(join(thumbnails, name), bytes);
    }
  }
  const { leaveRowsInWal = false } = options;
  await writePhoneDatabase(folder, rows, { seed, leaveRowsInWal });
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { folder, files, items: rows.length, sizeBytes, ...paths };
}

function isOfICloud({ isOnPhone, isFromICloud = false, isInSharedLibrary = false }: Shot): boolean {
  return !isOnPhone || isFromICloud || isInSharedLibrary;
}

function placeOf(shot: Shot): string {
  if (shot.isFromICloud) return "PhotoData/CPLAssets";
  return shot.isFromComputer ? "PhotoData/Sync" : "DCIM";
}

function filesOnPhone(shot: Shot, { files }: DevelopedShot): readonly DevelopedFile[] {
  if (!shot.isOnPhone) return [];
  return shot.lacksParts ? files.slice(0, 1) : files;
}

interface DevelopedShot {
  readonly stem: string;
  /** The original first. */
  readonly files: readonly DevelopedFile[];
  readonly contentIdentifier: string | null;
}

interface DevelopedFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly modifiedAt: Date;
  /** What it is beside the original; undefined for the original itself. */
  readonly part?: "live-movie" | "raw" | "adjustments" | "edited" | "rendering";
}

/** Draws the bytes of one shot. They depend on its own seed only, so a shot is the same in a larger roll. */
function develop(shot: Shot): DevelopedShot {
  const numbers = new SeededNumbers(shot.seed);
  const contentIdentifier = isLive(shot) ? numbers.uuid() : null;
  const burstIdentifier = burstIdOf(shot);
  const { takenAt } = shot;
  const stem = shot.isFromICloud ? numbers.uuid() : stemOf(shot);
  const still = (): DevelopedFile => ({
    name: `${stem}.JPG`,
    bytes: encodeJpeg(drawPicture(numbers), { takenAt, contentIdentifier, burstIdentifier }),
    modifiedAt: takenAt,
  });
  const videoOf = (frames: number) => {
    const pictures = Array.from({ length: frames }, () => drawPicture(numbers));
    // The phone finishes a video a moment after it was begun.
    const modifiedAt = new Date(takenAt.getTime() + 2000);
    return { name: `${stem}.MOV`, bytes: encodeMov(pictures, { takenAt, contentIdentifier }), modifiedAt };
  };
  const files = (): DevelopedFile[] => {
    switch (shot.kind) {
      case "photo":
        return [still()];
      case "live":
        return [still(), { ...videoOf(6), part: "live-movie" }];
      case "video":
        return [videoOf(VIDEO_FRAMES)];
      case "screenshot":
        return [
          { name: `${stem}.PNG`, bytes: encodePng(drawPicture(numbers), takenAt), modifiedAt: takenAt },
        ];
      case "raw": {
        const raw = encodeDng(drawPicture(numbers), takenAt);
        return [still(), { name: `${stem}.DNG`, bytes: raw, modifiedAt: takenAt, part: "raw" }];
      }
      case "edit": {
        const editedAt = new Date(takenAt.getTime() + 600_000);
        const recipe = encodeAdjustments(editedAt, numbers.below(1000) / 1000);
        const rendered = encodeJpeg(drawPicture(numbers), { takenAt, contentIdentifier });
        return [
          still(),
          { name: `${stem}.AAE`, bytes: recipe, modifiedAt: editedAt, part: "adjustments" },
          { name: `${stem.replace("_", "_E")}.JPG`, bytes: rendered, modifiedAt: editedAt, part: "edited" },
        ];
      }
      case "edited-live": {
        const editedAt = new Date(takenAt.getTime() + 600_000);
        const recipe = encodeAdjustments(editedAt, numbers.below(1000) / 1000);
        const rendered = encodeJpeg(drawPicture(numbers), { takenAt, contentIdentifier });
        const edited = (name: string, bytes: Buffer): DevelopedFile => ({
          name,
          bytes,
          modifiedAt: editedAt,
          part: "rendering",
        });
        return [
          still(),
          { ...videoOf(6), part: "live-movie" },
          { name: `${stem}.AAE`, bytes: recipe, modifiedAt: editedAt, part: "adjustments" },
          edited("FullSizeRender.jpg", rendered),
          edited("FullSizeRender.mov", videoOf(6).bytes),
          edited("Adjustments.plist", encodeAdjustments(editedAt, 0.5)),
        ];
      }
      case "note":
        return [{ name: `${stem}.TXT`, bytes: Buffer.from(`Note ${numbers.uuid()}\n`), modifiedAt: takenAt }];
    }
  };
  /** What iOS 26 keeps of an edit, and where no AAE is. */
  const edit = (format: string): DevelopedFile[] => {
    const editedAt = new Date(takenAt.getTime() + 600_000);
    const part = { modifiedAt: editedAt, part: "rendering" } as const;
    const renderedVideo = () => ({ ...part, name: "FullSizeRender.mov", bytes: videoOf(6).bytes });
    const recipe = encodeAdjustments(editedAt, numbers.below(1000) / 1000, format);
    const picture = () => ({
      ...part,
      name: "FullSizeRender.jpg",
      bytes: encodeJpeg(drawPicture(numbers), { takenAt, contentIdentifier }),
    });
    const rendered =
      shot.kind === "video" ? [renderedVideo()] : isLive(shot) ? [picture(), renderedVideo()] : [picture()];
    return [{ ...part, name: "Adjustments.plist", bytes: recipe }, ...rendered];
  };
  const whole = [...files(), ...(shot.recipeFormat === undefined ? [] : edit(shot.recipeFormat))];
  return { stem, files: whole, contentIdentifier };
}

/**
 * What the phone shows in its grid: the picture of the first file, in sizes of its own; it stays without it, too. As on
 * a phone, most items have the larger one (5005), some the smaller one alone (5003), some both.
 */
function smallPictures(shot: Shot): { readonly name: string; readonly bytes: Buffer }[] {
  const draw = (columns: number, rows: number) => {
    const numbers = new SeededNumbers(shot.seed);
    if (isLive(shot)) numbers.uuid();
    if (shot.isFromICloud) numbers.uuid();
    return encodeJpeg(drawPicture(numbers, columns, rows), null);
  };
  const larger = { name: "5005.JPG", bytes: draw(32, 24) };
  const smaller = { name: "5003.JPG", bytes: draw(16, 12) };
  if (shot.number % 4 === 0) return [smaller];
  return shot.number % 4 === 2 ? [larger, smaller] : [larger];
}

function isLive({ kind }: Shot): boolean {
  return kind === "live" || kind === "edited-live";
}

/** The same for each frame, whatever its own seed. */
function burstIdOf({ burst }: Shot): string | null {
  if (burst === undefined) return null;
  const seed = [...burst.name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7);
  return new SeededNumbers(seed).uuid();
}

function resourcePart(shot: Shot, name: string, part: NonNullable<DevelopedFile["part"]>) {
  if (part !== "rendering") return part;
  return name.endsWith(".mov") && isLive(shot) ? "edited-live-movie" : "edited";
}

function subtypeOf(shot: Shot): NonNullable<PhoneDatabaseRow["subtype"]> {
  if (isLive(shot)) return "live";
  if (shot.recipeFormat?.endsWith(".slomo")) return "slow-motion";
  return shot.kind === "screenshot" ? "screenshot" : "none";
}

function databaseRow(
  shot: Shot,
  directory: string,
  developed: DevelopedShot,
  isSynced: boolean,
): PhoneDatabaseRow {
  const [original, ...others] = developed.files;
  return {
    directory,
    filename: original!.name,
    originalFilename: `${stemOf(shot)}${extname(original!.name)}`,
    kind: shot.kind === "video" ? "video" : "photo",
    subtype: subtypeOf(shot),
    createdAt: shot.takenAt,
    ...(shot.kind === "video" && { seconds: VIDEO_FRAMES / 10 }),
    sizeBytes: original!.bytes.length * (shot.rowSizeTimes ?? 1),
    mediaGroupUuid: developed.contentIdentifier,
    isTrashed: shot.isTrashed,
    isHidden: shot.isHidden,
    isFavorite: shot.isFavorite,
    isEdited: shot.kind === "edit" || shot.kind === "edited-live" || shot.recipeFormat !== undefined,
    isOnPhone: shot.isOnPhone,
    isSyncedWithICloud: isSynced || !shot.isOnPhone,
    isInSharedLibrary: shot.isInSharedLibrary ?? false,
    albums: shot.albums,
    ...(shot.caption !== undefined && { caption: shot.caption }),
    ...(shot.burst && { burst: { id: burstIdOf(shot)!, isPicked: shot.burst.isPicked } }),
    parts: others.flatMap(({ name, bytes, part }) =>
      name.endsWith(".plist")
        ? []
        : [{ part: resourcePart(shot, name, part!), filename: name, sizeBytes: bytes.length }],
    ),
  };
}
