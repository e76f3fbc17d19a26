import type { DateFact, ItemFacts, PhoneTimeZone, PlaceFact } from "./carried-facts.js";
import type { CarriedRow } from "./carried-facts-columns.js";

const DATES: readonly DateFact[] = ["as-in-file", "changed", "other-zone", "unsaid"];
const PLACES: readonly PlaceFact["state"][] = ["as-in-file", "changed", "removed", "unsaid"];
/** Above the dates, and a power of two; the zone stands above both. */
const FIRST_PLACE = 4;
const FIRST_ZONE = 16;
/** There are some hundred, and each has a summer time. */
const MOST_ZONES = 10_000;
/** Of all captions and titles together: the memory of this computer is not the phone's. */
const MOST_LETTERS = 20_000_000;

/** The facts of each photo by the number of its row, packed: two numbers a photo, and texts where there are any. */
export class PackedItemFacts {
  readonly #marks: number[] = [];
  /** 0 where there are none. */
  readonly #attributes: number[] = [];
  /** The first is none. */
  readonly #zones: (PhoneTimeZone | null)[] = [null];
  readonly #zoneNumbers = new Map<string, number>();
  // Few photos have these; by row.
  readonly #captions = new Map<number, string>();
  readonly #titles = new Map<number, string>();
  readonly #places = new Map<number, PlaceFact>();
  #letters = 0;
  #textsLeftOut = 0;

  get textsLeftOut(): number {
    return this.#textsLeftOut;
  }

  /** Rows are added in their order. */
  add(facts: CarriedRow): void {
    const row = this.#marks.length;
    const zone = this.#zoneNumber(facts.timeZone);
    this.#marks.push(
      DATES.indexOf(facts.date) + FIRST_PLACE * PLACES.indexOf(facts.place.state) + FIRST_ZONE * zone,
    );
    this.#attributes.push(facts.attributes ?? 0);
    if (facts.place.state === "changed") this.#places.set(row, facts.place);
    this.#keep(this.#captions, row, facts.caption);
    this.#keep(this.#titles, row, facts.title);
    this.#textsLeftOut += facts.textsLeftOut;
  }

  /** @param keywordsOf by the primary key of the photo's attributes */
  of(row: number, keywordsOf: (attributes: number) => readonly string[]): ItemFacts {
    const marks = this.#marks[row]!;
    const attributes = this.#attributes[row]!;
    const state = PLACES[Math.floor(marks / FIRST_PLACE) % (FIRST_ZONE / FIRST_PLACE)]!;
    return {
      caption: this.#captions.get(row) ?? null,
      title: this.#titles.get(row) ?? null,
      keywords: attributes === 0 ? [] : keywordsOf(attributes),
      timeZone: this.#zones[Math.floor(marks / FIRST_ZONE)]!,
      date: DATES[marks % FIRST_PLACE]!,
      place: this.#places.get(row) ?? { state: state as Exclude<PlaceFact["state"], "changed"> },
    };
  }

  #keep(texts: Map<number, string>, row: number, text: string | null): void {
    if (text === null) return;
    if (this.#letters + text.length > MOST_LETTERS) {
      this.#textsLeftOut++;
      return;
    }
    this.#letters += text.length;
    texts.set(row, text);
  }

  /** Nearly all photos share a few. */
  #zoneNumber(zone: PhoneTimeZone | null): number {
    if (zone === null) return 0;
    const name = `${zone.offsetSeconds} ${zone.name ?? ""}`;
    const known = this.#zoneNumbers.get(name);
    if (known !== undefined) return known;
    if (this.#zones.length >= MOST_ZONES) return 0;
    this.#zoneNumbers.set(name, this.#zones.length);
    this.#zones.push(zone);
    return this.#zones.length - 1;
  }
}
