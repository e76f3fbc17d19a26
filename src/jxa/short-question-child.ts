/**
 * The disposable child of short-question.ts: takes one question, asks it through `@jxa/run`, answers, ends.
 * Whatever happens in here (a broken pipe ends the whole process: `@jxa/run` 1.4 does not listen for the error), the
 * parent sees an answer or the end of this process.
 */
import { run } from "@jxa/run";
import type { ShortAnswer, ShortQuestion } from "./short-question.js";

/** Node refuses longer messages late and badly; no short question needs more. */
const LONGEST_ANSWER = 16 * 1024 * 1024;

// The parent is gone or has given up: take osascript along. This process leads a group of its own.
const onParentGone = () => process.kill(-process.pid, "SIGKILL");

function answer(message: ShortAnswer): void {
  process.off("disconnect", onParentGone);
  process.send?.(message, () => process.exit(0));
}

process.on("disconnect", onParentGone);
process.once("message", async ({ text, argument }: ShortQuestion) => {
  // `run` sends the function as text, so an object that only has a text is enough for it.
  const script = Object.assign(() => undefined, { toString: () => text });
  try {
    const printed = await run<unknown>(script, argument);
    if (typeof printed !== "string") answer({ kind: "garbage", text: String(printed) });
    else if (printed.length > LONGEST_ANSWER) answer({ kind: "garbage", text: printed.slice(0, 1000) });
    else answer({ kind: "printed", text: printed });
  } catch (error) {
    if (process.platform !== "darwin") return answer({ kind: "not-macos" });
    const { code, message } = error as { code?: unknown; message?: unknown };
    if (code === "ENOENT" || code === "EACCES") return answer({ kind: "absent" });
    answer({ kind: "failed", text: String(message ?? error) });
  }
});
