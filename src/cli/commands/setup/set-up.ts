import { RollcallError } from "../../../errors.js";
import type { PlannedFile } from "../../../integrations/set-up-files.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { tilde } from "../../../words/wording.js";
import type { CommandContext } from "../../command-context.js";
import { EXIT, type ExitStatus } from "../../process/exit-status.js";
import type { SetupFlags } from "./command.js";

/** One of the things that `rollcall setup` sets up. */
export interface SetUp {
  readonly name: "app" | "shortcuts" | "automator" | "agent";
  /** What it sets up imports with nobody there to be asked. */
  readonly isUnattended: boolean;
  /** What it writes; each is XML, except what is shown only. */
  readonly files: readonly PlannedFile[];
  /** What happens besides, and what macOS will ask; a sentence a line. */
  readonly besides: readonly string[];
  install(): Promise<SetUpEnd>;
  remove(): Promise<SetUpEnd>;
}

export interface SetUpEnd {
  /** For a person. */
  readonly lines: readonly string[];
  /** The same, to be copied as it is: a terminal's width is not looked at. */
  readonly toCopy?: readonly string[];
  /** False where a part is not set up, though nothing is amiss with the rest. */
  readonly isWhole?: boolean;
  /** For a program. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** @throws RollcallError BAD_USAGE */
export function requireOneRequest({ remove, print }: SetupFlags): void {
  if (remove !== true || print !== true) return;
  throw new RollcallError("BAD_USAGE", {
    message: "--print shows what a set-up writes, and --remove writes nothing.",
    remedy: "Give one of them.",
  });
}

/** The files as they would be written: XML alone on stdout, the places on stderr. */
export async function printFiles(
  { output }: CommandContext,
  files: readonly PlannedFile[],
): Promise<ExitStatus> {
  if (output.isJson) {
    await output.document({ files: files.map(({ path, text }) => ({ path, text })) }, EXIT.ok);
    return EXIT.ok;
  }
  for (const { path, text } of files) {
    if (text.startsWith("<?xml")) {
      output.note(`${escapeControls(tilde(path))}:`);
      await output.documentText([text], "exact");
    } else output.note(`${escapeControls(tilde(path))} is not XML: --json --print shows it too.`);
  }
  return EXIT.ok;
}

/** Shows what will be written, asks where a person is there, and does it; or removes it. */
export async function carryOut(
  context: CommandContext,
  flags: SetupFlags,
  setUp: SetUp,
): Promise<ExitStatus> {
  const { output, signal, mayAsk } = context;
  if (flags.remove !== true) {
    const lines = setUp.files.flatMap(({ path, what }) => [
      `  ${escapeControls(tilde(path))}`,
      `      ${what}`,
    ]);
    output.note("This writes:", ...lines);
    output.note(...setUp.besides.map(escapeControls));
    if (mayAsk && flags.yes !== true) {
      const { confirm } = await import("../../terminal/ask-person.js");
      if (!(await confirm("Go on?", { signal, ifStopped: "Nothing was written." }))) {
        throw new RollcallError("DECLINED", {
          message: "Nothing was written, as you chose.",
          remedy: `rollcall setup ${setUp.name} --print shows the files.`,
        });
      }
    }
  }
  if (flags.remove !== true && setUp.isUnattended)
    await (await import("./ask-about-icloud.js")).resolveICloud(context, flags);
  const end = flags.remove === true ? await setUp.remove() : await setUp.install();
  const status = end.isWhole === false ? EXIT.unexpected : EXIT.ok;
  if (output.isJson) await output.document({ setup: setUp.name, ...end.document }, status);
  else {
    await output.result(...end.lines);
    await output.documentText((end.toCopy ?? []).map((line) => `${line}\n`));
  }
  return status;
}

/** What was removed, as it is told. */
export function removedEnd(removed: readonly string[], more: readonly string[] = []): SetUpEnd {
  const lines =
    removed.length === 0
      ? ["There was nothing to remove."]
      : removed.map((path) => `Removed ${escapeControls(tilde(path))}`);
  return { lines: [...lines, ...more], document: { removed } };
}
