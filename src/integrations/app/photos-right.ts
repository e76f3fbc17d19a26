import { RollcallError } from "../../errors.js";
import { setUpFailed } from "../set-up-files.js";
import { askForLibrary, askForPhotos, type RunInAppParts } from "./run-in-app.js";

const NOT_PERMITTED = -1743;
/** Exit status of a command to which macOS refused a right, see `cli/exit-status.ts`. */
const REFUSED_STATUS = 4;

/** Where a refusal can be taken back. */
export const PERMIT_APP = "System Settings > Privacy & Security > Automation > Rollcall: switch Photos on.";

/**
 * Makes sure that Rollcall.app may control Photos; macOS asks the person the first time.
 * @throws RollcallError PHOTOS_NOT_PERMITTED where it may not, or nobody answered; SETUP_FAILED where that could not be
 * found out
 */
export async function requirePhotosRight(parts: RunInAppParts): Promise<void> {
  const end = await askForPhotos(parts);
  if (end.kind === "no-answer") {
    throw new RollcallError("PHOTOS_NOT_PERMITTED", {
      message: "Nobody said that Rollcall.app may control Photos.",
      why: end.why,
      remedy:
        'Run rollcall setup agent again, and press OK where macOS asks whether "Rollcall" may control "Photos".',
    });
  }
  if (end.errorNumber === 0) return;
  if (end.errorNumber === NOT_PERMITTED) {
    throw new RollcallError("PHOTOS_NOT_PERMITTED", {
      message: "Rollcall.app may not control Photos.",
      why: `macOS refused it (${NOT_PERMITTED}).`,
      remedy: `${PERMIT_APP} Then run rollcall setup agent again.`,
    });
  }
  throw setUpFailed(
    "Photos did not answer Rollcall.app.",
    `The error of its Apple event is ${end.errorNumber}.`,
    "Look whether Photos shows a message, then run rollcall setup agent again.",
  );
}

/** `unknown`: nobody answered, or which library is open could not be found out. */
export type LibraryRightOfApp = "allowed" | "refused" | "unknown";

/**
 * Has Rollcall.app touch the open library while the person is there, because an import that runs by itself would wait
 * for nobody's answer. A right that is missing costs proofs and no import, so it is no error.
 * @throws RollcallError STOPPED
 */
export async function requestLibraryRight(parts: RunInAppParts): Promise<LibraryRightOfApp> {
  const end = await askForLibrary(parts);
  if (end.kind === "no-answer") return "unknown";
  if (end.exitStatus === 0) return "allowed";
  return end.exitStatus === REFUSED_STATUS ? "refused" : "unknown";
}
