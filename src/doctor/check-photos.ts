import { hasErrno, RollcallError } from "../errors.js";
import { forgetByHand } from "../integrations/app/forget-rights.js";
import type { StartedFrom } from "../integrations/started-from.js";
import { type Action, advise, IMPORT, type Remedy, sentences, VERIFY } from "../remedy.js";
import { type Check, NOT_HERE, notKnown, sentenceOf } from "./check.js";
import type { PhotosToExamine } from "./examine-parts.js";
import { type Finding, note, ok, trouble } from "./finding.js";
import { PLACES } from "./launch-contexts.js";
import { AUTOMATION, PHOTOS_ACCESS } from "./settings-panes.js";

const OLDEST_MACOS = 13;
const ASKING_MS = 10_000;
/** A library that macOS asks about says so within {@link ASKING_MS}, and something is asked before. */
const LIBRARY_MS = 25_000;

export const checkVersions: Check = {
  id: "versions",
  question: "macOS and Photos",
  deadlineMs: ASKING_MS,
  blocks: "photos",
  async look({ mac, photos }) {
    if (mac.platform !== "darwin") {
      if (photos !== null)
        return [note(`this is not a Mac (${mac.platform}); a stand-in for Photos is asked`)];
      const remedy = advise`${{ action: "copy", folder: null }} copies an iPhone into a folder here; ${{ action: "demo" }} shows the whole job anywhere.`;
      return [trouble("photos", `Photos is on a Mac only, and this is ${mac.platform}`, remedy)];
    }
    const [macos, photosVersion] = await Promise.all([mac.macosVersion(), mac.photosVersion()]);
    if (macos !== null && Number.parseInt(macos, 10) < OLDEST_MACOS) {
      const remedy = advise`Update macOS to ${String(OLDEST_MACOS)} or newer. ${{ action: "copy", folder: null }} may serve until then.`;
      return [trouble("photos", `macOS ${macos}: Rollcall needs ${OLDEST_MACOS} or newer`, remedy)];
    }
    if (photosVersion === null) {
      if (photos?.standIn != null) return [note("no Photos here; a stand-in for it is asked")];
      const remedy = "Photos comes with macOS. Is it in /System/Applications?";
      return [trouble("photos", "Photos was not found", remedy)];
    }
    const found = `macOS ${macos ?? "of an unknown version"}, Photos ${photosVersion}`;
    return [macos === null ? note(found) : ok(found)];
  },
};

/** A script that sends no event: its answer shows that osascript is there and runs. */
export const checkOsascript: Check = {
  id: "osascript",
  question: "osascript answers",
  deadlineMs: ASKING_MS,
  blocks: "photos",
  async look({ photos }, signal) {
    if (photos === null) return [note(NOT_HERE)];
    try {
      const isRunning = await photos.rights.isRunning(signal);
      const inPlace = photos.standIn === null ? "" : `${photos.standIn}, by ROLLCALL_OSASCRIPT; `;
      return [ok(`yes: ${inPlace}Photos is ${isRunning ? "open" : "closed"}`)];
    } catch (error) {
      const remedy =
        error instanceof RollcallError
          ? error.remedy
          : "Restart this computer. If that does not help, say so with what `osascript -e 1` prints.";
      return [trouble("photos", `no: ${sentenceOf(error)}`, remedy)];
    }
  },
};

export const checkAutomation: Check = {
  id: "automation",
  question: "Photos may be controlled",
  deadlineMs: ASKING_MS,
  blocks: "photos",
  async look({ photos, from }, signal) {
    if (photos === null) return [note(NOT_HERE)];
    const app = appOf(photos);
    try {
      switch (await photos.rights.mayControl(signal)) {
        case "allowed":
          return [ok(`Automation: ${app} -> Photos`)];
        case "refused":
          return [refused(photos, from)];
        case "not-asked-yet":
          return [notAskedYet(app)];
        case "photos-closed":
          return [
            note(
              "not known: macOS does not say while Photos is closed",
              advise`Open Photos and run ${photos.isRecorded ? "an import from there" : DOCTOR} again, or look whether Photos is on under ${app} in System Settings > ${AUTOMATION.name}.`,
              AUTOMATION,
            ),
          ];
      }
    } catch (error) {
      return [notKnown(error)];
    }
  },
};

function refused(photos: PhotosToExamine, from: StartedFrom | null): Finding {
  const app = appOf(photos);
  return trouble(
    "permission",
    `no: macOS refuses it (-1743), Automation for ${app} -> Photos is off`,
    sentences(
      `System Settings > ${AUTOMATION.name} > ${app}: switch Photos on.`,
      from === null ? ifRefused(app, photos.askingBundleId) : PLACES[from].ifRefused,
    ),
    AUTOMATION,
  );
}

