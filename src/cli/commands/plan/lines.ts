import type { CloudOnlyPart } from "../../../catalogue/media-item.js";
import { MOST_ATTEMPTS, type Plan } from "../../../plan/decision.js";
import type { LeftToICloud } from "../../../plan/icloud-look.js";
import { type PhoneSide, phoneSideOf } from "../../../plan/phone-side.js";
import { leftRemedy, lookSentence } from "../../../receipt/left-to-icloud.js";
import { otherSizes } from "../../../receipt/receipt-text.js";
import { escapeControls } from "../../../text/escape-controls.js";
import { cableForecast, jobForecast } from "../../../words/cable-words.js";
import { bytes, count, counted, notPhotos } from "../../../words/wording.js";
import { inCommandWords } from "../../terminal/command-words.js";

/** Items of a plan by what becomes of them. Every item is in exactly one. */
export interface PlanTotals {
  readonly items: number;
  readonly toImport: { readonly items: number; readonly files: number; readonly bytes: number };
  /** Of those to be imported: they did not come in before. */
  readonly retried: number;
  /** Of those to be imported: files of these names and sizes came from another phone; their bytes decide. */
  readonly perhapsKnown: number;
  readonly already: number;
  /** Imported before, and not in the destination any more. */
  readonly gone: number;
  /** Imported before, and missing there or with other bytes, as far as the last check found. */
  readonly wrong: number;
  /** Handed over, and nobody can say whether it is in. */
  readonly unknown: number;
  /** Refused so often that it is left alone. */
  readonly refused: number;
  readonly editedSince: number;
  readonly markedByYou: number;
  readonly notChosen: number;
  readonly hidden: number;
  readonly inICloud: number;
  /** The same with what the Mac's side looks like; absent where there are none. */
  readonly leftToICloud?: LeftToICloud;
  readonly inICloudOnly: number;
  readonly unreadable: number;
  /** What an import leaves there because the phone's library was not read. */
  readonly outsideDcim: number;
  readonly inTrash: number;
  /** Files that are no photo or video; not among the items. */
  readonly setAside: number;
  /** Photos and videos whose edit Photos cannot be given; its files are among those set aside. */
  readonly editsNotCarried: number;
  /** The files of these edits. */
  readonly editFilesNotCarried: number;
  /** Of items that are on the phone and not in the trash: what of them is not. Not among the items either. */
  readonly partsInICloudOnly: PhotosWithoutPart;
  /** Likewise, of parts that the phone's library calls present and that were not seen. */
  readonly partsMissing: PhotosWithoutPart;
  /** Of those to be imported: their file is not as large as the phone's library says. */
  readonly otherSizes: number;
  /** The same items, all but those in the trash, as the phone's Photos app counts them; null where it was not asked. */
  readonly phone: PhoneSide | null;
}

/** Photos that come without a part, by which part it is. */
interface PhotosWithoutPart {
  readonly liveVideos: number;
  readonly raws: number;
  readonly edits: number;
}

export function planTotals(plan: Plan): PlanTotals {
  const totals = {
    retried: 0,
    perhapsKnown: 0,
    otherSizes: 0,
    gone: 0,
    wrong: 0,
    unknown: 0,
    refused: 0,
    already: 0,
    editedSince: 0,
    markedByYou: 0,
    notChosen: 0,
    hidden: 0,
    inICloud: 0,
    inTrash: 0,
  };
  for (const decision of plan.decisions) {
    if (decision.action === "import" && decision.cause === "failed") totals.retried += 1;
    if (decision.action === "import" && decision.cause === "perhaps-known") totals.perhapsKnown += 1;
    if (decision.action === "import" && decision.item.sizeSaidBytes !== undefined) totals.otherSizes += 1;
    if (decision.action === "already") {
      const { standing, newEdits } = decision;
      totals[standing !== "there" ? standing : newEdits.length > 0 ? "editedSince" : "already"] += 1;
    }
    if (decision.action !== "leave") continue;
    if (decision.answer === "hidden") totals.hidden += 1;
    else if (decision.answer === "in-trash") totals.inTrash += 1;
    else if (decision.answer === "in-icloud") totals.inICloud += 1;
    else if (decision.reason.code === "MARKED_BY_YOU") totals.markedByYou += 1;
    else totals.notChosen += 1;
  }
  const { cloudOnly, unreadable, setAside } = plan.catalogue;
  const edits = setAside.filter(({ code }) => code === "EDIT_NOT_CARRIED");
  const outsideDcim = unreadable.filter(({ reason }) => reason.code === "LIBRARY_NOT_READ").length;
  const trashedInCloud = cloudOnly.filter(({ trashed }) => trashed).length;
  for (const { standing } of plan.awayKnown?.values() ?? [])
    totals[standing === "there" ? "already" : standing] += 1;
  return {
    ...totals,
    ...(plan.leftToICloud !== undefined && { leftToICloud: plan.leftToICloud }),
    items: plan.decisions.length + cloudOnly.length + unreadable.length,
    toImport: plan.toImport,
    inTrash: totals.inTrash + trashedInCloud,
    inICloudOnly: cloudOnly.length - trashedInCloud - (plan.awayKnown?.size ?? 0),
    unreadable: unreadable.length - outsideDcim,
    outsideDcim,
    setAside: setAside.length,
    editsNotCarried: new Set(edits.map(({ file, item = file.path }) => item)).size,
    editFilesNotCarried: edits.length,
    partsInICloudOnly: partsIn(plan.catalogue.awayParts, "in-icloud"),
    partsMissing: partsIn(plan.catalogue.awayParts, "on-phone"),
    phone: phoneSideOf(plan),
  };
}

