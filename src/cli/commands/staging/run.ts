import { LedgerDatabase } from "../../../ledger/ledger-database.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { stagingFiles } from "../../../transfer/staging-folder.js";
import { bytes, counted, tilde } from "../../../words/wording.js";
import type { CommandBody } from "../../command-context.js";
import { EXIT } from "../../process/exit-status.js";
import { openDataFolder } from "../../process/folders.js";
import { grouped, noteOf, type StagedFileNote, sum } from "./notes.js";

export const listStaging: CommandBody = async ({ settings, output, signal }) => {
  const folder = await openDataFolder(settings.dataFolder);
  using ledgerDatabase = await LedgerDatabase.openToLook(folder.ledger);
  const files: StagedFileNote[] = [];
  for await (const file of stagingFiles(settings.stagingFolder)) {
    signal.throwIfAborted();
    files.push(noteOf(file, ledgerDatabase));
  }
  if (output.isJson) {
    await output.document({ folder: settings.stagingFolder, files }, EXIT.ok);
    return EXIT.ok;
  }
  if (files.length === 0) {
    await output.result(`Nothing lies in ${escapeControls(tilde(settings.stagingFolder))}.`);
    return EXIT.ok;
  }
  await output.result(
    `${counted(files.length, "file")}, ${bytes(sum(files))}, in ${escapeControls(tilde(settings.stagingFolder))}:`,
    ...grouped(files),
  );
  await output.result("", "rollcall staging clear removes what is safe, after asking.");
  return EXIT.ok;
};
