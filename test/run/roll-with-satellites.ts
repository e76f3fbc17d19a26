import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { encodeAdjustments } from "../../src/virtual/iphone/adjustments.js";
import { writePhoneDatabase } from "../../src/virtual/iphone/phone-database.js";
import type { PhoneDatabaseRow } from "../../src/virtual/iphone/phone-database-rows.js";
import type { SeededNumbers } from "../../src/virtual/iphone/seeded-numbers.js";
import { jpeg, mov } from "./small-phones.js";

/** One photo as the phone deletes it: with every file that belongs to it. */
export interface WholePhoto {
  readonly original: string;
  readonly files: Record<string, Buffer>;
  readonly row: PhoneDatabaseRow;
  /** What two photos of one name share: nobody can tell whose it is. */
  readonly shared: Record<string, Buffer>;
}

const TAKEN = new Date("2026-11-01T10:00:00Z");
const FORMATS = ["com.apple.photo", "com.apple.photo", "com.apple.video.slomo", "ScreenshotServices"];

/** Photos with all that may belong to one, and the cloud state of the phone. */
export interface RollWithSatellites {
  readonly photos: readonly WholePhoto[];
  readonly usesICloud: boolean;
}

/** A handful of photos with few names, so that they meet. */
export function rollWithSatellites(numbers: SeededNumbers): RollWithSatellites {
  const usesICloud = numbers.below(5) === 0;
  const photos: WholePhoto[] = [];
  const stems = new Set<string>();
  let bytes = 1;
  const next = () => (bytes += 1);
  const isIn = (of: number) => numbers.below(of) === 0;
  for (let at = 0; at < 6; at += 1) {
    const isDownloaded = isIn(5);
    const directory = isDownloaded ? "PhotoData/CPLAssets/group1" : "DCIM/100APPLE";
    const stem = isDownloaded
      ? `0000000${numbers.below(4)}-1111-4222-8333-444444444444`
      : `IMG_000${1 + numbers.below(6)}`;
    if (stems.has(stem)) continue;
    stems.add(stem);
    const base = `/${directory}/${stem}`;
    const files: Record<string, Buffer> = {};
    const shared: Record<string, Buffer> = {};
    const isVideo = isIn(6);
    const filename = `${stem}.${isVideo ? "MOV" : "JPG"}`;
    const id = isIn(3) && !isVideo ? `LIVE-${at}` : null;
    files[`/${directory}/${filename}`] = isVideo ? mov(next()) : jpeg(next(), id);
    if (id !== null) files[`${base}.MOV`] = mov(next(), isIn(6) ? "ANOTHER" : id);
    const hasDuplicate = !isDownloaded && !isVideo && isIn(5);
    const satellites = hasDuplicate ? shared : files;
    if (isIn(6)) satellites[`${base}.XMP`] = Buffer.from(`<x:xmpmeta n="${next()}"/>`);
    if (isIn(8)) satellites[`${base}.${isVideo ? "MOV" : "JPG"}.xmp`] = Buffer.from(`<x n="${next()}"/>`);
    if (isIn(8)) satellites[`${base.replace("IMG_", "IMG_O")}.AAE`] = encodeAdjustments(TAKEN, next() / 1000);
    const isEdited = isIn(2);
    if (isEdited) addEdit();
    const row = (name: string): PhoneDatabaseRow => ({
      directory,
      filename: name,
      kind: isVideo ? "video" : "photo",
      createdAt: new Date(TAKEN.getTime() + at * 40_000_000),
      isEdited,
      isSyncedWithICloud: usesICloud && !isIn(3),
      isInSharedLibrary: isIn(12),
      isTrashed: isIn(12),
      isHidden: isIn(12),
      ...(isIn(4) && !isDownloaded && { burst: { id: "BURST", isPicked: at === 0 } }),
    });
    photos.push({ original: `/${directory}/${filename}`, files, row: row(filename), shared });
    if (!hasDuplicate) continue;
    const duplicate = `/${directory}/${stem}.PNG`;
    photos.push({
      original: duplicate,
      files: { [duplicate]: jpeg(next()) },
      row: row(`${stem}.PNG`),
      shared,
    });

    function addEdit(): void {
      const mutation = `/PhotoData/Mutations${base}/Adjustments`;
      const recipe = () => encodeAdjustments(TAKEN, next() / 1000, FORMATS[numbers.below(FORMATS.length)]);
      const ending = isVideo ? "mov" : "jpg";
      const rendering = () => (isVideo ? mov(next()) : jpeg(next()));
      if (isIn(3)) satellites[`${base}.AAE`] = recipe();
      if (isIn(4)) satellites[`${base.replace("IMG_", "IMG_E")}.${ending.toUpperCase()}`] = rendering();
      if (isIn(2)) satellites[`${mutation}/Adjustments.plist`] = recipe();
      if (isIn(2)) satellites[`${mutation}/FullSizeRender.${ending}`] = rendering();
      if (isIn(4)) satellites[`${mutation}/FullSizeRender.mov`] = mov(next()); // of a Loop or Bounce
      if (isIn(5)) satellites[`${mutation}/AdjustmentsSecondary.data`] = Buffer.from(`note ${next()}`);
    }
  }
  return { photos, usesICloud };
}

/** Writes the roll, with the phone's own database, as it lies on a phone. */
export async function writeRoll(folder: string, { photos }: RollWithSatellites): Promise<void> {
  for (const { files, shared } of photos)
    for (const [path, bytes] of Object.entries({ ...files, ...shared })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
  await writePhoneDatabase(
    folder,
    photos.map(({ row }) => row),
  );
}
