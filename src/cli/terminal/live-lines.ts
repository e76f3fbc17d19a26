import { calledPhone } from "../../phone/phone-models.js";
import { escapeControls } from "../../text/escape-controls.js";
import { LOOK_AT_PHOTOS, type ProgressPart, RunProgress } from "../../words/run-progress.js";
import { counted, tilde } from "../../words/wording.js";
import { noticeWords } from "./command-words.js";
import { fitToScreen } from "./fit-to-screen.js";
import type { ProgressScreen, ScreenDeps } from "./progress-screen.js";

const WIDEST_BAR = 24;
const NARROWEST_BAR = 8;
const LABEL_WIDTH = 13;

/** The lines as they stand now, none wider than `columns`. */
export function liveText(
  progress: RunProgress,
  { columns, nowMs, hasImport }: { columns: number; nowMs: number; hasImport: boolean },
): string[] {
  const waiting = progress.waitingText(nowMs);
  // What a person is to do is never cut off.
  const waitingLines =
    waiting === null ? [] : fitToScreen(`${"  waiting".padEnd(LABEL_WIDTH)}${waiting}`, columns - 1);
  if (progress.total === null && waiting !== null) return waitingLines.map((line) => cut(line, columns));
  if (progress.checking !== null) {
    const { readBytes, bytes } = progress.checking;
    const share = bytes === 0 ? 1 : readBytes / bytes;
    return barLines([{ label: "checking", share, parts: progress.checkingParts() }], columns);
  }
  if (progress.total === null) {
    const files = progress.filesListed === 0 ? "" : `   ${counted(progress.filesListed, "file")}`;
    return [cut(`  reading${files}`, columns)];
  }
  if (progress.total.items === 0) return [];
  const { items } = progress.total;
  const rows: BarRow[] = [
    {
      label: "copying",
      share: progress.copied.items / items,
      parts: progress.copyingParts(nowMs, hasImport),
    },
  ];
  if (hasImport)
    rows.push({
      label: "importing",
      share: progress.imported / items,
      parts: progress.importingParts(nowMs),
    });
  const lines = barLines(rows, columns);
  if (hasImport && progress.isSheetLikely(nowMs)) lines.push(cut(`  ${LOOK_AT_PHOTOS}`, columns));
  return [...waitingLines.map((line) => cut(line, columns)), ...lines];
}

/** Label, bar and words of each, under one another, none wider than `columns`. */
export function barLines(rows: readonly BarRow[], columns: number): string[] {
  const texts = rows.map(({ parts }) => wordsWithin(parts, columns - 1 - LABEL_WIDTH));
  const widest = Math.max(...texts.map((words) => words.length));
  const room = Math.min(WIDEST_BAR, columns - 1 - LABEL_WIDTH - 2 - widest);
  return rows.map(({ label, share }, at) => {
    const drawn = room < NARROWEST_BAR ? "" : `${bar(share, room)}  `;
    return cut(`${`  ${label}`.padEnd(LABEL_WIDTH)}${drawn}${texts[at]}`, columns);
  });
}

interface BarRow {
  readonly label: string;
  /** From 0 to 1. */
  readonly share: number;
  readonly parts: readonly ProgressPart[];
}

/** Bytes and what Photos does go first, then the rate: how many and how long yet are what a person looks for. */
function wordsWithin(parts: readonly ProgressPart[], width: number): string {
  const joined = (kept: readonly ProgressPart[]) => kept.map(({ text }) => text).join("   ");
  let kept = parts;
  for (const stage of ["first", "then"] as const)
    if (joined(kept).length > width) kept = kept.filter(({ dropped }) => dropped !== stage);
  return joined(kept);
}

function bar(share: number, width: number): string {
  const full = Math.max(0, Math.min(width, Math.floor(share * width)));
  return "\u2588".repeat(full) + "\u2591".repeat(width - full);
}

/** One column stays free: a full line would wrap, and then be one line more to take away. */
function cut(text: string, columns: number): string {
  const letters = [...text];
  return letters.length < columns ? text : letters.slice(0, Math.max(1, columns - 1)).join("");
}

/** Progress on a terminal: a few lines that are drawn over themselves four times a second. */
export function liveLines(parts: ScreenDeps & { readonly columns: () => number }): ProgressScreen {
  const { write, now, destination, hasImport, columns } = parts;
  const progress = new RunProgress(parts.earlierMsPerItem ?? null);
  let drawnLines = 0;
  let isPaused = false;
  let isClosed = false;
  const erase = () => {
    if (drawnLines > 0) write(`\u001b[${drawnLines}A\u001b[0J`);
    drawnLines = 0;
  };
  const draw = () => {
    if (isPaused || isClosed || (progress.phone === "" && progress.waitingForPhone === null)) return;
    const lines = liveText(progress, { columns: columns(), nowMs: now(), hasImport });
    erase();
    if (lines.length > 0) write(`${lines.join("\n")}\n`);
    drawnLines = lines.length;
  };
  const above = (text: string) => {
    erase();
    write(`${text}\n`);
    draw();
  };
  const timer = setInterval(draw, 250);
  timer.unref();
  return {
    report(event) {
      isPaused = false;
      progress.see(event, now());
      if (event.type === "waiting" || event.type === "going-on") draw();
      if (event.type === "phone")
        above(`${escapeControls(calledPhone(event.phone))} -> ${escapeControls(destination)}`);
      if (event.type === "begun") {
        if (event.library !== null) above(`  library    ${escapeControls(tilde(event.library))}`);
        if (event.isContinued) above("  resuming the run that was cut off");
        const forecast = progress.forecast(hasImport);
        if (forecast !== null) above(`  forecast   ${forecast}`);
      }
      if (event.type === "notice") above(`note: ${escapeControls(noticeWords(event))}`);
    },
    pause() {
      erase();
      isPaused = true;
    },
    close() {
      if (isClosed) return;
      clearInterval(timer);
      if (progress.total === null || progress.total.items === 0) erase();
      else draw();
      isClosed = true;
      drawnLines = 0;
    },
  };
}
