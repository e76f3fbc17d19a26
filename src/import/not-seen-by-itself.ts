import type { Reason } from "../errors.js";
import { NOT_SEEN_BY_ITSELF } from "../ledger/ledger-entry.js";
import { advise, VERIFY } from "../remedy.js";

/** Of the RAW or moving half, the edit: no script shows more of them than their photo. @param beside its name in Photos */
export function notSeenByItself(beside: string): Reason {
  return {
    code: NOT_SEEN_BY_ITSELF,
    message: `it came in one event with ${beside}; not seen by itself`,
    remedy: advise`Keep it on the phone until ${VERIFY} has read its bytes in the library.`,
  };
}
