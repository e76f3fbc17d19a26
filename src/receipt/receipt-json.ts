import { createHash } from "node:crypto";
import { open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { bug, hasErrno, RollcallError } from "../errors.js";
import { giveName, partialBeside } from "../owned-file.js";
import { type ActionWords, advise } from "../remedy.js";
import { type Answer, asOfEarlier } from "./answer.js";
import { answerLine } from "./answer-lines.js";
import { answerSchema } from "./answer-schema.js";
import {
  RECEIPT_FORMAT,
  type Receipt,
  type ReceiptHead,
  receiptHeadSchema,
  receiptSchema,
} from "./receipt.js";
import { readAnswer, readHead, storedAnswer, storedHead } from "./stored-receipt.js";

/**
 * The receipt as JSON text, an answer a line, each checked against the published schema before it leaves.
 * @param words of what a person can do
 * @throws RollcallError BUG when something does not fit the schema
 */
export function* receiptJson(
  head: ReceiptHead,
  answers: Iterable<Answer>,
  words: ActionWords,
): Generator<string> {
  const stored = storedHead(head, words);
  const checkedHead = receiptHeadSchema.safeParse(stored);
  if (!checkedHead.success) throw bug(`the receipt does not fit its schema: ${checkedHead.error.message}`);
  yield `${JSON.stringify(stored, null, 2).slice(0, -2)},\n  "answers": [`;
  let separator = "\n";
  for (const one of answers) {
    const answer = storedAnswer(one, words);
    const checked = answerSchema.safeParse(answer);
    if (!checked.success)
      throw bug(
        `the answer of ${JSON.stringify(answer.path)} does not fit the schema: ${checked.error.message}`,
      );
    yield `${separator}${answerLine(answer)}`;
    separator = ",\n";
  }
  yield "\n  ]\n}\n";
}

/**
 * Writes text to a private file that appears whole or not at all.
 * @param mayReplace whether what has the name was made by Rollcall, see {@link giveName}
 * @throws RollcallError FOLDER_NOT_OURS where something else has the name; the system's error
 */
export async function writeWhole(
  path: string,
  text: Iterable<string>,
  mayReplace: (path: string) => boolean,
): Promise<void> {
  const partial = partialBeside(path);
  const handle = await open(partial, "wx", 0o600);
  try {
    let gathered = "";
    for (const piece of text) {
      gathered += piece;
      if (gathered.length < 1 << 16) continue;
      await handle.writeFile(gathered);
      gathered = "";
    }
    await handle.writeFile(gathered);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await rm(partial, { force: true });
    throw error;
  }
  await handle.close();
  giveName(partial, path, mayReplace);
}

/**
 * Reads a receipt that some Rollcall wrote, with its answers, wherever they stand.
 * @throws RollcallError RECEIPT_NOT_FOUND, RECEIPT_FROM_THE_FUTURE, RECEIPT_UNREADABLE
 */
export async function readReceipt(path: string): Promise<Receipt> {
  const { sameAnswersAs, ...receipt } = (await read(path)).receipt;
  if (sameAnswersAs === undefined) return receipt;
  const holder = join(dirname(path), sameAnswersAs.file);
  const trouble = (what: string, cause?: unknown) =>
    unreadable(path, `Its answers stand in ${sameAnswersAs.file}, which lies beside it and ${what}.`, cause);
  const { receipt: holding, sha256 } = await read(holder).catch((error: unknown) => {
    throw trouble(isAbsent(error) ? "is not there any more" : "cannot be read", error);
  });
  if (sha256 !== sameAnswersAs.sha256) throw trouble("was changed since");
  if (holding.answers.length !== receipt.totals.files) throw trouble("has another number of them");
  return { ...receipt, answers: holding.answers.map(asOfEarlier) };
}

function isAbsent(error: unknown): boolean {
  return error instanceof RollcallError && error.code === "RECEIPT_NOT_FOUND";
}

/** One file as it stands, and the SHA-256 of it. */
async function read(path: string): Promise<{ receipt: Receipt; sha256: string }> {
  let value: unknown;
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
    value = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    if (hasErrno(error, "ENOENT")) {
      throw new RollcallError("RECEIPT_NOT_FOUND", {
        message: `There is no receipt at ${path}.`,
        remedy: advise`${{ action: "list-receipts" }} lists the stored ones.`,
      });
    }
    throw unreadable(path, error instanceof Error ? error.message : String(error), error);
  }
  const format =
    typeof value === "object" && value !== null && "receipt" in value ? value.receipt : undefined;
  if (typeof format === "number" && format > RECEIPT_FORMAT) {
    throw new RollcallError("RECEIPT_FROM_THE_FUTURE", {
      message: `${path} was written by a newer Rollcall.`,
      why: `It has format ${format}; this Rollcall knows ${RECEIPT_FORMAT}.`,
      remedy: "Update Rollcall, then run this again.",
    });
  }
  const checked = receiptSchema.safeParse(value);
  if (checked.success) {
    const { answers, ...head } = checked.data as Receipt;
    return {
      receipt: { ...readHead(head), answers: answers.map(readAnswer) },
      sha256: createHash("sha256").update(bytes).digest("hex"),
    };
  }
  const [issue] = checked.error.issues;
  throw unreadable(
    path,
    `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not a receipt"}`,
    checked.error,
  );
}

function unreadable(path: string, why: string, cause: unknown): RollcallError {
  return new RollcallError("RECEIPT_UNREADABLE", {
    message: `${path} is not a receipt of Rollcall's, or it is damaged.`,
    why,
    remedy: advise`${{ action: "list-receipts" }} lists the stored ones.`,
    cause,
  });
}
