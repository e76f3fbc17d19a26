import { createHash } from "node:crypto";
import { closeSync, constants, copyFileSync, mkdirSync, openSync, readSync } from "node:fs";
import { dirname, join } from "node:path";
import { appleSeconds } from "./apple-time.js";
import type { ImportBehavior } from "./import-behavior.js";
import type { ImportGroup } from "./import-grouping.js";
import { comesLater, waitingPlace } from "./late-files.js";
import { rowComesLater } from "./late-rows.js";
import { noPlace } from "./library-assets.js";
import { adjustmentsUti, type MediaType } from "./media-types.js";
import type { OfferedFile } from "./offered-file.js";
import { addReference } from "./referenced-original.js";
import { insertRow, newUuid, type RowValues, type VirtualLibrary } from "./virtual-library.js";

/** One file as the package keeps it, and what `ZINTERNALRESOURCE` says about it. */
interface StoredFile {
  readonly file: OfferedFile;
  /** Below the package. */
  readonly place: string;
  readonly resourceType: number;
  readonly subtype: number;
  /** 0 original, 2 edited. */
  readonly version: 0 | 2;
  readonly recipe: number;
}

export interface StoredItem {
  readonly pk: number;
  readonly uuid: string;
}

interface StoreDeps {
  /** The row of the import session. */
  readonly session: number;
  readonly now: Date;
  /** Identifiers of the bursts of which this event already imported a frame. */
  readonly bursts: Set<string>;
  readonly behavior: ImportBehavior;
}

/**
 * Copies one item's files into the package, byte for byte, and adds its rows. Files go first: where the process ends
 * in between, files without rows stay behind, which real libraries show too.
 */
export function storeItem(
  library: VirtualLibrary,
  group: ImportGroup,
  { session, now, bursts, behavior }: StoreDeps,
): StoredItem {
  const { database, schema } = library;
  const uuid = newUuid();
  const isReferenced = behavior.keepsReferences === true;
  const stored = placesFor(group, uuid);
  // Renderings are Photos' own even where originals stay outside.
  for (const { file, place, version } of stored) {
    if (isReferenced && version === 0) continue;
    const lateByMs = version === 0 ? behavior.filesLateByMs : undefined;
    copyInto(join(library.path, lateByMs === undefined ? place : waitingPlace(place)), file.path);
    if (lateByMs !== undefined) comesLater(library, place, now.getTime() + lateByMs);
  }
  if (group.adjustments !== null)
    copyInto(join(library.path, rendersPlace(uuid, ".plist")), group.adjustments.path);

  const { original } = group;
  const burst = original.burstIdentifier;
  const isUnpicked = behavior.hidesBurstFrames === true && burst !== null && bursts.has(burst);
  if (burst !== null) bursts.add(burst);
  const type = mediaType(original);
  const isVideo = type.kind === "video";
  const isLive = group.liveVideo !== null;
  const createdAt = appleSeconds(original.takenAt ?? original.modifiedAt);
  const pk = insertRow(database, schema, "ZASSET", "Asset", {
    ...zeros(zeroAssetColumns),
    ZUUID: uuid,
    ZDIRECTORY: isReferenced ? original.folder : uuid.charAt(0),
    ZFILENAME: isReferenced ? original.name : `${uuid}.${storedExtension(original, type)}`,
    ZUNIFORMTYPEIDENTIFIER: type.uti,
    ZKIND: isVideo ? 1 : 0,
    ZKINDSUBTYPE: isLive ? 2 : 0,
    ZPLAYBACKSTYLE: isVideo ? 4 : isLive ? 3 : 1,
    ZSAVEDASSETTYPE: isReferenced ? 10 : 3,
    ZCOMPLETE: 1,
    ZISRECENTLYSAVED: 1,
    ZADJUSTMENTSSTATE: group.adjustments === null ? 0 : 2,
    ZADJUSTMENTTIMESTAMP: group.adjustments === null ? null : appleSeconds(group.adjustments.modifiedAt),
    ZMEDIAGROUPUUID: isLive ? original.contentIdentifier : null,
    ZAVALANCHEUUID: burst,
    ...(isUnpicked && { ZVISIBILITYSTATE: 2 }),
    ZIMPORTSESSION: session,
    ZADDEDDATE: appleSeconds(now),
    ZMODIFICATIONDATE: appleSeconds(now),
    ZDATECREATED: createdAt,
    ZSORTTOKEN: createdAt,
    ZLATITUDE: noPlace,
    ZLONGITUDE: noPlace,
  });
  const fingerprint = library.hasFingerprints ? fingerprintOf(original.path) : null;
  const attributes = insertRow(database, schema, "ZADDITIONALASSETATTRIBUTES", "AdditionalAssetAttributes", {
    ...zeros(zeroAttributeColumns),
    ZASSET: pk,
    ZORIGINALFILENAME: original.name,
    ZORIGINALFILESIZE: original.sizeBytes,
    ZORIGINALSTABLEHASH: fingerprint,
    ZORIGINALHASH: fingerprint === null ? null : Buffer.from(fingerprint, "base64"),
    ZIMPORTEDBY: 5,
    ZIMPORTEDBYBUNDLEIDENTIFIER: "com.apple.Photos",
    ZIMPORTEDBYDISPLAYNAME: "Photos",
  });
  database.prepare("UPDATE ZASSET SET ZADDITIONALATTRIBUTES = ? WHERE Z_PK = ?").run(attributes, pk);
  for (const resource of stored) {
    const resourcePk = addResource(library, pk, resource, isReferenced && resource.version === 0);
    if (isReferenced && resource.version === 0) addReference(library, resourcePk, resource.file.path);
  }
  if (group.adjustments !== null) addAdjustment(library, attributes, group.adjustments);
  if (behavior.rowsLateByMs !== undefined) rowComesLater(library, pk, now.getTime() + behavior.rowsLateByMs);
  return { pk, uuid };
}

