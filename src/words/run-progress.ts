import { calledPhone } from "../phone/phone-models.js";
import type { RunEvent } from "../run/run-events.js";
import { cableForecast, jobForecast } from "./cable-words.js";
import { PhotosPace } from "./photos-pace.js";
import { waitingAgainWords, waitingWords } from "./waiting-words.js";
import { bytesOfBytes, count, counted, duration } from "./wording.js";

/** Rates are taken over so much of the recent past. */
const WINDOW_MS = 5_000;
const BETWEEN_SAMPLES_MS = 250;
/** A healthy Photos has answered by then, on a slow disk too; a message in its window is the likely cause. */
const USUAL_MS = { event: 60_000, item: 1_000, megabyte: 200 } as const;

export const LOOK_AT_PHOTOS = "Photos takes long: look at its window, a message there may wait for you";

/** Some words of a row, and when they go where the terminal is too narrow for all. */
export interface ProgressPart {
  readonly text: string;
  readonly dropped: "first" | "then" | "never";
}

/** What a run has reported so far, added up. Pure: it is told the time. */
export class RunProgress {
  phone = "";
  /** Why the phone is waited for, and until when; null while it is not. */
  waitingForPhone: { readonly words: string; readonly untilMs: number } | null = null;
  /** What the cable carries; null where nobody says. */
  cableBitsPerSecond: number | null = null;
  filesListed = 0;
  /** Copies that are read because of their dates; null where there are none, or what is to be copied is known. */
  checking: { readonly copies: number; readonly bytes: number; readonly readBytes: number } | null = null;
  /** Null until something is to be imported. */
  total: { readonly items: number; readonly bytes: number } | null = null;
  begunAtMs = 0;
  #begunItems = 0;
  copied = { items: 0, bytes: 0 };
  imported = 0;
  /** Items whose bytes were read back; 0 where the library may not be read. */
  proved = 0;
  /** What Photos was asked, and when; null while it has answered. */
  waiting:
    | { readonly type: "importing"; readonly items: number; readonly bytes: number; readonly sinceMs: number }
    | { readonly type: "settling"; readonly items: number; readonly sinceMs: number }
    | {
        readonly type: "ending";
        readonly doing: "quitting-photos" | "reading-library";
        readonly sinceMs: number;
      }
    | null = null;
  /** Photos is being started anew, since then. */
  relaunchingSinceMs: number | null = null;
  #samples: { atMs: number; bytes: number }[] = [];
  #photosPace: PhotosPace;

  /** @param earlierMsPerItem how long Photos took for an item in earlier runs; null where nobody knows */
  constructor(earlierMsPerItem: number | null = null) {
    this.#photosPace = new PhotosPace(earlierMsPerItem);
  }

