import { basename } from "node:path";
import type { ItemCheckUp, ItemFinding } from "../../../originals/check-item.js";
import type { CheckUpTotals } from "../../../originals/check-up.js";
import type { SameBytes } from "../../../originals/same-bytes.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { bytes, count, counted } from "../../../words/wording.js";

/** So many of each kind are named on the screen; `--json` names all. */
const MOST_NAMED = 20;

const ITEMS = "photos and videos";

/** Gathers what a person is to be told by name, while a check-up goes on. */
export class CheckUpFindings {
  /** The first {@link MOST_NAMED} of each. */
  readonly missing: ItemCheckUp[] = [];
  readonly mismatch: ItemCheckUp[] = [];

  see(item: ItemCheckUp): void {
    const named =
      item.verdict === "missing" ? this.missing : item.verdict === "mismatch" ? this.mismatch : null;
    if (named !== null && named.length < MOST_NAMED) named.push(item);
  }
}

interface CheckUpReport {
  readonly libraryPath: string;
  readonly totals: CheckUpTotals;
  readonly isHashed: boolean;
  readonly sameBytes: readonly SameBytes[];
  readonly findings: CheckUpFindings;
}

/** A check-up as a person reads it: the sum first, then what is wrong by name, then the rest in numbers. */
export function checkUpLines(report: CheckUpReport): string[] {
  const { libraryPath, totals, findings, sameBytes } = report;
  const { missing, mismatch } = totals.byVerdict;
  const name = escapeControls(basename(libraryPath));
  const all = counted(totals.items, "photo or video", ITEMS);
  const lines: string[] = [];
  if (missing + mismatch > 0) {
    const parts = [`${count(missing)} missing`, `${count(mismatch)} not as the library says`];
    const counted = parts.filter((part) => !part.startsWith("0 ")).join(", ");
    lines.push(`error: of ${all} in ${name}: ${counted}.`);
    lines.push(...named(findings.missing, missing), ...named(findings.mismatch, mismatch));
    if (missing > 0) lines.push(...MISSING_REMEDY);
    if (mismatch > 0) lines.push(...MISMATCH_REMEDY);
    lines.push("");
  } else if (totals.byVerdict.ok === totals.items && totals.items > 0) {
    const isCertain = report.isHashed && totals.sizeOnly === 0;
    lines.push(`${all} in ${name}: all are there${isCertain ? " and whole" : ", in the size that it says"}.`);
  } else lines.push(`${all} in ${name}: none that should be there is missing or changed.`);
  lines.push(...table(totals, report.isHashed), ...seenLines(report));
  if (sameBytes.length > 0) lines.push(...sameBytesLines(sameBytes));
  if (totals.orphanFiles.length > 0) lines.push(...orphanLines(totals.orphanFiles));
  return [...lines, "Nothing was changed."];
}

const MISSING_REMEDY = [
  "  Missing: look for the file that stands under it in a backup of the library, such as Time Machine. If the phone",
  "  or iCloud still has the photo, import it again, and delete nothing there before.",
];
const MISMATCH_REMEDY = [
  "  Not as the library says: look at it in Photos. If it shows well, another program may have changed the file in",
  "  place after the import; if not, take the file that stands under it from a backup.",
];

function named(items: readonly ItemCheckUp[], total: number): string[] {
  const lines = items.flatMap(({ name, uuid, verdict, reason, trashed, hidden, files }) => {
    const where = [trashed === true ? "in Recently Deleted" : "", hidden === true ? "hidden" : ""];
    const state = where.filter((one) => one !== "").join(", ");
    const wrong = files.find(({ finding }) => !["fingerprint", "size"].includes(finding));
    return [
      `  ${escapeControls(name ?? "(no name)")}   ${verdict}: ${escapeControls(reason ?? "")}${state === "" ? "" : ` (${state})`}`,
      `      ${escapeControls(wrong?.path ?? uuid)}`,
    ];
  });
  if (total > items.length && items.length > 0)
    lines.push(`  and ${count(total - items.length)} more: --json names all`);
  return lines;
}

