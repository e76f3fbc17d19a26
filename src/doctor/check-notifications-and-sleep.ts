import type { NoticeSeen } from "../integrations/app/notice-seen.js";
import { advise } from "../remedy.js";
import { type Check, NOT_HERE } from "./check.js";
import { timeWords } from "./check-last-run.js";
import { type Finding, note, ok } from "./finding.js";
import { NOTIFICATIONS } from "./settings-panes.js";

const ASKING_MS = 5_000;

/**
 * No program can see whether a notification would appear: osascript ends well also where it is dropped. So only a
 * person can answer this, and it is asked only where something that was set up notifies.
 */
export const checkNotifications: Check = {
  id: "notifications",
  question: "notifications",
  deadlineMs: ASKING_MS,
  blocks: null,
  async look({ setUps, from, runs }) {
    if (setUps === null) return [note(NOT_HERE)];
    const { agent, app, quickAction, shortcuts, notifiesAs } = setUps;
    const byOwn = agent.file() !== null || quickAction.file() !== null;
    const isOfShortcuts = from === null ? shortcuts.isMade() : from === "shortcuts";
    const isOfOwn = from === null ? byOwn : from !== "shortcuts";
    const seen = isOfOwn ? app.noticeSeen() : null;
    const names = [
      ...(isOfShortcuts ? ["Shortcuts"] : []),
      ...(isOfOwn && seen === null ? [notifiesAs] : []),
    ];
    const findings = [
      ...(seen === null ? [] : [findingOfAnswer(seen, runs.now)]),
      ...(names.length === 0 ? [] : [onlyYouKnow(names.join(" and "))]),
    ];
    return findings.length === 0 ? [ok("none are shown: nothing that shows them is set up")] : findings;
  },
};

/** A person was asked by the set-up, right after one was shown. */
function findingOfAnswer({ isSeen, askedAt }: NoticeSeen, now: Date): Finding {
  const when = timeWords(askedAt, now);
  if (isSeen) return ok(`those of Rollcall are seen: you said so ${when}`);
  return note(
    `those of Rollcall are not seen: you said so ${when}; when the agent fails a window says so, too`,
    advise`System Settings > ${NOTIFICATIONS.name} > Rollcall: allow them. Then run ${{ action: "setup", what: "agent" }} again, which asks again.`,
    NOTIFICATIONS,
  );
}

function onlyYouKnow(apps: string): Finding {
  return note(
    `only you can see whether ${apps} may show them: macOS tells no program`,
    `System Settings > ${NOTIFICATIONS.name} > ${apps}: allow them. If it is not listed there, it never showed one; a run's end is in its receipt too.`,
    NOTIFICATIONS,
  );
}

/** What matters is a Mac that falls asleep in the middle of an import. Nothing is lost then; it only takes longer. */
export const checkSleep: Check = {
  id: "sleep",
  question: "sleep",
  deadlineMs: ASKING_MS,
  blocks: null,
  async look({ setUps }, signal) {
    if (setUps === null) return [note(NOT_HERE)];
    const [minutes, isCaffeinateThere] = await Promise.all([
      setUps.sleep.idleMinutes(signal),
      setUps.sleep.isCaffeinateThere(),
    ]);
    const after =
      minutes === null
        ? "it is not known when this Mac sleeps"
        : minutes === 0
          ? "this Mac does not sleep by itself"
          : `this Mac sleeps after ${minutes} min without use`;
    if (isCaffeinateThere) return [ok(`${after}; a run keeps it awake, but for a closed lid`)];
    if (minutes === 0) return [ok(after)];
    return [
      note(
        `${after}, and there is no caffeinate to keep it awake during a run`,
        "Keep it awake during an import. One that was cut off resumes when it is run again.",
      ),
    ];
  },
};
