/**
 * What the server tells the page, and what the page may ask for: types alone, which both sides compile against. Every
 * text is plain text: the page shows it as text, never as markup. Times are milliseconds since 1970, sizes are bytes.
 */

/** Everything but the photos and their answers. Sent whole whenever something of it changes. */
export interface PageState {
  readonly version: string;
  /** Why no phone can be seen at all; null where phones can be seen. */
  readonly service: Trouble | null;
  readonly phones: readonly PhoneOnCable[];
  /** The phone whose photos are shown; null while none is. */
  readonly opened: OpenedPhone | null;
  /** The import that is on, or the last one since the server began; null before the first. */
  readonly run: RunNow | null;
  /** What the import waits for a person to answer. */
  readonly question: Question | null;
  /** A check of a receipt, or of the set-up, that is on. */
  readonly check: CheckNow | null;
  /** What this computer can do besides: a Mac can eject and show an album, others cannot. */
  /** What the box for automatic imports writes, in a sentence; null where there is none. */
  readonly automaticWrites: string | null;
  readonly can: { readonly eject: boolean; readonly showAlbum: boolean; readonly automatic: boolean };
}

/** What is wrong, and what to do about it. */
export interface Trouble {
  /** Stable: `PHONE_LOCKED`. */
  readonly code: string;
  readonly message: string;
  readonly why: string | null;
  readonly remedy: Remedy;
}

/** Sentences, and between them what the page can do by a button. */
export type Remedy = readonly (string | RemedyButton)[];

export interface RemedyButton {
  readonly words: string;
  readonly does:
    | "import-new"
    | "import-again"
    | "verify"
    | "doctor"
    | "receipts"
    | "open-phone"
    | "without-library";
}

/** One phone, as in the sidebar of Photos. */
export interface PhoneOnCable {
  /** Null while nothing but the bus has seen it: it cannot be opened then. */
  readonly udid: string | null;
  readonly name: string;
  /** "iPhone 15 Pro, iOS 18.5"; empty where not known. */
  readonly kind: string;
  readonly isReady: boolean;
  /** "ready", "locked", "asking whether to trust" */
  readonly words: string;
  readonly trouble: Trouble | null;
  /** New photos are imported when it is connected; null where that is not known. */
  readonly isAutomatic: boolean | null;
}

export interface OpenedPhone {
  readonly udid: string;
  readonly name: string;
  /** `waiting`: for the phone, or for another Rollcall. `reading`: the photos are being listed. `ready`: they can be chosen. */
  readonly phase: "waiting" | "reading" | "ready" | "failed";
  readonly trouble: Trouble | null;
  readonly filesListed: number;
  /** Null until it is ready; stays while the phone is read anew. */
  readonly photos: PhotosHead | null;
  readonly choice: Choice | null;
}

/** What the phone has, in numbers. The photos themselves are asked for with `plan`. */
export interface PhotosHead {
  /** Of this list; another number means that the photos are to be asked for anew. */
  readonly plan: number;
  readonly items: number;
  readonly newItems: number;
  readonly newBytes: number;
  readonly importedItems: number;
  /** Albums of the phone, by their place; {@link PhotoItem.albums} holds places. */
  readonly albums: readonly string[];
  /** What a person should know of this list: left to iCloud, edits that stay behind. */
  readonly notes: readonly string[];
  /** Photos' library that is meant; null where that is not known. */
  readonly library: string | null;
}

/** What is chosen now, held by the server and the same in every tab. */
export interface Choice {
  /** Counts up with each change. */
  readonly revision: number;
  readonly items: number;
  readonly bytes: number;
  /** On this cable; null where its speed is not known. */
  readonly cableSeconds: number | null;
  /** Of the disk that copies and library lie on. */
  readonly freeBytes: number | null;
  readonly fits: boolean;
}

/** `GET /api/photos`: every photo of the phone that its Photos app shows, newest last. */
export interface PhotoList {
  readonly plan: number;
  readonly photos: readonly PhotoItem[];
  /** Ids of what is chosen. */
  readonly chosen: readonly number[];
  readonly choiceRevision: number;
}

/** One photo as a person counts them. Fields that would be false or null are left out. */
export interface PhotoItem {
  /** Its place in the plan: 0, 1, 2. */
  readonly id: number;
  /** `IMG_0001.HEIC` */
  readonly name: string;
  readonly kind: "photo" | "live" | "video" | "raw" | "screenshot";
  /** When it was taken, or came onto the phone where that is not known. */
  readonly at: number;
  readonly bytes: number;
  /**
   * `new` and `again` can be chosen: an earlier import began it, or Photos refused it. `imported`: in Photos. `left`:
   * not imported by itself, `note` says why; it can be chosen where `mayBeChosen`. `icloud-only`: its bytes are not on
   * the phone.
   */
  readonly state: "new" | "again" | "imported" | "left" | "icloud-only";
  readonly mayBeChosen?: true;
  /** Why it is as it is, in a sentence. */
  readonly note?: string;
  readonly isEdited?: true;
  readonly isFavorite?: true;
  /** Length of a video. */
  readonly seconds?: number;
  /** Places in {@link PhotosHead.albums}. */
  readonly albums?: readonly number[];
}

