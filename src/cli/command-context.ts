import type { ReceiptHead } from "../receipt/receipt.js";
import type { ExitStatus } from "./process/exit-status.js";
import type { Settings } from "./process/settings.js";
import type { Output } from "./terminal/output.js";

/** What every command is given. */
export interface CommandContext {
  readonly settings: Settings;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** Whether a person is there and may be asked. */
  readonly mayAsk: boolean;
  /** The words after the command's name, as they were typed. */
  readonly typed: readonly string[];
  /** What an import found goes here too, where it was started from elsewhere than a terminal. */
  readonly lastRun?: { sawImport(head: ReceiptHead): void } | null;
}

/**
 * One command: flags and operands in, exit status out.
 * @template Flags as its declaration derives them; left out where it looks at none
 */
export type CommandBody<Flags = unknown> = (
  context: CommandContext,
  flags: Flags,
  operands: readonly string[],
) => Promise<ExitStatus>;
