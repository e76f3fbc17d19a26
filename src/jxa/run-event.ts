import { resolve } from "node:path";
import { type Clock, systemClock } from "../clock.js";
import { hasErrno, stopped } from "../errors.js";
import {
  envelopeFromError,
  excerpt,
  LARGEST_ANSWER_BYTES,
  notMacos,
  osascriptAbsent,
  readEnvelope,
  scriptFailed,
} from "./osascript-answer.js";
import type { RunScript } from "./run-script.js";
import { prepareInput } from "./script-input.js";
import { programWithInput } from "./script-text.js";
import { killGroup, withDeadline } from "./with-deadline.js";

interface RunEventDeps {
  /** The osascript to use, on any platform; absent: the system's own, and only on macOS. */
  readonly osascript?: string | undefined;
  /** Measures deadlines. */
  readonly clock?: Clock;
}

/**
 * RunScript over one `osascript` child a call: for every event of a run, since its deadline kills the child.
 *
 * The child has a process group of its own. So a Ctrl-C on the terminal does not reach it: whether to
 * give up waiting for an import is decided here, through the signal, and not by the terminal.
 */
export function runEventWith({ osascript, clock = systemClock }: RunEventDeps = {}): RunScript {
  return async (script, input, options) => {
    if (osascript === undefined && process.platform !== "darwin") throw notMacos();
    if (options.signal?.aborted) throw stopped(options.signal);
    // The child starts in /, because the current folder may be on a disk that has gone.
    const file = osascript?.includes("/") ? resolve(osascript) : (osascript ?? "/usr/bin/osascript");

    const { execa } = await import("execa");
    await using prepared = await prepareInput(input);
    const child = execa(file, ["-l", "JavaScript", "-"], {
      input: programWithInput(script.toString(), prepared),
      cwd: "/",
      detached: true,
      cleanup: false,
      killSignal: "SIGKILL",
      maxBuffer: LARGEST_ANSWER_BYTES,
      reject: false,
    });
    const kill = () => killGroup(child.pid);
    // At its bound execa stops reading, but lets the child go on; a stream that closes unread is that.
    for (const stream of [child.stdout, child.stderr]) {
      stream.once("close", () => stream.readableEnded || kill());
    }
    const result = await withDeadline(script.name, { ended: child, kill }, clock, options);

    if (result.isMaxBuffer) {
      throw scriptFailed(script.name, `It printed more than ${LARGEST_ANSWER_BYTES} bytes.`);
    }
    if (hasErrno(result.cause, "ENOENT", "EACCES", "ENOEXEC", "ENOTDIR"))
      throw osascriptAbsent(file, result.cause);
    if (result.exitCode === 0) return readEnvelope(script.name, result.stdout);
    const envelope = envelopeFromError(result.stderr);
    if (envelope !== null) return envelope;
    throw scriptFailed(script.name, howItEnded(result), result.cause);
  };
}

function howItEnded(result: {
  signal?: string | undefined;
  exitCode?: number | undefined;
  stderr: string;
  originalMessage?: string | undefined;
}): string {
  if (result.signal !== undefined) return `osascript was ended by ${result.signal}.`;
  if (result.exitCode === undefined)
    return `osascript could not be run: ${excerpt(result.originalMessage ?? "")}`;
  return `osascript ended with status ${result.exitCode}: ${excerpt(result.stderr)}`;
}