/** One import, from its first click to its receipt. */
export interface RunNow {
  readonly number: number;
  readonly phone: string;
  /** `waiting`: for the phone. `working`: copying, importing and proving, side by side. */
  readonly phase: "waiting" | "reading" | "working" | "ended";
  /** The phone is waited for, another Rollcall is at work, Photos is silent: a sentence; null while all goes on. */
  readonly waitingFor: string | null;
  readonly copied: Bar;
  readonly imported: Bar;
  readonly proved: number;
  readonly bytesPerSecond: number | null;
  /** Of the whole; null while nobody can know. */
  readonly secondsLeft: number | null;
  /** "Photos is working on 24 items (40 s)" */
  readonly photosIs: string | null;
  /** Photos has been silent for so long that its window should be looked at. */
  readonly isLookAtPhotos: boolean;
  readonly notices: readonly { readonly code: string; readonly message: string }[];
  /** Stop was pressed; it ends at the next safe point. */
  readonly isStopping: boolean;
  /** The import is over and wants nothing more of the phone. Pictures may still be read: unplugging costs those alone. */
  readonly isSafeToUnplug: boolean;
  readonly end: RunEnd | null;
}

export interface Bar {
  readonly items: number;
  readonly ofItems: number;
  /** Absent for what has no bytes of its own. */
  readonly bytes?: number;
  readonly ofBytes?: number;
}

export type RunEnd =
  | {
      readonly type: "finished";
      /** "412 new photos, all proved" */
      readonly summary: string;
      readonly remedy: Remedy | null;
      /** Something has the answer failed, differs, missing or unknown. */
      readonly isTrouble: boolean;
      readonly receipt: string;
      readonly album: string | null;
    }
  /** `STOPPED` where the person stopped it. What was done stays done, and the next import goes on. */
  | { readonly type: "failed"; readonly trouble: Trouble };

/** Asked by the import; nothing goes on until it is answered or the import is stopped. */
export interface Question {
  readonly number: number;
  readonly words: string;
  readonly detail: string | null;
  readonly options: readonly {
    readonly value: string;
    readonly words: string;
    readonly isSuggested: boolean;
  }[];
}

export interface CheckNow {
  readonly number: number;
  readonly what: "verify" | "doctor" | "safe-to-remove";
  readonly words: string;
  readonly done: number;
  readonly of: number | null;
  readonly end:
    | { readonly type: "document"; readonly summary: string; readonly address: string | null }
    | { readonly type: "doctor"; readonly lines: readonly DoctorLine[] }
    | { readonly type: "failed"; readonly trouble: Trouble }
    | null;
}

export interface DoctorLine {
  readonly status: "ok" | "note" | "problem";
  readonly title: string;
  readonly words: string;
  readonly remedy: Remedy | null;
}

/** What became of one photo so far in this run. */
export interface TileAnswer {
  readonly id: number;
  readonly answer: "copied" | "imported" | "proved" | "failed";
  readonly reason?: string;
}

/** `GET /api/changes`: a line of JSON each. It begins with the whole state and all answers of the run that is on. */
export type Change =
  | { readonly type: "state"; readonly state: PageState }
  | {
      readonly type: "choice";
      readonly plan: number;
      readonly revision: number;
      readonly ids: readonly number[];
    }
  | {
      readonly type: "answers";
      readonly run: number;
      readonly plan: number;
      readonly answers: readonly TileAnswer[];
    }
  /** Something is sent at least every ten seconds, so that a page knows that the server is there. */
  | { readonly type: "still-here" }
  /** The server ends, as asked; no more is sent. */
  | { readonly type: "quit" };

/** One stored receipt. */
export interface ReceiptLine {
  /** File name without its ending: the page can name no path. */
  readonly name: string;
  readonly at: number;
  readonly phone: string;
  readonly summary: string;
  readonly isTrouble: boolean;
  /** Signed address of its page, below this server. */
  readonly address: string;
}

/** `GET /api/large/PLAN/ID`: how the large view may show a photo. */
export interface LargeView {
  /**
   * `image`: an `img` may show `address`. `video`: a `video` may play it. `thumbnail`: nothing larger than the small
   * picture can be shown; `address` is null.
   */
  readonly show: "image" | "video" | "thumbnail";
  /** Signed, below this server; good for `src`. */
  readonly address: string | null;
  /** Of a Live Photo: its moving half. */
  readonly liveAddress: string | null;
  /** HEIC: only Safari shows it; where the image fails to load, show the thumbnail. */
  readonly isSafariOnly: boolean;
  readonly facts: readonly string[];
}

/** Bodies of the POST requests, each answered with 204, or with {@link Refusal}; `eject` with 200 and its words. */
export interface Requests {
  /** `withoutLibrary`: the phone's files are shown as they are, where its own photo library cannot be read. */
  readonly "/api/phone": { readonly udid: string; readonly withoutLibrary?: boolean | undefined };
  /** Changes the choice. `ids` are of `plan`; a plan that has gone is refused with PLAN_CHANGED. */
  readonly "/api/choice": {
    readonly plan: number;
    readonly change: "replace" | "add" | "remove";
    readonly ids: readonly number[];
  };
  readonly "/api/import": { readonly plan: number; readonly what: "chosen" | "new" };
  readonly "/api/stop": Record<string, never>;
  readonly "/api/answer": { readonly question: number; readonly value: string };
  readonly "/api/eject": { readonly udid: string };
  readonly "/api/automatic": { readonly udid: string; readonly on: boolean };
  readonly "/api/verify": { readonly receipt: string };
  readonly "/api/safe-to-remove": Record<string, never>;
  readonly "/api/doctor": Record<string, never>;
  readonly "/api/show-album": Record<string, never>;
  readonly "/api/quit": Record<string, never>;
}

/** The body of every answer that is no success. */
export interface Refusal {
  readonly trouble: Trouble;
}
