import type { FolderFindings } from "../../../run/recheck-folder.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { count, counted } from "../../../words/wording.js";

/** So many of each kind are named on the screen; `--json` names all. */
const MOST_NAMED = 20;

/** A copied folder that was checked by its list of hashes. */
export function folderLines({ ok, missing, changed, unreadable, extra }: FolderFindings): string[] {
  const wrong = missing.length + changed.length + unreadable.length;
  const all = counted(ok + wrong, "file");
  const sum = wrong === 0 ? [allThere(all, ok)] : [notAsCopied(all, ok, wrong)];
  const lines = [
    ...sum,
    ...named("missing", missing),
    ...named("changed", changed),
    ...named("cannot be read", unreadable),
  ];
  if (wrong > 0) {
    const them = wrong === 1 ? "it" : "them";
    lines.push(`If the phone still has ${them}, rollcall copy copies ${them} again.`);
  }
  return [...lines, ...extraLines(extra)];
}

/** Files of a copied folder that came with other copies than the phone's last, or left the phone since. */
export function otherLines(found: Omit<FolderFindings, "extra">, phoneName: string): string[] {
  const { ok, missing, changed, unreadable } = found;
  const wrong = missing.length + changed.length + unreadable.length;
  const all = counted(ok + wrong, "file");
  const of = `not on ${phoneName} any more, or from another phone`;
  const what = `${all} of ${ok + wrong === 1 ? "an earlier copy" : "earlier copies"} (${of})`;
  if (wrong === 0) return [allThere(what, ok)];
  return [
    notAsCopied(what, ok, wrong),
    ...named("missing", missing),
    ...named("changed", changed),
    ...named("cannot be read", unreadable),
  ];
}

function allThere(what: string, ok: number): string {
  return `${what}: ${ok === 1 ? "it is" : "all are"} there, with the bytes that were copied.`;
}

function notAsCopied(what: string, ok: number, wrong: number): string {
  if (ok + wrong === 1) return `error: ${what}: it is not as copied.`;
  return `error: of ${what} ${count(wrong)} ${wrong === 1 ? "is" : "are"} not as copied.`;
}

/** Files in a copied folder that no copy made. */
export function extraLines(extra: readonly string[]): string[] {
  if (extra.length === 0) return [];
  const what = counted(extra.length, "file lies", "files lie");
  return [`note: ${what} there besides, which no copy made:`, ...named("", extra)];
}

function named(word: string, places: readonly string[]): string[] {
  const lines = places
    .slice(0, MOST_NAMED)
    .map((place) => `  ${escapeControls(place)}${word === "" ? "" : `   ${word}`}`);
  if (places.length > MOST_NAMED)
    lines.push(`  and ${count(places.length - MOST_NAMED)} more: --json names all`);
  return lines;
}
