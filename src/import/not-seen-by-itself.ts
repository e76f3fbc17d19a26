import type { Reason } from "../errors.js";

/** The code of a part that Photos lists under no name of its own: only bytes or the library's rows tell of it. */
export const NOT_SEEN_BY_ITSELF = "NOT_SEEN_BY_ITSELF";

/** Of the RAW or moving half, the edit: no script shows more of them than their photo. @param beside its name in Photos */
export function notSeenByItself(beside: string): Reason {
  return {
    code: NOT_SEEN_BY_ITSELF,
    message: `it came in one event with ${beside}; not seen by itself`,
    remedy: "Keep it on the phone until rollcall verify has read its bytes in the library.",
  };
}
