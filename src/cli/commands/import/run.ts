import type { CommandBody } from "../../command-context.js";
import { importWith } from "../../compose/import-with.js";
import { isPhotosReachable, realPhones, realPhotos } from "../../compose/real-parts.js";
import { importRequest } from "../../requests.js";
import { finishedInShort, printRun } from "../../terminal/print-run.js";
import type { ImportFlags } from "./command.js";

export const importCommand: CommandBody<ImportFlags> = async (context, flags) => {
  if (flags.dryRun === true)
    return (await import("../plan/run.js")).plan(context, { ...flags, pager: false }, []);
  const { settings, output, signal, mayAsk } = context;
  const isAsking = mayAsk && flags.yes !== true && isPhotosReachable(settings);
  const questions = isAsking
    ? (await import("../../terminal/ask-person.js")).askOnTerminal(output, signal)
    : null;
  const runImport = async () => {
    const finder = await realPhones(settings, { mayPair: flags.unattended !== true });
    const parts = { finder, ...(await realPhotos(settings, "run")), questions };
    const request = await importRequest(context, flags, parts.libraryAccess);
    const end = await importWith(context, { flags, request }, parts, async (finished) => {
      context.lastRun?.sawImport(finished.head);
      // Asked before the document is written, which says what came of it.
      const eject =
        flags.eject === true && output.isJson
          ? { eject: await (await import("../eject/eject-and-open.js")).ejectAfter(context, finished.head) }
          : {};
      return {
        status: await printRun(output, finished, eject),
        short: flags.notify === true ? finishedInShort(finished, output.started) : null,
        head: finished.head,
      };
    });
    if (flags.open === true || (flags.eject === true && !output.isJson))
      await (await import("../eject/eject-and-open.js")).afterImport(context, flags, end);
    return end;
  };
  if (flags.notify !== true) return (await runImport()).status;
  const { withNotification } = await import("./notify-end.js");
  return await withNotification(context, runImport);
};
