import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeAdjustments } from "./adjustments.js";
import { cameraRollShots, type Shot, stemOf } from "./camera-roll-shots.js";
import { encodeDng } from "./dng.js";
import { encodeJpeg } from "./jpeg.js";
import { encodeMov } from "./mov.js";
import { type PhoneDatabaseRow, writePhoneDatabase } from "./phone-database.js";
import { drawPicture } from "./picture.js";
import { encodePng } from "./png.js";
import { SeededNumbers } from "./seeded-numbers.js";

export interface CameraRollOptions {
  /** The media folder, as an iPhone's /var/mobile/Media: made if needed; holds DCIM and PhotoData afterwards. */
  readonly folder: string;
  /** How many items to add to the standard 18; default 0. */
  readonly photos?: number;
  /** The same seed and `now` give the same bytes; default 1. */
  readonly seed?: number;
  /** The newest item was taken shortly before this. */
  readonly now?: Date;
  /** Say in the phone's database that everything is kept in step with iCloud Photos; default false. */
  readonly isSyncedWithICloud?: boolean;
  /** Leave the rows of the phone's database in its -wal. */
  readonly leaveRowsInWal?: boolean;
}

export interface CameraRollSummary {
  readonly folder: string;
  /** Every file under DCIM, in the order it was made. */
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

export interface CameraRollFile {
  /** As the phone spells it: `/DCIM/100APPLE/IMG_0001.JPG`. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
}

/**
 * Makes a small camera roll of pictures and films that really decode: Live Photos, an edit, a RAW pair, a
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

  for (const shot of cameraRollShots(options.photos ?? 0, seed, now)) {
    const directory = `DCIM/${shot.folder}`;
    if (!foldersMade.has(directory)) await mkdir(join(folder, directory), { recursive: true });
    foldersMade.add(directory);
    const developed = develop(shot);
    for (const { name, bytes, modifiedAt } of shot.isOnPhone ? developed.files : []) {
      await writeFile(join(folder, directory, name), bytes);
      await utimes(join(folder, directory, name), modifiedAt, modifiedAt);
      files.push({ path: `/${directory}/${name}`, sizeBytes: bytes.length, modifiedAt });
    }
    const shotPaths = developed.files.map(({ name }) => `/${directory}/${name}`);
    if (!shot.isOnPhone) paths.inICloudOnly.push(...shotPaths);
    if (shot.isTrashed) paths.trashed.push(...shotPaths);
    if (shot.isHidden) paths.hidden.push(...shotPaths);
    if (shot.kind === "note") paths.setAside.push(...shotPaths);
    else {
      rows.push(databaseRow(shot, directory, developed, options.isSyncedWithICloud ?? false));
      const thumbnails = join(folder, "PhotoData/Thumbnails/V2", directory, developed.files[0]!.name);
      await mkdir(thumbnails, { recursive: true });
      await writeFile(join(thumbnails, "5005.JPG"), smallPicture(shot));
    }
  }
  const { leaveRowsInWal = false } = options;
  await writePhoneDatabase(folder, rows, { seed, leaveRowsInWal });
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { folder, files, items: rows.length, sizeBytes, ...paths };
}

interface DevelopedShot {
  /** The original first. */
  readonly files: readonly DevelopedFile[];
  readonly contentIdentifier: string | null;
}

interface DevelopedFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly modifiedAt: Date;
  /** What it is beside the original; undefined for the original itself. */
  readonly part?: "live-movie" | "raw" | "adjustments" | "edited";
}

/** Draws the bytes of one shot. They depend on its own seed only, so a shot is the same in a larger roll. */
function develop(shot: Shot): DevelopedShot {
  const numbers = new SeededNumbers(shot.seed);
  const contentIdentifier = shot.kind === "live" ? numbers.uuid() : null;
  const { takenAt } = shot;
  const stem = stemOf(shot);
  const still = (): DevelopedFile => ({
    name: `${stem}.JPG`,
    bytes: encodeJpeg(drawPicture(numbers), { takenAt, contentIdentifier }),
    modifiedAt: takenAt,
  });
  const film = (frames: number) => {
    const pictures = Array.from({ length: frames }, () => drawPicture(numbers));
    // The phone finishes a film a moment after it was begun.
    const modifiedAt = new Date(takenAt.getTime() + 2000);
    return { name: `${stem}.MOV`, bytes: encodeMov(pictures, { takenAt, contentIdentifier }), modifiedAt };
  };
  const files = (): DevelopedFile[] => {
    switch (shot.kind) {
      case "photo":
        return [still()];
      case "live":
        return [still(), { ...film(6), part: "live-movie" }];
      case "video":
        return [film(12)];
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
      case "note":
        return [{ name: `${stem}.TXT`, bytes: Buffer.from(`Note ${numbers.uuid()}\n`), modifiedAt: takenAt }];
    }
  };
  return { files: files(), contentIdentifier };
}

/** What the phone shows in its grid: the picture of the first file, in a size of its own; it stays without it, too. */
function smallPicture(shot: Shot): Buffer {
  const numbers = new SeededNumbers(shot.seed);
  if (shot.kind === "live") numbers.uuid();
  return encodeJpeg(drawPicture(numbers, 32, 24), null);
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
    kind: shot.kind === "video" ? "video" : "photo",
    subtype: shot.kind === "live" || shot.kind === "screenshot" ? shot.kind : "none",
    createdAt: shot.takenAt,
    sizeBytes: original!.bytes.length,
    mediaGroupUuid: developed.contentIdentifier,
    isTrashed: shot.isTrashed,
    isHidden: shot.isHidden,
    isFavorite: shot.isFavorite,
    isEdited: shot.kind === "edit",
    isOnPhone: shot.isOnPhone,
    isSyncedWithICloud: isSynced || !shot.isOnPhone,
    albums: shot.albums,
    parts: others.map(({ name, bytes, part }) => ({ part: part!, filename: name, sizeBytes: bytes.length })),
  };
}
