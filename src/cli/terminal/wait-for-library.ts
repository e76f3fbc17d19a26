import type { LibraryAccess } from "../../photos/library-access.js";
import { escapeControls } from "../../text/escape-controls.js";
import type { CommandContext } from "../command-context.js";

/**
 * Waits until a library may be touched from here: a command that is about reading it has nothing else to do. Where
 * macOS asks the person about it, that is said after a while.
 * @throws RollcallError STOPPED, LIBRARY_UNREADABLE where it is not known
 */
export async function waitForLibrary(
  { output, signal }: Pick<CommandContext, "output" | "signal">,
  access: Pick<LibraryAccess, "touch">,
  path: string,
): Promise<void> {
  const touch = access.touch(path);
  if (await touch.inTime(signal)) return;
  output.note(`${escapeControls(touch.waiting.message)} Waiting for the answer (Ctrl-C stops).`);
  await touch.answered(signal);
}
