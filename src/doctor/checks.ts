import type { StartedFrom } from "../integrations/started-from.js";
import type { Check } from "./check.js";
import { checkApp } from "./check-app.js";
import { checkDataFolder, checkProgram, checkSpace } from "./check-computer.js";
import { checkElsewhere, checkLastRun, checkStartedBy } from "./check-last-run.js";
import { checkNotifications, checkSleep } from "./check-notifications-and-sleep.js";
import { checkPhones, checkUsbBus, checkUsbmuxd } from "./check-phones.js";
import { checkAutomation, checkLibrary, checkOsascript, checkVersions } from "./check-photos.js";
import { checkAgent, checkApproved, checkQuickAction, checkShortcuts } from "./check-set-ups.js";

/** Everything that is examined, in the order in which it is told: what lasts before what comes and goes. */
export const CHECKS: readonly Check[] = [
  checkVersions,
  checkOsascript,
  checkAutomation,
  checkLibrary,
  checkDataFolder,
  checkSpace,
  checkProgram,
  checkAgent,
  checkApp,
  checkQuickAction,
  checkShortcuts,
  checkElsewhere,
  checkNotifications,
  checkSleep,
  checkUsbBus,
  checkUsbmuxd,
  checkPhones,
];

const OF_PLACE: Readonly<Record<StartedFrom, readonly Check[]>> = {
  shortcuts: [checkShortcuts],
  automator: [checkQuickAction],
  agent: [checkAgent, checkApp, checkApproved],
};

/** The same for another place than this terminal: its rights are those that its last run found. */
export function checksFrom(place: StartedFrom): readonly Check[] {
  return [
    checkVersions,
    checkLastRun,
    checkAutomation,
    checkLibrary,
    ...OF_PLACE[place],
    checkStartedBy,
    checkDataFolder,
    checkSpace,
    checkNotifications,
    checkSleep,
    checkUsbBus,
    checkUsbmuxd,
    checkPhones,
  ];
}
