import type { Clock } from "../clock.js";
import { RollcallError } from "../errors.js";
import type { PhoneIdentity } from "../phone/phone.js";
import type { PhoneFinder } from "../phone/phone-watch.js";
import type { Reopen } from "../phone/reconnecting-phone.js";
import { openWhenReady, type WaitedFor } from "../phone/wait-for-phone.js";
import type { Report } from "./run-events.js";

interface ReconnectOptions {
  /** 0: one try. */
  readonly waitMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/**
 * How a phone that went away in the middle of a run comes back: the same one, by its UDID, on whatever port, as
 * soon as it can be opened. Reports that it waits, and that it goes on.
 */
export function reconnectPolicy(
  finder: PhoneFinder,
  identity: PhoneIdentity,
  { waitMs, clock, signal, report }: ReconnectOptions,
): Reopen {
  return async (broken, ending) => {
    let hasWaited = false;
    const onWaiting = (why: WaitedFor) => {
      hasWaited = true;
      const { code, message, remedy } = isAway(why) ? unplugged(broken, identity) : why;
      report({ type: "waiting", code, message, remedy, leftMs: why.leftMs });
    };
    try {
      const { phone } = await openWhenReady(finder, identity.udid, {
        waitMs,
        clock,
        onWaiting,
        signal: AbortSignal.any([signal, ending]),
        serviceMayCome: true, // it was there a moment ago
      });
      if (hasWaited) report({ type: "going-on" });
      return phone;
    } catch (error) {
      if (!(error instanceof RollcallError) || !isAway(error)) throw error;
      throw unplugged(broken, identity, waitMs === 0 ? broken.why : error.why);
    }
  };
}

function isAway({ code }: { readonly code: string }): boolean {
  return code === "NO_PHONE" || code === "PHONE_NOT_FOUND" || code === "PHONE_GONE";
}

/** Of a phone that was there, "there is no iPhone" would be the lesser half of the truth. */
function unplugged(broken: RollcallError, { name }: PhoneIdentity, why?: string): RollcallError {
  if (broken.code === "PHONE_GONE") {
    const { code, message, remedy, cause } = broken;
    return new RollcallError(code, { message, why, remedy, cause });
  }
  return new RollcallError("PHONE_GONE", {
    message: `${name || "The iPhone"} is gone.`,
    why,
    remedy: "Plug it in again, unlock it, and run the same command again: it resumes where it stopped.",
    cause: broken,
  });
}
