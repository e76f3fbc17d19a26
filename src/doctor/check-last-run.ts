import type { HowToStart } from "../integrations/how-to-start.js";
import { STARTED_FROM } from "../integrations/started-from.js";
import { advise } from "../remedy.js";
import { twoDigits } from "../text/two-digits.js";
import { type Check, NOT_HERE } from "./check.js";
import type { ExamineDeps, RunsElsewhere } from "./examine-parts.js";
import { type Blocks, type Finding, note, ok, trouble } from "./finding.js";
import type { LastRun } from "./last-run.js";
import { PLACES } from "./launch-contexts.js";
import { AUTOMATION, PHOTOS_ACCESS, type SettingsPane } from "./settings-panes.js";

const READING_MS = 5_000;
/** A run that takes longer may be waiting for a question of macOS that nobody has seen. */
const LONG_MS = 10 * 60_000;

/** How the last runs from a place ended, as they left it behind themselves. */
export const checkLastRun: Check = {
  id: "last-run",
  question: "last run",
  deadlineMs: READING_MS,
  blocks: null,
  async look({ from, runs }) {
    if (from === null) return [ok("this terminal is asked")];
    const last = runs.last(from);
    if (last.length > 0) return last.map((run) => howItEnded(run, runs));
    const { runOnce, from: words } = PLACES[from];
    return [
      note(
        `Rollcall was never run ${words}, as far as is known here`,
        advise`${runOnce}, then run ${{ action: "doctor", from }} again.`,
      ),
    ];
  },
};

/** From a terminal it is enough to know where to look further. */
export const checkElsewhere: Check = {
  id: "elsewhere",
  question: "runs from elsewhere",
  deadlineMs: READING_MS,
  blocks: null,
  async look({ runs, setUps }) {
    const findings = STARTED_FROM.flatMap((place) => {
      const last = runs.last(place);
      // A watch begins anew at each login, and would hide how the import before went.
      const run = last.find(({ command }) => command === "import") ?? last[0];
      if (run === undefined) return [];
      const { status, finding } = howItEnded({ ...run, failure: withoutWhy(run.failure) }, runs);
      const words = `${PLACES[place].from}: ${finding}`;
      return [
        status === "ok" ? ok(words) : note(words, advise`${{ action: "doctor", from: place }} says more.`),
      ];
    });
    if (findings.length > 0) return findings;
    return [setUps === null ? note(NOT_HERE) : ok("none yet")];
  },
};

function withoutWhy(failure: LastRun["failure"]): LastRun["failure"] {
  return failure && { ...failure, why: null };
}

function howItEnded(run: LastRun, runs: RunsElsewhere): Finding {
  const { command, status, failure } = run;
  const when = whenOf(run, runs);
  if (status === null) return notEnded(run, runs, when);
  if (status === 0) return ok(`${when}: ended well`);
  // At each logout, for one. Whether it runs now is asked of launchd.
  if (command === "watch" && STOPPED.includes(status)) return ok(`${when}: was stopped`);
  const words = failure === null ? "" : `: ${[failure.message, failure.why].filter(Boolean).join(" ")}`;
  const finding = `${when}: ended with status ${status}${words}`;
  const remedy = failure?.remedy || SOME_ANSWERS;
  const [blocks, settings] = BLOCKED[status] ?? [];
  if (blocks === undefined) return note(finding, remedy);
  const page = failure?.code === "LIBRARY_NOT_PERMITTED" ? PHOTOS_ACCESS : settings;
  return trouble(blocks, finding, remedy, page);
}

/** "import, yesterday 18:03" */
function whenOf({ command, startedAt }: LastRun, { now }: RunsElsewhere): string {
  return `${command}, ${timeWords(startedAt, now)}`;
}

/** SIGINT, SIGTERM */
const STOPPED: readonly number[] = [130, 143];

/** A phone that was not there and a disk that was full are looked at as they are now, by other checks. */
const BLOCKED: Readonly<Record<number, readonly [Blocks, SettingsPane?]>> = {
  1: ["this computer"],
  2: ["this computer"],
  4: ["permission", AUTOMATION],
  7: ["photos"],
};

/** For an end without an error of its own: some files did not come. */
const SOME_ANSWERS = advise`${{ action: "show-receipt" }} names each file that was not imported, and says what to do.`;

function notEnded(
  { command, pid, startedAt }: LastRun,
  { isAlive, now }: RunsElsewhere,
  when: string,
): Finding {
  if (!isAlive(pid, startedAt)) {
    return note(
      `${when}: it did not finish: it was killed, or this computer was switched off`,
      "The next one resumes where it stopped.",
    );
  }
  const found = `${when}: under way, as process ${pid}`;
  if (command === "watch" || now.getTime() - startedAt.getTime() < LONG_MS) return ok(found);
  return note(
    found,
    "If it takes too long: look whether macOS, the iPhone or Photos asks something on its screen.",
  );
}

/** What the last run was started by, beside what is there now. */
export const checkStartedBy: Check = {
  id: "started-by",
  question: "node and program there",
  deadlineMs: READING_MS,
  blocks: "this computer",
  async look(parts) {
    const { from, runs, setUps } = parts;
    const [run] = from === null ? [] : runs.last(from);
    if (from === null || run === undefined) return [note("not known before the first run")];
    const { setUp } = PLACES[from];
    const start = { node: run.nodePath, program: run.programPath };
    const found = `Node ${run.nodeVersion} at ${start.node}, Rollcall ${run.version} at ${start.program}`;
    const installed = installedStart(parts);
    if (installed !== null && !isSame(installed, start)) {
      return [
        note(
          `${found}; since then it was set up with ${installed.node} and ${installed.program}`,
          advise`The next run shows whether that works. ${setUp} writes the paths of today.`,
        ),
      ];
    }
    const gone = (await setUps?.goneOf(start)) ?? [];
    if (gone.length > 0) {
      const remedy = advise`Run ${setUp} again: it writes the paths of today.`;
      return [trouble("this computer", `${gone.join(" and ")} is gone since the last run`, remedy)];
    }
    const here = setUps?.here;
    if (here !== undefined && !isSame(here, start)) {
      const remedy = advise`If this Rollcall is the one that you want there, too: ${setUp}.`;
      return [note(`${found}; here it is ${here.node} and ${here.program}`, remedy)];
    }
    const [troubleOfPlace] = setUps?.placeTroubles(start) ?? [];
    if (troubleOfPlace !== undefined) return [note(found, troubleOfPlace)];
    return [ok(found)];
  },
};

type Paths = Pick<HowToStart, "node" | "program">;

/** What the file of the place says today; null where there is none that can be read: a shortcut cannot. */
function installedStart({ from, setUps }: ExamineDeps): Paths | null {
  if (setUps === null) return null;
  if (from === "agent") return setUps.agent.file()?.start ?? null;
  if (from === "automator") return setUps.quickAction.file()?.start ?? null;
  return null;
}

function isSame(one: Paths, other: Paths): boolean {
  return one.node === other.node && one.program === other.program;
}

const DAY_MS = 86_400_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "today 18:03", "yesterday 18:03", "21 Nov 2026 18:03", on this computer's clock. */
export function timeWords(at: Date, now: Date): string {
  const time = `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const days = Math.round((midnight(now) - midnight(at)) / DAY_MS);
  if (days === 0) return `today ${time}`;
  if (days === 1) return `yesterday ${time}`;
  return `${at.getDate()} ${MONTHS[at.getMonth()]} ${at.getFullYear()} ${time}`;
}
