import { type FlagsOf, flag, inGroup } from "../flag.js";
import { GROUPS } from "./groups.js";
import { someText, wholeNumber } from "./parsers.js";

/** Which phone, where that is all there is to say. */
export const phone = flag("--phone <name>", "UDID or name, when several are on the cable", someText);

/** Seconds. */
export const wait = flag(
  "--wait <seconds>",
  "how long to wait for a phone that is missing, locked or not trusted; 0 fails at once (default: 120; 5 if --phone matches no connected phone)",
  wholeNumber(0),
);

/** Flags of plan, import and copy about the phone. */
export const phoneFlags = inGroup(GROUPS.phone, {
  phone,
  wait,
  withoutPhoneLibrary: flag(
    "--without-phone-library",
    "import even if the phone's photo library is unreadable (with hidden and deleted ones, without edits outside DCIM)",
  ),
});

export type PhoneFlags = FlagsOf<typeof phoneFlags>;
