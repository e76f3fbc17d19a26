import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { DateFact, PhoneTimeZone, PlaceFact } from "./carried-facts.js";
import { dateFact, placeFact, placeOf } from "./changed-on-phone.js";
import {
  assetTable,
  key,
  MAX_TEXT_LENGTH,
  type MoreAssetColumns,
  materialized,
  real,
  tableColumns,
  text,
  timeOf,
} from "./phone-library-query.js";

/** Longer captions nobody writes; one that is cut would be another caption, so it is left out. */
const MOST_CAPTION_LETTERS = 16_384;

const FILE_COLUMNS = ["ZASSET", "ZDATECREATED", "ZTIMEZONENAME", "ZLATITUDE", "ZLONGITUDE"];

/** The columns behind those of every run, in the order of {@link carriedRow}. ZEXTENDEDATTRIBUTES says what is in the file. */
export function carriedColumns(database: DatabaseSyncInstance): MoreAssetColumns {
  const asset = assetTable(database);
  const own = asset === null ? new Set<string>() : tableColumns(database, asset);
  const extra = tableColumns(database, "ZADDITIONALASSETATTRIBUTES");
  const file = tableColumns(database, "ZEXTENDEDATTRIBUTES");
  const hasFile = file.has("ZASSET");
  const ofAsset = (name: string) => (own.has(name) ? `a.${name}` : "NULL");
  const ofFile = (name: string) => (hasFile && file.has(name) ? `e.${name}` : "NULL");
  const placesOfFile = ["ZLATITUDE", "ZLONGITUDE"].every((name) => file.has(name));
  return {
    extra: ["Z_PK", "ZTITLE", "ZTIMEZONENAME", "ZTIMEZONEOFFSET", "ZEXIFTIMESTAMPSTRING"],
    tables: hasFile
      ? [
          {
            made: materialized("e", "ZEXTENDEDATTRIBUTES", FILE_COLUMNS, file),
            join: "LEFT JOIN e ON e.ZASSET = a.Z_PK",
          },
        ]
      : [],
    selected: ({ hasExtra, hasCaption }) => {
      const ofExtra = (name: string) => (hasExtra && extra.has(name) ? `x.${name}` : "NULL");
      const caption = hasCaption ? "d.ZLONGDESCRIPTION" : "NULL";
      return [
        ofExtra("Z_PK") === "NULL" ? "NULL" : key("x.Z_PK"),
        text(caption, MOST_CAPTION_LETTERS),
        isLonger(caption, MOST_CAPTION_LETTERS),
        text(ofExtra("ZTITLE")),
        isLonger(ofExtra("ZTITLE"), MAX_TEXT_LENGTH),
        text(ofExtra("ZTIMEZONENAME"), MOST_ZONE_LETTERS),
        real(ofExtra("ZTIMEZONEOFFSET")),
        text(ofExtra("ZEXIFTIMESTAMPSTRING"), MOST_ZONE_LETTERS),
        real(ofAsset("ZLATITUDE")),
        real(ofAsset("ZLONGITUDE")),
        hasFile && placesOfFile ? "e.ZASSET IS NOT NULL" : "0",
        real(ofFile("ZLATITUDE")),
        real(ofFile("ZLONGITUDE")),
        real(ofFile("ZDATECREATED")),
        text(ofFile("ZTIMEZONENAME"), MOST_ZONE_LETTERS),
      ];
    },
  };
}

const COUNT = 15;
const MOST_ZONE_LETTERS = 64;

function isLonger(column: string, maxLength: number): string {
  return column === "NULL"
    ? "0"
    : `coalesce(typeof(${column}) = 'text' AND length(${column}) > ${maxLength}, 0)`;
}

/** What one row of the answer says of its photo. */
export interface CarriedRow {
  /** By which keywords are joined. */
  readonly attributes: number | null;
  readonly caption: string | null;
  readonly title: string | null;
  /** How many of caption and title are too long. */
  readonly textsLeftOut: number;
  readonly timeZone: PhoneTimeZone | null;
  readonly date: DateFact;
  readonly place: PlaceFact;
}

/**
 * @param columns of the whole answer
 * @param takenAtMs the date that the phone shows
 */
export function carriedRow(columns: readonly unknown[], takenAtMs: number | null): CarriedRow {
  const [attributes, caption, isCaptionLonger, title, isTitleLonger, zone, offset, stamp, ...places] =
    columns.slice(-COUNT);
  const [latitude, longitude, isFileKnown, fileLatitude, fileLongitude, fileDate, fileZone] = places;
  const timeZone = timeZoneOf(zone, offset);
  const inFileMs = timeOf(fileDate);
  return {
    attributes: typeof attributes === "number" ? attributes : null,
    caption: textOf(caption),
    title: textOf(title),
    textsLeftOut: Number(isCaptionLonger) + Number(isTitleLonger),
    timeZone,
    date: dateFact({
      shownMs: takenAtMs,
      inFileMs: inFileMs ?? inOwnZone(stamp, timeZone),
      // Of the files at hand, those with an offset of their own have this name here, and no other has.
      hasOwnZone: inFileMs !== null && typeof fileZone === "string" && /^GMT[+-]\d{4}$/.test(fileZone),
    }),
    place: placeFact(placeOf(latitude, longitude), placeOf(fileLatitude, fileLongitude), isFileKnown === 1),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Kiribati is 14 hours east; nobody is further from Greenwich. */
const MOST_OFFSET_SECONDS = 14 * 3600;

function timeZoneOf(name: unknown, offset: unknown): PhoneTimeZone | null {
  if (typeof offset !== "number" || !Number.isInteger(offset)) return null;
  if (Math.abs(offset) > MOST_OFFSET_SECONDS) return null;
  return { name: textOf(name), offsetSeconds: offset };
}

const STAMP = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)$/;

/** Before iOS 16 the file's date is kept as it is written there, `2020:04:12 10:30:23`: read in the photo's zone. */
function inOwnZone(stamp: unknown, zone: PhoneTimeZone | null): number | null {
  const found = typeof stamp === "string" ? STAMP.exec(stamp) : null;
  if (found === null || zone === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // Cameras whose clock was never set write zeros.
  if (month < 1 || month > 12 || day < 1) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second) - zone.offsetSeconds * 1000;
}
