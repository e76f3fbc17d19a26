import type { AuditedItem, AuditWord } from "../../../run/audit-library.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { bytes, count, counted } from "../../../words/wording.js";

/** So many photos are named on the screen; --json names all. */
const MOST_NAMED = 20;

const ROWS: readonly (readonly [AuditWord, string, string])[] = [
  ["not-there", "not in this library", ""],
  ["in-library", "in it", "every byte compared"],
  ["original-in-library", "in it without its edit", "the original's bytes compared"],
  ["same-fingerprint", "in it, it seems", "the same fingerprint of Apple's; its file is not on this Mac"],
  ["perhaps", "perhaps in it", "the same length; its bytes are not on this Mac, so they were not compared"],
  ["unread", "cannot be read", "the phone does not give them"],
];

/** The answer to "what on this phone is not in this library?", for a person. */
export function auditLines(
  audited: readonly AuditedItem[],
  options: { readonly libraryPath: string; readonly phoneName: string; readonly unsizedItems: number },
): string[] {
  const by = (word: AuditWord) => audited.filter((one) => one.word === word);
  const absent = by("not-there");
  const width = Math.max(...ROWS.map(([, label]) => label.length)) + 2;
  const rows = ROWS.map(([word, label, words]) => ({ items: by(word), word, label, words }));
  const lines = [
    `${counted(audited.length, "photo or video", "photos and videos")} on ${escapeControls(options.phoneName)} that Rollcall did not import, against ${escapeControls(options.libraryPath)}:`,
    "",
    ...rows
      .filter(({ items, word }) => items.length > 0 || word === "not-there")
      .map(({ items, word, label, words }) => {
        const remark = word === "not-there" && items.length > 0 ? bytes(bytesIn(items)) : words;
        return `  ${label.padEnd(width)}${count(items.length).padStart(7)}   ${remark}`.trimEnd();
      }),
  ];
  if (absent.length > 0) {
    lines.push("", "Not in this library:");
    lines.push(...absent.slice(0, MOST_NAMED).map(({ item }) => `  ${escapeControls(item.key)}`));
    if (absent.length > MOST_NAMED)
      lines.push(`  and ${count(absent.length - MOST_NAMED)} more: --json names all`);
  }
  if (options.unsizedItems > 0)
    lines.push(
      "",
      `Of ${counted(options.unsizedItems, "photo")} in the library the database does not tell the length: one of those may be among them.`,
    );
  return lines;
}

function bytesIn(audited: readonly AuditedItem[]): number {
  return audited.reduce(
    (sum, { item }) => sum + item.files.reduce((total, { file }) => total + file.sizeBytes, 0),
    0,
  );
}
