import { notify } from "../../../integrations/notification.js";
import type { CommandContext } from "../../command-context.js";
import { macPrograms, setUpFolders } from "../../compose/mac-programs.js";
import type { ExitStatus } from "../../process/exit-status.js";
import { explainTrouble } from "../../process/explain-trouble.js";
import { errorInShort } from "../../terminal/error-lines.js";
import type { InShort } from "../../terminal/in-short.js";

/**
 * Does something, and shows its end as a notification, good or bad. That it could not be shown is no trouble of
 * what was done: the exit status and the receipt are what counts.
 */
export async function withNotification(
  { settings, output, signal }: CommandContext,
  runImport: () => Promise<{ readonly status: ExitStatus; readonly short: InShort | null }>,
): Promise<ExitStatus> {
  const run = macPrograms(settings);
  const showNotice = async (short: InShort) => {
    const { summary, remedy } = output.inTheirWords(short);
    const text = remedy === undefined ? summary : `${summary}\n${remedy}`;
    // Not the signal of the run: that it was stopped is told, too.
    const folders = setUpFolders(settings);
    if (run !== null) await notify({ run, folders }, "Rollcall", text).catch(() => false);
  };
  try {
    const { status, short } = await runImport();
    if (short !== null) await showNotice(short);
    return status;
  } catch (error) {
    const explained = explainTrouble(error, signal.aborted);
    if (explained !== null) await showNotice(errorInShort(explained));
    throw error;
  }
}
