import { MOST_NESTED, type PhoneAlbum, type SidebarEntry } from "./carried-facts.js";

/** A row of ZGENERICALBUM of which the sidebar is made. */
export interface SidebarRow {
  readonly key: number;
  readonly kind: "album" | "folder" | "root";
  readonly uuid: string | null;
  readonly title: string | null;
  readonly parent: number | null;
  /** Its place among those of one parent. */
  readonly order: number | null;
  readonly isDeleted: boolean;
}

/**
 * The sidebar as the phone shows it. Deleted albums and folders are not in it, nor is what lies in them. An entry whose
 * place is unknown stands at the top, behind the others: where its parent is not there or no folder, where folders hold
 * each other in a circle, or where they are nested too deep.
 * @param rows by their primary key
 * @param albumOf makes the entry of an album
 */
export function albumTree(
  rows: ReadonlyMap<number, SidebarRow>,
  albumOf: (row: SidebarRow, uuid: string | null) => PhoneAlbum,
): SidebarEntry[] {
  const places = placesOf(rows);
  const inside = new Map<number | null, SidebarRow[]>();
  for (const row of rows.values()) {
    const place = places.get(row.key)!;
    if (row.kind === "root" || place === "deleted") continue;
    const parent = place === "lost" || place === "top" ? null : place;
    const others = inside.get(parent);
    if (others === undefined) inside.set(parent, [row]);
    else others.push(row);
  }
  const uuids = uuidsOfOne(rows.values());
  const top = (inside.get(null) ?? []).sort(
    (a, b) => Number(places.get(a.key) === "lost") - Number(places.get(b.key) === "lost") || inOrder(a, b),
  );

  const entryOf = (row: SidebarRow, depth: number): SidebarEntry => {
    const uuid = row.uuid !== null && uuids.has(row.uuid) ? row.uuid : null;
    if (row.kind === "album") return albumOf(row, uuid);
    const held = (inside.get(row.key) ?? []).sort(inOrder);
    const entries: SidebarEntry[] = [];
    for (const each of held)
      if (each.kind === "folder" && depth === MOST_NESTED) top.push(each);
      else entries.push(entryOf(each, depth + 1));
    return { kind: "folder", uuid, title: row.title, entries };
  };
  const entries: SidebarEntry[] = [];
  // Grows while it is read: by the folders that lie too deep.
  for (const row of top) entries.push(entryOf(row, 1));
  return entries;
}

/** The key of the folder that holds it, or what is said instead. */
type Place = number | "top" | "lost" | "deleted";

function placesOf(rows: ReadonlyMap<number, SidebarRow>): Map<number, Place> {
  const places = new Map<number, Place>();
  for (const row of rows.values()) {
    const way: SidebarRow[] = [];
    const at = new Map<number, number>();
    let next = row;
    for (;;) {
      const known = places.get(next.key) ?? ownPlace(next, rows);
      if (typeof known === "string" || places.has(next.key)) {
        places.set(next.key, known);
        break;
      }
      const from = at.get(next.key);
      if (from !== undefined) {
        for (const each of way.splice(from)) places.set(each.key, "lost");
        break;
      }
      at.set(next.key, way.length);
      way.push(next);
      next = rows.get(known)!;
    }
    // What lies in a deleted folder keeps its place there, where nobody looks.
    for (const each of way) places.set(each.key, each.parent!);
  }
  return places;
}

/** Without looking further up than to the parent. */
function ownPlace(row: SidebarRow, rows: ReadonlyMap<number, SidebarRow>): Place {
  if (row.isDeleted) return "deleted";
  const parent = row.parent === null ? undefined : rows.get(row.parent);
  if (parent === undefined || parent.kind === "album") return "lost";
  return parent.kind === "root" ? "top" : parent.key;
}

/** Of one place, or none: by the key, which is the order in which they were made. */
function inOrder(a: SidebarRow, b: SidebarRow): number {
  return (a.order ?? Number.MAX_VALUE) - (b.order ?? Number.MAX_VALUE) || a.key - b.key;
}

/** An identity that two have is none. */
function uuidsOfOne(rows: Iterable<SidebarRow>): Set<string> {
  const [once, twice] = [new Set<string>(), new Set<string>()];
  for (const { uuid } of rows) {
    if (uuid === null) continue;
    if (once.has(uuid)) twice.add(uuid);
    once.add(uuid);
  }
  for (const uuid of twice) once.delete(uuid);
  return once;
}