  see(event: RunEvent, nowMs: number): void {
    switch (event.type) {
      case "waiting": {
        const words = this.phone === "" ? waitingWords(event) : waitingAgainWords(this.phone, event);
        this.waitingForPhone = { words, untilMs: nowMs + event.leftMs };
        break;
      }
      case "going-on":
        this.waitingForPhone = null;
        this.#samples = [{ atMs: nowMs, bytes: this.copied.bytes }];
        break;
      case "phone":
        this.waitingForPhone = null;
        this.cableBitsPerSecond = event.cableBitsPerSecond ?? null;
        this.phone = calledPhone(event.phone);
        break;
      case "listing":
        this.filesListed = event.files;
        break;
      case "checking":
        this.checking = event;
        break;
      case "begun":
        this.checking = null;
        this.total = { items: event.items, bytes: event.bytes };
        this.#begunItems = event.items;
        this.begunAtMs = nowMs;
        this.#samples = [{ atMs: nowMs, bytes: 0 }];
        break;
      case "apart":
        if (this.total !== null) this.total = { ...this.total, items: this.#begunItems + event.items };
        break;
      case "copied":
        this.copied = { items: event.items, bytes: event.bytes };
        this.#sample(nowMs);
        break;
      case "importing":
        this.#photosPace.asked(nowMs);
        this.waiting = { ...event, sinceMs: nowMs };
        this.relaunchingSinceMs = null;
        break;
      case "settling":
        this.waiting = { ...event, sinceMs: nowMs };
        break;
      case "ending":
        this.waiting = { ...event, sinceMs: nowMs };
        break;
      case "receipt":
        this.waiting = null;
        break;
      case "proved":
        this.proved = event.items;
        break;
      case "verified":
        if (this.waiting?.type === "settling") this.waiting = null;
        break;
      case "relaunching":
        this.relaunchingSinceMs = nowMs;
        break;
      case "imported":
        this.imported = event.items;
        this.#photosPace.answered(event.items, nowMs);
        this.waiting = null;
        this.relaunchingSinceMs = null;
        break;
    }
  }

  /** The words after "checking": "2.2 of 3.1 GB", "412 copies with another date"; none where nothing is checked. */
  checkingParts(): ProgressPart[] {
    if (this.checking === null) return [];
    const { copies, bytes, readBytes } = this.checking;
    return [
      { text: bytesOfBytes(readBytes, bytes), dropped: "never" },
      { text: `${counted(copies, "copy", "copies")} with another date`, dropped: "first" },
    ];
  }

  /** "the iPhone is locked: unlock it (1 min 48 s left)"; null while it is not waited for. */
  waitingText(nowMs: number): string | null {
    if (this.waitingForPhone === null) return null;
    const { words, untilMs } = this.waitingForPhone;
    return `${words} (${duration(untilMs - nowMs)} left)`;
  }

  /**
   * "USB 2 cable: about 28 min" for all that is to be copied; null where there is nothing, or the cable is not known. With
   * Photos at the other end the whole job is told where earlier runs tell its pace, else that it is not known yet.
   */
  forecast(hasImport: boolean): string | null {
    if (this.total === null || this.total.items === 0 || this.cableBitsPerSecond === null) return null;
    const cable = cableForecast(this.total.bytes, this.cableBitsPerSecond);
    if (!hasImport) return cable;
    const inPhotosMs = this.#photosPace.msFor(this.total.items);
    if (inPhotosMs === null) return `${cable} to copy; how long Photos takes is not known yet`;
    return jobForecast(this.total, this.cableBitsPerSecond, inPhotosMs / this.total.items);
  }

  /** How long all of it takes from now: copying, and Photos, which goes on beside it; null while nobody can know. */
  wholeLeftMs(nowMs: number): number | null {
    if (this.total === null || this.total.items === 0) return null;
    const inPhotosMs = this.#photosPace.leftMs(this.total.items, nowMs);
    if (inPhotosMs === null) return null;
    const copyingMs = this.isCopied ? 0 : this.leftMs(nowMs);
    return copyingMs === null ? null : Math.max(copyingMs, inPhotosMs);
  }

  get isCopied(): boolean {
    return this.total !== null && this.copied.items >= this.total.items;
  }

  /** Bytes a second over the last few seconds; null while nobody can know. */
  rate(nowMs: number): number | null {
    const first = this.#samples.findLast(({ atMs }) => atMs <= nowMs - WINDOW_MS) ?? this.#samples[0];
    if (first === undefined || nowMs - first.atMs < 500) return null;
    return ((this.copied.bytes - first.bytes) / (nowMs - first.atMs)) * 1000;
  }

  /** How long the rest of the copying takes at this rate; null while nobody can know. */
  leftMs(nowMs: number): number | null {
    const rate = this.rate(nowMs);
    if (this.total === null || rate === null || rate <= 0) return null;
    return (Math.max(0, this.total.bytes - this.copied.bytes) / rate) * 1000;
  }

  /**
   * The words after "copying": "301 of 412", "2.2 of 3.1 GB", "34 MB/s", "26 s left". With Photos at the other end the time
   * left stands beside it, because it is that of the whole.
   */
  copyingParts(nowMs: number, hasImport: boolean): ProgressPart[] {
    if (this.total === null) return [];
    const parts: ProgressPart[] = [
      { text: `${count(this.copied.items)} of ${count(this.total.items)}`, dropped: "never" },
      { text: bytesOfBytes(this.copied.bytes, this.total.bytes), dropped: "first" },
    ];
    const rate = this.rate(nowMs);
    const leftMs = hasImport ? null : this.leftMs(nowMs);
    if (this.isCopied) return parts;
    if (rate !== null)
      parts.push({ text: `${(rate / 1e6).toFixed(rate < 10e6 ? 1 : 0)} MB/s`, dropped: "then" });
    if (leftMs !== null) parts.push({ text: `${duration(leftMs)} left`, dropped: "never" });
    return parts;
  }

  /** Photos has had a batch for longer than a healthy one takes. */
  isSheetLikely(nowMs: number): boolean {
    if (this.waiting === null) return false;
    const { sinceMs } = this.waiting;
    if (this.waiting.type === "ending" && this.waiting.doing === "reading-library") return false;
    if (this.waiting.type !== "importing") return nowMs - sinceMs > USUAL_MS.event;
    const { items, bytes } = this.waiting;
    return nowMs - sinceMs > USUAL_MS.event + items * USUAL_MS.item + (bytes / 1e6) * USUAL_MS.megabyte;
  }

  /** The words after "importing"; the second tells that Photos lives while it says nothing. */
  importingParts(nowMs: number): ProgressPart[] {
    const total = this.total?.items ?? 0;
    const parts: ProgressPart[] = [{ text: `${count(this.imported)} of ${count(total)}`, dropped: "never" }];
    const leftMs = this.imported < total ? this.wholeLeftMs(nowMs) : null;
    if (leftMs !== null) parts.push({ text: `about ${duration(leftMs)} left`, dropped: "never" });
    const doing = this.#doing(nowMs);
    if (doing !== null) parts.push({ text: doing, dropped: "first" });
    else if (this.imported >= total && this.proved > 0 && this.proved < total)
      parts.push({ text: `${count(this.proved)} read back`, dropped: "first" });
    return parts;
  }

  #doing(nowMs: number): string | null {
    const since = (ms: number) => `(${duration(nowMs - ms)})`;
    if (this.relaunchingSinceMs !== null) return `Photos is restarting ${since(this.relaunchingSinceMs)}`;
    if (this.waiting === null) return null;
    return `${doingWords(this.waiting)} ${since(this.waiting.sinceMs)}`;
  }

  #sample(nowMs: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && nowMs - last.atMs < BETWEEN_SAMPLES_MS) return;
    this.#samples.push({ atMs: nowMs, bytes: this.copied.bytes });
    while (this.#samples.length > 2 && this.#samples[1]!.atMs < nowMs - WINDOW_MS) this.#samples.shift();
  }
}

function doingWords(waiting: NonNullable<RunProgress["waiting"]>): string {
  switch (waiting.type) {
    case "importing":
      return `Photos is working on ${counted(waiting.items, "item")}`;
    case "settling":
      return "Photos is filling the album";
    case "ending":
      return waiting.doing === "quitting-photos"
        ? "Photos is being quit"
        : "the library is read once more, now that Photos has ended";
  }
}
