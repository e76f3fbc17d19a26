import type { Check } from "./check.js";
import { checkDataFolder, checkProgram, checkSpace } from "./check-computer.js";
import { checkPhones, checkUsbBus, checkUsbmuxd } from "./check-phones.js";
import { checkAutomation, checkLibrary, checkOsascript, checkVersions } from "./check-photos.js";

/** Everything that is examined, in the order in which it is told: what lasts before what comes and goes. */
export const CHECKS: readonly Check[] = [
  checkVersions,
  checkOsascript,
  checkAutomation,
  checkLibrary,
  checkDataFolder,
  checkSpace,
  checkProgram,
  checkUsbBus,
  checkUsbmuxd,
  checkPhones,
];