function partsIn(
  awayParts: readonly CloudOnlyPart[],
  declaredState: CloudOnlyPart["declaredState"],
): PhotosWithoutPart {
  const chosen = awayParts.filter((part) => part.declaredState === declaredState && !part.trashed);
  const without = (...roles: CloudOnlyPart["role"][]) =>
    new Set(chosen.flatMap(({ role, item }) => (roles.includes(role) ? [item] : []))).size;
  return {
    liveVideos: without("live-movie"),
    raws: without("raw"),
    edits: without("edited", "edited-live-movie"),
  };
}

/** The table of `rollcall plan`: its rows add up to the number under the line. */
export function planLines(
  totals: PlanTotals,
  phoneName: string,
  options: {
    readonly into: string;
    readonly cableBitsPerSecond: number | null;
    /** How long an item took in earlier imports; null where nobody knows. */
    readonly earlierMsPerItem?: number | null;
  },
): string[] {
  const shownItems = totals.items - totals.inTrash;
  const { toImport } = totals;
  const them = (number: number) => (number === 1 ? "it" : "them");
  const rows: [string, number, string][] = [
    [
      "import",
      toImport.items - totals.retried,
      toImport.items === totals.retried ? "" : `${bytes(toImport.bytes)}   ${forecastOf(toImport, options)}`,
    ],
    ["tried again", totals.retried, `${totals.retried === 1 ? "it" : "they"} did not come in before`],
    [`already in ${options.into}`, totals.already, ""],
    [
      `not in ${options.into} any more`,
      totals.gone,
      `who did it is not known; --retry imports ${them(totals.gone)} again`,
    ],
    [
      "missing",
      totals.wrong,
      totals.wrong === 1
        ? "its bytes were not found when it was checked; --retry imports it again"
        : "their bytes were not found when they were checked; --retry imports them again",
    ],
    [
      "not known",
      totals.unknown,
      `whether ${totals.unknown === 1 ? "it is" : "they are"} in cannot be said; rollcall verify looks again`,
    ],
    [
      "refused",
      totals.refused,
      `${options.into} refused ${them(totals.refused)} ${MOST_ATTEMPTS} times; --retry tries again`,
    ],
    [
      "edited since",
      totals.editedSince,
      totals.editedSince === 1
        ? "its original was imported before; --reimport-edited imports it whole"
        : "their originals were imported before; --reimport-edited imports them whole",
    ],
    [
      "marked by you",
      totals.markedByYou,
      `plan --assume-imported; --retry imports ${them(totals.markedByYou)}`,
    ],
    ["not chosen", totals.notChosen, `your selection leaves ${them(totals.notChosen)} out`],
    [
      "in iCloud Photos",
      totals.inICloud,
      `${totals.inICloud === 1 ? "stays" : "stay"} there; --icloud import imports ${them(totals.inICloud)}`,
    ],
    [
      "in iCloud only",
      totals.inICloudOnly,
      "not on the phone until Download and Keep Originals is switched on there",
    ],
    ["hidden", totals.hidden, `--include-hidden imports ${them(totals.hidden)}`],
    [
      "stay there",
      totals.outsideDcim,
      `outside DCIM: copy takes ${them(totals.outsideDcim)}, and --icloud import imports ${them(totals.outsideDcim)}`,
    ],
    ["cannot be read", totals.unreadable, `the phone does not give ${them(totals.unreadable)}`],
  ];
  const shownRows = rows.filter(([label, number]) => number > 0 || label === "import");
  const labelWidth = Math.max(...shownRows.map(([label]) => label.length)) + 2;
  const numberWidth = Math.max(5, count(shownItems).length);
  const beside: string[] = [];
  if (totals.inTrash > 0) beside.push(`${count(totals.inTrash)} in Recently Deleted`);
  const others = totals.setAside - totals.editFilesNotCarried;
  if (others > 0) beside.push(notPhotos(others));
  return [
    `${escapeControls(phoneName)} shows ${counted(shownItems, "photo or video", "photos and videos")}.`,
    "",
    ...shownRows.map(([label, number, words]) =>
      `  ${label.padEnd(labelWidth)}${count(number).padStart(numberWidth)}   ${words}`.trimEnd(),
    ),
    `  ${" ".repeat(labelWidth)}${"-".repeat(numberWidth)}`,
    `  ${" ".repeat(labelWidth)}${count(shownItems).padStart(numberWidth)}${beside.length === 0 ? "" : `   and ${beside.join(", ")}`}`,
    ...(totals.leftToICloud === undefined ? [] : leftLines(totals.leftToICloud)),
    ...phoneSideLines(totals.phone),
    ...perhapsKnownLines(totals.perhapsKnown),
    ...partsLines(totals),
    ...editsLines(totals.editsNotCarried),
    ...(totals.otherSizes === 0 ? [] : [`  ${otherSizes(totals.otherSizes)}`]),
  ];
}

