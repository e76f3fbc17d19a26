import type { AgentState } from "../integrations/launchd/agent-state.js";
import type { StartedFrom } from "../integrations/started-from.js";
import { advise, type Remedy } from "../remedy.js";
import { inQuotes } from "../text/in-quotes.js";
import { type Check, NOT_HERE } from "./check.js";
import type { InstalledFile, SetUpsToExamine } from "./examine-parts.js";
import { type Finding, note, ok, trouble } from "./finding.js";
import { PLACES } from "./launch-contexts.js";
import { LOGIN_ITEMS, type SettingsPane } from "./settings-panes.js";

const ASKING_MS = 10_000;

/**
 * What is not as it should be with a set-up: a trouble to one who asked about it (`--from`); from a terminal, which
 * imports all the same, a note.
 */
type Wrong = (finding: string, remedy: Remedy, settings?: SettingsPane) => Finding;

function wrongFor(isMeant: boolean): Wrong {
  return (finding, remedy, settings) =>
    isMeant ? trouble("this computer", finding, remedy, settings) : note(finding, remedy, settings);
}

/** Nothing is wrong where a person did not want it. */
function notSetUp(isMeant: boolean, place: StartedFrom): Finding {
  const { setUp } = PLACES[place];
  if (!isMeant) return ok("not set up", setUp);
  return trouble("this computer", "not set up", advise`Run ${setUp}.`);
}

/** What of a file that starts Rollcall is wrong by itself; null where nothing is. */
async function wrongFile(
  { path, start }: InstalledFile,
  { goneOf }: SetUpsToExamine,
  place: StartedFrom,
  wrong: Wrong,
): Promise<Finding | null> {
  const { setUp } = PLACES[place];
  if (start === null) return wrong(`${path} is not as Rollcall wrote it`, advise`${setUp} says more.`);
  const gone = await goneOf(start);
  if (gone.length === 0) return null;
  return wrong(
    `it starts ${gone.join(" and ")}, and that is gone`,
    advise`Run ${setUp} again: it writes the paths of today.`,
  );
}

/** Another data folder is another ledger, which knows nothing of what was imported here. */
function otherSettings({ start }: InstalledFile, { here }: SetUpsToExamine): string | null {
  if (start === null) return null;
  const [there, now] = [start.environment, here.environment];
  const names = new Set([...Object.keys(there), ...Object.keys(now)]);
  const different = [...names].filter((name) => there[name] !== now[name]).sort();
  return different.length === 0 ? null : different.join(", ");
}

function settingsNote(names: string, place: StartedFrom): Finding {
  return note(
    `it has other settings than this terminal: ${names}`,
    advise`Run ${PLACES[place].setUp} again where those are set that you want.`,
  );
}

export const checkAgent: Check = {
  id: "agent",
  question: "agent",
  deadlineMs: ASKING_MS,
  blocks: null,
  async look({ setUps, from }, signal) {
    if (setUps === null) return [note(NOT_HERE)];
    const isMeant = from === "agent";
    const wrong = wrongFor(isMeant);
    const file = setUps.agent.file();
    const state = await setUps.agent.state(signal);
    if (file === null) return [withoutFile(state, isMeant, wrong)];
    const bad = await wrongFile(file, setUps, "agent", wrong);
    if (bad !== null) return [bad];
    const others = otherSettings(file, setUps);
    return [
      loadedAs(file, state, setUps, wrong),
      ...(others === null ? [] : [settingsNote(others, "agent")]),
    ];
  },
};

function withoutFile(state: AgentState, isMeant: boolean, wrong: Wrong): Finding {
  if (state.kind !== "loaded") return notSetUp(isMeant, "agent");
  return wrong(
    "launchd still has it, and its file is gone",
    advise`${{ action: "setup", what: "agent" }} sets it up again; ${{ action: "setup", what: "agent", removes: true }} ends it.`,
  );
}

