import { albumJoinColumns, albumJoinTable, entities, type Insert } from "./phone-database-schema.js";
import type { SeededNumbers } from "./seeded-numbers.js";

/** An album or folder as the phone's own database knows it. */
export type PhoneDatabaseEntry = PhoneDatabaseAlbum | PhoneDatabaseFolder;

interface EntryOptions {
  /** Default one of its own. */
  readonly uuid?: string;
  readonly isDeleted?: boolean;
}

interface PhoneDatabaseAlbum extends EntryOptions {
  readonly album: string | null;
  /** `DCIM/100APPLE/IMG_0001.JPG`, in the order that was made by hand; a photo is in an album once. */
  readonly photos?: readonly string[];
  /** Default the person's own. */
  readonly what?: "own" | "shared" | "smart" | "project";
  /** Default by date, as a new album. */
  readonly sort?: keyof typeof sortKeys;
  readonly isDescending?: boolean;
  /** The photo that was chosen to stand for it. */
  readonly cover?: string;
}

interface PhoneDatabaseFolder extends EntryOptions {
  readonly folder: string | null;
  readonly entries?: readonly PhoneDatabaseEntry[];
}

/** ZCUSTOMSORTKEY, of libraries of macOS 10.15.7. */
const sortKeys = { "by-hand": 0, "by-date": 1, "by-title": 5 } as const;

/** ZKIND and entity; shared albums lie in no folder. */
const albumKinds = {
  own: { kind: 2, entity: entities.Album.number },
  shared: { kind: 1505, entity: entities.CloudSharedAlbum.number },
  smart: { kind: 1507, entity: entities.FetchingAlbum.number },
  project: { kind: 1508, entity: entities.ProjectAlbum.number },
} as const;

const FOLDER_KIND = 4000;
const ROOT_KIND = 3999;
/** Core Data leaves room between neighbours. */
const ORDER_STEP = 1024;

/** Writes albums and folders, also in several goes: an album that rows mention by its title is made at the first. */
export class SidebarWriter {
  readonly #numbers: SeededNumbers;
  readonly #mentioned = new Map<string, number>();
  /** How many entries lie in a folder, or photos in an album, by its primary key. */
  readonly #counts = new Map<number, number>();
  #root: number | null = null;

  constructor(numbers: SeededNumbers) {
    this.#numbers = numbers;
  }

  begin(insert: Insert): void {
    this.#root ??= insert("ZGENERICALBUM", {
      Z_ENT: entities.Folder.number,
      ZKIND: ROOT_KIND,
      ZUUID: this.#numbers.uuid(),
    });
  }

  /** Puts a photo behind the others of an album at the top. */
  mention(insert: Insert, title: string, asset: number): void {
    const album = this.#mentioned.get(title) ?? this.#album(insert, { album: title }, this.#root, null);
    this.#mentioned.set(title, album);
    this.#join(insert, album, asset);
  }

  /** @param assetOf the primary key of a photo; throws where there is none */
  write(
    insert: Insert,
    entries: readonly PhoneDatabaseEntry[],
    assetOf: (path: string) => number,
    parent = this.#root,
  ): void {
    for (const entry of entries) {
      if ("folder" in entry) {
        const { folder: title, uuid = this.#numbers.uuid(), isDeleted = false } = entry;
        const folder = insert("ZGENERICALBUM", {
          Z_ENT: entities.Folder.number,
          ZKIND: FOLDER_KIND,
          ...this.#place(parent),
          ZTITLE: title,
          ZUUID: uuid,
          ZTRASHEDSTATE: isDeleted ? 1 : 0,
          ZCUSTOMSORTKEY: 0,
          ZCUSTOMSORTASCENDING: 1,
        });
        this.write(insert, entry.entries ?? [], assetOf, folder);
      } else {
        const cover = entry.cover === undefined ? null : assetOf(entry.cover);
        const album = this.#album(insert, entry, entry.what === "shared" ? null : parent, cover);
        for (const path of entry.photos ?? []) this.#join(insert, album, assetOf(path));
      }
    }
  }

  #album(insert: Insert, entry: PhoneDatabaseAlbum, parent: number | null, cover: number | null): number {
    const { album: title, what = "own", sort = "by-date", isDescending = false, isDeleted = false } = entry;
    const { kind, entity } = albumKinds[what];
    return insert("ZGENERICALBUM", {
      Z_ENT: entity,
      ZKIND: kind,
      ZTITLE: title,
      ZTRASHEDSTATE: isDeleted ? 1 : 0,
      ...this.#place(parent),
      ZUUID: entry.uuid ?? this.#numbers.uuid(),
      ZCUSTOMSORTKEY: sortKeys[sort],
      ZCUSTOMSORTASCENDING: isDescending ? 0 : 1,
      ZCUSTOMKEYASSET: cover,
    });
  }

  #join(insert: Insert, album: number, asset: number): void {
    insert(albumJoinTable, {
      [albumJoinColumns.album]: album,
      [albumJoinColumns.asset]: asset,
      [albumJoinColumns.order]: this.#next(album),
    });
  }

  #place(parent: number | null) {
    return { ZPARENTFOLDER: parent, Z_FOK_PARENTFOLDER: parent === null ? null : this.#next(parent) };
  }

  #next(holder: number): number {
    const count = (this.#counts.get(holder) ?? 0) + 1;
    this.#counts.set(holder, count);
    return count * ORDER_STEP;
  }
}
