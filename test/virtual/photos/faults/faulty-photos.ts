import type { PhotosFault } from "../../../../src/virtual/photos/photos-fault.js";
import { type PhotosFixture, photosFixture } from "../photos-fixture.js";

/** What is in the open library's database, whatever a script is told. Import names, in the order of the rows. */
export interface Holdings {
  readonly items: string[];
  /** Members of the album "Trip". */
  readonly trip: string[];
  readonly albums: string[];
}

export interface FaultyPhotos extends PhotosFixture {
  readonly paths: string[];
  readonly albumId: string;
  /**
   * Imports the paths into "Trip": the names of what Photos answers with, `null` for missing value, a number for an
   * error, or the display string of an item whose id cannot be read from it.
   */
  importInto(paths?: readonly string[]): unknown;
  /** The value of a script, or the number of its error. */
  ask(body: string, input?: unknown): unknown;
  holds(): Holdings;
  /** Milliseconds that the work takes. */
  timed(work: () => void): number;
  wait(ms: number): void;
}

/** A library with an album "Trip" and nothing in it, three pictures to import, and Photos with a fault from then on. */
export function faultyPhotos(...how: PhotosFault[]): FaultyPhotos {
  const fixture = photosFixture();
  const { photos, media, time, script } = fixture;
  const paths = ["IMG_0001.PNG", "IMG_0002.PNG", "IMG_0003.PNG"].map((name) => media.png(name));
  const albumId = script("P.make({new: 'album', named: 'Trip'}); return P.albums[0].id()") as string;
  photos.faults(how);

  const names = <Row>(sql: string): Row[] => photos.library.database.prepare(sql).all() as Row[];
  const ask = (body: string, input?: unknown) => {
    const value = script(body, input) as { number?: number } | null;
    return value?.number ?? value;
  };
  const nameOf = (display: string): string => {
    const uuid = /\.byId\("([0-9A-F-]{36})\/L0\/001"\)$/.exec(display)?.[1];
    const rows = names<{ uuid: string; name: string }>(
      `SELECT a.ZUUID uuid, x.ZORIGINALFILENAME name FROM ZASSET a
       JOIN ZADDITIONALASSETATTRIBUTES x ON x.ZASSET = a.Z_PK`,
    );
    return rows.find((row) => row.uuid === uuid)?.name ?? display;
  };
  return {
    ...fixture,
    paths,
    albumId,
    ask,
    importInto: (chosen = paths) => {
      const answer = ask(
        `var items = P.import(input.paths.map(function (p) { return Path(p); }),
           {skipCheckDuplicates: true, into: P.albums.byId(input.albumId)});
         return items === null ? null : items.map(function (item) { return Automation.getDisplayString(item); })`,
        { paths: chosen, albumId },
      );
      return Array.isArray(answer) ? answer.map((display) => nameOf(String(display))) : answer;
    },
    holds: () => {
      photos.catchUp();
      const { table, album, asset, order } = photos.library.schema.membership;
      const members = `SELECT x.ZORIGINALFILENAME name FROM ${table} m
        JOIN ZADDITIONALASSETATTRIBUTES x ON x.ZASSET = m.${asset}
        JOIN ZGENERICALBUM g ON g.Z_PK = m.${album} WHERE g.ZTITLE = 'Trip' ORDER BY m.${order}`;
      const of = (sql: string) => names<{ name: string }>(sql).map(({ name }) => name);
      return {
        items: of("SELECT ZORIGINALFILENAME name FROM ZADDITIONALASSETATTRIBUTES ORDER BY Z_PK"),
        trip: of(members),
        albums: of(
          "SELECT ZTITLE name FROM ZGENERICALBUM WHERE ZKIND = 2 AND ZTRASHEDSTATE = 0 ORDER BY Z_PK",
        ),
      };
    },
    timed: (work) => {
      const before = time.now().getTime();
      work();
      return time.now().getTime() - before;
    },
    wait: (ms) => time.pass(ms),
  };
}

export const all = ["IMG_0001.PNG", "IMG_0002.PNG", "IMG_0003.PNG"];
