import { RollcallError } from "../errors.js";
import { advise, COPY, type Remedy, sentences } from "../remedy.js";

/**
 * Why the phone's database tells nothing. `refused`: the phone would not give it. `unknown`: it is sound, and its
 * tables are none that Rollcall knows. `no-sqlite`: this computer cannot read any database.
 */
type PhoneLibraryTrouble = "absent" | "damaged" | "changing" | "refused" | "unknown" | "no-sqlite";

const WITHOUT_IT = advise`${{ action: "import", with: "without-phone-library" }} imports without it, and includes hidden pictures and those in Recently Deleted.`;

const MESSAGES: Partial<Record<PhoneLibraryTrouble, string>> = {
  unknown: "The photo library on the phone is of a kind that this version of Rollcall does not know.",
};

const REMEDIES: Record<PhoneLibraryTrouble, Remedy> = {
  absent: "Unlock the phone and plug it in again, then run the same command again.",
  damaged: "Restart the phone, then run the same command again.",
  changing: "Leave the phone locked for some minutes, then run the same command again.",
  refused: "Unlock the phone and plug it in again, then run the same command again.",
  unknown: advise`Update Rollcall. Until then ${COPY} copies every file that the phone shows.`,
  "no-sqlite": "Install Rollcall again, for this computer.",
};

/** The phone's own database cannot tell what is trashed and hidden. @param why SQLite's words end without a full stop */
export function phoneLibraryUnreadable(
  trouble: PhoneLibraryTrouble,
  why: string,
  cause?: unknown,
): RollcallError {
  return new RollcallError("PHONE_LIBRARY_UNREADABLE", {
    message: MESSAGES[trouble] ?? "The photo library on the phone could not be read.",
    why: /[.!?]$/.test(why.trimEnd()) ? why : `${why.trimEnd()}.`,
    remedy: sentences(REMEDIES[trouble], WITHOUT_IT),
    cause,
  });
}
