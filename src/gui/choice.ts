import type { Selection } from "../plan/selection.js";
import { freeSpace, RESERVE_BYTES } from "../plan/space-needed.js";
import { cableRate } from "../words/cable-words.js";
import type { GuiParts } from "./gui-parts.js";
import type { LiveState } from "./live-state.js";
import type { Choice as ChoiceState } from "./page/server-state.js";
import type { PhotoListing } from "./photo-list.js";

/** What an import of the choice is asked for. */
interface ChosenRequest {
  readonly selection: Selection;
  readonly again: boolean;
  readonly icloud: "import" | undefined;
}

/** Which photos of one list are chosen. It lives in the server: all tabs have the same, and a page can name no path. */
export class Choice {
  readonly #parts: Pick<GuiParts, "stagingFolder" | "photos">;
  readonly #live: LiveState;
  readonly #cableBitsPerSecond: () => number | null;
  #plan = 0;
  #listing: PhotoListing = { photos: [], albums: [] };
  #chosen: ReadonlySet<number> = new Set();
  #revision = 0;
  #freeBytes: number | null = null;

  constructor(
    parts: Pick<GuiParts, "stagingFolder" | "photos">,
    live: LiveState,
    cableBitsPerSecond: () => number | null,
  ) {
    this.#parts = parts;
    this.#live = live;
    this.#cableBitsPerSecond = cableBitsPerSecond;
  }

  /** Numbers that follow what is chosen. */
  get now(): ChoiceState {
    const bytes = this.#ids.reduce((sum, id) => sum + this.#listing.photos[id]!.photo.bytes, 0);
    const bits = this.#cableBitsPerSecond();
    return {
      revision: this.#revision,
      items: this.#chosen.size,
      bytes,
      cableSeconds: bits === null ? null : bytes / cableRate(bits),
      freeBytes: this.#freeBytes,
      fits: this.#freeBytes === null || bytes + RESERVE_BYTES <= this.#freeBytes,
    };
  }

  get isEmpty(): boolean {
    return this.#chosen.size === 0;
  }

  /** Another list: what was chosen of the one before stays chosen, where it can be. */
  async listed(plan: number, listing: PhotoListing, library: string): Promise<void> {
    const before = new Set(this.#ids.map((id) => this.#listing.photos[id]!.key));
    this.#plan = plan;
    this.#listing = listing;
    const stays = listing.photos.filter(({ key, photo }) => before.has(key) && isChoosable(photo));
    this.#chosen = new Set(stays.map(({ photo }) => photo.id));
    this.#freeBytes = await this.#look(library);
    this.#tell();
  }

  /** Ids that are none, or whose photos cannot be chosen, change nothing. */
  change(change: "replace" | "add" | "remove", ids: readonly number[]): void {
    const next = new Set(change === "replace" ? [] : this.#chosen);
    for (const id of ids) {
      const photo = this.#listing.photos[id]?.photo;
      if (change === "remove") next.delete(id);
      else if (photo !== undefined && isChoosable(photo)) next.add(id);
    }
    this.#chosen = next;
    this.#tell();
  }

  get request(): ChosenRequest {
    const chosen = this.#ids.map((id) => this.#listing.photos[id]!);
    return {
      selection: { picked: new Set(chosen.map(({ key }) => key)) },
      again: chosen.some(({ needs }) => needs === "retry"),
      icloud: chosen.some(({ needs }) => needs === "icloud") ? "import" : undefined,
    };
  }

  get #ids(): readonly number[] {
    return [...this.#chosen];
  }

  #tell(): void {
    this.#revision += 1;
    this.#live.setChosen({ plan: this.#plan, revision: this.#revision, ids: this.#ids });
    const { opened } = this.#live.now;
    if (opened !== null) this.#live.set({ opened: { ...opened, choice: this.now } });
  }

  /** Of the fuller of the two disks; null where nobody says. */
  async #look(library: string): Promise<number | null> {
    const staging = await freeSpace(this.#parts.stagingFolder).catch(() => null);
    const atLibrary =
      library === "" ? null : await this.#parts.photos.libraryAccess.freeSpace(library).catch(() => null);
    if (staging === null || atLibrary === null) return (staging ?? atLibrary)?.freeBytes ?? null;
    return Math.min(staging.freeBytes, atLibrary.freeBytes);
  }
}

function isChoosable({ state, mayBeChosen }: PhotoListing["photos"][number]["photo"]): boolean {
  return state === "new" || state === "again" || mayBeChosen === true;
}