/** Where each file of an item goes, after what real libraries show. */
function placesFor(group: ImportGroup, uuid: string): StoredFile[] {
  const places: StoredFile[] = [];
  const put = (
    file: OfferedFile | null,
    place: (extension: string) => string,
    resourceType: number,
    subtype: number,
    recipe = 0,
  ) => {
    if (file === null) return;
    const extension = file.type === "adjustments" ? "aae" : storedExtension(file, mediaType(file));
    places.push({
      file,
      place: place(extension),
      resourceType,
      subtype,
      version: recipe === 0 ? 0 : 2,
      recipe,
    });
  };
  const inOriginals = (suffix: string) => (extension: string) =>
    join("originals", uuid.charAt(0), `${uuid}${suffix}.${extension}`);
  const inRenders = (suffix: string) => (extension: string) => rendersPlace(uuid, `${suffix}.${extension}`);

  const isVideo = mediaType(group.original).kind === "video";
  put(group.original, inOriginals(""), isVideo ? 1 : 0, 1);
  put(group.liveVideo, inOriginals("_3"), 3, 18);
  put(group.raw, inOriginals("_4"), 4, 17);
  put(group.originalAdjustments, inOriginals("_5"), 5, 22);
  // Stills and Live videos are measured; the place and numbers of an edited video are a guess.
  if (isVideo) put(group.edited, inRenders("_2_0_a"), 1, 2, 131_079);
  else put(group.edited, inRenders("_1_201_a"), 0, 2, 65_938);
  put(group.editedLiveVideo, inRenders("_2_100_a"), 3, 19, 131_272);
  return places;
}

function rendersPlace(uuid: string, ending: string): string {
  return join("resources", "renders", uuid.charAt(0), `${uuid}${ending}`);
}

function copyInto(target: string, source: string): void {
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(source, target, constants.COPYFILE_FICLONE);
}

function addResource(
  library: VirtualLibrary,
  assetPk: number,
  stored: StoredFile,
  isReferenced: boolean,
): number {
  const compactUti =
    stored.file.type === "adjustments" ? adjustmentsUti.compactUti : mediaType(stored.file).compactUti;
  return insertRow(library.database, library.schema, "ZINTERNALRESOURCE", "InternalResource", {
    ...zeros(zeroResourceColumns),
    ZASSET: assetPk,
    ZRESOURCETYPE: stored.resourceType,
    ZDATASTORESUBTYPE: stored.subtype,
    ZVERSION: stored.version,
    ZRECIPEID: stored.recipe,
    ZDATALENGTH: stored.file.sizeBytes,
    ZLOCALAVAILABILITY: isReferenced ? -1 : 1,
    ZFILEID: -1,
    ZCOMPACTUTI: compactUti,
    ZFINGERPRINT: library.hasFingerprints ? fingerprintOf(stored.file.path) : null,
  });
}

