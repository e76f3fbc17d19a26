import { RollcallError, stopped } from "../errors.js";
import { nameOf } from "../phone/choose-phone.js";
import { sameUdid } from "../phone/phone.js";
import type { ItemProgress } from "../run/run-events.js";
import type { ImportRequest } from "../run/run-parts.js";
import { CableShare } from "./cable-share.js";
import type { CheckEnd, CheckProgress, GuiParts } from "./gui-parts.js";
import { ImportRun } from "./import-run.js";
import { troubleOf } from "./in-page-words.js";
import { LiveState } from "./live-state.js";
import { OpenedPhone } from "./opened-phone.js";
import type { CheckNow, PageState } from "./page/server-state.js";
import { PhonesSeen } from "./phones-seen.js";
import { PageQuestions } from "./questions.js";
import { takingTurns } from "./take-turns.js";

/** A page that is closed or reloaded comes back within it; then nobody is there, and the server ends. */
const NOBODY_THERE_MS = 10 * 60_000;
const BETWEEN_LOOKS_MS = 15_000;

/** Everything that one server does for its pages: one phone shown, one import or check at a time. */
export class GuiSession {
  readonly live: LiveState;
  readonly questions: PageQuestions;
  readonly #parts: GuiParts;
  readonly #sign: (path: string) => string;
  /** The data folder is for one at a time: what opens it by itself waits for what has it open. */
  readonly #inTurn: ReturnType<typeof takingTurns>;
  /** While the phone before is being closed none is shown, and no second one may be opened beside the next. */
  readonly #opening = takingTurns();
  readonly #share: CableShare;
  readonly #phones: PhonesSeen;
  readonly #ending = new AbortController();
  readonly #watching: Promise<void>;
  readonly #settleOver: () => void;
  /** Resolves when the server is to end: Quit was pressed, or nobody has been there for ten minutes. */
  readonly isOver: Promise<void>;
  #opened: OpenedPhone | null = null;
  #run: ImportRun | null = null;
  #check: Promise<void> | null = null;
  /** The album of the last import that made one. */
  #albumId: string | null = null;
  #counts = { runs: 0, plans: 0, checks: 0 };
  /** What became of each photo of the run that is on, or was last, by its key. */
  #progress = new Map<string, ItemProgress>();
  /** Pages that checks made, by the number of the check. */
  readonly #documents = new Map<number, string>();

