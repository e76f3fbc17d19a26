/** The album of the newest run. */
export const LAST_IMPORT = "Last Import";

/** What an older run's album is called when it is kept: "Import 2026-11-22 18:40", in local time. */
export function keptAlbumTitle(madeAt: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${madeAt.getFullYear()}-${two(madeAt.getMonth() + 1)}-${two(madeAt.getDate())}`;
  return `Import ${day} ${two(madeAt.getHours())}:${two(madeAt.getMinutes())}`;
}
