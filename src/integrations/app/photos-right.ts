import { RollcallError } from "../../errors.js";
import { setUpFailed } from "../set-up-files.js";
import { askForPhotos, type RunInAppParts } from "./run-in-app.js";

const NOT_PERMITTED = -1743;

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