/** Never without a bundle id: that would forget the rights of every app. */
function ifRefused(app: string, bundleId: string | null): Remedy {
  const forget = bundleId === null ? "" : `run ${forgetByHand(bundleId)}, then `;
  return advise`If it is on there, or not listed, ${forget}restart ${app}, run ${IMPORT}, and allow it when macOS asks. If macOS does not ask, it lets no such app control Photos: run Rollcall from Terminal.`;
}

const DOCTOR: Action = { action: "doctor" };

function notAskedYet(app: string): Finding {
  return trouble(
    "permission",
    `not yet: macOS will ask at the first import (-1744)`,
    advise`Run ${IMPORT} once from ${app} at this screen, and allow it when macOS asks.`,
  );
}

/** Where macOS might ask a person about it, nothing is opened: what PhotoKit says has to do. */
export const checkLibrary: Check = {
  id: "library",
  question: "library can be read",
  deadlineMs: LIBRARY_MS,
  blocks: null,
  async look({ photos }, signal) {
    if (photos === null) return [note(NOT_HERE)];
    const library = await libraryToExamine(photos, signal);
    if (!("path" in library)) return [library];
    const mayRead = (await photos.hasFullDiskAccess())
      ? "allowed"
      : await photos.rights.mayReadLibrary(signal).catch((error: unknown) => notKnown(error));
    if (typeof mayRead === "object") return [mayRead];
    const app = appOf(photos);
    switch (mayRead) {
      case "allowed":
        return [await tried(photos, library.path, app, signal)];
      case "refused":
        return [notPermitted(`${library.path}: macOS keeps it from ${app}`, app)];
      case "not-asked-yet":
        return [notAskedAboutLibrary(library.path, photos)];
      case "unknown":
        return [notPermitted(`${library.path}: macOS does not say whether it may be read`, app)];
    }
  },
};

async function libraryToExamine(
  { process, usualLibrary }: PhotosToExamine,
  signal: AbortSignal,
): Promise<{ readonly path: string } | Finding> {
  try {
    const path = (await process.openLibrary(signal)) ?? (await usualLibrary(signal));
    if (path !== null) return { path };
  } catch (error) {
    if (error instanceof RollcallError && error.code === "PHOTOS_LIBRARY_SWITCHED")
      return trouble("photos", sentenceOf(error), error.remedy);
    // What was named is not there.
    if (error instanceof RollcallError && error.code === "BAD_USAGE")
      return trouble(
        "photos",
        sentenceOf(error),
        advise`Connect the disk that it is on; or: ${error.remedy}`,
      );
    return notKnown(error);
  }
  return note(
    "not known which: Photos is closed, and there is none in the usual place",
    advise`Open Photos and run ${{ action: "doctor" }} again, or name the library in ROLLCALL_PHOTOS_LIBRARY.`,
  );
}

async function tried(
  { requireReadable }: PhotosToExamine,
  path: string,
  app: string,
  signal: AbortSignal,
): Promise<Finding> {
  try {
    await requireReadable(path, signal);
    return ok(`yes: ${path}`);
  } catch (error) {
    const isForbidden = error instanceof RollcallError && hasErrno(error.cause, "EPERM", "EACCES");
    if (isForbidden || !(error instanceof RollcallError)) return notPermitted(sentenceOf(error), app);
    return note(costs(sentenceOf(error)), error.remedy);
  }
}

/** The list in System Settings has no plus: only asking puts an app there. */
function notAskedAboutLibrary(path: string, photos: PhotosToExamine): Finding {
  const app = appOf(photos);
  const run = photos.isRecorded ? "an import" : advise`${VERIFY}, or an import,`;
  return note(
    costs(`${path}: macOS was not asked yet, and was not asked now`),
    advise`Run ${run} once from ${app} at this screen, and allow it when macOS asks whether ${app} may access your photos: Rollcall can compare the bytes that Photos keeps. Imports work without.`,
    PHOTOS_ACCESS,
  );
}

function notPermitted(why: string, app: string): Finding {
  return note(
    costs(why),
    `System Settings > ${PHOTOS_ACCESS.name}: switch ${app} on; if it is not listed there, add it under ` +
      `Full Disk Access. Then restart ${app}: Rollcall can compare the bytes that Photos keeps. Imports work without.`,
    PHOTOS_ACCESS,
  );
}

function costs(why: string): string {
  return `no: proofs stop at "present" (${why.replace(/\.$/, "")})`;
}

function appOf({ askingApp }: PhotosToExamine): string {
  return askingApp ?? "the app that runs rollcall";
}
