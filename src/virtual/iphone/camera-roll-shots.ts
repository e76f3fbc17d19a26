import { SeededNumbers } from "./seeded-numbers.js";

/** One press of the button: what makes one item of the camera roll, before its bytes are drawn. */
export interface Shot {
  /** `100APPLE` */
  readonly folder: string;
  /** The number in its name: 1 is IMG_0001. */
  readonly number: number;
  readonly kind: ShotKind;
  readonly takenAt: Date;
  readonly seed: number;
  readonly isTrashed: boolean;
  readonly isHidden: boolean;
  readonly isFavorite: boolean;
  /** False: in iCloud only. */
  readonly isOnPhone: boolean;
  readonly albums: readonly string[];
  readonly caption?: string;
  /** A frame of the burst of that name. */
  readonly burst?: { readonly name: string; readonly isPicked: boolean };
  readonly isInSharedLibrary?: boolean;
  /** It came down from iCloud: it lies in `PhotoData/CPLAssets` under a UUID. */
  readonly isFromICloud?: boolean;
  /** Synced from a computer: it lies in `PhotoData/Sync`. */
  readonly isFromComputer?: boolean;
  /** Only its original is on the phone; its row says that all of it is. */
  readonly lacksParts?: boolean;
  /** Its row gives so many times its size. */
  readonly rowSizeTimes?: number;
  /**
   * Edited, as iOS 26 keeps it: no AAE, and in `PhotoData/Mutations` a recipe of this format
   * (`adjustmentFormatIdentifier`) beside what was rendered.
   */
  readonly recipeFormat?: string;
}

/** `note` is a text file: no picture at all. */
type ShotKind =
  | "photo"
  | "live"
  | "video"
  | "screenshot"
  /** An edit as PTP shows it: with AAE and IMG_E beside the original. */
  | "edit"
  /** An edited Live Photo as it lies on the phone: its renderings in `PhotoData/Mutations`. */
  | "edited-live"
  | "raw"
  | "note";

/** `IMG_0001` */
export function stemOf(shot: Shot): string {
  return `IMG_${String(shot.number).padStart(4, "0")}`;
}

type ShotOptions = Partial<Omit<Shot, "takenAt" | "seed">> & Pick<Shot, "folder" | "number" | "kind">;

/** The standard roll: one of everything that Rollcall has to tell apart. */
const standardShots: readonly ShotOptions[] = [
  { folder: "100APPLE", number: 1, kind: "live" },
  { folder: "100APPLE", number: 2, kind: "live", albums: ["Lake"] },
  { folder: "100APPLE", number: 3, kind: "photo", isFavorite: true, albums: ["Lake"] },
  { folder: "100APPLE", number: 4, kind: "screenshot" },
  { folder: "100APPLE", number: 5, kind: "edit" },
  { folder: "100APPLE", number: 6, kind: "video" },
  { folder: "100APPLE", number: 7, kind: "raw" },
  { folder: "100APPLE", number: 8, kind: "live", isFavorite: true },
  { folder: "100APPLE", number: 9, kind: "photo", isTrashed: true },
  { folder: "100APPLE", number: 10, kind: "photo", isHidden: true },
  { folder: "100APPLE", number: 11, kind: "photo", isOnPhone: false },
  { folder: "100APPLE", number: 12, kind: "note" },
  { folder: "100APPLE", number: 13, kind: "photo" },
  { folder: "100APPLE", number: 14, kind: "photo" },
  // The counter of a phone starts again in time: the same names, other pictures.
  { folder: "101APPLE", number: 1, kind: "photo" },
  { folder: "101APPLE", number: 2, kind: "video" },
  { folder: "101APPLE", number: 3, kind: "live" },
  { folder: "101APPLE", number: 4, kind: "photo" },
  { folder: "101APPLE", number: 5, kind: "photo" },
];

/** What only the phone's library tells. */
const libraryShots: readonly ShotOptions[] = [
  { folder: "101APPLE", number: 6, kind: "photo", burst: { name: "jump", isPicked: false } },
  { folder: "101APPLE", number: 7, kind: "photo", burst: { name: "jump", isPicked: true }, caption: "Jump!" },
  { folder: "101APPLE", number: 8, kind: "photo", burst: { name: "jump", isPicked: false } },
  { folder: "101APPLE", number: 9, kind: "edited-live", albums: ["Best of"] },
  { folder: "group12", number: 4711, kind: "photo", isFromICloud: true, albums: ["Lake"] },
  { folder: "group12", number: 4712, kind: "live", isFromICloud: true, caption: "From Ben" },
  { folder: "101APPLE", number: 10, kind: "photo", isInSharedLibrary: true },
];

