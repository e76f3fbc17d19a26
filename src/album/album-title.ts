import { twoDigits } from "../text/two-digits.js";

/** The album of the newest run. */
export const LAST_IMPORT = "Last Import";

/** What an older run's album is called when it is kept: "Import 2026-11-22 18:40", in local time. */
export function keptAlbumTitle(madeAt: Date): string {
  const day = `${madeAt.getFullYear()}-${twoDigits(madeAt.getMonth() + 1)}-${twoDigits(madeAt.getDate())}`;
  return `Import ${day} ${twoDigits(madeAt.getHours())}:${twoDigits(madeAt.getMinutes())}`;
}
