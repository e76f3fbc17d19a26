import { basename } from "node:path";
import type { ChainLink } from "../../receipt/receipt-chain.js";
import { escapeControls } from "../../text/escape-controls.js";
import { day } from "./format-day.js";

/** Said plainly and without alarm; null where there is nothing to say. */
export function chainWords(link: ChainLink): string | null {
  const { path, previousIs, previousPrunedAt, isChanged, answersAre } = link;
  const name = escapeControls(basename(path, ".json"));
  if (isChanged)
    return `${name} is not as it was when the next receipt was written: somebody or something changed it.`;
  if (answersAre !== null && answersAre !== "there")
    return `The answers of ${name} stand in an earlier receipt, which ${answersAre === "changed" ? "was changed since" : "is not here any more"}.`;
  if (previousPrunedAt !== null)
    return `The receipt before ${name} was pruned by you on ${day(new Date(previousPrunedAt))}.`;
  if (previousIs === "gone") return `The receipt before ${name} is not here any more.`;
  return null;
}