  /** @param sign makes an address of a path that a frame may ask for */
  constructor(parts: GuiParts, sign: (path: string) => string) {
    this.#sign = sign;
    const inTurn = takingTurns();
    this.#inTurn = inTurn;
    this.#parts = { ...parts, withData: (work) => inTurn(() => parts.withData(work)) };
    const { deeds, clock, version } = parts;
    this.live = new LiveState(
      {
        version,
        service: null,
        phones: [],
        opened: null,
        run: null,
        question: null,
        check: null,
        automaticWrites: deeds.automatic?.writes ?? null,
        can: {
          eject: deeds.eject !== null,
          showAlbum: deeds.showAlbum !== null,
          automatic: deeds.automatic !== null,
        },
      } satisfies PageState,
      clock,
    );
    this.questions = new PageQuestions(this.live);
    this.#share = new CableShare(clock);
    this.#phones = new PhonesSeen(this.#parts, this.live);
    let settle = () => {};
    this.isOver = new Promise<void>((resolve) => (settle = resolve));
    this.#settleOver = settle;
    const { signal } = this.#ending;
    this.#watching = Promise.all([
      this.#phones.watch((phone) => this.#phoneChanged(phone?.udid ?? null), signal),
      this.#endWhenNobodyIsThere(signal),
    ]).then(() => {});
  }

  get opened(): OpenedPhone | null {
    return this.#opened;
  }

  /**
   * Shows another phone, or the same one again.
   * @param withoutLibrary by its files alone, where its photo library cannot be read
   * @throws RollcallError PHONE_NOT_FOUND
   */
  open(udid: string, withoutLibrary = false): Promise<void> {
    return this.#opening(() => this.#open(udid, withoutLibrary));
  }

  async #open(udid: string, withoutLibrary: boolean): Promise<void> {
    const seen = this.#phones.find(udid);
    if (seen === null || seen.udid === null) {
      throw new RollcallError("PHONE_NOT_FOUND", {
        message: "That iPhone is not on the cable any more.",
        remedy: "Plug it in again.",
      });
    }
    const before = this.#opened;
    const isSame = before !== null && sameUdid(before.udid, seen.udid);
    if (isSame && before.withoutLibrary === withoutLibrary) return before.readAgain();
    this.#opened = null;
    await before?.[Symbol.asyncDispose]();
    this.#opened = new OpenedPhone(seen.udid, nameOf(seen), {
      parts: this.#parts,
      live: this.live,
      share: this.#share,
      withoutLibrary,
      nextPlan: () => ++this.#counts.plans,
      onListed: () => this.#tellProgress(),
    });
  }

  /**
   * Begins an import of what is chosen, or of everything new, from the phone that is shown.
   * @throws RollcallError BAD_USAGE where nothing is chosen, ANOTHER_ROLLCALL where an import or a check is on
   */
  beginImport(what: "chosen" | "new"): void {
    const opened = this.#opened;
    this.#requireIdle();
    if (opened === null || (what === "chosen" && opened.choice.isEmpty)) {
      throw new RollcallError("BAD_USAGE", { message: "Nothing is chosen.", remedy: "Click a photo first." });
    }
    const request: Partial<ImportRequest> = {
      ...(what === "chosen" && opened.choice.request),
      withoutPhoneLibrary: opened.withoutLibrary,
    };
    const number = ++this.#counts.runs;
    this.#progress = new Map();
    this.live.beginRun(number, opened.plan ?? 0);
    const run = new ImportRun({
      number,
      udid: opened.udid,
      phone: this.live.now.opened?.name ?? "",
      request,
      parts: this.#parts,
      live: this.live,
      share: this.#share,
      questions: this.questions,
      onItem: (progress) => this.#tellItem(progress),
    });
    this.#run = run;
    void run.ended.then((albumId) => {
      this.#albumId = albumId ?? this.#albumId;
      this.#run = null;
      opened.readAgain();
    });
  }

  stop(): void {
    this.#run?.stop();
  }

  /**
   * Begins a check; its end is told in the state.
   * @throws RollcallError ANOTHER_ROLLCALL where an import or a check is on
   */
  beginCheck(what: CheckNow["what"], receipt: string): void {
    this.#requireIdle();
    const number = ++this.#counts.checks;
    const { deeds } = this.#parts;
    const { signal } = this.#ending;
    const words = {
      verify: "Looking in Photos",
      "safe-to-remove": "Looking what may leave",
      doctor: "Checking",
    }[what];
    const tell = (part: Partial<CheckNow>) => {
      const before = this.live.now.check;
      this.live.set({ check: { ...(before as CheckNow), ...part } });
    };
    this.live.set({ check: { number, what, words, done: 0, of: null, end: null } });
    const progress: CheckProgress = (done, of) => tell({ done, of });
    const work = async () => {
      if (what === "doctor") return tell({ end: { type: "doctor", lines: await deeds.doctor(signal) } });
      const end = await this.#inTurn(() =>
        what === "verify" ? deeds.verify(receipt, progress, signal) : deeds.safeToRemove(progress, signal),
      );
      tell({ end: { type: "document", summary: end.summary, address: this.#keep(number, end) } });
    };
    this.#check = work()
      .catch((error: unknown) => tell({ end: { type: "failed", trouble: troubleOf(error) } }))
      .finally(() => {
        this.#check = null;
      });
  }

  /** The page that a check made; null where it is none, or an older one. */
  document(number: number): string | null {
    return this.#documents.get(number) ?? null;
  }

  /** @throws RollcallError ANOTHER_ROLLCALL while an import or a check is on; what ejecting throws */
  async eject(udid: string): Promise<string> {
    const { eject } = this.#parts.deeds;
    this.#requireIdle();
    if (eject === null) return "";
    await this.#opening(() => this.#close(udid));
    return await eject(udid, this.#ending.signal);
  }

  async #close(udid: string): Promise<void> {
    const before = this.#opened;
    if (before === null || !sameUdid(before.udid, udid)) return;
    this.#opened = null;
    await before[Symbol.asyncDispose]();
    this.live.set({ opened: null });
  }

  async showAlbum(): Promise<void> {
    const { showAlbum } = this.#parts.deeds;
    const isShown =
      showAlbum !== null && this.#albumId !== null && (await showAlbum(this.#albumId, this.#ending.signal));
    if (isShown) return;
    throw new RollcallError("PHOTOS_UNAVAILABLE", {
      message: "Photos would not show the album.",
      remedy: 'Open Photos, and click "Last Import" in its sidebar.',
    });
  }

  async setAutomatic(udid: string, isOn: boolean): Promise<void> {
    await this.#inTurn(async () => this.#parts.deeds.automatic?.set(udid, isOn, this.#ending.signal));
    await this.#phones.lookAtAutomatic();
  }

  /** Ends the server; an import that is on is stopped at its next safe point first. */
  quit(): void {
    this.#settleOver();
  }

  /** Stops what is on, waits until it has ended, and closes what is open. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#run?.stop();
    this.#ending.abort(stopped(this.#ending.signal));
    await this.#run?.ended;
    await this.#check;
    await this.#opened?.[Symbol.asyncDispose]();
    await this.#watching;
    this.live.quit();
  }

  #requireIdle(): void {
    if (this.#run === null && this.#check === null) return;
    throw new RollcallError("ANOTHER_ROLLCALL", {
      message: this.#run === null ? "A check is on." : "An import is on.",
      remedy: "Wait until it has ended, or stop it.",
    });
  }

  #keep(number: number, { html }: CheckEnd): string | null {
    if (html === null) return null;
    this.#documents.clear();
    this.#documents.set(number, html);
    return this.#sign(`/document/${number}`);
  }

  #phoneChanged(udid: string | null): void {
    const seen = udid === null ? null : this.#phones.find(udid);
    if (this.#opened !== null && udid !== null && sameUdid(this.#opened.udid, udid))
      this.#opened.phoneChanged(seen?.state === "ready");
    // Those that are there at the beginning are told one after the other, in one turn.
    setImmediate(() => this.#openTheOnlyOne());
  }

  /** With one phone there is nothing to ask. */
  #openTheOnlyOne(): void {
    const [only, ...others] = this.#phones.ready;
    if (this.#ending.signal.aborted || this.#opened !== null || only === undefined || others.length > 0)
      return;
    void this.#opening(async () => {
      if (this.#opened === null) await this.#open(only.udid, false);
    }).catch(() => {});
  }

  #tellItem(progress: ItemProgress): void {
    this.#progress.set(progress.item, progress);
    const id = this.#opened?.idOf(progress.item);
    if (id === undefined) return;
    const { answer, reason } = progress;
    this.live.answer({ id, answer, ...(reason !== null && { reason }) });
  }

  /** The same answers, by the ids of a new list. */
  #tellProgress(): void {
    if (this.#progress.size === 0) return;
    this.live.beginRun(this.#counts.runs, this.#opened?.plan ?? 0);
    for (const progress of [...this.#progress.values()]) this.#tellItem(progress);
  }

  async #endWhenNobodyIsThere(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    let sinceMs = clock.now().getTime();
    while (!signal.aborted) {
      await clock.wait(BETWEEN_LOOKS_MS, signal).catch(() => {});
      const nowMs = clock.now().getTime();
      if (this.live.pages > 0 || this.#run !== null || this.#check !== null) sinceMs = nowMs;
      if (nowMs - sinceMs >= NOBODY_THERE_MS) return this.#settleOver();
    }
  }
}
