import type { MediaItem } from "../catalogue/media-item.js";
import { RollcallError } from "../errors.js";
import { AutoResetEvent } from "../phone/auto-reset-event.js";
import type { Phone } from "../phone/phone.js";
import { calledPhone } from "../phone/phone-models.js";
import type { SeenPhone } from "../phone/phone-watch.js";
import { openWhenReady } from "../phone/wait-for-phone.js";
import { leftSentence } from "../receipt/left-to-icloud.js";
import { PhonePictures, shownByItself } from "../run/phone-pictures.js";
import { planOfPhone } from "../run/plan-for-phone.js";
import type { SmallPicture } from "../run/small-picture.js";
import { counted } from "../words/wording.js";
import type { CableShare } from "./cable-share.js";
import { Choice } from "./choice.js";
import type { GuiParts } from "./gui-parts.js";
import { troubleOf } from "./in-page-words.js";
import type { LiveState } from "./live-state.js";
import type { OpenedPhone as OpenedState, PhotosHead } from "./page/server-state.js";
import { type ListedPhoto, listPhotos, type PhotoListing } from "./photo-list.js";
import { Pictures } from "./pictures.js";
import { remedyInPage } from "./remedy-in-page.js";

/** A page may lie open for a day before somebody plugs the phone in. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;
/** Another Rollcall at work, a library that cannot be read: it is tried again so often. */
const BETWEEN_TRIES_MS = 5_000;

const WITHOUT_LIBRARY =
  "The iPhone's own photo library was not read: hidden pictures and those in Recently Deleted are shown, too, and " +
  "come along. Albums, favourites and what is in iCloud only are not known.";

/** An import of everything new brings what the grid of the phone shows, and these. */
function notShown(frames: number): string[] {
  if (frames <= 0) return [];
  const [are, them] = frames === 1 ? ["is", "it"] : ["are", "them"];
  return [
    `${counted(frames, "frame")} of bursts that nobody picked ${are} not shown here, as on the iPhone. Import All New Photos imports ${them}, too.`,
  ];
}

/** What an open phone has to show. */
interface Shown {
  readonly plan: number;
  readonly listing: PhotoListing;
}

interface Connected {
  readonly phone: Phone;
  readonly seen: SeenPhone;
  readonly pictures: { source: PhonePictures; now: Pictures };
}

interface OpenedPhoneOptions {
  readonly parts: GuiParts;
  readonly live: LiveState;
  readonly share: CableShare;
  /** By its files alone. */
  readonly withoutLibrary: boolean;
  /** Numbers lists of photos, each once in the life of a server. */
  readonly nextPlan: () => number;
  /** Called for each new list, whose ids are others. */
  readonly onListed: () => void;
}

/** The phone whose photos a page shows: opened when it is ready, read, and opened again after it was away. */
export class OpenedPhone {
  readonly udid: string;
  readonly withoutLibrary: boolean;
  readonly choice: Choice;
  readonly #parts: GuiParts;
  readonly #live: LiveState;
  readonly #share: CableShare;
  readonly #again: AutoResetEvent;
  readonly #ending = new AbortController();
  readonly #stay: Promise<void>;
  #shown: Shown | null = null;
  #connected: Connected | null = null;
  readonly #nextPlan: () => number;
  readonly #onListed: () => void;
  #idOf: ReadonlyMap<string, number> = new Map();
  #isStale = true;

