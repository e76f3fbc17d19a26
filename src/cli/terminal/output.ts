import type { Report } from "../../run/run-events.js";
import type { OutputFlags } from "../flags/output.js";
import type { HowStarted } from "../process/how-started.js";
import type { CheckUpScreen, CheckUpSize } from "./check-up-screen.js";
import { wordedInJson } from "./command-words.js";
import { linesFor } from "./fit-to-screen.js";
import type { InShort } from "./in-short.js";
import { inTheirWords } from "./in-their-words.js";
import { jsonDocument, slowJsonDocument } from "./json-document.js";
import { pagerFor } from "./pager.js";
import { painted } from "./paint.js";
import { noScreen, type ProgressScreen } from "./progress-screen.js";
import { type Faithfulness, sendErr, sendOut, writeOut, writeOutPaged } from "./standard-output.js";

/** Results to stdout, everything else to stderr. */
export class Output {
  readonly isJson: boolean;
  /** The document goes without its list of files: a hundred thousand of them are too much for Shortcuts. */
  readonly isBrief: boolean;
  readonly #flags: OutputFlags;
  /** Names the commands in what is said. */
  readonly started: HowStarted;
  #screen: ProgressScreen = noScreen;
  #isShowingRun = false;
  #isDocumentOpen = false;
  /** What is said while it is gathered for the pager. */
  #gathered: string | null = null;

  constructor(flags: OutputFlags, started: HowStarted) {
    this.#flags = flags;
    this.started = started;
    this.isJson = flags.json === true;
    this.isBrief = flags.brief === true;
  }

