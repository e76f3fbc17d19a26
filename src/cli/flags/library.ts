import { choice, type FlagsOf, flag, inGroup } from "../flag.js";
import { icloudNow } from "../former-words.js";
import { GROUPS } from "./groups.js";
import { someText } from "./parsers.js";

const WHICH_LIBRARY = "the Photos library (default: the one that is open)";

/** Of commands that read a library, and import nothing. */
export const libraryToRead = flag("--library <path>", WHICH_LIBRARY, someText);

/** Flags of plan and import about what is in Photos already. */
export const knownPhotosFlags = inGroup(GROUPS.library, {
  library: flag("--library <path>", WHICH_LIBRARY, someText),
  reimportEdited: flag("--reimport-edited", "re-import photos that were edited since they were imported"),
  retry: flag("--retry", "retry what was removed, marked as known, refused or left unknown"),
  icloud: choice(
    "--icloud <what>",
    "photos that the phone keeps in iCloud Photos",
    ["skip", "import"],
    icloudNow,
  ),
});

export type KnownPhotosFlags = FlagsOf<typeof knownPhotosFlags>;
