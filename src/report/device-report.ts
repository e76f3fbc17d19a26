import * as z from "zod";

/** Extensions that are counted by name; all others are `other`, so that no text of a phone gets in. */
export const COUNTED_EXTENSIONS = [
  ...(["heic", "heif", "jpg", "jpeg", "png", "gif", "webp", "tif", "tiff", "dng"] as const),
  ...(["mov", "mp4", "m4v", "aae", "plist", "other"] as const),
];
export const COUNTED_KINDS = ["photo", "live", "video", "raw", "screenshot", "other"] as const;
/** Terminals by the names of System Settings; what is not one of them is `other`. */
export const ASKING_APPS = [
  ...(["Terminal", "iTerm", "Visual Studio Code", "Ghostty", "WezTerm", "Warp", "Hyper"] as const),
  ...(["other", "unknown"] as const),
];

const count = z.int().min(0).max(1e9);
const MOST_BYTES = 1e15;
const bytes = z.int().min(0).max(MOST_BYTES);
const milliseconds = z.int().min(0).max(1e8);
/** Null where too little was read, or too fast, to say. */
const perSecond = bytes.nullable();
const version = z.string().regex(/^\d{1,3}(\.\d{1,3}){0,3}$/);

/**
 * All that a report may hold, of a phone, of a Mac and of how they go together: numbers, fixed words, and texts of
 * three shapes (a version, a product type, a month) in which no name, path, id or place fits. Whatever is written or shown has passed this, and nothing else is.
 */
export const deviceReportSchema = z.strictObject({
  report: z.literal(1),
  rollcall: version,
  month: z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/),
  /** The virtual iPhone of the demo. */
  isVirtual: z.boolean(),
  phone: z.strictObject({
    productType: z
      .string()
      .regex(/^(iPhone|iPad|iPod)\d{1,2},\d{1,2}$/)
      .nullable(),
    iosVersion: version.nullable(),
    cable: z.enum(["USB 1", "USB 2", "USB 3", "unknown"]),
    /** Whether the system's own usbmuxd was asked. */
    usbmuxd: z.enum(["system", "other"]),
  }),
  database: z.strictObject({
    outcome: z.enum(["read", "absent", "unreadable"]),
    /** Rounded to two digits, as all sizes are. */
    sizeBytes: bytes.nullable(),
    /** Of `-wal`; null where there is none. */
    logBytes: bytes.nullable(),
    /** Of the database and its log; null where it could not be read. */
    bytesRead: bytes.nullable(),
    /** The pages of the tables that are asked, or the whole of it because that did not work. */
    way: z.enum(["pages", "whole"]).nullable(),
    tries: count.nullable(),
    tookMs: milliseconds,
    modelVersion: z.int().min(1).max(99_999).nullable(),
    rows: count.nullable(),
    syncsWithICloud: z.boolean().nullable(),
  }),
  files: z.strictObject({
    listed: count,
    sizeBytes: bytes,
    largestBytes: bytes,
    folders: count,
    unreadable: count,
    setAside: count,
    inICloudOnly: count,
    byExtension: z.record(z.enum(COUNTED_EXTENSIONS), count),
    tookMs: milliseconds,
    filesPerSecond: perSecond,
  }),
  items: z.strictObject({
    byKind: z.record(z.enum(COUNTED_KINDS), count),
    hidden: count,
    trashed: count,
    burstFrames: count,
    fromICloud: count,
    inSharedLibrary: count,
  }),
  /** Of the photos that the database calls edited, by what lies beside them; null where it was not read. */
  edits: z
    .strictObject({ edited: count, withAae: count, withAdjustmentsPlist: count, withRender: count })
    .nullable(),
  /** Of some items, spread over the whole. */
  thumbnails: z.strictObject({
    looked: count,
    only5005: count,
    only5003: count,
    both: count,
    otherName: count,
    none: count,
    meanBytes: bytes.nullable(),
    largestBytes: bytes.nullable(),
    over256KiB: count,
  }),
  reading: z.strictObject({
    files: count,
    sizeBytes: bytes,
    tookMs: milliseconds,
    bytesPerSecond: perSecond,
  }),
  computer: z.strictObject({
    system: z.enum(["macOS", "Linux", "other"]),
    macosVersion: version.nullable(),
    photosVersion: version.nullable(),
    processor: z.enum(["arm64", "x64", "other"]),
    node: version,
  }),
  rights: z.strictObject({
    askedFrom: z.enum(ASKING_APPS),
    automation: z.enum([
      ...["allowed", "refused", "not-asked-yet", "photos-closed", "unknown", "not-on-this-system"],
    ] as const),
    library: z.enum(["allowed", "refused", "not-asked-yet", "unknown", "not-on-this-system"]),
    fullDiskAccess: z.boolean().nullable(),
  }),
});

export type DeviceReport = z.infer<typeof deviceReportSchema>;

/** Two digits are enough to compare phones by, and too few to know one again. A phone may claim any size. */
export function rounded(number: number): number {
  if (!(number > 0)) return 0;
  return Math.min(MOST_BYTES, Math.round(Number(number.toPrecision(2))));
}

/** A version or a type as it stands in a report; null for every text of another shape. */
export function matching(schema: z.ZodType<string | null>, text: string | null | undefined): string | null {
  const { success, data } = schema.safeParse(text);
  return success ? data : null;
}
