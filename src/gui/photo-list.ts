import type { CloudOnlyItem, MediaItem } from "../catalogue/media-item.js";
import { bytesOf } from "../plan/decide.js";
import { type Decision, knownAway, type Plan, type Standing } from "../plan/decision.js";
import { ANSWER_WORDS } from "../receipt/answer-words.js";
import { lastName } from "../text/last-name.js";
import type { PhotoItem } from "./page/server-state.js";

/** One photo of the list, and what of the plan it is. */
export interface ListedPhoto {
  readonly photo: PhotoItem;
  /** Names it within one catalogue, and is never told to a page. */
  readonly key: string;
  /** Null for what is in iCloud only. */
  readonly item: MediaItem | null;
  /** What an import has to be asked for besides, so that this one comes when it is chosen. */
  readonly needs: "nothing" | "icloud" | "retry";
}

/** The photos of a plan as the page shows them. */
export interface PhotoListing {
  /** By id; the oldest first. */
  readonly photos: readonly ListedPhoto[];
  readonly albums: readonly string[];
}

/** Of an earlier import, and not there any more: it comes again only where a person chooses it. */
const NOTES: Readonly<Record<Exclude<Standing, "there">, string>> = {
  gone: ANSWER_WORDS.removed.ofOne,
  wrong: ANSWER_WORDS.missing.ofOne,
  unknown: ANSWER_WORDS.unknown.ofOne,
  refused: "Photos refused it",
};

/**
 * What the phone's Photos app shows, as a list to choose from. What is hidden or in Recently Deleted is no part of it, and
 * neither are frames of a burst that nobody picked, nor what is no photo.
 * @param plan made with no selection: it says of every item what an import of everything would do
 */
export function listPhotos(plan: Plan, items: Parameters<typeof knownAway>[1]): PhotoListing {
  const albums = new AlbumPlaces();
  const found: Omit<ListedPhoto, "photo">[] = [];
  const told: Omit<PhotoItem, "id">[] = [];
  const add = (photo: Omit<PhotoItem, "id">, what: Omit<ListedPhoto, "photo">) => {
    told.push(photo);
    found.push(what);
  };
  for (const decision of plan.decisions) {
    const { item } = decision;
    if (item.kind === "other" || item.hidden || item.trashed || item.library?.shown === false) continue;
    const standing = standingOf(decision);
    add(photoOf(item, item.kind, standing, albums), { key: item.key, item, needs: standing.needs });
  }
  const away = knownAway(plan.catalogue, items);
  for (const one of plan.catalogue.cloudOnly) {
    if (one.hidden || one.trashed || !one.shown) continue;
    add(photoInICloud(one, away.has(one.path)), { key: one.path, item: null, needs: "nothing" });
  }
  const order = told.map((_photo, at) => at).sort((a, b) => told[a]!.at - told[b]!.at || a - b);
  const photos = order.map((at, id) => ({ ...found[at]!, photo: { id, ...told[at]! } }));
  return { photos, albums: albums.titles };
}

interface StandingInList {
  readonly state: PhotoItem["state"];
  readonly mayBeChosen: boolean;
  readonly note: string | null;
  readonly needs: ListedPhoto["needs"];
}

function standingOf(decision: Decision): StandingInList {
  if (decision.action === "import") {
    const state = /^(begun|failed|again)$/.test(decision.cause) ? "again" : "new";
    return { state, mayBeChosen: true, note: null, needs: "nothing" };
  }
  if (decision.action === "leave") {
    const isICloud = decision.answer === "in-icloud";
    const { message } = decision.reason;
    return { state: "left", mayBeChosen: isICloud, note: message, needs: isICloud ? "icloud" : "nothing" };
  }
  const { standing, newEdits } = decision;
  if (standing !== "there")
    return { state: "left", mayBeChosen: standing !== "unknown", note: NOTES[standing], needs: "retry" };
  const note = newEdits.length === 0 ? null : "an edit made since then was not imported";
  return { state: "imported", mayBeChosen: false, note, needs: "nothing" };
}

function photoOf(
  item: MediaItem,
  kind: PhotoItem["kind"],
  { state, mayBeChosen, note }: StandingInList,
  albums: AlbumPlaces,
): Omit<PhotoItem, "id"> {
  const { library } = item;
  const places = library === null ? [] : albums.of(library.albums);
  const isEdited = item.files.some(({ role }) => role === "edited" || role === "adjustments");
  return {
    name: lastName(item.files[0]!.file.path),
    kind,
    at: item.takenAtMs ?? item.arrivedAtMs,
    bytes: bytesOf(item),
    state,
    ...(mayBeChosen && state === "left" && { mayBeChosen }),
    ...(note !== null && { note }),
    ...(isEdited && { isEdited }),
    ...(item.favorite && { isFavorite: true as const }),
    ...(item.durationMs !== undefined && { seconds: item.durationMs / 1000 }),
    ...(places.length > 0 && { albums: places }),
  };
}

function photoInICloud(
  { path, sizeBytes, kind, takenAtMs, durationMs }: CloudOnlyItem,
  isKnown: boolean,
): Omit<PhotoItem, "id"> {
  return {
    name: lastName(path),
    kind: kind ?? "photo",
    at: takenAtMs ?? 0,
    bytes: sizeBytes ?? 0,
    state: "icloud-only",
    ...(durationMs !== undefined && { seconds: durationMs / 1000 }),
    note: isKnown
      ? "in iCloud only by now; it was imported while the phone had it, as far as path and length tell"
      : ANSWER_WORDS["in-icloud-only"].ofOne,
  };
}

/** Titles of albums by their place, each once. */
class AlbumPlaces {
  readonly titles: string[] = [];
  readonly #placeOf = new Map<string, number>();

  of(titles: readonly string[]): number[] {
    return titles.map((title) => {
      let place = this.#placeOf.get(title);
      if (place === undefined) {
        place = this.titles.push(title) - 1;
        this.#placeOf.set(title, place);
      }
      return place;
    });
  }
}
