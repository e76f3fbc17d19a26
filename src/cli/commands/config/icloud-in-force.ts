import { type ICloudAnswer, lookAtICloudAnswers } from "../../../ledger/look-at-ledger.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { tilde } from "../../../words/wording.js";
import { lookedUp } from "./edited-batches-in-force.js";

/** What was answered about photos that phones keep in iCloud Photos, for `config`; null where it cannot be told now. */
export async function iCloudAnswersInForce(dataFolder: string): Promise<readonly ICloudAnswer[] | null> {
  return await lookedUp(dataFolder, lookAtICloudAnswers);
}

/** @param set the flag in the config file, which is stronger than any answer */
export function iCloudLines(
  set: ICloudAnswer["choice"] | undefined,
  answers: readonly ICloudAnswer[] | null,
): string[] {
  const other = set === "import" ? "skip" : "import";
  const change = `To change that: rollcall config set icloud ${other}.`;
  if (set !== undefined) return [`New photos that an iPhone keeps in iCloud Photos ${DOES[set]}. ${change}`];
  if (answers === null)
    return ["Answers about iCloud Photos: not known while the ledger is in use, or cannot be read."];
  if (answers.length === 0)
    return [`New photos that an iPhone keeps in iCloud Photos ${DOES.skip}. ${change}`];
  return [
    "New photos that an iPhone keeps in iCloud Photos, as you answered (rollcall config set icloud import, or skip, is for all):",
    ...answers.map(({ phone, library, choice }) => {
      const into = library === "" ? "" : `, into ${escapeControls(tilde(library))}`;
      return `  ${DOES[choice]}   ${escapeControls(phone)}${into}`;
    }),
  ];
}

const DOES: Readonly<Record<ICloudAnswer["choice"], string>> = {
  import: "are imported",
  skip: "are left there",
};