  constructor(
    udid: string,
    name: string,
    { parts, live, share, withoutLibrary, nextPlan, onListed }: OpenedPhoneOptions,
  ) {
    this.udid = udid;
    this.withoutLibrary = withoutLibrary;
    this.#parts = parts;
    this.#live = live;
    this.#share = share;
    this.#nextPlan = nextPlan;
    this.#onListed = onListed;
    this.#again = new AutoResetEvent(parts.clock);
    this.choice = new Choice(parts, live, () => this.#connected?.seen.cableBitsPerSecond ?? null);
    this.#set({ udid, name, phase: "waiting", trouble: null, filesListed: 0, photos: null, choice: null });
    this.#stay = this.#stayOpen();
  }

  get listing(): PhotoListing | null {
    return this.#shown?.listing ?? null;
  }

  get plan(): number | null {
    return this.#shown?.plan ?? null;
  }

  /** The phone came, changed or left: what waits for it looks again. */
  phoneChanged(isReady: boolean): void {
    if (!isReady && this.#connected !== null) this.#isStale = true;
    this.#again.set();
  }

  /** Reads the photos anew: an import has changed what is new. */
  readAgain(): void {
    this.#isStale = true;
    this.#again.set();
  }

  idOf(key: string): number | undefined {
    return this.#idOf.get(key);
  }

  /** @returns null where the plan is another one by now, or has no such photo */
  photo(plan: number, id: number): ListedPhoto | null {
    return this.#shown?.plan === plan ? (this.#shown.listing.photos[id] ?? null) : null;
  }

  /**
   * The phone's small picture of a photo; null where there is none.
   * @throws RollcallError PHONE_GONE where the phone is away, and what else ends the connection
   */
  async picture(plan: number, id: number, signal: AbortSignal): Promise<SmallPicture | null> {
    const listed = this.photo(plan, id);
    if (listed === null) return null;
    const { pictures } = this.#requireConnected();
    const file = listed.item?.files[0]?.file;
    const showing = file === undefined ? null : shownByItself(file);
    return await this.#unlessLost(
      pictures.now.get(id, { item: listed.key, shownByItself: showing, copyPath: null }, signal),
    );
  }

  /** The bytes of one file of a photo, from an offset. @throws as {@link picture} */
  async *read(file: MediaItem["files"][number]["file"], offset: number, signal: AbortSignal) {
    const { phone } = this.#requireConnected();
    yield* phone.read(file.path, { offset, expected: file, signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#stay;
  }

  #requireConnected(): Connected {
    if (this.#connected !== null) return this.#connected;
    throw new RollcallError("PHONE_GONE", {
      message: "The iPhone is not connected now.",
      remedy: "Plug it in and unlock it: the page goes on by itself.",
    });
  }

  async #unlessLost<Result>(reading: Promise<Result>): Promise<Result> {
    return await reading.catch((error: unknown) => {
      if (error instanceof RollcallError) this.readAgain();
      throw error;
    });
  }

  /** Never rejects: what goes wrong is told in the page, and tried again. */
  async #stayOpen(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        await this.#openOnce(signal);
      } catch (error) {
        if (signal.aborted) return;
        const isWaiting =
          error instanceof RollcallError && /^(ANOTHER_ROLLCALL|NO_PHONE|PHONE_GONE)$/.test(error.code);
        this.#set({ phase: isWaiting ? "waiting" : "failed", trouble: troubleOf(error) });
        await this.#again.waitFor(BETWEEN_TRIES_MS, signal).catch(() => {});
      }
    }
  }

  async #openOnce(signal: AbortSignal): Promise<void> {
    const { finder, clock } = this.#parts;
    const { phone: opened, seen } = await openWhenReady(finder, this.udid, {
      waitMs: LONGEST_WAIT_MS,
      clock,
      signal,
      serviceMayCome: true,
      onWaiting: (why) => {
        const remedy = remedyInPage(why.remedy);
        this.#set({ phase: "waiting", trouble: { code: why.code, message: why.message, why: null, remedy } });
      },
    });
    await using phone = opened;
    const source = new PhonePictures(phone);
    this.#connected = { phone, seen, pictures: { source, now: new Pictures(source, this.#share) } };
    try {
      this.#isStale = true;
      while (this.#isStale) {
        this.#isStale = false;
        await this.#readPhotos(this.#connected, signal);
        while (!this.#isStale) await this.#again.waitFor(LONGEST_WAIT_MS, signal);
        const [here] = (await finder.look(signal)).filter(({ udid }) => udid === this.udid);
        if (here?.state !== "ready" || here.deviceId !== seen.deviceId) return;
      }
    } finally {
      source.cancel();
      this.#connected = null;
    }
  }

  async #readPhotos({ phone, seen, pictures }: Connected, signal: AbortSignal): Promise<void> {
    const { clock, photos, receipts, version } = this.#parts;
    this.#set({ phase: "reading", trouble: null, filesListed: 0, name: calledPhone(phone.identity) });
    const { plan, ledger, listing } = await this.#parts.withData(async ({ ledgerDatabase, workFolder }) => {
      const { process, originals, libraryAccess } = photos;
      const made = await planOfPhone(
        {
          phone,
          cableBitsPerSecond: seen.cableBitsPerSecond,
          ledgerDatabase,
          receipts,
          clock,
          workFolder,
          toolVersion: version,
          signal,
          process,
          originals,
          libraryAccess,
          report: (event) => event.type === "listing" && this.#set({ filesListed: event.files }),
        },
        // What is read here is what a person looks at; the recipes of edits are read when they are imported.
        { selection: {}, edits: false, again: false, withoutPhoneLibrary: this.withoutLibrary },
        { readsRecipes: false },
      );
      return { ...made, listing: made.ledger.asOfNow(() => listPhotos(made.plan, made.ledger.items)) };
    });
    const number = this.#nextPlan();
    this.#shown = { plan: number, listing };
    this.#idOf = new Map(listing.photos.map(({ key, photo }) => [key, photo.id]));
    pictures.now = new Pictures(pictures.source, this.#share);
    const count = (...states: string[]) => listing.photos.filter(({ photo }) => states.includes(photo.state));
    const fresh = count("new", "again");
    const head: PhotosHead = {
      plan: number,
      items: listing.photos.length,
      newItems: fresh.length,
      newBytes: fresh.reduce((sum, { photo }) => sum + photo.bytes, 0),
      importedItems: count("imported").length,
      albums: listing.albums,
      notes: [
        ...(this.withoutLibrary ? [WITHOUT_LIBRARY] : []),
        ...notShown(plan.toImport.items - fresh.length),
        ...(plan.leftToICloud === undefined ? [] : [leftSentence(plan.leftToICloud)]),
      ],
      library: ledger.destinationKey === "" ? null : ledger.destinationKey,
    };
    this.#set({ phase: "ready", photos: head });
    await this.choice.listed(number, listing, ledger.destinationKey);
    this.#set({ choice: this.choice.now });
    this.#onListed();
  }

  #set(part: Partial<OpenedState>): void {
    const before = this.#live.now.opened;
    this.#live.set({ opened: { ...(before as OpenedState), ...part } });
  }
}
