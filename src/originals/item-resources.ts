import { comparable, type LibraryResource, type ResourceRole, type SavedType } from "./library-item.js";
import type { LibraryRow } from "./library-tables.js";
import { ORIGINALS, type PackageFiles, plainPath } from "./package-files.js";
import { isFingerprint } from "./read-file-once.js";
import { bytesOrNull, textOrNull } from "./row-values.js";

interface ItemRow {
  readonly uuid: string | null;
  readonly directory: string | null;
  readonly filename: string | null;
  readonly savedType: SavedType;
  readonly isOfOthers: boolean;
  readonly isLive: boolean;
  readonly sizeBytes: number | null;
  readonly fingerprints: readonly string[];
  readonly resources: readonly LibraryRow[];
}

interface ResourcesDescribed {
  readonly resources: LibraryResource[];
  readonly sizeBytes: number | null;
  readonly fingerprint: string | null;
  readonly hasRaw: boolean;
  /** A library's own item always has a row for its original; one without has lost rows, and who knows which. */
  readonly hasOriginalRow: boolean;
  /** The library's own file, and not named after the id as Photos names it. */
  readonly isMisnamed: boolean;
  /** Two columns that always agree do not. */
  readonly isContradictory: boolean;
  readonly volumeName: string | null;
  readonly pathOnVolume: string | null;
}

/** `ZRESOURCETYPE`, `ZDATASTORESUBTYPE` and the file behind them, as measured on real libraries. */
interface ResourceRow {
  readonly role: ResourceRole;
  /** What follows the UUID in the file's name, in the order they are looked for. */
  readonly endings: readonly string[];
  readonly declaredState: LibraryResource["declaredState"];
  readonly bytes: number | null;
  readonly fingerprints: readonly string[];
  readonly extension: string | null;
}

/** `ZCOMPACTUTI` from 15134, `ZUNIFORMTYPEIDENTIFIER` before: only for naming a file that is not there. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  "1": "jpeg",
  "public.jpeg": "jpeg",
  "3": "heic",
  "public.heic": "heic",
  "6": "png",
  "8": "tiff",
  "9": "dng",
  "com.adobe.raw-image": "dng",
  "11": "cr2",
  "com.canon.cr2-raw-image": "cr2",
  "23": "mov",
  "com.apple.quicktime-movie": "mov",
  "24": "mp4",
  "36": "xmp",
  "37": "aae",
  "com.apple.photos.apple-adjustment-envelope": "aae",
};

/** Where the files of an item are, from its rows and the names in the package. */
export function itemResources(
  item: ItemRow,
  context: { readonly files: PackageFiles; readonly modelVersion: number | null },
): ResourcesDescribed {
  const { files } = context;
  const declared = item.resources.map(declaredResource);
  const originals = declared.filter(({ role }) => role === "primary");
  const sizes = new Set(
    [item.sizeBytes, ...originals.map(({ bytes }) => bytes)].filter((size) => size !== null),
  );
  const marks = new Set([...item.fingerprints, ...originals.flatMap(({ fingerprints }) => fingerprints)]);
  const [sizeBytes = null] = sizes;
  const [fingerprint = null] = marks;
  const names = item.resources.find((row) => row[10] !== null || row[11] !== null);
  const isElsewhere = item.savedType === "referenced" || item.isOfOthers;
  const described = {
    sizeBytes,
    fingerprint,
    hasRaw: declared.some(({ role }) => role === "raw-alternate"),
    hasOriginalRow: isElsewhere || originals.length > 0,
    isMisnamed:
      !isElsewhere &&
      item.filename !== null &&
      item.uuid !== null &&
      !comparable(item.filename).startsWith(`${comparable(item.uuid)}.`),
    isContradictory: sizes.size > 1 || marks.size > 1,
    pathOnVolume: textOrNull(names?.[10]),
    volumeName: textOrNull(names?.[11]),
  };

  const edits = declared.filter(({ role }) => role === "edit").map((edit) => inRenders(item, edit, files));
  if (item.savedType === "referenced") return { ...described, resources: edits };

  const found = inAnyScope(item, files);
  const top = found?.top ?? ORIGINALS[0];
  // In another scope files are not named after the id.
  if (top !== ORIGINALS[0]) described.isMisnamed = false;
  const primary: LibraryResource = {
    role: "primary",
    ...(found?.place ?? primaryPlace(item, top, files)),
    expectedBytes: sizeBytes,
    expectedFingerprint: fingerprint,
    declaredState: originals[0]?.declaredState ?? "unsaid",
  };
  // Nothing of somebody else's picture is ever in `originals`; where something is, or in another scope, it is judged
  // like our own.
  if (item.isOfOthers && !primary.isPresent)
    return { ...described, resources: sharedDerivative(item, sizeBytes, context) };

  const beside = declared.filter(({ role }) => role !== "primary" && role !== "edit");
  const isVideoExpected = item.isLive && primary.declaredState !== "icloud";
  if (isVideoExpected && !beside.some(({ role }) => role === "live-video")) beside.push(UNSAID_VIDEO);
  const companions = beside.map((one) => besideUuid(item, one, folderOf(item, top), files));
  const unlisted = strays(item, files, [primary, ...companions]);
  return { ...described, resources: [primary, ...companions, ...unlisted, ...edits] };
}

