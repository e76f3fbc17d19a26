import type { EditBehavior } from "./import-behavior.js";
import type { ImportGroup } from "./import-grouping.js";
import { chanceOf } from "./seeded-chance.js";

/** The items of one event, where Photos does not take all edits in it for what they are. */
export function withSpoiltEdits(
  groups: readonly ImportGroup[],
  { as, share, seed, alone }: EditBehavior,
): ImportGroup[] {
  if (groups.length === 1 && !alone) return [...groups];
  return groups.flatMap((group, at) => {
    if (group.adjustments === null || chanceOf(seed, at) >= share) return [group];
    const bare = { ...group, edited: null, editedLiveVideo: null };
    const unedited = { ...bare, adjustments: null };
    if (as === "dropped" || group.edited === null) return [as === "copied" ? group : unedited];
    const rendering: ImportGroup = {
      ...unedited,
      original: group.edited,
      liveVideo: group.editedLiveVideo,
      raw: null,
      originalAdjustments: null,
    };
    return [as === "copied" ? bare : unedited, rendering];
  });
}
