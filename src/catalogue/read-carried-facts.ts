import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { AlbumMembers } from "./album-members.js";
import { albumTree, type SidebarRow } from "./album-tree.js";
import type { AlbumNotCarried, CarriedFacts, PhoneAlbum, SidebarEntry } from "./carried-facts.js";
import { carriedColumns, carriedRow } from "./carried-facts-columns.js";
import { albumJoin, keywordJoin, readJoin } from "./join-tables.js";
import { Memberships, MOST_TITLES } from "./memberships.js";
import { PackedItemFacts } from "./packed-item-facts.js";
import { MOST_TITLE_LETTERS } from "./phone-library-albums.js";
import { isSet, key, type MoreAssetColumns, real, tableColumns, text, whole } from "./phone-library-query.js";
import type { PhoneLibraryRow, PhoneLibraryRows } from "./phone-library-rows.js";

/** Reads the facts of each photo beside its row, and then the albums and keywords. */
export class CarriedFactsReader {
  readonly columns: MoreAssetColumns;
  readonly #database: DatabaseSyncInstance;
  readonly #rows: PhoneLibraryRows;
  readonly #items = new PackedItemFacts();
  /** The rows that the phone shows in albums, by the primary key of the asset. */
  readonly #shown = new Map<number, number>();

  constructor(database: DatabaseSyncInstance, rows: PhoneLibraryRows) {
    this.columns = carriedColumns(database);
    this.#database = database;
    this.#rows = rows;
  }

  /**
   * To be called once for each row that was added, in their order.
   * @param columns the answer to {@link columns} at its end
   */
  add(row: PhoneLibraryRow, asset: unknown, columns: readonly unknown[]): void {
    const number = this.#rows.count - 1;
    this.#items.add(carriedRow(columns, row.takenAtMs));
    const isShown = row.shown && !row.trashed && !row.hidden;
    if (isShown && typeof asset === "number") this.#shown.set(asset, number);
  }

