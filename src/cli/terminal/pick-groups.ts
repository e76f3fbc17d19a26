import type { ItemKind } from "../../catalogue/media-item.js";
import { bytesOf } from "../../plan/decide.js";
import type { Plan } from "../../plan/decision.js";
import { twoDigits } from "../../text/two-digits.js";
import { bytes, count, counted } from "../../words/wording.js";
import { day } from "./format-day.js";
import type { ShownRow } from "./pick-screen.js";

/** What came onto the phone on one day, of one kind; or in one month, of all kinds, which chooses its days. */
export interface PickGroup extends ShownRow {
  /** "22 Nov 2026   12 Live Photos  34 MB" */
  readonly label: string;
  readonly itemKeys: readonly string[];
  /** Its items are those of its days once more. */
  readonly isMonth: boolean;
}

const KIND_WORDS: Readonly<Record<ItemKind, readonly [one: string, many: string]>> = {
  photo: ["photo", "photos"],
  live: ["Live Photo", "Live Photos"],
  video: ["video", "videos"],
  raw: ["RAW photo", "RAW photos"],
  screenshot: ["screenshot", "screenshots"],
  other: ["other file", "other files"],
};

/** More rows than that are too many to choose one by one: a month is a row of its own then, before its days. */
const MANY_ROWS = 31;

/** What is chosen together. */
interface Heap {
  readonly at: Date;
  /** Null: a month, of all kinds. */
  readonly kind: ItemKind | null;
  readonly keys: string[];
  bytes: number;
}

/** Everything that a plan imports, by day and kind; the newest day first. */
export function pickGroups({ decisions }: Plan): PickGroup[] {
  const days = new Map<string, Heap>();
  const months = new Map<string, Heap>();
  for (const decision of decisions) {
    if (decision.action !== "import") continue;
    const { arrivedAtMs, kind, key } = decision.item;
    const at = new Date(arrivedAtMs);
    const size = bytesOf(decision.item);
    heap(days, `${day(at)} ${kind}`, { at, kind }, key, size);
    heap(months, month(at), { at, kind: null }, key, size);
  }
  const isMuch = days.size > MANY_ROWS;
  return labelled([...(isMuch ? months.values() : []), ...days.values()].sort(newestFirst));
}

function heap(
  heaps: Map<string, Heap>,
  name: string,
  { at, kind }: Pick<Heap, "at" | "kind">,
  key: string,
  sizeBytes: number,
): void {
  const one = heaps.get(name) ?? { at, kind, keys: [], bytes: 0 };
  heaps.set(name, one);
  one.keys.push(key);
  one.bytes += sizeBytes;
}

/** Months, each before its days; of one day the kinds in their order. */
function newestFirst(a: Heap, b: Heap): number {
  const kinds = Object.keys(KIND_WORDS);
  const timeOf = ({ at, kind }: Heap) =>
    kind === null
      ? new Date(at.getFullYear(), at.getMonth() + 1, 1).getTime() - 1
      : new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
  return timeOf(b) - timeOf(a) || kinds.indexOf(a.kind ?? "") - kinds.indexOf(b.kind ?? "");
}

/** Numbers below numbers, sizes below sizes. */
function labelled(heaps: readonly Heap[]): PickGroup[] {
  const whats = heaps.map(({ keys, kind }) =>
    kind === null ? `${count(keys.length)} in all` : counted(keys.length, ...KIND_WORDS[kind]),
  );
  const numberOf = (what: string) => what.indexOf(" ");
  const numberWidth = whats.reduce((widest, what) => Math.max(widest, numberOf(what)), 0);
  const aligned = whats.map((what) => what.padStart(what.length + numberWidth - numberOf(what)));
  const width = aligned.reduce((widest, what) => Math.max(widest, what.length), 0);
  const places = placesByMonth(heaps);
  return heaps.map(({ at, kind, keys, bytes: size }, place) => ({
    label: `${whenWords(at, kind).padStart(11)}  ${aligned[place]!.padEnd(width)}  ${bytes(size)}`,
    found: foundBy(at, kind, whats[place]!),
    itemKeys: keys,
    photos: keys.length,
    isMonth: kind === null,
    chooses: kind === null ? (places.get(month(at)) ?? []) : [place],
    sizeBytes: size,
  }));
}

/** Where the days of each month stand. */
function placesByMonth(heaps: readonly Heap[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [place, { at, kind }] of heaps.entries()) {
    if (kind === null) continue;
    const ofMonth = places.get(month(at)) ?? [];
    places.set(month(at), ofMonth);
    ofMonth.push(place);
  }
  return places;
}

/** "22 Nov 2026", "12 Live Photos", "Live Photos", "2026-11-22": without blanks, which a filter cannot have. */
function foundBy(at: Date, kind: ItemKind | null, what: string): string {
  const isoMonth = `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}`;
  const iso = kind === null ? isoMonth : `${isoMonth}-${twoDigits(at.getDate())}`;
  const kindWords = kind === null ? "" : KIND_WORDS[kind][1];
  return [whenWords(at, kind), what, kindWords, iso]
    .map((text) => text.toLowerCase().replaceAll(" ", ""))
    .join("\n");
}

/** "22 Nov 2026", or of a month "Nov 2026" */
function whenWords(at: Date, kind: ItemKind | null): string {
  return kind === null ? month(at) : day(at);
}

/** "Nov 2026" */
function month(at: Date): string {
  return day(at).replace(/^\d+ /, "");
}
