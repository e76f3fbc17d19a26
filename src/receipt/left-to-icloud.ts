import { isAccountedFor, type LeftToICloud } from "../plan/icloud-look.js";
import { advise, choose, type Remedy } from "../remedy.js";
import { photosAndFiles } from "./photos-and-files.js";
import { countOf } from "./photos-by-answer.js";
import type { ReceiptHead } from "./receipt.js";

/** What a run left to iCloud Photos; receipts of older versions do not say how the Mac's side looked. */
export function leftOf({
  totals,
  leftToICloud,
}: Pick<ReceiptHead, "totals" | "leftToICloud">): LeftToICloud | undefined {
  const counted = countOf(totals, "in-icloud");
  if (leftToICloud !== undefined || counted.files === 0) return leftToICloud;
  return { ...counted, seen: null, usesICloud: null, isChosen: false, why: null };
}

/** "222 new photos (296 files) were NOT imported: the phone keeps them in iCloud Photos" */
export function leftSentence(left: LeftToICloud): string {
  const photos = photosAndFiles(left, isAllSeen(left) ? "photo" : "new photo");
  if (isAllSeen(left))
    return `${photos} left to iCloud Photos: the library looks like it has ${left.items === 1 ? "it" : "all of them"}`;
  const [were, them] = left.items === 1 ? ["was", "it"] : ["were", "them"];
  if (isAccountedFor(left)) return `${photos} ${were} left to iCloud Photos, as you chose`;
  return `${photos} ${were} NOT imported: the phone keeps ${them} in iCloud Photos`;
}

/** What was seen of the Mac's side, as sentences. */
export function lookSentence({ items, seen, usesICloud, why }: LeftToICloud): string {
  if (usesICloud === null || seen === null)
    return `This library was not checked for ${items === 1 ? "it" : "them"}${why === null ? "." : `: ${why}`}`;
  const has = `It looks like it ${howMany(seen, items)}, by name and size.`;
  return usesICloud
    ? `The library on this Mac has photos of iCloud Photos. ${has}`
    : `The library on this Mac has no photo of iCloud Photos. ${has}`;
}

/**
 * What to do about those that may be nowhere else; null where there is nothing to do.
 * @param by how: by flags in a terminal, or by a setting, for one who started the run without typing anything
 */
export function leftRemedy(left: LeftToICloud, by: "flags" | "setting" = "flags"): Remedy | null {
  if (isAccountedFor(left)) return null;
  const them = left.items === 1 ? "it" : "them";
  if (by === "setting") {
    const here =
      left.usesICloud === false
        ? ""
        : advise` If this Mac gets ${them} from iCloud: ${{ action: "config", icloud: "skip" }}.`;
    return advise`To import ${them} (a second copy of what comes from iCloud, too), open Terminal, run: ${{ action: "config", icloud: "import" }}. Then run it again.${here}`;
  }
  const skip =
    left.usesICloud === false
      ? `If this Mac is to get ${them} from iCloud, switch on iCloud Photos in Photos > Settings > iCloud, and wait.`
      : advise`If this Mac gets ${them} from iCloud, ${choose("icloud-skip")} says so.`;
  return advise`${{ action: "import", with: "icloud-import" }} imports ${them} (a second copy of what comes from iCloud, too). ${skip}`;
}

export function isAllSeen({ items, seen }: LeftToICloud): boolean {
  return seen === items;
}

function howMany(seen: number, of: number): string {
  if (of === 1) return seen === 0 ? "does not have it" : "has it";
  if (seen === of) return "has all of them";
  return `has ${seen === 0 ? "none" : seen.toLocaleString("en-US")} of them`;
}
