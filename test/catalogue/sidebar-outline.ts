import type { SidebarEntry } from "../../src/catalogue/carried-facts.js";

/** `Lake Trips[2019 2020[]]`: a folder has brackets. */
export function outline(entries: readonly SidebarEntry[] | null): string {
  if (entries === null) return "nothing is said";
  return entries
    .map((entry) =>
      entry.kind === "folder" ? `${entry.title}[${outline(entry.entries)}]` : `${entry.title}`,
    )
    .join(" ");
}
