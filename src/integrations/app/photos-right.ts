import { RollcallError } from "../../errors.js";
import { advise } from "../../remedy.js";
import { setUpFailed } from "../set-up-files.js";
import { APP_BUNDLE_ID } from "./app-identity.js";
import { allowedSeal, sealOf, writeAllowedSeal } from "./app-state.js";
import { forgetByHand, forgetRights } from "./forget-rights.js";
import { type AppJobEnd, askForLibrary, askForPhotos, type RunInAppDeps } from "./run-in-app.js";

const NOT_PERMITTED = -1743;
/** Exit status of a command to which macOS refused a right, see `cli/process/exit-status.ts`. */
const REFUSED_STATUS = 4;

/** Where a refusal can be taken back. */
const SWITCH = "System Settings > Privacy & Security > Automation > Rollcall: switch Photos on.";
/** The same for a run that nobody watches. */
export const PERMIT_APP = advise`${SWITCH} If it is on there, run ${{ action: "setup", what: "agent" }} again: macOS then holds it for an earlier Rollcall.app.`;

/**
 * Makes sure that Rollcall.app may control Photos; macOS asks the person the first time. For a build that macOS was not
 * seen to allow, it is made to forget first what it remembers of another: else it would refuse without a question.
 * @throws RollcallError PHOTOS_NOT_PERMITTED where it may not, or nobody answered; SETUP_FAILED where that could not be
 * found out
 */
export async function requirePhotosRight(parts: RunInAppDeps): Promise<void> {
  const { folders } = parts;
  const seal = sealOf(folders);
  const wasAllowed = seal !== null && allowedSeal(folders) === seal;
  let notForgotten = wasAllowed ? null : await forgetRights(parts);
  let end = await askForPhotos(parts);
  if (wasAllowed && isRefusal(end)) {
    // Refused without a question, since macOS had an answer: this time it has none.
    writeAllowedSeal(folders, null);
    notForgotten = await forgetRights(parts);
    end = await askForPhotos(parts);
  }
  if (end.kind === "no-answer") {
    throw new RollcallError("PHOTOS_NOT_PERMITTED", {
      message: "Rollcall.app was not allowed to control Photos.",
      why: end.why,
      remedy: advise`Run ${{ action: "setup", what: "agent" }} again, and press OK where macOS asks whether "Rollcall" may control "Photos".`,
    });
  }
  if (end.errorNumber === 0) return writeAllowedSeal(folders, seal);
  if (isRefusal(end)) throw refused(notForgotten);
  throw setUpFailed(
    "Photos did not answer Rollcall.app.",
    `The error of its Apple event is ${end.errorNumber}.`,
    advise`Look whether Photos shows a message, then run ${{ action: "setup", what: "agent" }} again.`,
  );
}

function isRefusal(end: AppJobEnd): boolean {
  return end.kind === "ended" && end.errorNumber === NOT_PERMITTED;
}

/** @param notForgotten why macOS may still hold what it remembers of another build; null where it does not */
function refused(notForgotten: string | null): RollcallError {
  const why = `macOS refused it (${NOT_PERMITTED}).`;
  return new RollcallError("PHOTOS_NOT_PERMITTED", {
    message: "Rollcall.app may not control Photos.",
    why: notForgotten === null ? why : `${why} Its earlier answer could not be reset: ${notForgotten}`,
    remedy:
      notForgotten === null
        ? advise`Run ${{ action: "setup", what: "agent" }} again, and press OK: macOS asks anew.`
        : advise`${SWITCH} If it is on there, run ${forgetByHand(APP_BUNDLE_ID)} in Terminal. Then run ${{ action: "setup", what: "agent" }} again.`,
  });
}

/** `unknown`: nobody answered, or which library is open is not known. */
export type LibraryRightOfApp = "allowed" | "refused" | "unknown";

/**
 * Has Rollcall.app touch the open library while the person is there, because an import that runs by itself would wait
 * for nobody's answer. A right that is missing costs proofs and no import, so it is no error.
 * @throws RollcallError STOPPED
 */
export async function requestLibraryRight(parts: RunInAppDeps): Promise<LibraryRightOfApp> {
  const end = await askForLibrary(parts);
  if (end.kind === "no-answer") return "unknown";
  if (end.exitStatus === 0) return "allowed";
  return end.exitStatus === REFUSED_STATUS ? "refused" : "unknown";
}
