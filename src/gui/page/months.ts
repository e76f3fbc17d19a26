import { groupOf } from "./filters.js";
import type { PhotoItem } from "./server-state.js";
import { month, weekdayAndDay } from "./words.js";

/** Photos under one heading, by month and day; `first` and `end` are places in the whole order. */
export interface Section {
  /** "New Items"; null where only one group is shown. */
  readonly title: string | null;
  readonly months: readonly Month[];
  readonly first: number;
  readonly end: number;
}

interface Month {
  /** "May 2026" */
  readonly words: string;
  readonly days: readonly Day[];
  readonly first: number;
  readonly end: number;
}

interface Day {
  /** "Sun 3 May" */
  readonly words: string;
  readonly first: number;
  readonly end: number;
}

/** All photos in the order in which they are shown, and what stands above them. */
export interface Ordered {
  readonly photos: readonly PhotoItem[];
  readonly sections: readonly Section[];
}

const TITLES = { new: "New Items", imported: "Already Imported", left: "Stays on the iPhone" } as const;

/**
 * The newest first, by month and day of this computer's clock. Photos of several groups come group by group.
 * @param photos the oldest first, as the server gives them
 */
export function ordered(photos: readonly PhotoItem[]): Ordered {
  const newestFirst = photos.toReversed();
  const groups = (["new", "imported", "left"] as const)
    .map((group) => ({
      title: TITLES[group],
      members: newestFirst.filter((photo) => groupOf(photo) === group),
    }))
    .filter(({ members }) => members.length > 0);
  const sections: Section[] = [];
  let first = 0;
  for (const { title, members } of groups) {
    const end = first + members.length;
    sections.push({
      title: groups.length > 1 ? title : null,
      months: monthsOf(members, first),
      first,
      end,
    });
    first = end;
  }
  return { photos: groups.flatMap(({ members }) => members), sections };
}

interface MutableMonth {
  key: number;
  words: string;
  days: { key: number; words: string; first: number; end: number }[];
  first: number;
  end: number;
}

function monthsOf(photos: readonly PhotoItem[], first: number): Month[] {
  const months: MutableMonth[] = [];
  for (const [offset, { at }] of photos.entries()) {
    const date = new Date(at);
    const monthKey = date.getFullYear() * 12 + date.getMonth();
    const place = first + offset;
    let last = months.at(-1);
    if (last?.key !== monthKey) {
      last = { key: monthKey, words: month(at), days: [], first: place, end: place };
      months.push(last);
    }
    last.end = place + 1;
    const day = last.days.at(-1);
    if (day?.key === date.getDate()) day.end = place + 1;
    else last.days.push({ key: date.getDate(), words: weekdayAndDay(at), first: place, end: place + 1 });
  }
  return months;
}
