import { lstatSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { RollcallError } from "../errors.js";
import type { CommandBody } from "./command-context.js";
import { type FlagSet, type FlagsOf, valuesOf } from "./flag.js";
import { type CommonFlags, commonFlags } from "./flags/output.js";
import type { CommandEnd, LastRunRecorder } from "./last-run/last-run-recorder.js";
import { EXIT, statusOfError } from "./process/exit-status.js";
import { howStarted } from "./process/how-started.js";
import { readSettings, type Settings } from "./process/settings.js";
import { listenForSignals } from "./process/signals.js";
import { Output } from "./terminal/output.js";

/**
 * Runs the body of one command, tells a person or a program how it ended, and gives the status to exit with.
 * @param declared the flags that the command has
 * @param load the command's own module is loaded only when it runs
 */
export async function runCommand<Flags extends FlagSet>(
  command: Command,
  declared: Flags,
  load: () => Promise<CommandBody<FlagsOf<Flags>>>,
): Promise<number> {
  const started = howStarted(process);
  const commonNow = (): CommonFlags => valuesOf(command, commonFlags);
  let output = new Output(commonNow(), started);
  using stop = listenForSignals(() => output.sayStopping());
  let lastRun: LastRunRecorder | null = null;
  let settings: Settings | null = null;
  try {
    settings = await readSettings(process.env);
    if (settings.startedFrom !== null)
      lastRun = await (await import("./last-run/last-run-recorder.js")).LastRunRecorder.begin(
        settings,
        command.name(),
      );
    if (!isDemo(command) && mayHaveConfig(settings.dataFolder)) {
      const { applyConfig } = await import("./process/apply-config.js");
      await applyConfig(command, settings.dataFolder);
    }
    const flags = commonNow();
    output = new Output(flags, started);
    requireDocument(flags);
    const body = await load();
    const mayAsk =
      process.stdin.isTTY === true &&
      process.stderr.isTTY === true &&
      flags.input !== false &&
      flags.json !== true &&
      flags.events !== true;
    const context = { settings, output, signal: stop.signal, mayAsk, lastRun, typed: typedAfter(command) };
    const status = await body(
      context,
      valuesOf(command, declared),
      command.processedArgs.flat().filter((one) => one !== undefined),
    );
    output.endProgress();
    await output.event({ type: "end", status });
    await lastRun?.ended({ status, error: null, isStopped: stop.stoppedBy() !== null });
    return flags.exitZero === true ? EXIT.ok : status;
  } catch (thrown) {
    output.endProgress();
    // Loaded only where something went wrong.
    const { reportTrouble } = await import("./terminal/report-trouble.js");
    const { refusedAsAnothers } = await import("./process/refused-as-anothers.js");
    const error = settings === null || isDemo(command) ? thrown : refusedAsAnothers(thrown, settings);
    const flags = { ...commonNow(), ...(command.name() === "watch" && { watch: true }) };
    const status = await reportTrouble(error, flags, stop.stoppedBy(), output.isDocumentOpen);
    if (lastRun !== null) await lastRun.ended(await howItEnded(error, stop.stoppedBy()));
    // launchd starts what failed again and again: no use where only a person can mend it.
    return flags.agent === true && status === EXIT.usage ? EXIT.ok : status;
  }
}

/** The words after a command's name; those of the program before it are none of its own. */
function typedAfter(command: Command): readonly string[] {
  let root = command;
  while (root.parent !== null) root = root.parent;
  const words = (root as Command & { readonly rawArgs: readonly string[] }).rawArgs;
  return words.slice(words.indexOf(command.name()) + 1);
}

async function howItEnded(error: unknown, stoppedBy: NodeJS.Signals | null): Promise<CommandEnd> {
  const { explainAnything } = await import("./terminal/report-trouble.js");
  const explained = explainAnything(error, stoppedBy);
  const status = statusOfError(explained, stoppedBy);
  return { status, error: explained, isStopped: stoppedBy !== null };
}

/** @throws RollcallError BAD_USAGE: without a document the status would be lost, and nothing is to be shortened */
function requireDocument({ exitZero, brief, json }: CommonFlags): void {
  if (json === true) return;
  if (brief === true) {
    throw new RollcallError("BAD_USAGE", {
      message: "--brief shortens the document of --json, and --json is missing.",
      remedy: "Give both, or neither.",
    });
  }
  if (exitZero !== true) return;
  throw new RollcallError("BAD_USAGE", {
    message: "--exit-zero puts the status into the document of --json, and --json is missing.",
    remedy: "Give both, or neither.",
  });
}

/** What checks the file is slow to load, and most people have none. Where one cannot tell: yes. */
function mayHaveConfig(dataFolder: string): boolean {
  try {
    return lstatSync(join(dataFolder, "config.json"), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** The demo depends on nothing of the person's own, not even their config file. */
export function isDemo(command: Command): boolean {
  return command.name() === "demo" || command.parent?.name() === "demo";
}