  /** Lines of the result, broken between words on a terminal. Where stdout carries JSON they go to stderr, or nowhere. */
  async result(...lines: readonly string[]): Promise<void> {
    if (this.isJson) return;
    if (this.#flags.events !== true) await this.#send(this.#linesFor(process.stdout, lines));
    else if (this.#flags.quiet !== true) sendErr(this.#linesFor(process.stderr, lines));
  }

  /** The same of any number of lines, one at a time. */
  async longResult(lines: Iterable<string>): Promise<void> {
    for (const line of lines) await this.result(line);
  }

  /** Something to know besides the result. */
  note(...lines: readonly string[]): void {
    if (this.#flags.quiet === true || this.isJson) return;
    sendErr(this.#linesFor(process.stderr, lines));
  }

  #linesFor(stream: NodeJS.WriteStream, lines: readonly string[]): string {
    const words = lines.map((line) => inTheirWords(line, this.started));
    return painted(linesFor(stream, words), stream);
  }

  /** The end in a line, as this person can type what is to be done. */
  inTheirWords({ summary, remedy, ...rest }: InShort): InShort {
    const words = (text: string) => inTheirWords(text, this.started);
    return { ...rest, summary: words(summary), ...(remedy !== undefined && { remedy: words(remedy) }) };
  }

  /** True where what is said is read on a terminal, or in its pager. */
  get isScreen(): boolean {
    return !this.isJson && process.stdout.isTTY === true;
  }

  /** The one JSON document of a command. A list that is no array is written as it comes. */
  async document(value: Readonly<Record<string, unknown>>, status: number): Promise<void> {
    await this.documentText(jsonDocument({ ...value, ...this.statusField(status) }));
  }

  /** The same, for one that is text already, or too long to be held. */
  async documentText(pieces: Iterable<string>, how: Faithfulness = "harmless"): Promise<void> {
    let gathered = "";
    for (const piece of pieces) {
      gathered += piece;
      if (gathered.length < 1 << 16) continue;
      await this.#send(gathered, how);
      gathered = "";
    }
    await this.#send(gathered, how);
  }

  async #send(text: string, how?: Faithfulness): Promise<void> {
    if (this.#gathered === null) await writeOut(text, how);
    else this.#gathered += text;
  }

  /**
   * Shows what `say` says of the result in the person's pager, where stdout is a terminal; elsewhere it is printed as it
   * comes.
   * @throws the signal's reason, where that came meanwhile; what `say` throws
   */
  async paged(
    { isWanted, signal }: { readonly isWanted: boolean; readonly signal: AbortSignal },
    say: () => Promise<void>,
  ): Promise<void> {
    const pager = isWanted && !this.isJson ? pagerFor(process.env, process.stdout.isTTY) : null;
    if (pager === null) return await say();
    let text: string;
    this.#gathered = "";
    try {
      await say();
    } finally {
      text = this.#gathered;
      this.#gathered = null;
    }
    await writeOutPaged(text, pager);
    signal.throwIfAborted();
  }

  /** A path, which a program may take: as it is, unless this is a terminal. Nothing where stdout carries JSON. */
  async path(path: string): Promise<void> {
    if (!this.isJson) await writeOut(`${path}\n`, "exact");
  }

  /**
   * The one JSON document of a command whose list comes slowly: see {@link slowJsonDocument}. Where that throws,
   * what came before is on stdout and the document is left open.
   */
  async slowDocument(value: Readonly<Record<string, unknown>>): Promise<void> {
    let gathered = "";
    this.#isDocumentOpen = true;
    try {
      for await (const piece of slowJsonDocument(value)) {
        gathered += piece;
        if (gathered.length < 1 << 16) continue;
        await writeOut(gathered);
        gathered = "";
      }
      this.#isDocumentOpen = false;
    } finally {
      await writeOut(gathered);
    }
  }

  /** True where a document was begun and its list came to no end: `closedWith` makes it whole. */
  get isDocumentOpen(): boolean {
    return this.#isDocumentOpen;
  }

  /** `--exit-zero` moves the status into the document. */
  statusField(status: number): { status?: number } {
    return this.#flags.exitZero === true ? { status } : {};
  }

  /**
   * Begins to show a run's events.
   * @param to.destination "Photos", or the folder
   * @returns where the run reports
   */
  async showRun(to: {
    readonly destination: string;
    readonly hasImport: boolean;
    readonly earlierMsPerItem?: number | null;
  }): Promise<Report> {
    const { quiet, events, json } = this.#flags;
    this.#isShowingRun = true;
    if (events === true) {
      const { jsonLines } = await import("./json-lines.js");
      const write = json === true ? (line: string) => sendErr(line) : sendOut;
      return jsonLines((line) => void write(line), Date.now);
    }
    if (quiet === true) return () => {};
    const parts = { ...to, now: Date.now, write: (text: string) => sendErr(text, "drawing") };
    this.#screen = this.#isLive()
      ? (await import("./live-lines.js")).liveLines({ ...parts, columns: () => process.stderr.columns || 80 })
      : (await import("./plain-lines.js")).plainLines(parts);
    return (event) => this.#screen.report(event);
  }

  /** Begins to show how far a check-up is. Nothing with `--quiet`. */
  async showCheckUp(size: CheckUpSize): Promise<Pick<CheckUpScreen, "see">> {
    if (this.#flags.quiet === true) return { see: () => {} };
    this.#isShowingRun = true;
    const { checkUpScreen } = await import("./check-up-screen.js");
    const screen = checkUpScreen(size, {
      write: (text) => sendErr(text, "drawing"),
      now: Date.now,
      columns: this.#isLive() ? () => process.stderr.columns || 80 : null,
    });
    this.#screen = { ...screen, report: () => {} };
    return screen;
  }

  #isLive(): boolean {
    const hasTerminal = process.stderr.isTTY && (process.stdout.isTTY || this.isJson);
    return hasTerminal && process.env.TERM !== "dumb";
  }

  /** With `--events`: one line beside those of the run, about the command as a whole. */
  async event(value: object): Promise<void> {
    if (this.#flags.events !== true) return;
    const line = `${JSON.stringify(value, wordedInJson)}\n`;
    if (this.isJson) sendErr(line);
    else await writeOut(line);
  }

  /** After the first Ctrl-C: what is happening now, and that a second one may be pressed. */
  sayStopping(): void {
    if (!this.#isShowingRun) return;
    this.#screen.pause();
    this.note("Stopping at the next safe point. Once more stops at once; nothing is lost either way.");
  }

  pauseProgress(): void {
    this.#screen.pause();
  }

  endProgress(): void {
    this.#screen.close();
  }
}
