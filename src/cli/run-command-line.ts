import { CommanderError } from "commander";
import { RollcallError } from "../errors.js";
import { inOneLine } from "../words/wording.js";
import { EXIT } from "./process/exit-status.js";
import { makeProgram } from "./program.js";
import { lostOutput, outputWritten, sendErr } from "./terminal/standard-output.js";

/**
 * The whole command: arguments in, exit status out.
 * @param args without node and script
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const status = await runArguments(args);
  await outputWritten();
  // A result that nobody can read is no success.
  return status === EXIT.ok && lostOutput() !== null ? EXIT.unexpected : status;
}

async function runArguments(args: readonly string[]): Promise<number> {
  process.stderr.on("error", () => {});
  process.on("uncaughtException", (error) => endUncaught(error, flagsAsTyped(args).verbose));
  let status: number = EXIT.ok;
  const program = makeProgram((ended) => {
    status = ended;
  });
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    const { reportTrouble } = await import("./terminal/report-trouble.js");
    return await reportTrouble(asUsage(error, args), flagsAsTyped(args), null);
  }
}

/** What went wrong outside of any command's own waiting. A rejection that nobody heard comes here too. */
function endUncaught(error: unknown, isVerbose: boolean): never {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const what = isVerbose
    ? stack
    : `error: ${message.split("\n", 1)[0]}\ndo:    Run it again with --verbose, and report what it shows.`;
  sendErr(`${what}\n`);
  process.exit(EXIT.unexpected);
}

function asUsage(error: unknown, [first, second]: readonly string[]): unknown {
  if (!(error instanceof CommanderError)) return error;
  // For want of anything else to do it would show its help.
  const nothingToDo =
    first === "help" && second !== undefined
      ? `there is no command ${JSON.stringify(second)}`
      : "one of its commands has to follow";
  const cause = error.code === "commander.help" ? nothingToDo : error.message;
  const line = inOneLine(cause.replace(/^error: /, ""));
  const message = /[.)]$/.test(line) ? line : `${line}.`;
  return new RollcallError("BAD_USAGE", { message, remedy: "--help lists what there is." });
}

/** What could not be parsed may still have asked for JSON. */
function flagsAsTyped(args: readonly string[]) {
  const end = args.indexOf("--");
  const before = end < 0 ? args : args.slice(0, end);
  const has = (flag: string) => before.includes(flag);
  return {
    json: has("--json"),
    events: has("--events"),
    exitZero: has("--exit-zero"),
    verbose: has("--verbose"),
    quiet: has("--quiet"),
  };
}
