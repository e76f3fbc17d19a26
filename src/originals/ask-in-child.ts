import { spawn } from "node:child_process";
import { firstTouchWork, type TouchAnswer, type TouchQuestion } from "./first-touch-work.js";

/** A question that was put to a process of its own. */
export interface AskedInChild {
  /** Never rejects: a process that ends without an answer has failed. Does not keep this process from ending. */
  readonly answer: Promise<TouchAnswer>;
  /** Keeps this process from ending before the answer, until the returned function is called. */
  hold(): () => void;
  /** Ends that process, or leaves it behind where the system does not let it end. */
  cancel(): void;
}

export type AskInChild = (question: TouchQuestion) => AskedInChild;

/**
 * Asks in a short-lived child, because a system call that waits for a person's answer can be taken back by nobody:
 * in a thread of this process it would keep the process from ending, and four of them all files from being read. The
 * child is a session of its own, so that a Ctrl-C does not reach it, and nobody waits for its end: one that the kernel
 * does not let go is left behind. macOS holds the same app responsible for it as for us (unverified on macOS), so the
 * answer it gets is ours.
 */
export const askInChild: AskInChild = (question) => {
  const text =
    `const answer = (${firstTouchWork.toString()})(require);` +
    `process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));` +
    `process.once("message", async (question) => process.send(await answer(question), () => process.exit(0)));`;
  const child = spawn(process.execPath, ["--input-type=commonjs", "-e", text], {
    cwd: "/",
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const kill = () => void child.kill("SIGKILL");
  // Its own "disconnect" would do, were it not stopped or stuck.
  process.once("exit", kill);
  const answer = new Promise<TouchAnswer>((resolve) => {
    const end = (result: TouchAnswer) => {
      process.off("exit", kill);
      resolve(result);
    };
    child.once("message", (message) => end(message as TouchAnswer));
    child.once("error", ({ message }) => end({ kind: "failed", message }));
    child.once("close", () => end({ kind: "failed", message: "The process that looked ended." }));
  });
  child.send(question, () => {}); // a child that is gone already says so by "close"
  let holders = 0;
  const holdIfWanted = () => {
    for (const one of [child, child.channel]) holders > 0 ? one?.ref() : one?.unref();
  };
  holdIfWanted();
  return {
    answer,
    hold: () => {
      holders += 1;
      holdIfWanted();
      return () => {
        holders -= 1;
        holdIfWanted();
      };
    },
    cancel: kill,
  };
};