const UNSAID_VIDEO: ResourceRow = {
  role: "live-video",
  endings: ["_3"],
  declaredState: "unsaid",
  bytes: null,
  fingerprints: [],
  extension: "mov",
};

function declaredResource(row: LibraryRow): ResourceRow {
  const [, type, subtype, , local, remote, length, fingerprint, stableHash, uti] = row;
  const known = (role: ResourceRole, endings: readonly string[], extension: string | null = null) => ({
    role,
    endings,
    extension: EXTENSIONS[String(uti)] ?? extension,
    declaredState: declaredState(local, remote),
    bytes: bytesOrNull(length),
    fingerprints: [fingerprint, stableHash].filter(isFingerprint),
  });
  if (subtype === 1) return known("primary", [""]);
  // The suffixes of edits: `_1_201_a` and `_2_100_a` are measured, that of an edited video is osxphotos' word.
  if (subtype === 19) return known("edit", ["_2_100_a"], "mov");
  if (subtype === 2)
    return type === 1 ? known("edit", ["_2_0_a"], "mov") : known("edit", ["_1_201_a"], "jpeg");
  if (subtype === 18 || type === 3) return known("live-video", ["_3"], "mov");
  if (subtype === 17 || type === 4) return known("raw-alternate", ["_4"]);
  return known("sidecar", ["_5"], subtype === 9 ? "xmp" : "aae");
}

/** `ZLOCALAVAILABILITY` of rows whose file is not on this Mac: -32768 and 0 were seen, and no value at all. */
const NOT_SAID_TO_BE_HERE: ReadonlySet<unknown> = new Set([-1, -32_768, 0, null]);

function declaredState(local: unknown, remote: unknown): LibraryResource["declaredState"] {
  if (local === 1) return "here";
  if (remote === 1 && NOT_SAID_TO_BE_HERE.has(local)) return "icloud";
  return local === -1 ? "away" : "unsaid";
}

interface PrimaryPlace {
  readonly path: string | null;
  readonly isPresent: boolean;
}

/** Among the library's own originals first; null where no scope has it. */
function inAnyScope(item: ItemRow, files: PackageFiles): { top: string; place: PrimaryPlace } | null {
  for (const top of ORIGINALS) {
    const place = primaryPlace(item, top, files);
    if (place.isPresent) return { top, place };
  }
  return null;
}

/** `originals/<ZDIRECTORY>/<ZFILENAME>`; by the id alone where the row has lost one of them. */
function primaryPlace(item: ItemRow, top: string, files: PackageFiles): PrimaryPlace {
  const { uuid, directory, filename } = item;
  const folder = directory ?? (uuid === null ? null : uuid.slice(0, 1));
  if (folder === null || plainPath(folder) === null) return { path: null, isPresent: false };
  const place = `${top}/${folder}`;
  if (filename === null) {
    const [only, another] = uuid === null ? [] : files.namesIn(place).withStem(uuid);
    return only === undefined || another !== undefined
      ? { path: null, isPresent: false }
      : { path: `${place}/${only}`, isPresent: true };
  }
  if (plainPath(filename) === null || filename.includes("/")) return { path: null, isPresent: false };
  const found = files.namesIn(place).find(filename);
  return { path: `${place}/${found ?? filename}`, isPresent: found !== null };
}

