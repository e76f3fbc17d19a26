import { RollcallError } from "../errors.js";
import { PhotosEventError, PhotosRefusesAllError } from "../photos/photos-library.js";
import { advise, type Remedy } from "../remedy.js";
import type { ScriptEnvelope } from "./run-script.js";

type Failure = Extract<ScriptEnvelope<unknown>, { ok: false }>;

/**
 * What an Apple event error number says about the event:
 * - "not-permitted": macOS refused to deliver it; nothing happened, and asking again changes nothing.
 * - "unanswered": no reply came. Photos may have done it, or may still be doing it.
 * - "refused": Photos replied that it did not. The event is over; what it did, if anything, can be seen now.
 * - "refuses-all": as "refused", and whatever is sent next would be refused too.
 */
type EventOutcome = "not-permitted" | "unanswered" | "refused" | "refuses-all";

interface Meaning {
  readonly outcome: EventOutcome;
  /** Why, in one sentence. */
  readonly cause: string;
  /** What the person can do. */
  readonly remedy: Remedy;
}

const LOOK_AT_PHOTOS = "Close any message that Photos shows, then run the same command again.";
const RESTART_PHOTOS = "Quit Photos, open it again, and run the same command again.";
const REPORT =
  "Please report this with the version of Photos: Rollcall and Photos do not understand each other.";
const PERMIT = advise`Open System Settings > Privacy & Security > Automation (${{ action: "doctor", opens: true }} opens it) and turn on Photos under the app that runs Rollcall (your terminal). If it is not listed there, restart that app, run Rollcall again, and allow it when macOS asks.`;

/**
 * Apple, "Error Numbers and Error Messages" and the older "Application Scripting Errors" table; when Photos
 * gives each, from the trouble reports of osxphotos, PhotoScript and codez/ImportPhotoFolders.
 */
const meanings: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [-1743, { outcome: "not-permitted", cause: "macOS does not let this app control Photos.", remedy: PERMIT }],
  [
    -1744,
    {
      outcome: "not-permitted",
      cause: "macOS has not asked yet whether this app may control Photos.",
      remedy: advise`Run Rollcall once in the foreground and allow it when macOS asks. ${PERMIT}`,
    },
  ],
  [
    -1712,
    {
      outcome: "unanswered",
      cause: "Photos did not answer in time; it may be busy, or a message in its window may be waiting.",
      remedy: LOOK_AT_PHOTOS,
    },
  ],
  [-1711, { outcome: "unanswered", cause: "The wait for Photos was cancelled.", remedy: LOOK_AT_PHOTOS }],
  [
    -609,
    {
      outcome: "unanswered",
      cause: "The connection to Photos broke: it crashed or hangs.",
      remedy: RESTART_PHOTOS,
    },
  ],
  [
    -600,
    { outcome: "unanswered", cause: "Photos was not running, or macOS believed so.", remedy: RESTART_PHOTOS },
  ],
  [
    -10810,
    {
      outcome: "refuses-all",
      cause: "macOS could not start Photos; there may be no logged-in desktop.",
      remedy: "Open Photos by hand, then run the same command again.",
    },
  ],
  [-128, { outcome: "refuses-all", cause: "It was cancelled in Photos.", remedy: LOOK_AT_PHOTOS }],
  [-1728, { outcome: "refused", cause: "Photos does not have that album or item.", remedy: RESTART_PHOTOS }],
  [-1719, { outcome: "refused", cause: "The album changed while it was read.", remedy: RESTART_PHOTOS }],
  [-1700, { outcome: "refused", cause: "Photos could not use what it was given.", remedy: REPORT }],
  [-1701, { outcome: "refused", cause: "Photos misses a parameter.", remedy: REPORT }],
  [-1708, { outcome: "refuses-all", cause: "This Photos does not know the command.", remedy: REPORT }],
  [-10000, { outcome: "refused", cause: "Photos failed and does not say why.", remedy: RESTART_PHOTOS }],
  [
    -10003,
    {
      outcome: "refuses-all",
      cause: "The Photos library does not accept changes.",
      remedy: "Check in Photos that you can make an album yourself.",
    },
  ],
  [
    -10006,
    {
      outcome: "refuses-all",
      cause: "The Photos library does not accept changes.",
      remedy: "Check in Photos that you can make an album yourself.",
    },
  ],
  [
    -10004,
    {
      outcome: "refuses-all",
      cause: "macOS refused Photos or Rollcall access to a file or to each other.",
      remedy:
        "Check System Settings > Privacy & Security > Files and Folders, and Automation, for your terminal.",
    },
  ],
  [
    -43,
    {
      outcome: "refused",
      cause: "A file was gone when Photos wanted it.",
      remedy: "Run the same command again.",
    },
  ],
  [
    -120,
    {
      outcome: "refused",
      cause: "A folder was gone when Photos wanted it.",
      remedy: "Run the same command again.",
    },
  ],
  [-2700, { outcome: "refused", cause: "The script itself failed.", remedy: REPORT }],
]);

/** Numbers that are not listed come with a reply, so the event is over. */
export function meaningOf(number: number): Meaning {
  return (
    meanings.get(number) ?? { outcome: "refused", cause: "Photos reported an error.", remedy: RESTART_PHOTOS }
  );
}

/** A failed envelope as what PhotosLibrary throws. */
export function eventError(failure: Failure): RollcallError | PhotosEventError {
  const { outcome, cause, remedy } = meaningOf(failure.number);
  if (outcome === "not-permitted") {
    return new RollcallError("PHOTOS_NOT_PERMITTED", {
      message: "Rollcall may not control Photos.",
      why: `${cause} (${failure.number})`,
      remedy,
    });
  }
  const photosMessage = failure.message.trim() === "" ? "" : ` Photos said: ${failure.message.trim()}`;
  const message = `${cause} (${failure.step}, ${failure.number})${photosMessage}`;
  if (outcome === "refuses-all") return new PhotosRefusesAllError(message, failure.number, remedy);
  return new PhotosEventError(message, failure.number, outcome === "unanswered");
}
