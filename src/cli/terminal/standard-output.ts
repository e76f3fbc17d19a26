import { harmless } from "./harmless.js";
import { type Pager, showIn } from "./pager.js";

/**
 * The only way to stdout and stderr, so that nothing reaches a terminal or a line reader that {@link harmless} has not
 * gone over. Stdout may end before we do: its reader leaves (`| head`), or the disk below it is full. Whatever a command is
 * doing then matters more than telling about it, so it goes on, and what it would have said is dropped.
 */

let firstTrouble: NodeJS.ErrnoException | null = null;
let isListening = false;
const waiting = new Set<() => void>();

/** Why stdout is lost; null while it works, and where its reader just did not want more (EPIPE). */
export function lostOutput(): NodeJS.ErrnoException | null {
  return firstTrouble?.code === "EPIPE" ? null : firstTrouble;
}

/** True where nothing that is written arrives any more, for whatever reason: one who only tells may stop. */
export function isUnheard(): boolean {
  return firstTrouble !== null;
}

/** `exact`: what another program takes as it is, such as a path; on a terminal it is made harmless all the same. */
export type Faithfulness = "harmless" | "exact";

/**
 * Writes, and settles when more may be written. Never rejects: once stdout has failed, this does nothing.
 */
export async function writeOut(text: string, how: Faithfulness = "harmless"): Promise<void> {
  if (text === "" || sendOut(text, how)) return;
  await settledBy((settle) => process.stdout.once("drain", settle));
}

/** Shows it in a pager, and settles when that was left; prints it where the pager cannot start. */
export async function writeOutPaged(text: string, pager: Pager): Promise<void> {
  const safe = harmless(text);
  if (safe === "" || (await showIn(pager, safe))) return;
  await writeOut(safe);
}

/**
 * Writes without waiting.
 * @returns whether more may be written at once
 */
export function sendOut(text: string, how: Faithfulness = "harmless"): boolean {
  listen();
  if (firstTrouble !== null) return true;
  try {
    return process.stdout.write(how === "exact" && !process.stdout.isTTY ? text : harmless(text));
  } catch (error) {
    note(error as NodeJS.ErrnoException); // a file or a device is written to at once, and may throw
    return true;
  }
}

/** @param what "drawing": progress, which moves about on the screen */
export function sendErr(text: string, what: "text" | "drawing" = "text"): void {
  process.stderr.write(harmless(text, what));
}

/** Settles when everything written so far has arrived, or is known to be lost. */
export async function outputWritten(): Promise<void> {
  if (!isListening || firstTrouble !== null) return;
  await settledBy((settle) => process.stdout.write("", settle));
}

function listen(): void {
  if (isListening) return;
  isListening = true;
  process.stdout.on("error", note);
}

function note(error: NodeJS.ErrnoException): void {
  if (firstTrouble !== null) return;
  firstTrouble = error;
  if (lostOutput() !== null) {
    sendErr(
      `error: The result cannot be written to standard output (${error.code ?? error.message}).\n` +
        "do:    Give it a place with room. The run itself continues to its end.\n",
    );
  }
  for (const settle of waiting) settle();
}

async function settledBy(begin: (settle: () => void) => void): Promise<void> {
  if (firstTrouble !== null) return;
  await new Promise<void>((resolve) => {
    const settle = () => {
      waiting.delete(settle);
      resolve();
    };
    waiting.add(settle);
    begin(settle);
  });
}
