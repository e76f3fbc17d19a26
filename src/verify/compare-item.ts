import { comparableName } from "../import/match-imported.js";
import type { LedgerFile, LedgerItem } from "../ledger/ledger-entry.js";
import type { PhotosItem } from "../photos/photos-item.js";
import { lastName } from "../text/last-name.js";
import type { Evidence, Verdict } from "./verdict.js";

/**
 * Expected against observed, for each file of an item that has a Photos id. A size that differs only lacks
 * as evidence: what Photos counts for a Live Photo, or above 4 GiB, is not documented.
 * @param observed what Photos lists now, by id
 * @returns verdicts by path on the phone
 */
export function compareItem(
  item: LedgerItem,
  observed: ReadonlyMap<string, PhotosItem>,
): ReadonlyMap<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const file of item.files) {
    if (file.photosId !== null) verdicts.set(file.path, compareFile(file, item, observed.get(file.photosId)));
  }
  return verdicts;
}

function compareFile(file: LedgerFile, item: LedgerItem, photo: PhotosItem | undefined): Verdict {
  if (photo === undefined) {
    return {
      kind: "unknown",
      message:
        "Photos does not know its id any more; whether it was deleted or given another id, a script cannot tell",
    };
  }
  const named = item.files.find(
    ({ copyPath, photosId }) =>
      photosId === photo.id && comparableName(lastName(copyPath)) === comparableName(photo.filename),
  );
  if (named === undefined) {
    return {
      kind: "unknown",
      message: `Photos lists another name under its id: ${JSON.stringify(photo.filename)}`,
    };
  }
  if (named.path !== file.path) return { kind: "present", evidence: ["id"], beside: photo.filename };
  const evidence: Evidence[] = ["id", "name"];
  if (photo.sizeBytes === file.sizeBytes) evidence.push("size");
  return { kind: "present", evidence, beside: null };
}
