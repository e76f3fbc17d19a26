import type { PhoneLibrarySummary } from "../catalogue/media-item.js";
import { RollcallError } from "../errors.js";
import { advise, choose, type Remedy } from "../remedy.js";
import { foldedTitle, type Selection } from "./selection.js";

/** True when a selection asks for what only the phone's photo library knows. */
export function needsPhoneLibrary({ album, favorites }: Selection): boolean {
  return album !== undefined || favorites === true;
}

/**
 * Refuses a selection by an album that the phone does not have, or by what its library was not read for: it would
 * select nothing, and look like a phone with nothing new.
 * @throws RollcallError NO_SUCH_ALBUM, BAD_USAGE
 */
export function requireAlbum(selection: Selection, library: PhoneLibrarySummary | null): void {
  const { album } = selection;
  if (library === null) {
    if (!needsPhoneLibrary(selection)) return;
    throw new RollcallError("BAD_USAGE", {
      message: `${album === undefined ? "Favorites need" : "An album needs"} the phone's photo library, which is not read here.`,
      option: album === undefined ? "favorites" : "album",
      remedy: advise`Leave out ${choose("without-phone-library")}, or use another selection.`,
    });
  }
  if (album === undefined) return;
  const titles = library.albums ?? [];
  const wanted = foldedTitle(album);
  if (titles.some((title) => foldedTitle(title) === wanted)) return;
  throw new RollcallError("NO_SUCH_ALBUM", {
    message: `The phone has no album ${quoted(album)}.`,
    option: "album",
    why: library.albums === null ? "Its photo library does not say which albums there are." : undefined,
    remedy: remedyFor(album, titles),
  });
}

const MOST_NAMED = 5;
/** A person has not so many, and a crafted library cannot make the comparison long. */
const MOST_COMPARED = 5_000;

function remedyFor(wanted: string, titles: readonly string[]): Remedy {
  if (titles.length === 0)
    return advise`There are no albums on it; choose with ${choose("since")}, ${choose("kind")} or ${choose("favorites")}.`;
  const near = nearTitles(wanted, titles);
  if (near.length > 0) return `Did you mean ${near.map(quoted).join(", ")}?`;
  const named = titles.slice(0, MOST_NAMED).map(quoted).join(", ");
  const more = titles.length - MOST_NAMED;
  return `Its albums are ${named}${more > 0 ? ` and ${more} more` : ""}.`;
}

/** Those that hold the text or begin alike, and those within two or three typing mistakes; nearest first. */
function nearTitles(wanted: string, titles: readonly string[]): string[] {
  const asked = foldedTitle(wanted);
  return titles
    .slice(0, MOST_COMPARED)
    .map((title) => ({ title, distance: distanceBetween(asked, foldedTitle(title)) }))
    .filter(({ distance }) => distance <= 1 + asked.length / 4)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_NAMED)
    .map(({ title }) => title);
}

const LONGEST_COMPARED = 64;

/** How many letters to add, drop or change; 1 where one text holds the other. */
function distanceBetween(a: string, b: string): number {
  if (a.length > 2 && b.length > 2 && (a.includes(b) || b.includes(a))) return 1;
  if (a.length > LONGEST_COMPARED || b.length > LONGEST_COMPARED) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** Titles come from a phone: control characters are shown as escapes, and long ones cut. */
function quoted(title: string): string {
  return JSON.stringify(title.length > 80 ? `${title.slice(0, 80)}...` : title);
}
