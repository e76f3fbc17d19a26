import type { ItemKind } from "../../catalogue/media-item.js";
import { RollcallError } from "../../errors.js";
import type { Selection } from "../../plan/selection.js";
import { type FlagsOf, flag, inGroup } from "../flag.js";
import { nearest } from "../terminal/did-you-mean.js";
import { GROUPS } from "./groups.js";
import { requireInOrder, sinceDate, someText, untilDate, wholeNumber } from "./parsers.js";

export const KINDS: readonly ItemKind[] = ["photo", "live", "video", "raw", "screenshot"];

/** Flags of plan, import and copy that choose items. */
export const selectionFlags = inGroup(GROUPS.selection, {
  since: flag(
    "--since <date>",
    "added to the phone at or after: 2026-11-21, 2026-11, yesterday, 12h, 7d, 2w, 3m, 1y",
    sinceDate,
  ),
  until: flag("--until <date>", "added to the phone up to and including", untilDate),
  takenSince: flag("--taken-since <date>", "taken at or after, by the phone's library", sinceDate),
  kind: flag("--kind <kinds>", `only these kinds, comma-separated: ${KINDS.join(", ")}`, kinds),
  name: flag("--name <pattern>", 'file name, with * and ?: "IMG_12*"', someText),
  folder: flag("--folder <folder>", "only below this folder of the phone: 100APPLE", someText),
  album: flag("--album <title>", "only what is in this album on the phone", someText),
  favorites: flag("--favorites", "only favourites of the phone"),
  includeHidden: flag("--include-hidden", "hidden ones too"),
  pick: flag("--pick", "choose by day and kind, at the terminal"),
  limit: flag("--limit <number>", "import at most so many", wholeNumber()),
});

export type SelectionFlags = FlagsOf<typeof selectionFlags>;

/** @throws RollcallError BAD_USAGE */
export function selectionOf(flags: SelectionFlags): Selection {
  const { since, until, takenSince, kind, name, folder, album, favorites, includeHidden, limit } = flags;
  requireInOrder(since, until);
  return {
    ...(since && { since }),
    ...(until && { before: until }),
    ...(takenSince && { takenSince }),
    ...(kind && { kinds: kind }),
    ...(name !== undefined && { name }),
    ...(folder !== undefined && { folder }),
    ...(album !== undefined && { album }),
    ...(favorites && { favorites }),
    ...(includeHidden && { includeHidden }),
    ...(limit !== undefined && { limit }),
  };
}

function kinds(typed: string): ItemKind[] {
  return typed.split(",").map((one) => {
    const kind = KINDS.find((known) => known === one.trim().toLowerCase());
    if (kind !== undefined) return kind;
    const meant = nearest(one.trim(), KINDS);
    throw new RollcallError("BAD_USAGE", {
      message: `--kind: ${JSON.stringify(one.trim())} is not a kind.`,
      remedy: `${meant === null ? "" : `Did you mean ${meant}? `}Use ${KINDS.join(", ")}, with commas between several.`,
    });
  });
}