function addAdjustment(library: VirtualLibrary, attributesPk: number, file: OfferedFile): void {
  const adjustment = insertRow(
    library.database,
    library.schema,
    "ZUNMANAGEDADJUSTMENT",
    "UnmanagedAdjustment",
    {
      ZUUID: newUuid(),
      ZASSETATTRIBUTES: attributesPk,
      ZADJUSTMENTTIMESTAMP: appleSeconds(file.modifiedAt),
      ZADJUSTMENTFORMATIDENTIFIER: file.adjustmentFormat,
      ZADJUSTMENTBASEIMAGEFORMAT: 0,
    },
  );
  library.database
    .prepare("UPDATE ZADDITIONALASSETATTRIBUTES SET ZUNMANAGEDADJUSTMENT = ? WHERE Z_PK = ?")
    .run(adjustment, attributesPk);
}

/** Lower case, and spelled as Photos does: `.JPG` becomes `.jpeg`, `.TIF` becomes `.tiff`. */
function storedExtension(file: OfferedFile, type: MediaType): string {
  const spelled: Record<string, string> = { jpg: "jpeg", jpe: "jpeg", tif: "tiff", "": type.extension };
  return spelled[file.extension] ?? file.extension;
}

function mediaType(file: OfferedFile): MediaType {
  if (file.type === null || file.type === "adjustments")
    throw new TypeError(`${file.name} is not a picture or video`);
  return file.type;
}

/**
 * Apple's fingerprint of a file: base64 of 0x01 and SHA-1 over two salts and the bytes (measured on real libraries;
 * iCloud's `fileChecksum`).
 */
function fingerprintOf(path: string): string {
  const hash = createHash("sha1").update("com.apple.XattrObjectSalt\0com.apple.DataObjectSalt\0");
  const handle = openSync(path, "r");
  try {
    const piece = Buffer.alloc(1024 * 1024);
    for (let count = readSync(handle, piece); count > 0; count = readSync(handle, piece)) {
      hash.update(piece.subarray(0, count));
    }
  } finally {
    closeSync(handle);
  }
  return Buffer.concat([Buffer.of(1), hash.digest()]).toString("base64");
}

function zeros(columns: string): RowValues {
  return Object.fromEntries(columns.split(" ").map((column) => [column, 0]));
}

/** Columns that are 0, not NULL, in every freshly imported row of a real library. */
const zeroAssetColumns =
  "ZAVALANCHEKIND ZAVALANCHEPICKTYPE ZBUNDLESCOPE ZCLOUDDELETESTATE ZCLOUDLOCALSTATE ZDEPTHTYPE " +
  "ZDUPLICATEASSETVISIBILITYSTATE ZDURATION ZFAVORITE ZHDRTYPE ZHEIGHT ZHIDDEN ZHIGHFRAMERATESTATE " +
  "ZISDETECTEDSCREENSHOT ZISMAGICCARPET ZLIBRARYSCOPESHARESTATE ZSPATIALTYPE ZSYNDICATIONSTATE " +
  "ZTRASHEDREASON ZTRASHEDSTATE ZVISIBILITYSTATE ZWIDTH";
const zeroAttributeColumns =
  "ZCAMERACAPTUREDEVICE ZORIGINALHEIGHT ZORIGINALRESOURCECHOICE ZORIGINALWIDTH ZPENDINGVIEWCOUNT " +
  "ZPLAYCOUNT ZPTPTRASHEDSTATE ZSHARECOUNT ZVIEWCOUNT";
const zeroResourceColumns =
  "ZCLOUDDELETESTATE ZCLOUDLOCALSTATE ZDATASTORECLASSID ZLOCALAVAILABILITYTARGET ZPTPTRASHEDSTATE " +
  "ZREMOTEAVAILABILITY ZREMOTEAVAILABILITYTARGET ZTRASHEDSTATE";