function loadedAs(
  { path, start }: InstalledFile,
  state: AgentState,
  { agent }: SetUpsToExamine,
  wrong: Wrong,
): Finding {
  const again = advise`Run ${{ action: "setup", what: "agent" }} again.`;
  if (state.kind === "not-known") return note(`set up; whether it runs is not known: ${state.why}`, again);
  if (state.kind === "not-loaded") {
    return wrong(
      "set up, and launchd has not loaded it: nothing is imported by itself",
      advise`System Settings > ${LOGIN_ITEMS.name}: switch on "node" or "Node.js Foundation" below "Allow in the Background". Then run ${{ action: "setup", what: "agent" }} again.`,
      LOGIN_ITEMS,
    );
  }
  if (state.path !== null && state.path !== path)
    return wrong(`launchd has loaded another file: ${state.path}`, again);
  const [node, program] = state.command ?? [];
  const isOther = state.command !== null && (node !== start?.node || program !== start?.program);
  if (isOther) {
    return wrong(
      `launchd still runs what an earlier set-up wrote: ${node ?? "nothing"} ${program ?? ""}`.trimEnd(),
      advise`Run ${{ action: "setup", what: "agent" }} again, or log out and in.`,
    );
  }
  const before =
    state.lastStatus === null || state.lastStatus === 0
      ? ""
      : `, after it ended with status ${state.lastStatus}`;
  if (state.pid !== null) return ok(`runs, as process ${state.pid}${before}`);
  if (state.lastStatus === null) return ok("set up and loaded");
  const log = `Its log says why: ${agent.logFolder}.`;
  if (state.lastStatus === 0)
    return wrong(
      "loaded, and not running: it ended, and only you can fix the cause",
      advise`${log} ${again}`,
    );
  return wrong(`loaded, and not running: it ended with status ${state.lastStatus}`, advise`${log} ${again}`);
}

/** Without one the agent leaves every phone alone, and says so nowhere but in its log. */
export const checkApproved: Check = {
  id: "approved",
  question: "approved iPhones",
  deadlineMs: ASKING_MS,
  blocks: "this computer",
  async look({ data }) {
    const pid = await data.processAtWork();
    if (pid !== null) return [note(`not asked: another Rollcall seems to be running (process ${pid})`)];
    const names = await data.approvedPhones();
    if (names === null) return [note("not known: the last run was cut off; the next one tidies up")];
    if (names.length > 0) return [ok(names.join(", "))];
    return [
      trouble(
        "this computer",
        "none: the agent leaves every iPhone alone",
        advise`Plug it in, open Photos, and run ${{ action: "approve" }}.`,
      ),
    ];
  },
};

export const checkQuickAction: Check = {
  id: "quick-action",
  question: "Quick Action",
  deadlineMs: ASKING_MS,
  blocks: null,
  async look({ setUps, from }) {
    if (setUps === null) return [note(NOT_HERE)];
    const isMeant = from === "automator";
    const file = setUps.quickAction.file();
    if (file === null) return [notSetUp(isMeant, "automator")];
    const bad = await wrongFile(file, setUps, "automator", wrongFor(isMeant));
    if (bad !== null) return [bad];
    const others = otherSettings(file, setUps);
    return [
      ok("below Services > General: use the Finder's menu"),
      ...(others === null ? [] : [settingsNote(others, "automator")]),
    ];
  },
};

/** `shortcuts list` tells what is there; what is inside a shortcut no program can read. */
export const checkShortcuts: Check = {
  id: "shortcuts",
  question: "Shortcuts",
  deadlineMs: ASKING_MS,
  blocks: null,
  async look({ setUps, from }, signal) {
    if (setUps === null) return [note(NOT_HERE)];
    const isMeant = from === "shortcuts";
    const { names, isMade, listed } = setUps.shortcuts;
    const found = await listed(signal);
    if ("why" in found) {
      const remedy = `Look for ${inQuotes(names)} in the Shortcuts app.`;
      return [note(`not known: ${found.why}`, isMeant || isMade() ? remedy : null)];
    }
    const missing = names.filter((name) => !found.names.includes(name));
    if (missing.length === 0) return [ok(`${inQuotes(names)} in the app`)];
    if (missing.length === names.length && !isMade()) return [notSetUp(isMeant, "shortcuts")];
    return [
      wrongFor(isMeant)(
        `${inQuotes(missing)} not in the app`,
        advise`Run ${{ action: "setup", what: "shortcuts" }} again, and press Add Shortcut for each.`,
      ),
    ];
  },
};