/** Edits as iOS 26 keeps them: of each kind one, from iCloud too; and the two formats that Photos may not take. */
const editShots: readonly ShotOptions[] = [
  { folder: "101APPLE", number: 21, kind: "photo", recipeFormat: "com.apple.photo" },
  { folder: "101APPLE", number: 22, kind: "live", recipeFormat: "com.apple.photo" },
  { folder: "101APPLE", number: 23, kind: "video", recipeFormat: "com.apple.video" },
  { folder: "101APPLE", number: 24, kind: "raw", recipeFormat: "com.apple.photo" },
  { folder: "101APPLE", number: 25, kind: "screenshot", recipeFormat: "ScreenshotServices" },
  { folder: "101APPLE", number: 26, kind: "video", recipeFormat: "com.apple.video.slomo" },
  { folder: "group12", number: 4713, kind: "photo", isFromICloud: true, recipeFormat: "com.apple.photo" },
];

/** What rows say otherwise than files. */
const oddOccasions: readonly ShotOptions[] = [
  { folder: "100SYNCD", number: 1, kind: "photo", isFromComputer: true },
  { folder: "100SYNCD", number: 2, kind: "video", isFromComputer: true },
  { folder: "101APPLE", number: 31, kind: "live", lacksParts: true },
  { folder: "101APPLE", number: 32, kind: "raw", lacksParts: true },
  { folder: "101APPLE", number: 33, kind: "photo", rowSizeTimes: 10 },
];

const dayMs = 86_400_000;

/**
 * The standard roll over the two weeks before `now`, and before it `further` more items over six weeks.
 * The standard shots are the same however many are added.
 * @param also what only the phone's library tells, edits of iOS 26, and rows that differ from files, each taken in between
 */
export function cameraRollShots(
  further: number,
  seed: number,
  now: Date,
  also: {
    readonly libraryOnly?: boolean;
    readonly editsOfIOS26?: boolean;
    readonly oddRows?: boolean;
  } = {},
): Shot[] {
  const standard = spread(standardShots, seed, now, 0, 14);
  const only = also.libraryOnly ? spread(libraryShots, seed + 2, now, 14, 16) : [];
  const edits = also.editsOfIOS26 ? spread(editShots, seed + 3, now, 14, 16) : [];
  const odd = also.oddRows ? spread(oddOccasions, seed + 4, now, 14, 16) : [];
  const others = spread(furtherShots(further, seed), seed + 1, now, 16, 56);
  return [...others, ...odd, ...edits, ...only, ...standard];
}

/** A thousand names a folder, as an iPhone fills them, from 102APPLE on. */
function furtherShots(count: number, seed: number): ShotOptions[] {
  const numbers = new SeededNumbers(seed ^ 0x5eed);
  const kinds: readonly ShotKind[] = [
    "photo",
    "photo",
    "photo",
    "photo",
    "photo",
    "live",
    "live",
    "live",
    "screenshot",
    "video",
  ];
  return Array.from({ length: count }, (_, index) => ({
    folder: `${102 + Math.floor(index / 1000)}APPLE`,
    number: (index % 9999) + 1,
    kind: kinds[numbers.below(kinds.length)]!,
  }));
}

/** Evenly from `toDaysAgo` to `fromDaysAgo` before `now`, oldest first, each on a whole second of its own. */
function spread(
  shots: readonly ShotOptions[],
  seed: number,
  now: Date,
  fromDaysAgo: number,
  toDaysAgo: number,
): Shot[] {
  const spanMs = (toDaysAgo - fromDaysAgo) * dayMs;
  const startMs = now.getTime() - toDaysAgo * dayMs;
  return shots.map((options, index) => {
    const atMs = startMs + (spanMs * (index + 0.5)) / shots.length;
    return {
      isTrashed: false,
      isHidden: false,
      isFavorite: false,
      isOnPhone: true,
      albums: [],
      ...options,
      takenAt: new Date(Math.floor(atMs / 1000) * 1000),
      seed: Math.imul(seed, 0x9e37_79b1) ^ Math.imul(index + 1, 0x85eb_ca6b),
    };
  });
}
