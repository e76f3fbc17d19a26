import { join } from "node:path";
import { RollcallError } from "../../../errors.js";
import { type EditedBatchesSeen, lookAtEditedBatches } from "../../../ledger/look-at-ledger.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { counted, tilde } from "../../../words/wording.js";
import { processAtWork } from "../../process/data-folder-lock.js";
import { day } from "../../terminal/format-day.js";

/** What the ledger remembers of edited photos, for `config`; null where it cannot be told now. */
export async function editedBatchesInForce(dataFolder: string): Promise<readonly EditedBatchesSeen[] | null> {
  return await lookedUp(dataFolder, lookAtEditedBatches);
}

/** What a look into the ledger gives; null where it cannot be had now. */
export async function lookedUp<Row>(
  dataFolder: string,
  look: (ledgerPath: string) => Promise<readonly Row[] | null>,
): Promise<readonly Row[] | null> {
  if ((await processAtWork(dataFolder)) !== null) return null;
  try {
    return await look(join(dataFolder, "ledger.sqlite"));
  } catch (error) {
    if (error instanceof RollcallError) return null; // doctor says what is wrong with it
    throw error;
  }
}

/** How many edited photos one import event carries, a line for each library and version of Photos. */
export function editedBatchLines(seen: readonly EditedBatchesSeen[] | null): string[] {
  if (seen === null)
    return ["Edited photos in one import event: not known while the ledger is in use, or cannot be read."];
  if (seen.length === 0) return [];
  return [
    "Edited photos in one import event, as each library has shown (edited-batch-items in the config file overrides it):",
    ...seen.map(({ library, photosVersion, provedItems, provedAt, ended }) => {
      const where = `into ${library === "" ? "a library without a name" : escapeControls(tilde(library))}, Photos ${escapeControls(photosVersion)}`;
      if (ended === null) {
        const proved =
          provedAt === null ? "" : ` (${counted(provedItems, "photo")} came in right, ${day(provedAt)})`;
        return `  up to ${Math.max(1, provedItems)} ${where}${proved}`;
      }
      const batch = ended.items === null ? "a batch" : `a batch of ${ended.items}`;
      return `  1 ${where}: ${batch} came out differently on ${day(ended.at)} (${escapeControls(ended.message)})`;
    }),
  ];
}