  /** @throws RollcallError STOPPED */
  async finish(signal?: AbortSignal): Promise<CarriedFacts> {
    const albums = await readSidebar(this.#database, this.#rows, this.#shown, signal);
    const keywords = await readKeywords(this.#database, signal);
    return {
      sidebar: albums?.sidebar ?? null,
      notCarried: albums?.notCarried ?? [],
      of: (path) => {
        const row = this.#rows.numberOf(path);
        return row === undefined ? null : this.#items.of(row, keywords.of);
      },
      leftOut: {
        albums: albums?.isCut ?? false,
        keywords: keywords.isCut,
        memberships: (albums?.areMembersCut ?? false) || keywords.areMembersCut,
        texts: this.#items.textsLeftOut,
      },
    };
  }
}

/** ZKIND; both roots hold what is at the top. */
const KINDS: ReadonlyMap<unknown, SidebarRow["kind"]> = new Map([
  [2, "album"],
  [4000, "folder"],
  [3998, "root"],
  [3999, "root"],
]);
const NOT_CARRIED: ReadonlyMap<unknown, AlbumNotCarried["why"]> = new Map([
  [1505, "shared"],
  [1507, "smart"],
  [1508, "project"],
]);
/** ZCUSTOMSORTKEY, of albums that were named for how they are sorted. */
const SORTS: ReadonlyMap<unknown, PhoneAlbum["sort"]> = new Map([
  [0, "by-hand"],
  [1, "by-date"],
  [5, "by-title"],
]);

interface Sidebar {
  readonly sidebar: readonly SidebarEntry[];
  readonly notCarried: readonly AlbumNotCarried[];
  readonly isCut: boolean;
  readonly areMembersCut: boolean;
}

interface AlbumRow extends SidebarRow {
  readonly sort: PhoneAlbum["sort"];
  readonly isAscending: boolean;
  readonly cover: unknown;
}

async function readSidebar(
  database: DatabaseSyncInstance,
  rows: PhoneLibraryRows,
  shown: ReadonlyMap<number, number>,
  signal: AbortSignal | undefined,
): Promise<Sidebar | null> {
  const columns = tableColumns(database, "ZGENERICALBUM");
  const join = albumJoin(database);
  if (!["Z_PK", "ZKIND", "ZTITLE"].every((name) => columns.has(name)) || join === null) return null;
  const albums = new Map<number, AlbumRow>();
  const numbers = new Map<number, number>();
  const notCarried: AlbumNotCarried[] = [];
  const isCut = !readTitled(database, sidebarQuery(columns), (album, title, more) => {
    const [kind, isDeleted, uuid, parent, order, sort, ascending, cover] = more;
    const why = NOT_CARRIED.get(kind);
    if (why !== undefined && title !== null && isDeleted === 0) notCarried.push({ title, why });
    const entry = KINDS.get(kind);
    if (entry === undefined) return;
    if (entry === "album") numbers.set(album, numbers.size);
    albums.set(album, {
      key: album,
      kind: entry,
      uuid: typeof uuid === "string" && uuid !== "" ? uuid : null,
      title,
      parent: typeof parent === "number" ? parent : null,
      order: typeof order === "number" ? order : null,
      isDeleted: isDeleted !== 0,
      sort: SORTS.get(sort) ?? "unknown",
      isAscending: ascending !== 0,
      cover,
    });
  });

  const members = new AlbumMembers();
  const areMembersWhole = await readJoin(
    database,
    join,
    (album, asset, order) => {
      const [number, row] = [numbers.get(album), shown.get(asset)];
      if (number !== undefined && row !== undefined) members.add(number, row, order);
    },
    signal,
  );
  const albumOf = (row: SidebarRow, uuid: string | null): PhoneAlbum => {
    const { title, sort, isAscending, cover } = albums.get(row.key)!;
    const coverRow = typeof cover === "number" ? shown.get(cover) : undefined;
    return {
      kind: "album",
      uuid,
      title,
      get members() {
        return members.of(numbers.get(row.key)!).map((number) => rows.pathOf(number));
      },
      sort,
      isAscending,
      cover: coverRow === undefined ? null : rows.pathOf(coverRow),
    };
  };
  return { sidebar: albumTree(albums, albumOf), notCarried, isCut, areMembersCut: !areMembersWhole };
}

const MOST_UUID_LETTERS = 64;

function sidebarQuery(columns: ReadonlySet<string>): string {
  const column = (name: string) => (columns.has(name) ? name : "NULL");
  const parent = columns.has("ZPARENTFOLDER") ? key("ZPARENTFOLDER") : "NULL";
  const cover = columns.has("ZCUSTOMKEYASSET") ? key("ZCUSTOMKEYASSET") : "NULL";
  const kinds = [...KINDS.keys(), ...NOT_CARRIED.keys()].join(", ");
  return `SELECT ${key("Z_PK")}, ${text("ZTITLE")}, ${whole("ZKIND")}, ${isSet(column("ZTRASHEDSTATE"))},
      ${text(column("ZUUID"), MOST_UUID_LETTERS)}, ${parent}, ${real(column("Z_FOK_PARENTFOLDER"))},
      ${whole(column("ZCUSTOMSORTKEY"))}, ${whole(column("ZCUSTOMSORTASCENDING"))}, ${cover}
    FROM ZGENERICALBUM NOT INDEXED WHERE ZKIND IN (${kinds}) LIMIT ${MOST_TITLES + 1}`;
}

/**
 * Reads a table of a primary key, a title and more, as far as it is one of a library.
 * @returns false where it goes on
 */
function readTitled(
  database: DatabaseSyncInstance,
  query: string,
  add: (key: number, title: string | null, more: readonly unknown[]) => void,
): boolean {
  const statement = database.prepare(query);
  statement.setReturnArrays(true);
  let [seen, letters, isWhole] = [0, 0, true];
  for (const [own, title, ...more] of statement.iterate() as Iterable<unknown[]>) {
    const known = typeof title === "string" && title !== "" ? title : null;
    letters += known?.length ?? 0;
    isWhole = ++seen <= MOST_TITLES && letters <= MOST_TITLE_LETTERS;
    if (!isWhole) break;
    if (typeof own === "number") add(own, known, more);
  }
  statement.setReturnArrays(false); // keeps the statement until here, as in readRows
  return isWhole;
}

interface Keywords {
  /** By the primary key of the attributes of a photo. */
  readonly of: (attributes: number) => readonly string[];
  readonly isCut: boolean;
  readonly areMembersCut: boolean;
}

async function readKeywords(
  database: DatabaseSyncInstance,
  signal: AbortSignal | undefined,
): Promise<Keywords> {
  const columns = tableColumns(database, "ZKEYWORD");
  const join = keywordJoin(database);
  if (!columns.has("Z_PK") || !columns.has("ZTITLE") || join === null)
    return { of: () => [], isCut: false, areMembersCut: false };
  const titles = new Map<number, string>();
  const query = `SELECT ${key("Z_PK")}, ${text("ZTITLE")} FROM ZKEYWORD NOT INDEXED LIMIT ${MOST_TITLES + 1}`;
  const isWhole = readTitled(database, query, (keyword, title) => {
    if (title !== null) titles.set(keyword, title);
  });
  const memberships = new Memberships(titles);
  const add = (attributes: number, keyword: number) => memberships.add(attributes, keyword);
  const areMembersWhole = await readJoin(database, join, add, signal);
  return {
    of: (attributes) => memberships.titlesOf(attributes),
    isCut: !isWhole,
    areMembersCut: !areMembersWhole,
  };
}
