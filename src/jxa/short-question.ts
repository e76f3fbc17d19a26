import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Clock, systemClock } from "../clock.js";
import { stopped } from "../errors.js";
import {
  envelopeFromError,
  excerpt,
  notMacos,
  osascriptAbsent,
  readEnvelope,
  scriptFailed,
} from "./osascript-answer.js";
import type { RunScript } from "./run-script.js";
import { prepareInput } from "./script-input.js";
import { scriptText } from "./script-text.js";
import { killGroup, withDeadline } from "./with-deadline.js";

/** Sent to the child, once. `text` is a JXA expression, `(argument: string) => string`. */
export interface ShortQuestion {
  readonly text: string;
  readonly argument: string;
}

/** Sent back by the child, once, before it ends. */
export type ShortAnswer =
  | { readonly kind: "printed"; readonly text: string }
  | { readonly kind: "garbage"; readonly text: string }
  | { readonly kind: "failed"; readonly text: string }
  | { readonly kind: "not-macos" }
  | { readonly kind: "absent" };

interface ShortQuestionDeps {
  readonly clock?: Clock;
  /** The module the child runs; absent: short-question-child.js beside this file. */
  readonly childFile?: string;
}

/**
 * RunScript over `@jxa/run`, for questions outside a run. That package has neither a deadline nor a handle on
 * the osascript it starts, so it runs in a small child process of ours, leader of its own process group,
 * and the deadline kills the group.
 */
export function shortQuestionWith({
  clock = systemClock,
  childFile = fileURLToPath(new URL("./short-question-child.js", import.meta.url)),
}: ShortQuestionDeps = {}): RunScript {
  return async (script, input, options) => {
    if (options.signal?.aborted) throw stopped(options.signal);
    await using prepared = await prepareInput(input);
    const child = fork(childFile, [], {
      cwd: "/",
      detached: true,
      execArgv: [],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const ended = new Promise<ShortAnswer | null>((resolve, reject) => {
      let answer: ShortAnswer | null = null;
      child.once("message", (message) => {
        answer = message as ShortAnswer;
      });
      child.once("error", reject);
      child.once("close", () => resolve(answer));
    });
    const question: ShortQuestion = {
      text: scriptText(script.toString(), prepared.from),
      argument: prepared.argument,
    };
    child.send(question, () => {}); // a child that is gone already says so by "close"

    const kill = () => killGroup(child.pid);
    const answer = await withDeadline(script.name, { ended, kill }, clock, options);
    switch (answer?.kind) {
      case "printed":
        return readEnvelope(script.name, answer.text);
      case "failed": {
        const envelope = envelopeFromError(answer.text);
        if (envelope !== null) return envelope;
        throw scriptFailed(script.name, excerpt(answer.text));
      }
      case "not-macos":
        throw notMacos();
      case "absent":
        throw osascriptAbsent("/usr/bin/osascript", undefined);
      case "garbage":
        throw scriptFailed(script.name, `It printed: ${excerpt(answer.text)}`);
      case undefined:
        throw scriptFailed(script.name, "The process that asked ended without an answer.");
    }
  };
}
