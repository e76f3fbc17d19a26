import { readdir, readFile, stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { hasErrno, RollcallError } from "../errors.js";
import { inTheWay, isOwnFile, makeItYours, removePartials, whatItIs } from "../owned-file.js";
import { type ActionWords, advise, IMPORT } from "../remedy.js";
import { escapeControls } from "../text/escape-controls.js";
import { twoDigits } from "../text/two-digits.js";
import type { Answer } from "./answer.js";
import { layOutPictures, type Thumbnails } from "./page-pictures.js";
import { prunedIn } from "./pruned-receipts.js";
import { readReceiptHead } from "./read-receipt-head.js";
import type { PreviousReceipt, Receipt, ReceiptHead } from "./receipt.js";
import { type ChainLink, followChain, previousReceipt } from "./receipt-chain.js";
import { receiptHtml } from "./receipt-html.js";
import { readReceipt, receiptJson, writeWhole } from "./receipt-json.js";
import { receiptText, runLineStart } from "./receipt-text.js";
import { findSameAnswers, sha256Of } from "./same-answers.js";

/**
 * Keeps receipts: one run makes `2026-11-22 18.40 Anna's iPhone.json`, and a `.txt` and an `.html` of the same
 * name; beside the page may lie a folder of pictures. The folder of receipts must exist.
 */
export class ReceiptFolder {
  readonly path: string;
  readonly #words: ActionWords;

  /** @param words of what a person can do, in the receipts that it writes */
  constructor(path: string, words: ActionWords) {
    this.path = path;
    this.#words = words;
  }

  /**
   * Writes all forms, the JSON last: where it is, the receipt is whole. A run that is written again
   * (its end was cut off) replaces its own.
   * @param answers called at least once for each form
   * @param thumbnails their files may go when this returns
   * @returns the path of the JSON
   */
  async write(
    head: ReceiptHead,
    answers: () => Iterable<Answer>,
    thumbnails: Thumbnails = new Map(),
  ): Promise<string> {
    const stem = await this.#freeStem(head);
    // What has one of these names by now is of this run.
    const write = (ending: string, text: Iterable<string>) =>
      writeWhole(join(this.path, stem + ending), text, () => true);
    await write(".txt", receiptText(head, answers, this.#words));
    const pictureOf = await layOutPictures(thumbnails, join(this.path, `${stem} pictures`));
    await write(".html", receiptHtml(head, answers, { words: this.#words, pictureOf }));
    await write(".json", receiptJson(head, head.sameAnswersAs === undefined ? answers() : [], this.#words));
    removePartials(this.path);
    return join(this.path, `${stem}.json`);
  }

  /** What a new receipt of this run says of the one before it. */
  async previous(runId: string): Promise<PreviousReceipt | null> {
    return await previousReceipt(await this.list(), runId);
  }

  /** The receipt whose answers are these, too: see {@link findSameAnswers}. */
  async sameAnswers(
    head: Pick<ReceiptHead, "id" | "phone" | "destination">,
    answers: Iterable<Answer>,
  ): Promise<PreviousReceipt | null> {
    return await findSameAnswers(await this.list(), { head, answers, words: this.#words });
  }

  /** What each receipt says of the others: see {@link followChain}. */
  async chain(signal?: AbortSignal): Promise<ChainLink[]> {
    return await followChain(await this.list(), prunedIn(this.path), signal);
  }

  /** Paths of all receipts, oldest first. What a kill left of pruned ones is none. */
  async list(): Promise<string[]> {
    const names = await readdir(this.path).catch((error: unknown) => {
      if (hasErrno(error, "ENOENT")) return [];
      if (hasErrno(error, "EACCES", "EPERM") && makeItYours(this.path) !== null)
        throw inTheWay(this.path, whatItIs(this.path));
      throw error;
    });
    const remains = await this.#remainsOfPruned();
    const receipts = await Promise.all(
      names
        .filter((name) => name.endsWith(".json") && !remains.has(name))
        .map(async (name) => ({
          path: join(this.path, name),
          writtenMs: (await stat(join(this.path, name))).mtimeMs,
        })),
    );
    return receipts
      .sort((a, b) => a.writtenMs - b.writtenMs || (a.path < b.path ? -1 : 1))
      .map(({ path }) => path);
  }

  /**
   * One receipt by path, file name, start of its file name, or run id. Without a name the newest that can
   * be read; where none can, the newest says why.
   * @throws RollcallError RECEIPT_NOT_FOUND, RECEIPT_FROM_THE_FUTURE, RECEIPT_UNREADABLE
   */
  async find(name?: string): Promise<{ path: string; receipt: Receipt }> {
    const path = name === undefined ? await this.#newest() : await this.#named(name);
    if (path === undefined) {
      throw new RollcallError("RECEIPT_NOT_FOUND", {
        message: name === undefined ? "There is no receipt yet." : `There is no receipt called ${name}.`,
        remedy:
          name === undefined
            ? advise`${IMPORT} makes the first.`
            : advise`${{ action: "list-receipts" }} lists the stored ones.`,
      });
    }
    return { path, receipt: await readReceipt(path) };
  }

  /** Receipts that were decided to go, and lie there still with the same bytes. */
  async #remainsOfPruned(): Promise<ReadonlySet<string>> {
    const remains = new Set<string>();
    for (const { file, sha256, isRemoved } of prunedIn(this.path)) {
      const path = join(this.path, file);
      if (!isRemoved && isOwnFile(path) && (await sha256Of(path)) === sha256) remains.add(file);
    }
    return remains;
  }

  async #newest(): Promise<string | undefined> {
    const all = (await this.list()).reverse();
    for (const path of all) {
      const isReadable = await readReceipt(path).then(
        () => true,
        () => false,
      );
      if (isReadable) return path;
    }
    return all[0];
  }

  async #named(name: string): Promise<string | undefined> {
    if (isAbsolute(name) || name.includes("/")) return resolve(name);
    const isHere = await stat(name).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isHere) return resolve(name);
    const all = await this.list();
    const bare = (path: string) => path.slice(this.path.length + 1, -".json".length);
    const byName = all.filter(
      (path) => bare(path) === name.replace(/\.json$/, "") || bare(path).startsWith(name),
    );
    if (byName.length > 0) return byName.at(-1);
    for (const path of all.reverse()) {
      const isIt = await readReceiptHead(path).then(
        ({ id }) => id === name,
        () => false,
      );
      if (isIt) return path;
    }
    return undefined;
  }

  async #freeStem(head: ReceiptHead): Promise<string> {
    const stem = `${stamp(new Date(head.startedAt))} ${fileNameOf(head.phone.name)}`;
    const taken = new Set(await readdir(this.path));
    for (let number = 1; ; number += 1) {
      const candidate = number === 1 ? stem : `${stem} (${number})`;
      const isTaken = [".txt", ".html", ".json", " pictures"].some((ending) => taken.has(candidate + ending));
      if (!isTaken || (await this.#isOf(head.id, candidate, taken))) return candidate;
    }
  }

  /** Whether all that has this stem is of this run, whose end was cut off. The text, which is written first, names it. */
  async #isOf(runId: string, stem: string, taken: ReadonlySet<string>): Promise<boolean> {
    const json = join(this.path, `${stem}.json`);
    if (taken.has(`${stem}.json`))
      return isOwnFile(json) && (await readReceiptHead(json).catch(() => ({ id: "" }))).id === runId;
    const text = join(this.path, `${stem}.txt`);
    if (!taken.has(`${stem}.txt`) || !isOwnFile(text)) return false;
    return (await readFile(text, "utf8")).includes(`\n${runLineStart(runId)}`);
  }
}

/** Where the page lies that belongs to a receipt's JSON; older receipts have none. */
export function pagePathOf(receiptPath: string): string {
  return receiptPath.replace(/\.json$/, ".html");
}

/** "2026-11-22 18.40" in local time: sorts, and has no colon, which Finder shows as a slash. */
function stamp(date: Date): string {
  return (
    `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())} ` +
    `${twoDigits(date.getHours())}.${twoDigits(date.getMinutes())}`
  );
}

/** A phone's name is whatever its owner typed. */
function fileNameOf(phoneName: string): string {
  // The name is typed and shown: what `shown` would make an escape of has no place in it.
  const plain = [...phoneName.replaceAll(/[/\\:]/g, "-")]
    .map((letter) => (escapeControls(letter) === letter ? letter : "-"))
    .join("")
    .replace(/^\.+/, "")
    .trim();
  return [...plain].slice(0, 60).join("") || "iPhone";
}
