/** People saw Photos slow down after some 2,000 items, and stop; being started anew cures it. */
const MOST_ITEMS = 1_000;
/** Fewer do not wear it: an error has another cause then. */
const FEWEST_ITEMS = 200;
/** Smaller batches say little about the pace: each event has a cost of its own, and a lone video its length. */
const FEWEST_TO_COMPARE = 10;
/** A video counts as so many photos more as it holds this many bytes. */
const BYTES_LIKE_AN_ITEM = 20_000_000;
const BATCHES_TO_COMPARE = 3;
const TIMES_SLOWER = 4;
/** Below this a relaunch costs more than it saves. */
const SLOW_MS_PER_ITEM = 750;
/** Who was asked and did nothing is asked again after so many batches. */
const BATCHES_OF_REST = 20;
/** Halving a batch of a thousand down to one bad file takes fewer. */
const MOST_STARTS_WITHOUT_PROGRESS = 12;
/** So many files in a row before which Photos fell silent: then it is not the files. */
const MOST_BAD_FILES = { beforeAnyCameIn: 3, later: 6 } as const;

/** How worn the running Photos is, by what it took and how long that lasted. Pure. */
export class RestartPolicy {
  #items = 0;
  /** Milliseconds an item, one number a batch, since it was started. */
  #pace: number[] = [];
  #restBatches = 0;
  #startsWithoutProgress = 0;
  #badFilesInARow = 0;
  #hasTakenAny = false;

  /** One batch that Photos took whole; `ms` is what the event itself lasted. */
  took(batch: { readonly items: number; readonly bytes: number; readonly ms: number }): void {
    this.#items += batch.items;
    this.#restBatches = Math.max(0, this.#restBatches - 1);
    this.sawProgress();
    if (batch.items < FEWEST_TO_COMPARE) return;
    this.#pace.push(batch.ms / (batch.items + batch.bytes / BYTES_LIKE_AN_ITEM));
  }

  /** Something came in, with an error or without. */
  sawProgress(): void {
    this.#hasTakenAny = true;
    this.#startsWithoutProgress = 0;
    this.#badFilesInARow = 0;
  }

  /** One file was found before which Photos falls silent. */
  foundBadFile(): void {
    this.#startsWithoutProgress = 0;
    this.#badFilesInARow += 1;
  }

  /** It has taken as many items as it should in one life. */
  get hasTakenMany(): boolean {
    return this.#items >= MOST_ITEMS && this.#restBatches === 0;
  }

  /** Its last two batches took several times as long as its first ones did. */
  get isSlow(): boolean {
    if (this.#restBatches > 0 || this.#pace.length < BATCHES_TO_COMPARE + 2) return false;
    const first = this.#pace.slice(0, BATCHES_TO_COMPARE).sort((a, b) => a - b);
    const usual = first[Math.floor(BATCHES_TO_COMPARE / 2)]!;
    const bound = Math.max(SLOW_MS_PER_ITEM, usual * TIMES_SLOWER);
    return this.#pace.slice(-2).every((pace) => pace > bound);
  }

  /** An error may come from wear. */
  get isPossible(): boolean {
    return this.#items >= FEWEST_ITEMS;
  }

  /** Photos was started anew again and again, and took nothing in between. */
  get isHopeless(): boolean {
    const mostBadFiles = this.#hasTakenAny ? MOST_BAD_FILES.later : MOST_BAD_FILES.beforeAnyCameIn;
    return (
      this.#startsWithoutProgress >= MOST_STARTS_WITHOUT_PROGRESS || this.#badFilesInARow >= mostBadFiles
    );
  }

  startedAnew(): void {
    this.#startsWithoutProgress += 1;
    this.#items = 0;
    this.#pace = [];
  }

  /** It was to be started anew, and whose it is did not do it. What is known of its pace stays. */
  relaunchDeclined(): void {
    this.#restBatches = BATCHES_OF_REST;
  }
}