function table(totals: CheckUpTotals, isHashed: boolean): string[] {
  const { byVerdict, items, trashed, hidden } = totals;
  const rows: [ItemFinding, string, string][] = [
    ["ok", "ok", okWords(totals, isHashed)],
    ["missing", "missing", ""],
    ["mismatch", "mismatch", ""],
    ["icloud-only", "in iCloud only", 'Photos > Settings > iCloud > "Download Originals" imports them'],
    ["referenced", "referenced", "their files lie outside the library, where it says"],
    ["shared-album", "shared albums", "other people's; no original of them lies in it"],
  ];
  const width = count(items).length;
  const lines = rows
    .filter(([verdict]) => byVerdict[verdict] > 0)
    .map(([verdict, words, more]) =>
      `  ${words.padEnd(16)}${count(byVerdict[verdict]).padStart(width)}   ${more}`.trimEnd(),
    );
  const among: string[] = [];
  if (trashed > 0) among.push(`${count(trashed)} in Recently Deleted`);
  if (hidden > 0) among.push(`${count(hidden)} hidden`);
  const last = `  ${" ".repeat(16)}${count(items)}${among.length === 0 ? "" : `   ${among.join(", ")} among them`}`;
  return [...lines, `  ${" ".repeat(16)}${"-".repeat(width)}`, last];
}

function okWords({ byVerdict: { ok }, sizeOnly }: CheckUpTotals, isHashed: boolean): string {
  if (!isHashed) return "there, with the size that the library says";
  if (sizeOnly === 0) return "their bytes have the fingerprint that the library keeps";
  if (sizeOnly === ok) return "read to the end, with the size that the library says";
  return `${count(ok - sizeOnly)} by the fingerprint of their bytes, ${count(sizeOnly)} by size`;
}

/** What a check-up can see, and what it cannot. */
function seenLines({ totals, isHashed }: CheckUpReport): string[] {
  const { files, bytes: size, sizeOnly } = totals;
  if (!isHashed)
    return [
      `${counted(files, "file")}, ${bytes(size)}, looked at and not read: changed bytes are not seen without hashing.`,
    ];
  const read = `${counted(files, "file")} read, ${bytes(size)}.`;
  if (sizeOnly === 0) return [read];
  const ones = sizeOnly === 1 ? "1 of them the library has" : `${count(sizeOnly)} of them the library has`;
  return [
    `${read} Of ${ones} no fingerprint: bytes that changed and left the size as it was cannot be seen there.`,
    "  Keep the SHA-256 of each in a file (rollcall library --json > today.json) to compare with another day's.",
  ];
}

function sameBytesLines(groups: readonly SameBytes[]): string[] {
  const lines = groups
    .slice(0, MOST_NAMED)
    .map(({ uuids }) => `  ${uuids.slice(0, 4).map(escapeControls).join("   ")}`);
  if (groups.length > MOST_NAMED)
    lines.push(`  and ${count(groups.length - MOST_NAMED)} more: --json names all`);
  return [
    `note: ${counted(groups.length, "original is", "originals are")} in it more than once, byte for byte:`,
    ...lines,
  ];
}

function orphanLines(paths: readonly string[]): string[] {
  const lines = paths.slice(0, MOST_NAMED).map((path) => `  ${escapeControls(path)}`);
  if (paths.length > MOST_NAMED)
    lines.push(`  and ${count(paths.length - MOST_NAMED)} more: --json names all`);
  const what = counted(paths.length, "file in originals belongs", "files in originals belong");
  return [`note: ${what} to no photo that the database knows:`, ...lines];
}

/** What can be said of a library whose database cannot be read. */
export function looseFileLines(found: {
  readonly files: number;
  readonly bytes: number;
  readonly unreadable: number;
  readonly named: readonly string[];
  readonly isHashed: boolean;
}): string[] {
  const { files, unreadable, isHashed } = found;
  const how = isHashed ? "read to the end" : "looked at";
  const which = unreadable === 0 ? "all could be" : `${count(unreadable)} could not be`;
  return [
    `${counted(files, "original")}, ${bytes(found.bytes)}, ${files === 1 ? "lies" : "lie"} in the package; ${which} ${how}.`,
    ...found.named.slice(0, MOST_NAMED).map((path) => `  ${escapeControls(path)}`),
    "Only the database could say which photos they are, and whether one is missing or changed. Nothing was changed.",
  ];
}