/** A phone that was restored from another one: only their bytes tell that they are known. */
function perhapsKnownLines(items: number): string[] {
  if (items === 0) return [];
  const look = items === 1 ? "1 looks like a photo" : `${count(items)} look like photos`;
  return [`  Of these, ${look} that came from another phone: copied once to be compared, none comes twice.`];
}

/** Of the whole job where earlier imports tell it, else of the cable alone. */
function forecastOf(
  toImport: { readonly items: number; readonly bytes: number },
  { cableBitsPerSecond, earlierMsPerItem = null }: Omit<Parameters<typeof planLines>[2], "into">,
): string {
  if (earlierMsPerItem === null) return cableForecast(toImport.bytes, cableBitsPerSecond);
  return jobForecast(toImport, cableBitsPerSecond, earlierMsPerItem);
}

function leftLines(left: LeftToICloud): string[] {
  const remedy = leftRemedy(left);
  const advice = remedy === null ? [] : [`  ${inCommandWords(remedy)}`];
  return [`  Of those in iCloud Photos: ${escapeControls(lookSentence(left))}`, ...advice];
}

/** A photo that comes without a part of it looks complete in the table, and is not. */
function partsLines(totals: PlanTotals): string[] {
  const inICloud = partWords(totals.partsInICloudOnly);
  const missing = partWords(totals.partsMissing);
  const lines: string[] = [];
  if (inICloud !== "")
    lines.push(
      `  Of these, in iCloud only: ${inICloud}.`,
      "  To import that too, switch on Download and Keep Originals on the phone, and wait.",
    );
  if (missing !== "")
    lines.push(`  On the phone by its library, and not found there: ${missing}. The receipt names each.`);
  return lines;
}

function partWords({ liveVideos, raws, edits }: PhotosWithoutPart): string {
  const parts: string[] = [];
  if (liveVideos > 0) parts.push(`the moving half of ${counted(liveVideos, "Live Photo")}`);
  if (raws > 0) parts.push(`the RAW half of ${counted(raws, "photo")}`);
  if (edits > 0) parts.push(`the edit of ${counted(edits, "photo or video", "photos and videos")}`);
  return parts.join(", ");
}

/** A photo that comes without its edit is not what the phone shows. */
function editsLines(editsNotCarried: number): string[] {
  if (editsNotCarried === 0) return [];
  const edits = editsNotCarried === 1 ? "1 edit stays" : `${count(editsNotCarried)} edits stay`;
  return [`  ${edits} on the phone, which Photos cannot be given: the receipt says why.`];
}

/** Closes the sum from the other side: what the grid of the phone's Photos app has, and what it has not. */
function phoneSideLines(phone: PhoneSide | null): string[] {
  if (phone === null) return [];
  const { hidden, trashed, burstFrames, notInLibrary, unreadable, apart, unexplained } = phone;
  const without: string[] = [];
  if (hidden > 0) without.push(`${count(hidden)} hidden`);
  if (trashed > 0) without.push(`${count(trashed)} imported before and now in Recently Deleted`);
  if (burstFrames > 0)
    without.push(`${counted(burstFrames, "frame of a burst", "frames of bursts")} that nobody picked`);
  if (notInLibrary > 0) without.push(`${count(notInLibrary)} unknown to its library`);
  if (unreadable > 0) without.push(`${count(unreadable)} that cannot be read`);
  if (apart > 0)
    without.push(
      `${counted(apart, "part of a photo", "parts of photos")} that Photos would take for a photo`,
    );
  const parts = [`In its Photos grid: ${count(phone.shown)}.`];
  if (without.length > 0) parts.push(`Not in it: ${without.join(", ")}.`);
  if (unexplained !== 0) parts.push(`Not explained: ${count(Math.abs(unexplained))}.`);
  if (phone.inSharedLibrary > 0) parts.push(`In the Shared Library: ${count(phone.inSharedLibrary)}.`);
  if (phone.ofOthers > 0) parts.push(`Shared by others, and not in its library: ${count(phone.ofOthers)}.`);
  return [`  ${parts.join(" ")}`];
}