function inRenders(item: ItemRow, declared: ResourceRow, files: PackageFiles): LibraryResource {
  const folder = item.uuid === null ? null : `resources/renders/${item.uuid.slice(0, 1).toUpperCase()}`;
  return besideUuid(item, declared, folder, files);
}

function folderOf(item: ItemRow, top: string): string | null {
  const folder = item.directory ?? item.uuid?.slice(0, 1).toUpperCase() ?? null;
  return folder === null || plainPath(folder) === null ? null : `${top}/${folder}`;
}

/** `<folder>/<UUID><ending>.<extension>`, with the extension that is there. */
function besideUuid(
  item: ItemRow,
  declared: ResourceRow,
  folder: string | null,
  files: PackageFiles,
): LibraryResource {
  const { role, endings, extension, bytes, fingerprints } = declared;
  const describe = (name: string | null, isPresent: boolean): LibraryResource => ({
    role,
    path: folder === null || name === null ? null : `${folder}/${name}`,
    isPresent,
    expectedBytes: bytes,
    expectedFingerprint: fingerprints[0] ?? null,
    declaredState: declared.declaredState,
  });
  if (folder === null || item.uuid === null) return describe(null, false);
  for (const ending of endings) {
    const names = files.namesIn(folder).withStem(`${item.uuid}${ending}`);
    // Two sidecars differ in their extension alone; for the others any extension will do.
    const name = names.find((one) => one.toLowerCase().endsWith(`.${extension}`)) ?? names[0];
    if (name !== undefined && (role !== "sidecar" || name.toLowerCase().endsWith(`.${extension}`)))
      return describe(name, true);
  }
  return describe(extension === null ? null : `${item.uuid}${endings[0] ?? ""}.${extension}`, false);
}

/** Files beside the original that no row speaks of. */
function strays(item: ItemRow, files: PackageFiles, listed: readonly LibraryResource[]): LibraryResource[] {
  const { uuid } = item;
  const folder = folderOf(item, "originals");
  if (folder === null || uuid === null) return [];
  const names = files.namesIn(folder);
  if (names.countOf(uuid) === listed.filter(({ isPresent }) => isPresent).length) return [];
  return ["", "_3", "_4", "_5"]
    .flatMap((ending) => names.withStem(`${uuid}${ending}`))
    .map((name) => `${folder}/${name}`)
    .filter((path) => !listed.some((one) => one.path === path))
    .map((path) => ({
      role: "unlisted",
      path,
      isPresent: true,
      expectedBytes: null,
      expectedFingerprint: null,
      declaredState: "unsaid",
    }));
}

/** `resources/cloudsharing/data`, from macOS 13 `scopes/cloudsharing/data`; a video ends in `.medium.MP4` there. */
function sharedDerivative(
  item: ItemRow,
  expectedBytes: number | null,
  { files, modelVersion }: { readonly files: PackageFiles; readonly modelVersion: number | null },
): LibraryResource[] {
  const { directory, filename } = item;
  if (directory === null || filename === null || filename.includes("/")) return [];
  if (plainPath(directory, filename) === null) return [];
  const places = ["resources/cloudsharing/data", "scopes/cloudsharing/data"].map(
    (top) => `${top}/${directory}`,
  );
  if ((modelVersion ?? 0) >= 16_000) places.reverse();
  const stem = filename.replace(/\.[^.]*$/, "");
  const resource = (path: string, isPresent: boolean): LibraryResource => ({
    role: "shared-derivative",
    path,
    isPresent,
    expectedBytes,
    expectedFingerprint: null,
    declaredState: "unsaid",
  });
  for (const place of places) {
    for (const name of [filename, `${stem}.medium.MP4`]) {
      const found = files.namesIn(place).find(name);
      if (found !== null) return [resource(`${place}/${found}`, true)];
    }
  }
  return [resource(`${places[0]}/${filename}`, false)];
}
