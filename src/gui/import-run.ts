import { basename } from "node:path";
import { RollcallError, stopped } from "../errors.js";
import { ReconnectingPhone } from "../phone/reconnecting-phone.js";
import { openWhenReady } from "../phone/wait-for-phone.js";
import { importFromPhone } from "../run/import-from-phone.js";
import { ORDINARY_IMPORT } from "../run/ordinary-import.js";
import { reconnectPolicy } from "../run/reconnect-policy.js";
import type { ReportItem, RunEvent } from "../run/run-events.js";
import type { FinishedRun, ImportRequest } from "../run/run-parts.js";
import type { CableShare } from "./cable-share.js";
import type { GuiParts } from "./gui-parts.js";
import { troubleOf } from "./in-page-words.js";
import type { LiveState } from "./live-state.js";
import type { RunEnd } from "./page/server-state.js";
import type { PageQuestions } from "./questions.js";
import { RunState } from "./run-state.js";

/** As for an import from the command line: long enough to find the phone, its cable and its passcode. */
const WAIT_MS = 120_000;
/** Rates and times move while nothing is reported. */
const BETWEEN_TICKS_MS = 1_000;

interface ImportRunOptions {
  readonly number: number;
  readonly udid: string;
  /** What to call the phone. */
  readonly phone: string;
  readonly request: Partial<ImportRequest>;
  readonly parts: GuiParts;
  readonly live: LiveState;
  readonly share: CableShare;
  readonly questions: PageQuestions;
  readonly onItem: ReportItem;
}

/** One import that was started in the page: the same as `rollcall import`, told to the state instead of a terminal. */
export class ImportRun {
  /** Resolves when it has ended, however, with the id of its album where it made one; never rejects. */
  readonly ended: Promise<string | null>;
  readonly #options: ImportRunOptions;
  readonly #stop = new AbortController();
  #state: RunState;

  constructor(options: ImportRunOptions) {
    this.#options = options;
    this.#state = new RunState(options.number, options.phone, null);
    this.#show();
    this.ended = this.#run();
  }

  /** It ends at the next safe point. */
  stop(): void {
    if (this.#stop.signal.aborted) return;
    this.#state.stopping();
    this.#show();
    // The reason is what a wait for the phone ends with.
    this.#stop.abort(stopped(this.#stop.signal));
  }

  async #run(): Promise<string | null> {
    const { parts, share, number, phone } = this.#options;
    const ticking = new AbortController();
    const ticks = this.#tick(ticking.signal);
    try {
      this.#state = new RunState(number, phone, await parts.deeds.earlierMsPerItem());
      if (this.#stop.signal.aborted) this.#state.stopping();
      const { end, isSafeToUnplug, albumId } = await this.#import();
      this.#state.ended(end, isSafeToUnplug);
      return albumId;
    } catch (error) {
      // Whatever it was, the phone is closed by now.
      this.#state.ended({ type: "failed", trouble: troubleOf(error) }, isNothingOpen(error));
      return null;
    } finally {
      ticking.abort();
      await ticks;
      share.copied(null);
      this.#show();
    }
  }

  async #import(): Promise<{ end: RunEnd; isSafeToUnplug: boolean; albumId: string | null }> {
    const { parts, udid, request, questions, onItem } = this.#options;
    const { clock, finder, photos, receipts, stagingFolder, version, deeds } = parts;
    const { signal } = this.#stop;
    const report = (event: RunEvent) => this.#see(event);
    return await parts.withData(async ({ ledgerDatabase, workFolder }) => {
      await parts.prepareStaging();
      const waiting = { waitMs: WAIT_MS, clock, signal };
      const { phone: opened, seen } = await openWhenReady(finder, udid, {
        ...waiting,
        onWaiting: (why) => report({ type: "waiting", ...why }),
        serviceMayCome: true,
      });
      let finished: FinishedRun;
      {
        await using phone = new ReconnectingPhone(
          opened,
          reconnectPolicy(finder, opened.identity, { ...waiting, report }),
        );
        const { cableBitsPerSecond } = seen;
        const run = {
          phone,
          cableBitsPerSecond,
          ledgerDatabase,
          receipts,
          clock,
          workFolder,
          report,
          signal,
        };
        finished = await importFromPhone(
          {
            ...run,
            ...photos,
            stagingFolder,
            toolVersion: version,
            questions: questions.of(signal),
            reportItem: onItem,
          },
          { ...ORDINARY_IMPORT, ...request },
        );
      }
      return this.#endOf(finished, deeds.inShort(finished));
    });
  }

  /** While the ledger is open: the answers are read from it. */
  #endOf({ head, receiptPath }: FinishedRun, short: ReturnType<GuiParts["deeds"]["inShort"]>) {
    const { destination } = head;
    const album = destination.kind === "photos" ? destination.album : null;
    const end: RunEnd = {
      type: "finished",
      summary: short.summary,
      remedy: short.remedy,
      isTrouble: short.isTrouble,
      receipt: basename(receiptPath, ".json"),
      album: album?.name ?? null,
    };
    return { end, isSafeToUnplug: short.isSafeToUnplug, albumId: album?.id ?? null };
  }

  #see(event: RunEvent): void {
    this.#state.see(event, this.#options.parts.clock.now().getTime());
    this.#options.share.copied(this.#state.copiedBytes);
    this.#show();
  }

  async #tick(signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await this.#options.parts.clock.wait(BETWEEN_TICKS_MS, signal);
        this.#show();
      }
    } catch {
      // the run has ended
    }
  }

  #show(): void {
    const { live, parts } = this.#options;
    live.set({ run: this.#state.at(parts.clock.now().getTime()) });
  }
}

/** A phone that went away needs no unplugging; after any other end nothing of ours is open on it. */
function isNothingOpen(error: unknown): boolean {
  return error instanceof RollcallError && error.code !== "BUG";
}
